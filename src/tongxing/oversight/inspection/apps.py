from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "tongxing.oversight.inspection"
    label = "inspection"
