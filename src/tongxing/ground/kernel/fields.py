"""Columns that more than one package keeps in the same way."""

import datetime

from django.db import models

from . import clock


class RecordedAtField(models.DateTimeField):
    """When a row was written down, by the product's clock. None: older than this column, so known all along."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False} | options)  # type: ignore[arg-type]

    def get_default(self) -> datetime.datetime:
        return clock.now()
