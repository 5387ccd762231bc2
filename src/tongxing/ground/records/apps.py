from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tongxing.ground.records"
    label = "records"
