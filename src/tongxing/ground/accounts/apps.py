from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tongxing.ground.accounts"
    label = "accounts"
