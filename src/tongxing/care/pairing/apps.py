from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "tongxing.care.pairing"
    label = "pairing"
