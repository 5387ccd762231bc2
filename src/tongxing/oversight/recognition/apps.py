from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "tongxing.oversight.recognition"
    label = "recognition"
