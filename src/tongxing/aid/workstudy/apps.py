from django.apps import AppConfig


class WorkstudyConfig(AppConfig):
    name = "tongxing.aid.workstudy"
    label = "workstudy"
