"""One short question about a child to those who teach it, and their answers.

Invariants:
- question and answers are sealed under the student's own key;
- who was asked is fixed when the question is sent; each answers once, in one line or “nothing special”;
- it is closed after its day by itself; nothing is deleted, an answer of a moment ago can be taken back.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.people.scoping import AboutStudents

ASKED = "profiles_asking.words"
ANSWERED = "profiles_impression.words"


class AskingSet(AboutStudents):
    zone: Zone = "care"

    def open(self, on: datetime.date) -> Self:
        return self.filter(closes_on__gte=on, closed_at=None)


class Asking(models.Model):
    """`closes_on`: the last day on which it can be answered."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="askings")
    words_sealed = models.BinaryField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    closes_on = models.DateField(_("open until"))
    closed_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)

    objects = AskingSet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def is_open(self, on: datetime.date) -> bool:
        return self.closed_at is None and on <= self.closes_on


class ImpressionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who look after the child, and one's own."""
        if actor.is_system:
            return self
        near = actor.students_q("care", student="asking__student")
        own = models.Q(staff__user=actor.user_id) & actor.students_q("roster", student="asking__student")
        return self.filter(near | own)

    def own(self, actor: Actor) -> Self:
        """What this colleague was asked, while still teaching the child."""
        return self.filter(actor.students_q("roster", student="asking__student"), staff__user=actor.user_id)


class Impression(models.Model):
    """What one of those who teach the child answers. `answered_at` None: not yet; `nothing`: nothing special."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asking = models.ForeignKey(Asking, models.CASCADE, related_name="impressions")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    subjects = models.CharField(_("subject"), max_length=60, blank=True)
    nothing = models.BooleanField(_("nothing special"), default=False)
    words_sealed = models.BinaryField(default=b"", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ImpressionSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asking", "staff"], name="impression_once"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=False) | models.Q(nothing=False),
                name="impression_only_when_answered",
            ),
        ]
        ordering = ["pk"]
