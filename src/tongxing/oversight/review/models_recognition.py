"""Praise that came to the school: what, from which office, on which day, with the paper. The only source of praise.

Invariants:
- it names an office, a family of a class or a paper, never a parent or a child;
- a line that was a mistake ends with its reason; only what stands is said in a summary.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.files.beside import Beside, BesideSet, there_or_taken_away
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term

STAFFROOM, NOTE = "staffroom.view", "publicity.note"
FROM, TEXT = 40, 200  # characters


class RecognitionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(STAFFROOM))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Recognition(Entered, Ended):
    class Kind(models.TextChoices):
        FAMILY = "family", pgettext_lazy("recognition", "families")
        SUPERIOR = "superior", pgettext_lazy("recognition", "superior office")
        COMMUNITY = "community", pgettext_lazy("recognition", "village or township")
        MEDIA = "media", pgettext_lazy("recognition", "paper or broadcast")

    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    kind = models.CharField(pgettext_lazy("recognition", "from whom"), max_length=10, choices=Kind)
    from_whom = models.CharField(pgettext_lazy("recognition", "which office"), max_length=FROM)
    day = models.DateField(_("day"))
    text = models.CharField(pgettext_lazy("recognition", "what was praised"), max_length=TEXT)

    objects = RecognitionSet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [entered_once("recognition_once"), ends_with_reason("recognition_ended_with_reason")]


class RecognitionFileSet(BesideSet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(recognition__in=Recognition.objects.visible_to(actor).standing())


class RecognitionFile(Beside):
    """The letter, the plaque, the page of the paper."""

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="files")

    objects = RecognitionFileSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [there_or_taken_away("recognition_file_there_or_taken_away")]
