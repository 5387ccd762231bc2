"""What the county reads of its schools' reports: who has sent, and the sums in tens."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.insight.county import spoken
from tongxing.oversight.insight.tens import Tens, tens, total

from .models_reports import CountyReport, ReportDue, Sending
from .report_parts import codes_of, label_of
from .scoping import VIEW


@dataclass(frozen=True, slots=True)
class Row:
    school: Organisation
    sent: Sending | None
    cells: tuple[Tens, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One report: a row for each school in the order of names. `known`: how many schools stand behind each total."""

    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[Tens, ...]
    known: tuple[int, ...]

    @property
    def sent(self) -> int:
        return sum(1 for row in self.rows if row.sent)


def reading(actor: Actor, report: CountyReport) -> Reading:
    """The newest that each school has sent. Two queries."""
    actor.require(VIEW, school_id=report.school_id)
    codes = codes_of(report.parts)
    dues = sorted(
        ReportDue.objects.filter(report=report).select_related("school").prefetch_related("sendings"),
        key=lambda due: (spoken(due.school.name), due.pk),
    )
    figures: list[Mapping[str, int | None]] = [due.newest.figures if due.newest else {} for due in dues]
    columns = [[of.get(code) for of in figures] for code in codes]
    rows = tuple(
        Row(due.school, due.newest, tuple(tens(of.get(code)) for code in codes))
        for due, of in zip(dues, figures, strict=True)
    )
    known = tuple(sum(1 for count in column if count is not None) for column in columns)
    return Reading(tuple(map(label_of, codes)), rows, tuple(map(total, columns)), known)


def dues_of(actor: Actor, school: Organisation) -> QuerySet[ReportDue]:
    """What the county asks of this school, what waits first by its day."""
    mine = ReportDue.objects.visible_to(actor).filter(school=school).standing()
    return (
        mine.select_related("report", "school").prefetch_related("sendings").order_by("report__due_on", "pk")
    )
