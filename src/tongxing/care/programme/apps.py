from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "tongxing.care.programme"
    label = "programme"
