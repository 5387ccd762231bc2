from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "tongxing.care.safety"
    label = "safety"
