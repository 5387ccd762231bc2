"""Reports that a county asks its schools for: counted from the school's records, checked there, sent, frozen.

Invariants:
- nothing is typed: a figure of a report is a figure of the overview at the moment the report names;
- what was sent is never changed; a school sends anew beside it, and the newest counts;
- the county reads what was sent in tens (`insight.tens`), never the counts themselves.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import Organisation

from .scoping import TITLE, OfCounty, UnderCounty


class ReportSet(OfCounty):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class CountyReport(Entered, Ended):
    """`school`: the bureau that asks. `parts`: the codes of `rules.PARTS`, each a few figures."""

    title = models.CharField(pgettext_lazy("report", "title"), max_length=TITLE)
    parts = models.JSONField(default=list)
    due_on = models.DateField(_("due on"))

    objects = ReportSet.as_manager()

    class Meta:
        ordering = ["-due_on", "-pk"]
        constraints = [
            entered_once("county_report_once"),
            ends_with_reason("county_report_ends_with_reason"),
        ]

    def __str__(self) -> str:
        return self.title


class DueSet(UnderCounty):
    def standing(self) -> Self:
        return self.filter(report__ended_at=None)

    def not_sent(self) -> Self:
        return self.standing().filter(sendings=None)


class ReportDue(models.Model):
    """A report asked of one school."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    report = models.ForeignKey(CountyReport, models.PROTECT, related_name="dues")

    objects = DueSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "report"], name="county_report_due_once")]

    @property
    def newest(self) -> "Sending | None":
        """Use with `prefetch_related("sendings")`."""
        return next(iter(self.sendings.all()), None)


class Sending(Entered):
    """`figures`: code → count, None without records, as they stood at `as_of`."""

    due = models.ForeignKey(ReportDue, models.PROTECT, related_name="sendings")
    as_of = models.DateTimeField(_("records up to"))
    figures = models.JSONField()

    objects = UnderCounty.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            entered_once("county_report_sent_once"),
            models.CheckConstraint(
                condition=Q(as_of__lte=models.F("entered_at")), name="county_report_not_ahead"
            ),
        ]
