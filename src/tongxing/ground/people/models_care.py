"""What is known about a child's situation, what the family agreed to, and the support register."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.fields import RecordedAtField

from .models_people import Student
from .scoping import AboutStudents, LastingAboutStudents, ends_after_start


class CircumstanceSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Family situation opens with the care zone, hardship with the hardship zone alone."""
        family = models.Q(category__in=Circumstance.FAMILY) & actor.students_q("care")
        hardship = ~models.Q(category__in=Circumstance.FAMILY) & actor.students_q("hardship")
        return self if actor.is_system else self.filter(family | hardship)

    def valid_on(self, day: datetime.date) -> Self:
        return self.filter(
            models.Q(since=None) | models.Q(since__lte=day),
            models.Q(valid_until=None) | models.Q(valid_until__gte=day),
        )


class Circumstance(models.Model):
    """One circumstance of one student: independent of the others, with its source and how long it holds.

    left_behind follows the roster rule (parents away three months or more), left_behind_civil the rule of the
    civil affairs department (under 16, rural, both away or the other one unable); both are kept.
    recognised is written by the school's recognition of hardship alone, with school year and level as its source.
    """

    class Category(models.TextChoices):
        LEFT_BEHIND = "left_behind", _("parents work away (school roster)")
        LEFT_BEHIND_CIVIL = "left_behind_civil", _("parents work away (civil affairs)")
        SINGLE_PARENT = "single_parent", _("lives with one parent")
        MIGRANT = "migrant", _("moved here with parents")
        LIFTED_OUT = "lifted_out", _("family lifted out of poverty")
        MONITORED = "monitored", _("monitored against falling back into poverty")
        MINIMUM_LIVING = "minimum_living", _("minimum living allowance")
        MINIMUM_LIVING_EDGE = "minimum_living_edge", _("close to the minimum living allowance")
        EXTREME_POVERTY = "extreme_poverty", _("extreme-poverty support")
        ORPHAN = "orphan", _("orphan")
        DE_FACTO_UNSUPPORTED = "de_facto_unsupported", _("de facto without support")
        DISABLED = "disabled", _("student with a disability")
        DISABLED_PARENT = "disabled_parent", _("child of parents with a disability")
        RIGID_EXPENSES = "rigid_expenses", _("heavy unavoidable expenses")
        LOW_INCOME = "low_income", _("other low income")
        MARTYR_CHILD = "martyr_child", _("child of a martyr")
        SERIOUS_ILLNESS = "serious_illness", _("serious illness in the family")
        SUDDEN_HARDSHIP = "sudden_hardship", _("sudden serious hardship")
        RECOGNISED = "recognised", _("hardship recognised by the school")

    FAMILY = ("left_behind", "left_behind_civil", "single_parent", "migrant")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="circumstances")
    category = models.CharField(_("circumstance"), max_length=30, choices=Category)
    source = models.CharField(_("source"), max_length=60, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    recorded_at = RecordedAtField()

    objects = CircumstanceSet.as_manager()


class ConsentSet(AboutStudents):
    def standing(self) -> Self:
        return self.filter(withdrawn_on=None)


class Consent(models.Model):
    """Who agreed to what, on which basis; withdrawing ends that purpose alone. `purpose`: a code of `consents.PURPOSES`."""

    class Basis(models.TextChoices):
        LEGAL_DUTY = "legal_duty", _("legal duty")
        GUARDIAN = "guardian", _("guardian's separate consent")
        EMERGENCY = "emergency", _("emergency protection")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=60)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)
    given_by = models.CharField(_("given by"), max_length=60, blank=True)
    student_agreed = models.BooleanField(_("the student (14 or older) agreed too"), null=True, blank=True)
    given_on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_at = RecordedAtField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ConsentSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "purpose"],
                condition=models.Q(withdrawn_on=None),
                name="one_standing_consent",
            )
        ]


class RegistrationSet(LastingAboutStudents):
    zone: Zone = "care"


class Registration(models.Model):
    """The support register: who is supported, at which level, since when. `ends_on` is the last day."""

    class Level(models.TextChoices):
        NORMAL = "normal", _("registered")
        KEY = "key", _("key student")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="registrations")
    level = models.CharField(_("level"), max_length=10, choices=Level)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    ended_reason = models.CharField(_("reason for leaving the register"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationSet.as_manager()

    class Meta:
        constraints = [
            ends_after_start("registration_dates"),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(ends_on=None), name="one_open_registration"
            ),
        ]
