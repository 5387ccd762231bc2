from django.apps import AppConfig


class CounsellingConfig(AppConfig):
    name = "tongxing.care.counselling"
    label = "counselling"
