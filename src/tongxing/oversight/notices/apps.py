from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tongxing.oversight.notices"
    label = "notices"
