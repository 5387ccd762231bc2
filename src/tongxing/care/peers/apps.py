from django.apps import AppConfig


class PeersConfig(AppConfig):
    name = "tongxing.care.peers"
    label = "peers"
