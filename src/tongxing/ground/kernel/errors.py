"""The two ways the product says no."""

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """A rule said no; `message` is a sentence for the person, `field` the form field it belongs to."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotAllowed(PermissionDenied):
    """The actor holds no right to this ability here (HTTP 403)."""
