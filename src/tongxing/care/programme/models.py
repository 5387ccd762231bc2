"""What a school promises its registered students, and for whom a promise rests for a while.

Invariants:
- obligations are computed from these rows and never stored;
- changing a cadence ends one commitment and starts another with the same code: the past stays as it was asked
  (a version that never came into force ends before it starts; where versions overlap, the later one is asked);
- a promise without `starts_on` has held all along, also before it was recorded;
- a code, once used, is never given another meaning;
- an exemption is ended, never deleted; its reason says what happened, not what somebody is like.
"""

import datetime
from dataclasses import replace
from typing import Self, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Student
from tongxing.ground.people.models_calendar import OfSchool
from tongxing.ground.people.scoping import AboutStudents

from . import rules
from .builtin import in_words
from .models_measures import MeasureHandover, MeasureOutcome
from .models_term_plan import PlanMeasure, PlanReview, PlanVersion, TermPlan
from .windows import Every as EveryCode

__all__ = [
    "Asked",
    "Commitment",
    "Exemption",
    "MeasureHandover",
    "MeasureOutcome",
    "PlanItem",
    "PlanMeasure",
    "PlanReview",
    "PlanVersion",
    "Programme",
    "Promise",
    "TermPlan",
]


class Programme(models.Model):
    """A set of promises under one name, as 六个一 or 三沟通."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="programme_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return in_words(self.name_zh, self.name_en)


class Asked(models.Model):
    """What is asked: for whom, by whom, how often, and what counts. A school's promises and what a county asks of its
    schools have the same columns. `record_as` is the kind of record that its button opens, nothing more.
    """

    class To(models.TextChoices):
        KEY = "key", _("key students")
        OTHER = "other", _("the other registered students")
        REGISTERED = "registered", _("all registered students")

    class By(models.TextChoices):
        HELPER = "helper", _("helper")
        CLASS_TEACHER = "class_teacher", _("class teacher")
        PROXY_PARENT = "proxy_parent", _("proxy parent")

    class Every(models.TextChoices):
        WEEK = "week", _("every teaching week")
        WEEKS = "weeks", _("every few teaching weeks")
        MONTH = "month", _("every month")
        TERM = "term", _("once a term")
        TERM_START = "term_start", _("at the start of the term or after joining")
        BREAK = "break", _("once in the winter or summer break")
        BREAK_WEEKS = "break_weeks", _("every few weeks of the break")
        NEVER = "never", _("not asked for")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    label_zh = models.CharField(max_length=20)
    label_en = models.CharField(max_length=40)
    record_as = models.CharField(max_length=20)
    to = models.CharField(_("for"), max_length=12, choices=To)
    by = models.CharField(_("by"), max_length=15, choices=By, default=By.HELPER)
    needs_circumstance = models.CharField(max_length=30, blank=True)
    every = models.CharField(_("how often"), max_length=12, choices=Every)
    n = models.PositiveSmallIntegerField(_("number of weeks"), default=1)
    due_from = models.PositiveSmallIntegerField(_("asked for from which week of it"), default=1)
    reached = models.JSONField(default=list, blank=True)
    channels = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    min_days = models.PositiveSmallIntegerField(default=3)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_words(self.label_zh, self.label_en)

    @property
    def cadence(self) -> rules.Cadence:
        return rules.Cadence(cast(EveryCode, self.every), self.n, self.due_from)


class Promise(Asked):
    """One version of one promise, of the school or of one student's plan; `rule` is what counts, labels never do.

    `reason`: why this version began.
    """

    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def holds(self) -> rules.Span:
        """Since when it holds, and since when that is known; without a first day it has held all along."""
        known_from = self.recorded_at if self.starts_on else None
        return rules.Span(None, self.starts_on, self.ends_on, known_from, self.ended_at)

    @property
    def rule(self) -> rules.Commitment:
        return rules.Commitment(
            self.code,
            self.cadence,
            cast(rules.To, self.to),
            self.needs_circumstance or None,
            cast(rules.By, self.by),
            frozenset(self.reached),
            frozenset(self.channels),
            frozenset(self.topics),
            self.min_days,
            self.holds,
        )


class CommitmentSet(OfSchool):
    def open(self) -> Self:
        return self.filter(ends_on=None)


class Commitment(Promise):
    """What the school promises each student whom it concerns."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="commitments")
    position = models.PositiveSmallIntegerField(default=0)

    objects = CommitmentSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code"], condition=models.Q(ends_on=None), name="one_open_commitment"
            )
        ]
        ordering = ["position", "pk"]


class PlanItemSet(AboutStudents):
    zone: Zone = "care"

    def open(self) -> Self:
        return self.filter(ends_on=None)

    def standing(self, day: datetime.date) -> Self:
        """Open, and its time is not over."""
        return self.open().exclude(until__lt=day)


class PlanItem(Promise):
    """What is promised one student instead (the code of a school's promise) or besides (a code of its own): 一生一策.

    While it holds, the school's promise of the same code is not asked for this student. `until`: the last day, where
    that is known from the beginning; `term_plan`: the plan of the term from which it follows.
    """

    student = models.ForeignKey(Student, models.CASCADE, related_name="plan")
    review_on = models.DateField(_("look at it again on"))
    until = models.DateField(_("until"), null=True, blank=True)
    term_plan = models.ForeignKey(TermPlan, models.SET_NULL, null=True, blank=True, related_name="items")

    objects = PlanItemSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "code"], condition=models.Q(ends_on=None), name="one_open_plan_item"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("starts_on")),
                name="plan_item_dates",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        ordering = ["pk"]

    @property
    def holds(self) -> rules.Span:
        """Its last day is the one known from the beginning, or an earlier one on which it was ended."""
        last = min((day for day in (self.ends_on, self.until) if day), default=None)
        return super().holds._replace(ends_on=last, planned=self.until)

    @property
    def rule(self) -> rules.Commitment:
        return replace(super().rule, student_id=self.student_id)


class ExemptionSet(AboutStudents):
    zone: Zone = "care"

    def standing(self, day: datetime.date) -> Self:
        """Neither over nor ended; those still to come too."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), ended_at=None)


class Exemption(models.Model):
    """Days on which a promise (by its code; empty: every promise) is not asked for a student.

    `together` is the same for those given in one action, to a class or the whole school.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="exemptions")
    commitment = models.CharField(_("what for"), max_length=30, blank=True)
    starts_on = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    together = models.UUIDField(null=True, blank=True, editable=False)

    objects = ExemptionSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("starts_on")),
                name="exemption_dates",
                violation_error_message=_("The last day lies before the first."),
            )
        ]
        ordering = ["-starts_on", "-pk"]

    @property
    def rule(self) -> rules.Exempted:
        ends_on = self.ended_on if self.ended_at else self.until
        span = rules.Span(None, self.starts_on, ends_on, self.recorded_at, self.ended_at, self.until)
        return rules.Exempted(self.student_id, self.commitment or None, span)
