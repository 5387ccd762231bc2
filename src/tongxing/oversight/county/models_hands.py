"""A school asks the county for a hand; the county says what it will do. No child is named, no school is measured by it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import User

from .scoping import REASON, UnderCounty


class HandSet(UnderCounty):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Hand(Entered, Ended):
    """It stands until the school says that it is done with."""

    class Kind(models.TextChoices):
        PEOPLE = "people", pgettext_lazy("hand", "people")
        KNOWING = "knowing", pgettext_lazy("hand", "advice or training")
        THINGS = "things", pgettext_lazy("hand", "things or money")
        RECORDS = "records", pgettext_lazy("hand", "getting the records started")
        OTHER = "other", pgettext_lazy("hand", "something else")

    kind = models.CharField(_("what is needed"), max_length=8, choices=Kind)
    words = models.CharField(_("in a sentence"), max_length=REASON)
    answer = models.CharField(_("answer"), max_length=REASON, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HandSet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            entered_once("county_hand_once"),
            ends_with_reason("county_hand_ends_with_reason"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="county_hand_answered_with_words",
            ),
        ]
