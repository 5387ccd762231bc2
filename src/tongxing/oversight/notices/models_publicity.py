"""What was put up or said where: columns, boards, banners, the radio. Counts are derived from these rows, never typed.

A photo shows the board, not children: it is kept as an enclosure under a key of its own.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.kernel.actor import Actor

from .belonging import STAFFROOM

NOTE, MANAGE = "publicity.note", "circular.manage"
WORDS, PLACE = 200, 40  # characters


class DisplaySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(STAFFROOM))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Display(Entered, Ended):
    """`day`: since when; `until`: the last day it stands there, for what stays up. `ended_*`: noted by mistake."""

    class Channel(models.TextChoices):
        COLUMN = "column", pgettext_lazy("publicity", "notice column")
        BOARD = "board", pgettext_lazy("publicity", "display board")
        BANNER = "banner", pgettext_lazy("publicity", "banner")
        RADIO = "radio", pgettext_lazy("publicity", "school radio")
        CLASS_MEETING = "class_meeting", pgettext_lazy("publicity", "class meeting")
        FLAG = "flag", pgettext_lazy("publicity", "words at the flag-raising")
        OTHER = "other", pgettext_lazy("publicity", "something else")

    channel = models.CharField(_("channel"), max_length=14, choices=Channel)
    day = models.DateField(_("day"))
    until = models.DateField(pgettext_lazy("publicity", "until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=PLACE, blank=True)
    words = models.CharField(pgettext_lazy("publicity", "what"), max_length=WORDS)

    objects = DisplaySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            entered_once("display_once"),
            ends_with_reason("display_ends_with_reason"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("day")), name="display_days"),
        ]

    def __str__(self) -> str:
        return self.words
