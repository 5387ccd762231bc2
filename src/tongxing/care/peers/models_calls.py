"""A call that somebody arranges for a child with a parent; what came of it is a contact record.

Invariants:
- a call is open, or it became a record (held or tried in vain), or it was called off with its reason;
- whom it reached, when and how is told by the record alone, never twice.
"""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.contacts.models import Contact
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Guardian, Staff, Student
from tongxing.ground.people.scoping import AboutStudents


class CallSet(AboutStudents):
    zone: Zone = "care"

    def open(self) -> Self:
        return self.filter(contact=None, called_off_at=None)


class ArrangedCall(models.Model):
    """`at`: when the child comes to the telephone; `telephone`: which one at school; `follows`: the call that
    nobody answered."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    guardian = models.ForeignKey(Guardian, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("when"))
    telephone = models.CharField(_("which telephone"), max_length=40)
    arranged_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    contact = models.OneToOneField(Contact, models.RESTRICT, null=True, blank=True, related_name="+")
    follows = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_because = models.CharField(_("reason"), max_length=120, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that arranged it

    objects = CallSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(called_off_at=None) | models.Q(contact=None), name="call_one_ending"
            ),
            models.CheckConstraint(
                condition=models.Q(called_off_at=None) ^ ~models.Q(called_off_because=""),
                name="call_off_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["school", "at"], name="call_school_at")]
