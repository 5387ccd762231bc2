from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tongxing.ground.access"
    label = "access"
