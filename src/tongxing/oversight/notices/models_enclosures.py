"""Files beside a meeting (slides, a plan) or a line of publicity (a photo). Each sealed under a key of its own, reached through what it belongs to.

A file that was taken away leaves the fact, the day and the person; its key is destroyed, so it is gone from every backup.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.files.models import StoredFile
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey

from .models_meetings import Meeting
from .models_publicity import Display

LABEL = 40  # characters


class EnclosureSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever reads what it belongs to."""
        return self.filter(
            Q(meeting__in=Meeting.objects.visible_to(actor))
            | Q(display__in=Display.objects.visible_to(actor))
        )

    def standing(self) -> Self:
        return self.filter(file__isnull=False)


class Enclosure(models.Model):
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="enclosures")
    display = models.ForeignKey(Display, models.PROTECT, null=True, blank=True, related_name="enclosures")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    label = models.CharField(_("what it is"), max_length=LABEL)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = EnclosureSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, display=None) | Q(meeting=None, display__isnull=False),
                name="enclosure_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False, removed_by=None, removed_at=None)
                | Q(file=None, removed_by__isnull=False, removed_at__isnull=False),
                name="enclosure_there_or_taken_away",
            ),
        ]

    @property
    def owner(self) -> Meeting | Display:
        found = self.meeting or self.display
        assert found is not None  # the database holds it
        return found
