"""Schemes (评选办法): what is honoured in a school year, by which criteria, and who looks at it together.

Invariants:
- a scheme that is published is not changed any more: it is ended with its reason and followed by another;
- a criterion may name evidence, one of the closed list in `evidence.py`; scores, gifts, log-ins and words are not on it;
- at least one criterion names none: what is counted never decides alone;
- a weight says what matters more to those who judge; nothing is ever added up to points of a person.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolYear, Staff
from tongxing.oversight.notices.models import Circular

from . import rules
from .evidence import CODES, KINDS, Kind, choices

VIEW, PROPOSE, MANAGE, AWARD = "honour.view", "honour.propose", "honour.manage", "honour.award"
NAME, ABOUT, LINE = 20, 600, 120  # characters


class SchemeSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Colleagues read what is published; drafts those who write them."""
        published = actor.school_q(VIEW) & Q(published_at__isnull=False)
        return self if actor.is_system else self.filter(actor.school_q(MANAGE) | published)

    def standing(self) -> Self:
        return self.filter(published_at__isnull=False, ended_at=None)


class Scheme(Entered, Ended):
    """`name`: the title that is given. `starts_on` to `until`: the time that is looked at. `open_until`: the last day
    for a self-check or a proposal."""

    class Kind(models.TextChoices):
        GROUP = rules.GROUP, pgettext_lazy("honour", "a group: an office, the teachers of a class")
        COLLEAGUE = rules.COLLEAGUE, pgettext_lazy("honour", "a colleague")
        CLASS = rules.CLASS, pgettext_lazy("honour", "a caring class")
        PARTNERS = rules.PARTNERS, pgettext_lazy("honour", "two classmates who go together")
        PROGRESS = rules.PROGRESS, pgettext_lazy("honour", "a student’s own progress")

    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    kind = models.CharField(_("who is honoured"), max_length=10, choices=Kind)
    name = models.CharField(pgettext_lazy("honour", "title"), max_length=NAME)
    about = models.CharField(_("what it is about"), max_length=ABOUT)
    circular = models.ForeignKey(Circular, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    open_until = models.DateField(_("proposals until"))
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SchemeSet.as_manager()

    class Meta:
        ordering = ["-year__starts_on", "kind", "pk"]
        constraints = [
            entered_once("recognition_scheme_once"),
            ends_with_reason("recognition_scheme_ends_with_reason"),
            models.UniqueConstraint(
                fields=["year", "name"], condition=Q(ended_at=None), name="recognition_title_once_a_year"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("starts_on")), name="recognition_scheme_days"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="recognition_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def stands(self) -> bool:
        return self.published_at is not None and self.ended_at is None


class Criterion(models.Model):
    """`evidence`: what of the records shows it, a code of `evidence.KINDS`; empty: people judge it by what they know."""

    class Weight(models.IntegerChoices):
        SOME = 1, pgettext_lazy("criterion", "belongs to it")
        MORE = 2, pgettext_lazy("criterion", "matters")
        MOST = 3, pgettext_lazy("criterion", "matters most")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="criteria")
    words = models.CharField(_("criterion"), max_length=LINE)
    weight = models.PositiveSmallIntegerField(_("weight"), choices=Weight, default=Weight.MORE)
    evidence = models.CharField(_("shown by"), max_length=12, choices=choices, blank=True)

    class Meta:
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "words"], name="recognition_criterion_once"),
            models.CheckConstraint(condition=Q(weight__in=(1, 2, 3)), name="recognition_weight"),
            models.CheckConstraint(
                condition=Q(evidence="") | Q(evidence__in=CODES), name="recognition_evidence_known"
            ),
        ]

    @property
    def kind(self) -> Kind | None:
        return KINDS.get(self.evidence)


class CommitteeMember(models.Model):
    """A colleague who looks at what was proposed under a scheme."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="committee")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "staff"], condition=Q(ended_at=None), name="recognition_member_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="recognition_member_ended_by_somebody",
            ),
        ]
