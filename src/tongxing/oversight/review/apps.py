from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "tongxing.oversight.review"
    label = "review"
