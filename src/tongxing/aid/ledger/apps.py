from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tongxing.aid.ledger"
    label = "ledger"
