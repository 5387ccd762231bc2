from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "tongxing.aid.donations"
    label = "donations"
