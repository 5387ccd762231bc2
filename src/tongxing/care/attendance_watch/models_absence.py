"""Who was not there on a day, what is known about it, and what was tried to find out.

Invariants:
- a student has one absence a day; what was noted by mistake stays with its steps and counts no longer;
- every step is dated, names who took it, keeps the reason as it stood from then on, and is never changed;
- what a family said is sealed under the student's own key;
- thresholds hold from their day on: what was judged by earlier ones is not judged again.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Guardian, SchoolClass, Staff, Student
from tongxing.ground.people.models_calendar import OfSchool

from . import rules

MARK, FOLLOW, MANAGE = "attendance.mark", "attendance.follow", "attendance.manage"
#: The place that a step's sealed text is bound to.
TEXT = "attendance_watch_absencestep.text"


class Thresholds(models.Model):
    """From when on which figures hold in this school; before the first row the product's own."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("since"))
    opens = models.TimeField(_("school begins"), default=rules.DEFAULT.opens)
    closes = models.TimeField(_("school ends"), default=rules.DEFAULT.closes)
    ask_after_hours = models.PositiveSmallIntegerField(default=rules.DEFAULT.ask_after_hours)
    days_in_a_row = models.PositiveSmallIntegerField(default=rules.DEFAULT.days_in_a_row)
    share_percent = models.PositiveSmallIntegerField(default=rules.DEFAULT.share_percent)
    window_days = models.PositiveSmallIntegerField(default=rules.DEFAULT.window_days)
    amber_percent = models.PositiveSmallIntegerField(default=rules.DEFAULT.amber_percent)
    red_percent = models.PositiveSmallIntegerField(default=rules.DEFAULT.red_percent)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="thresholds_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(amber_percent__lt=models.F("red_percent")), name="thresholds_in_order"
            ),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="school_hours"),
        ]
        ordering = ["starts_on"]

    @property
    def rule(self) -> rules.Thresholds:
        return rules.Thresholds(**{name: getattr(self, name) for name in rules.Thresholds._fields})


class RollCall(models.Model):
    """A class was looked at on a day: whoever has no absence was there."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "day"], name="roll_call_once_a_day")]


class Reason(models.TextChoices):
    UNKNOWN = "unknown", _("nobody knows yet where")
    LEAVE = "leave", pgettext_lazy("absence", "on leave")
    ILL = "ill", _("ill")
    NO_LEAVE = "no_leave", _("found, but without leave")
    LATE = "late", _("came later")
    MISTAKE = "mistake", _("was there: noted by mistake")


#: Not at school that day.
AWAY = (Reason.UNKNOWN, Reason.LEAVE, Reason.ILL, Reason.NO_LEAVE)
#: Somebody who answers for the child gave leave.
EXCUSED = (Reason.LEAVE, Reason.ILL)
#: Not at school, and nobody gave leave.
UNEXCUSED = (Reason.UNKNOWN, Reason.NO_LEAVE)


class AbsenceSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For those who mark or follow up this student; what a family said is opened by the latter alone."""
        return self.filter(actor.students_where(MARK) | actor.students_where(FOLLOW))

    def open(self) -> Self:
        """Nobody knows yet where the child is."""
        return self.filter(reason=Reason.UNKNOWN)


class Absence(models.Model):
    """`level`: 0 the class teacher sees to it, 1 coordinator and head have been asked. `back_on`: expected back."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="absences")
    day = models.DateField(_("day"))
    reason = models.CharField(_("what is known"), max_length=10, choices=Reason, default=Reason.UNKNOWN)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    back_on = models.DateField(_("back on"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(_("next try"), null=True, blank=True)

    objects = AbsenceSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "day"], name="absence_once_a_day")]
        indexes = [
            models.Index(fields=["school", "day"], name="absence_school_day"),
            models.Index(fields=["school", "reason"], name="absence_school_reason"),
        ]

    @property
    def is_open(self) -> bool:
        return self.reason == Reason.UNKNOWN

    def is_of(self, day: datetime.date) -> bool:
        return self.day == day


class StepSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.students_where(FOLLOW, student="absence__student"))


class AbsenceStep(models.Model):
    """`reason`: what was known from `at` on. `goers`: who goes there, always in twos."""

    class Kind(models.TextChoices):
        NOTED = "noted", _("not there")
        TOLD = "told", _("somebody told why")
        TRIED = "tried", _("called, nobody reached")
        REACHED = "reached", _("reached the family")
        GOING = "going", _("two colleagues go there")
        ASKED = "asked", _("coordinator and head asked")
        CAME = "came", _("came to school")
        MISTAKE = "mistake", _("was there after all")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    absence = models.ForeignKey(Absence, models.CASCADE, related_name="steps")
    client_id = models.UUIDField(null=True, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=10, choices=Reason)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    guardian = models.ForeignKey(Guardian, models.SET_NULL, null=True, blank=True, related_name="+")
    goers = models.ManyToManyField(Staff, related_name="+")
    next_at = models.DateTimeField(null=True, blank=True)
    text_sealed = models.BinaryField(default=b"", blank=True)

    objects = StepSet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
