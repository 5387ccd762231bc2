from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "tongxing.care.contacts"
    label = "contacts"
