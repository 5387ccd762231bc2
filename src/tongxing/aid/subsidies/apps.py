from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "tongxing.aid.subsidies"
    label = "subsidies"
