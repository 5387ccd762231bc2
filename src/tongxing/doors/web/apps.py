from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tongxing.doors.web"
    label = "web"
