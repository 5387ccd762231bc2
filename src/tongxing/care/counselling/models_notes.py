"""What was explained first, what was written down for the counsellor alone, and to whom it was handed over."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from .models_asked import Appointment
from .models_room import OfCounsellor

#: The places that sealed texts are bound to.
TEXT = "counselling_note.text"
DUAL_REASON = "counselling_dual_role.reason"
#: What a flag names as the place it came from.
FROM_NOTE = "counselling_note"


class Explained(models.Model):
    """Before the first talk the child heard what stays between the two, and when not. `version`: of RoomWords, 0 the first."""

    class How(models.TextChoices):
        READ_OUT = "read_out", _("read out")
        READ = "read", _("read by the child")

    class Understood(models.TextChoices):
        OWN_WORDS = "own_words", _("said it again in own words")
        YES = "yes", _("says that it is clear")
        NOT_YET = "not_yet", _("not yet clear")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=10, choices=How)
    understood = models.CharField(max_length=10, choices=Understood)
    at = models.DateTimeField()

    objects = OfCounsellor.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]


class DualRole(models.Model):
    """The counsellor also teaches or looks after the child: known, weighed, and the reason to go on all the same."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)
    reason_sealed = models.BinaryField()
    at = models.DateTimeField()

    objects = OfCounsellor.as_manager()


class NoteSet(OfCounsellor):
    def handed_to(self, actor: Actor) -> models.Q:
        given = Handover.objects.filter(to_id=actor.user_id or 0, ended_at=None)
        return models.Q(pk__in=given.values("notes"))


class Note(models.Model):
    """One talk in the room. `happened_at` and `recorded_at` are kept apart. `flag`: raised from it, without its text."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.CASCADE, null=True, blank=True, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    flag = models.ForeignKey(RiskFlag, models.CASCADE, null=True, blank=True, related_name="+")

    objects = NoteSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_note_once"),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("recorded_at")),
                name="counselling_note_not_ahead",
            ),
        ]
        ordering = ["-happened_at", "-pk"]


class NoteVersion(models.Model):
    """A note's text as it stood from `at` on; `reason`: why it was corrected, empty for the first."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    text_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="counselling_note_version_once")
        ]
        ordering = ["number"]


class HandoverSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        rows = self.filter(actor.students_q("psych"))
        return (
            rows
            if actor.is_system
            else rows.filter(models.Q(by_id=actor.user_id) | models.Q(to_id=actor.user_id))
        )


class Handover(models.Model):
    """Notes that one counsellor gave another to read, one by one. `with_outside`: what came from outside goes along."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    to = models.ForeignKey(User, models.PROTECT, related_name="+")
    notes = models.ManyToManyField(Note, related_name="+")
    with_outside = models.BooleanField(default=False)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(by=models.F("to")), name="counselling_handed_to_another"
            )
        ]
        ordering = ["-at", "-pk"]
