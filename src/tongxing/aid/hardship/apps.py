from django.apps import AppConfig


class HardshipConfig(AppConfig):
    name = "tongxing.aid.hardship"
    label = "hardship"
