"""Files beside a meeting (slides, a plan) or a line of publicity (a photo), reached through what they belong to."""

from typing import Self

from django.db import models
from django.db.models import Q

from tongxing.ground.files.beside import LABEL, Beside, BesideSet, there_or_taken_away
from tongxing.ground.kernel.actor import Actor

from .models_meetings import Meeting
from .models_publicity import Display

__all__ = ["LABEL", "Enclosure"]


class EnclosureSet(BesideSet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever reads what it belongs to."""
        return self.filter(
            Q(meeting__in=Meeting.objects.visible_to(actor))
            | Q(display__in=Display.objects.visible_to(actor))
        )


class Enclosure(Beside):
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="enclosures")
    display = models.ForeignKey(Display, models.PROTECT, null=True, blank=True, related_name="enclosures")

    objects = EnclosureSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, display=None) | Q(meeting=None, display__isnull=False),
                name="enclosure_of_one_thing",
            ),
            there_or_taken_away("enclosure_there_or_taken_away"),
        ]

    @property
    def owner(self) -> Meeting | Display:
        found = self.meeting or self.display
        assert found is not None  # the database holds it
        return found
