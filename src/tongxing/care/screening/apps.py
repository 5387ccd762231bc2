from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "tongxing.care.screening"
    label = "screening"
