from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "tongxing.ground.outbox"
    label = "outbox"
