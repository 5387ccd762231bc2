"""Querysets of rows about students, and of rows that last from one day to another."""

import datetime
from typing import Self

from django.db import models

from tongxing.ground.kernel.actor import Actor, Zone


class AboutStudents(models.QuerySet):
    """Rows with a `student` and a `school`; `zone` says which right opens them."""

    zone: Zone = "roster"

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.students_q(self.zone))


class Lasting(models.QuerySet):
    """Rows with `starts_on` and an open or set `ends_on` (the last day it holds)."""

    def on(self, day: datetime.date) -> Self:
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day), starts_on__lte=day)


class LastingAboutStudents(AboutStudents, Lasting):
    pass


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
        name=name,
    )
