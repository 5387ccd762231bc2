from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "tongxing.ground.kernel"
    label = "kernel"
