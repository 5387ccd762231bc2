from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tongxing.ground.files"
    label = "files"
