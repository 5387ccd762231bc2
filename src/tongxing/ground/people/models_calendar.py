"""School years, terms, days off and make-up days, and the classes of a year."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor


class OfSchool(models.QuerySet):
    """Facts that everyone who belongs to the school may read: calendar, classes."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system else self.filter(school_id__in=actor.organisations)


class SchoolYear(models.Model):
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("school year"), max_length=20)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="school_year_once")]
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """`week_one` is the Monday of teaching week 1."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(
        _("number"), choices=[(1, _("first term")), (2, _("second term"))]
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    week_one = models.DateField(_("Monday of teaching week 1"))

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="term_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="term_ends_after_start",
                violation_error_message=_("The term ends before it begins."),
            ),
        ]
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return f"{self.year.name} {self.get_number_display()}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: off (holiday, break) or a make-up school day (调休)."""

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        MAKE_UP = "make_up", _("make-up school day")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    date = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=40, blank=True)

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "date"], name="calendar_day_once")]
        ordering = ["date"]


class SchoolClass(models.Model):
    """A class of one school year; next year's class is a new row. `grade` counts 1–12, `number` from 1."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="classes")
    grade = models.PositiveSmallIntegerField(_("grade"))
    number = models.PositiveSmallIntegerField(_("class number"))
    name = models.CharField(_("class"), max_length=40)
    code = models.CharField(max_length=40, blank=True)

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "name"], name="class_once")]
        ordering = ["grade", "number", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def grade_name(self) -> str:
        return grade_name(self.grade)


def grade_name(grade: int) -> str:
    """1 → 一年级 … 7 → 初一 … 10 → 高一, in the reader's language."""
    names = {
        1: pgettext("grade", "Grade 1"),
        2: pgettext("grade", "Grade 2"),
        3: pgettext("grade", "Grade 3"),
        4: pgettext("grade", "Grade 4"),
        5: pgettext("grade", "Grade 5"),
        6: pgettext("grade", "Grade 6"),
        7: pgettext("grade", "Grade 7"),
        8: pgettext("grade", "Grade 8"),
        9: pgettext("grade", "Grade 9"),
        10: pgettext("grade", "Grade 10"),
        11: pgettext("grade", "Grade 11"),
        12: pgettext("grade", "Grade 12"),
    }
    return names.get(grade, str(grade))
