from django.apps import AppConfig


class FamilyConfig(AppConfig):
    name = "tongxing.care.family"
    label = "family"
