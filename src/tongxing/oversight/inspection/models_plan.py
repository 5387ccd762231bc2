"""The plan of a month's inspection, and what was seen on the way: one row for both, so that nothing is written twice.

Invariants:
- a stop says what is looked at, who goes, where and when; what was seen is written by whoever went or plans;
- of students only how many were asked, never who; colleagues are named because somebody talks with them;
- a stop that is not needed ends with its reason.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, Staff

from .models_inspection import MANAGE

TOPIC, SEEN = 120, 1_000  # characters


class StopSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who inspect, and the colleague who goes."""
        mine = Q(goes__user=actor.user_id, goes__user__isnull=False)
        return self.filter(actor.school_q(MANAGE) | mine)

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def waiting(self) -> Self:
        return self.standing().filter(happened_on=None)


class Stop(Entered, Ended):
    """`month` is its first day. `asked`: how many students were asked on the way."""

    class Kind(models.TextChoices):
        CLASS = "class", pgettext_lazy("inspection", "visit to a class")
        TALK = "talk", pgettext_lazy("inspection", "talk with a colleague")
        STUDENTS = "students", pgettext_lazy("inspection", "talk with students")
        PAPERS = "papers", pgettext_lazy("inspection", "look at records")

    month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    topic = models.CharField(pgettext_lazy("inspection", "what is looked at"), max_length=TOPIC)
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    goes = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    planned_on = models.DateField(_("day"))
    happened_on = models.DateField(null=True, blank=True)
    seen = models.TextField(pgettext_lazy("inspection", "what was seen"), max_length=SEEN, blank=True)
    asked = models.PositiveSmallIntegerField(null=True, blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField(null=True, blank=True)

    objects = StopSet.as_manager()

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            entered_once("stop_once"),
            ends_with_reason("stop_ended_with_reason"),
            models.CheckConstraint(
                condition=Q(happened_on=None, noted_by=None, noted_at=None, seen="", asked=None)
                | Q(happened_on__isnull=False, noted_by__isnull=False, noted_at__isnull=False) & ~Q(seen=""),
                name="stop_seen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("class", "students"), school_class__isnull=False, person=None)
                | Q(kind="talk", person__isnull=False)
                | Q(kind="papers", person=None),
                name="stop_says_where",
            ),
        ]

    def is_late(self, day: datetime.date) -> bool:
        return self.happened_on is None and self.ended_at is None and self.planned_on < day
