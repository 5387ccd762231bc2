"""A round of recognising hardship, who reviews in it, who stands back, and the school's levels and weights.

Invariants:
- one yearly round a school year, one adjustment a term; a round is closed, never deleted;
- its weights are those of the day it was opened: nothing that was said on their ground changes afterwards;
- a level is ended and followed by another, never renamed under what was decided with it.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, SchoolYear, Staff, Student, Term

REVIEW, MANAGE, DECIDE, APPLY = "hardship.review", "hardship.manage", "hardship.decide", "hardship.apply"
NAME, REASON, TOLD = 20, 200, 600  # characters


class OfRoundsSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever reviews sees that there is a round; a guardian whether one is open."""
        return self.filter(actor.school_q(REVIEW) | actor.school_q(APPLY))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Level(models.Model):
    """`from_points`: from how many points of the questionnaire on it is suggested."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("level"), max_length=NAME)
    from_points = models.PositiveSmallIntegerField(_("suggested from"))
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-from_points", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_on=None), name="hardship_level_once"
            ),
            models.UniqueConstraint(
                fields=["school", "from_points"],
                condition=Q(ended_on=None),
                name="hardship_level_points_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Weights(models.Model):
    """The points of the questionnaire; the newest row stands."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    points = models.JSONField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]


class Round(models.Model):
    """`term`: only of an adjustment. `told`: what families are told. `apply_until`: the last day to hand in."""

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("recognition of the year")
        ADJUSTMENT = "adjustment", _("adjustment in the term")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    told = models.CharField(_("what families are told"), max_length=TOLD)
    apply_until = models.DateField(_("applications until"))
    points = models.JSONField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfRoundsSet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=Q(kind="yearly"), name="hardship_one_round_a_year"
            ),
            models.UniqueConstraint(
                fields=["term"], condition=Q(kind="adjustment"), name="hardship_one_adjustment_a_term"
            ),
            models.UniqueConstraint(
                fields=["school"], condition=Q(closed_at=None), name="hardship_one_open_round"
            ),
            models.CheckConstraint(
                condition=Q(kind="yearly", term=None) | Q(kind="adjustment", term__isnull=False),
                name="hardship_adjustment_names_its_term",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="hardship_round_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year.name} {self.get_kind_display()}"


class PanelMember(models.Model):
    """A colleague who reviews: in one class, or (no class) for the school."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="panel")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "school_class", "staff"],
                condition=Q(ended_at=None),
                name="hardship_panel_once",
            ),
            models.UniqueConstraint(
                fields=["round", "staff"],
                condition=Q(ended_at=None, school_class=None),
                name="hardship_school_panel_once",
            ),
        ]


class Recusal(models.Model):
    """A colleague stands back from one child's application: a relative, or near in another way."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="recusals")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=REASON)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "student", "staff"], name="hardship_recusal_once")
        ]
