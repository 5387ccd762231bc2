from django.apps import AppConfig


class CompanionsConfig(AppConfig):
    name = "tongxing.aid.companions"
    label = "companions"
