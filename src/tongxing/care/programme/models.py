"""What a school promises its registered students, and for whom a promise rests for a while.

Invariants:
- obligations are computed from these rows and never stored;
- changing a cadence ends one commitment and starts another with the same code: the past stays as it was asked
  (a version that never came into force ends before it starts);
- a commitment without `starts_on` has held all along, also before it was recorded;
- a code, once used, is never given another meaning;
- an exemption is ended, never deleted; its reason says what happened, not what somebody is like.
"""

import datetime
from typing import Self, cast

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.people.models import Student
from tongxing.ground.people.models_calendar import OfSchool
from tongxing.ground.people.scoping import AboutStudents

from . import rules
from .windows import Every as EveryCode


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
        return _in_words(self.name_zh, self.name_en)


class CommitmentSet(OfSchool):
    def open(self) -> Self:
        return self.filter(ends_on=None)


class Commitment(models.Model):
    """One version of one promise; `rule` is what counts, the labels never do.

    `record_as` is the kind of record that its button opens, nothing more.
    """

    class To(models.TextChoices):
        KEY = "key", _("key students")
        OTHER = "other", _("the other registered students")
        REGISTERED = "registered", _("all registered students")

    class By(models.TextChoices):
        HELPER = "helper", _("helper")
        CLASS_TEACHER = "class_teacher", _("class teacher")

    class Every(models.TextChoices):
        WEEK = "week", _("every teaching week")
        WEEKS = "weeks", _("every few teaching weeks")
        MONTH = "month", _("every month")
        TERM = "term", _("once a term")
        TERM_START = "term_start", _("at the start of the term or after joining")
        BREAK = "break", _("once in the winter or summer break")
        BREAK_WEEKS = "break_weeks", _("every few weeks of the break")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="commitments")
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField(default=0)
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
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CommitmentSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code"], condition=models.Q(ends_on=None), name="one_open_commitment"
            )
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return _in_words(self.label_zh, self.label_en)

    @property
    def rule(self) -> rules.Commitment:
        return rules.Commitment(
            self.code,
            rules.Cadence(cast(EveryCode, self.every), self.n, self.due_from),
            cast(rules.To, self.to),
            self.needs_circumstance or None,
            cast(rules.By, self.by),
            frozenset(self.reached),
            frozenset(self.channels),
            frozenset(self.topics),
            self.min_days,
            rules.Span(
                None,
                self.starts_on,
                self.ends_on,
                self.recorded_at if self.starts_on else None,
                self.ended_at,
            ),
        )


class ExemptionSet(AboutStudents):
    zone: Zone = "care"

    def standing(self, day: datetime.date) -> Self:
        """Neither over nor ended; those still to come too."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), ended_at=None)


class Exemption(models.Model):
    """Days on which a promise (by its code; empty: every promise) is not asked for a student."""

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


def _in_words(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en
