from django.apps import AppConfig


class CountyConfig(AppConfig):
    name = "tongxing.oversight.county"
    label = "county"
