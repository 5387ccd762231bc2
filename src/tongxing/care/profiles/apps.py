from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "tongxing.care.profiles"
    label = "profiles"
