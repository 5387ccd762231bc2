from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "tongxing.paper.documents"
    label = "documents"
