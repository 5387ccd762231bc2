"""An inspection of one month, and what it found to be improved.

Invariants:
- a school has one inspection a month; its figures are frozen once and never counted anew;
- after closing nothing about it changes;
- a finding names one colleague who sees to it and a day; it is taken back, never deleted;
- what is not yet seen to goes on in the next month: one finding goes on once.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff, Term

from .figures import MonthFigures, from_json

MANAGE = "inspection.manage"
LONGEST = 300


class InspectionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(MANAGE))


class Inspection(models.Model):
    """`month` is its first day; `figures` hold ids, definitions and counts, no student's name."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    month = models.DateField(_("month"))
    as_of = models.DateTimeField()
    figures = models.JSONField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    thanks = models.TextField(_("What we say thank you for"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InspectionSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "month"], name="inspection_once_a_month")]
        ordering = ["-month"]

    @property
    def frozen(self) -> MonthFigures:
        return from_json(self.figures)

    @property
    def items(self) -> frozenset[str]:
        """What a finding can be about: a promise or a figure of the month."""
        promises = (code for code, _name in self.figures["promises"])
        return frozenset(self.figures["definitions"]).union(promises)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class FindingSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who inspect, and the colleague who is asked to see to it."""
        mine = models.Q(person__user_id=actor.user_id, person__user__isnull=False)
        return self.filter(actor.school_q(MANAGE) | mine)

    def standing(self) -> Self:
        return self.exclude(outcome=Finding.Outcome.TAKEN_BACK)

    def waiting(self) -> Self:
        return self.filter(outcome="", inspection__closed_at=None)


class Finding(models.Model):
    """`item`: the code of the promise or figure it is about, if any. `evidence`: one line that shows it."""

    class Outcome(models.TextChoices):
        OPEN = "", _("under way")
        DONE = "done", _("seen to, thank you")
        NOT_YET = "not_yet", _("not yet, stays on the list")
        TAKEN_BACK = "taken_back", pgettext_lazy("inspection", "taken back")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    client_id = models.UUIDField()
    item = models.CharField(max_length=40, blank=True)
    text = models.CharField(_("what is to be improved"), max_length=LONGEST)
    person = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    due_on = models.DateField(pgettext_lazy("inspection", "until"))
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)
    evidence = models.CharField(_("what shows it"), max_length=LONGEST, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    carried_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FindingSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="finding_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="", checked_on=None) | ~models.Q(outcome=""),
                name="finding_checked_with_outcome",
            ),
        ]
        ordering = ["due_on", "pk"]

    def is_late(self, day: datetime.date) -> bool:
        return self.outcome == self.Outcome.OPEN and self.due_on < day
