from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "tongxing.care.requests"
    label = "requests"
