"""Leaving well: what helped, where a child went, the file that went along, and the one that came along.

Invariants:
- nothing about a child is changed by a file from elsewhere: it is kept beside the records, marked as such;
- what a file holds is sealed: before somebody says whose it is under a key of its own, then under the student's;
- a file that was let go is unreadable for good: its key is destroyed, the row stays;
- what goes out is not stored: the row says what kind of things went along, by whom, and the fingerprint.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Student
from tongxing.ground.people.scoping import AboutStudents

from .models_absence import FOLLOW

#: The places that sealed contents are bound to.
HELPED = "attendance_watch_leavingreview.helped"
NEXT = "attendance_watch_leavingreview.next"
CONTENT = "attendance_watch_receivedfile.content"

MAKE, RECEIVE = "transfer.make", "student.manage"


class FollowedStudents(AboutStudents):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.students_where(FOLLOW))


class LeavingReview(models.Model):
    """What the helper says on parting; a later one counts, the earlier ones stay."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    helped_sealed = models.BinaryField()
    next_sealed = models.BinaryField(default=b"", blank=True)
    with_child = models.BooleanField(_("talked through with the child"), default=False)
    with_family = models.BooleanField(_("talked through with the family"), default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = FollowedStudents.as_manager()


class Departure(models.Model):
    """Where a student went who left on `left_on`. Told later, a new row counts."""

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("to another school")
        GRADUATED = "graduated", _("graduated")
        ABROAD = "abroad", _("moved abroad")
        OTHER = "other", _("elsewhere, lawfully")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="departures")
    client_id = models.UUIDField(unique=True, editable=False)
    left_on = models.DateField(_("last day"))
    kind = models.CharField(_("where to"), max_length=10, choices=Kind)
    to_school = models.CharField(_("the other school"), max_length=80, blank=True)
    confirmed_on = models.DateField(_("confirmed there on"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = FollowedStudents.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="transfer") | ~models.Q(to_school=""), name="transfer_names_school"
            )
        ]

    @property
    def is_settled(self) -> bool:
        return self.kind != self.Kind.TRANSFER or self.confirmed_on is not None


class TransferFile(models.Model):
    """A file for the next school was made: `parts` by their codes, never their content."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    parts = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = FollowedStudents.as_manager()


class ReceivedSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Before it is known whose it is: for those who take children in; then for those who follow the child."""
        return self.filter(
            models.Q(actor.school_q(RECEIVE), student=None) | models.Q(actor.students_where(FOLLOW))
        )

    def attached(self) -> Self:
        return self.filter(student__isnull=False)

    def waiting(self) -> Self:
        return self.filter(student=None, let_go_at=None)


class ReceivedFile(models.Model):
    """A file from the school before. `key`: its own, until it is known whose it is."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    content_sealed = models.BinaryField()
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField(null=True, blank=True)
    attached_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    let_go_at = models.DateTimeField(null=True, blank=True)

    objects = ReceivedSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(student=None) | models.Q(let_go_at=None), name="received_kept_or_let_go"
            )
        ]
