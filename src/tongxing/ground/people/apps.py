from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tongxing.ground.people"
    label = "people"
