from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "tongxing.care.activities"
    label = "activities"
