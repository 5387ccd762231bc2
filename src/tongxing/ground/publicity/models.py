"""Public notices inside the school: who stands on one, from when to when, and what somebody said against it.

Invariants:
- a notice is never on the open internet: it is read behind sign-in, or printed;
- of a student it keeps the id and a level, no words: names and classes are read from the roster when it is shown; a
  colleague, a class or an office stands on it by its name (`label`);
- whether it stands follows from its days, so it is gone on its day without anybody doing anything;
- what was said against it and the answer are sealed under the child's own key, or the notice's where it names no child.
"""

import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Student

VIEW, PUBLISH = "notice.view", "notice.publish"
SAID, ANSWER, BY = "publicity_objection.said", "publicity_objection.answer", "publicity_objection.by"
WORDS, LONGEST_SAID = 600, 1000  # characters


class NoticeSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Colleagues read what stands on the board today; whoever publishes also what stood or is to stand."""
        today = clock.today()
        return self.filter(
            actor.school_q(PUBLISH) | actor.school_q(VIEW) & self.standing_q(today) & Q(on_board=True)
        )

    @staticmethod
    def standing_q(day: datetime.date) -> Q:
        return Q(first_day__lte=day, last_day__gte=day, taken_down_at=None)

    def standing(self, day: datetime.date) -> Self:
        return self.filter(self.standing_q(day))


class Notice(models.Model):
    """`on_board`: in the school's list behind sign-in; otherwise it is only printed. `last_day`: the last of its working days."""

    class Kind(models.TextChoices):
        HARDSHIP = "hardship", _("recognition of hardship")
        HONOUR = "honour", _("honours")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    title = models.CharField(_("title"), max_length=60)
    words = models.CharField(_("words"), max_length=WORDS)
    on_board = models.BooleanField(_("on the board behind sign-in"), default=True)
    with_level = models.BooleanField(_("with the level"), default=False)
    first_day = models.DateField(_("first day"))
    working_days = models.PositiveSmallIntegerField(_("working days"))
    last_day = models.DateField(_("last day"))
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_down_reason = models.CharField(max_length=200, blank=True)

    objects = NoticeSet.as_manager()

    class Meta:
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="notice_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="notice_days"),
            models.CheckConstraint(
                condition=Q(working_days__gte=1, working_days__lte=30), name="notice_working_days"
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at=None, taken_down_by=None, taken_down_reason="")
                | Q(taken_down_at__isnull=False, taken_down_by__isnull=False) & ~Q(taken_down_reason=""),
                name="notice_taken_down_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def stands_on(self, day: datetime.date) -> bool:
        return self.first_day <= day <= self.last_day and self.taken_down_at is None

    def is_to_be_read(self, day: datetime.date) -> bool:
        """It stands or is still to come."""
        return day <= self.last_day and self.taken_down_at is None

    def is_over(self, day: datetime.date) -> bool:
        """It stood its whole time."""
        return self.last_day < day and self.taken_down_at is None


class NoticeLineSet(models.QuerySet):
    def shown(self) -> Self:
        """Neither left out nor taken back after an objection."""
        changed = Objection.objects.filter(
            notice=OuterRef("notice"), student=OuterRef("student"), outcome=Objection.Outcome.CHANGES
        )
        return self.filter(~Exists(changed), left_out_at=None)


class NoticeLine(models.Model):
    """One student on a notice, or (`label`) somebody or something else by name. `level`: the school's word for it, shown
    only where the notice says so. `left_out_at`: since when it is not shown, because the decision was taken back."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    label = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=20, blank=True)
    left_out_at = models.DateTimeField(null=True, blank=True)
    left_out_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NoticeLineSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "student"], name="notice_line_once"),
            models.UniqueConstraint(
                fields=["notice", "label"], condition=~Q(label=""), name="notice_label_once"
            ),
            models.CheckConstraint(
                condition=Q(student__isnull=False, label="") | Q(student=None) & ~Q(label=""),
                name="notice_line_of_one",
            ),
            models.CheckConstraint(
                condition=Q(left_out_at=None, left_out_by=None)
                | Q(left_out_at__isnull=False, left_out_by__isnull=False),
                name="notice_line_left_out_by_somebody",
            ),
        ]


class ObjectionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(PUBLISH))

    def open(self) -> Self:
        return self.filter(answered_at=None)


class Objection(models.Model):
    """What somebody said against a notice; `student`: about whom, if about one of them."""

    class Outcome(models.TextChoices):
        STANDS = "stands", _("looked into: the result stands")
        CHANGES = "changes", _("looked into: the result is taken back")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="objections")
    student = models.ForeignKey(Student, models.CASCADE, null=True, blank=True, related_name="+")
    client_id = models.UUIDField()
    by_sealed = models.BinaryField(default=b"", blank=True)
    said_sealed = models.BinaryField()
    said_on = models.DateField()
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    answer_sealed = models.BinaryField(default=b"", blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "client_id"], name="objection_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, outcome="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome=""),
                name="objection_answered_by_somebody",
            ),
        ]

    @property
    def key(self) -> SubjectKey:
        return self.student.key if self.student else self.notice.key

    @property
    def said(self) -> str:
        return unseal(self.key, self.said_sealed, SAID)

    @property
    def said_by(self) -> str:
        return unseal(self.key, self.by_sealed, BY)

    @property
    def answer(self) -> str:
        return unseal(self.key, self.answer_sealed, ANSWER)
