from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "tongxing.ground.publicity"
    label = "publicity"
