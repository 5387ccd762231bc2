"""The figures of a month: of the school and of each class, for the month and for each of its weeks. No ORM.

Invariants:
- every figure is counted by `insight.counts`, as on the overview and in the term summary;
- a promise belongs to the month in which its time ends; what is asked over the whole term stands in the coverage;
- frozen figures keep their definition, their moment and the ids of their records; counting again later is the
  same calculation with a later `as_of`.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import Week
from tongxing.oversight.insight.counts import overview_figures, promise_figures, week_figures
from tongxing.oversight.insight.facts import SchoolFacts
from tongxing.oversight.insight.figures import Figure

DAY = datetime.timedelta(days=1)
#: Of the overview: what holds at the moment itself; this week's talks stand with their week instead.
COVERAGE = (
    "enrolled", "looked_at", "not_looked_at", "registered", "key", "paired", "unpaired", "helpers",
    "silent", "home_visits_asked", "home_visits_done", "missing",
)  # fmt: skip


def first_of(day: datetime.date) -> datetime.date:
    return day.replace(day=1)


def last_of(month: datetime.date) -> datetime.date:
    return first_of(month.replace(day=28) + 4 * DAY) - DAY


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: of the school (`class_id` None) or a class, of the month (`week` None) or one of its weeks."""

    class_id: int | None
    week: int | None
    figure: Figure


@dataclass(frozen=True)
class MonthFigures:
    """`promises` and `classes` by code and id in their order, only those with something to say."""

    month: datetime.date
    as_of: datetime.datetime
    promises: tuple[tuple[str, str], ...]
    classes: tuple[tuple[int, str], ...]
    weeks: tuple[int, ...]
    lines: tuple[Line, ...]

    @cached_property
    def _by_place(self) -> dict[tuple[int | None, int | None, str], Figure]:
        return {(line.class_id, line.week, line.figure.code): line.figure for line in self.lines}

    def get(self, code: str, class_id: int | None = None, week: int | None = None) -> Figure | None:
        return self._by_place.get((class_id, week, code))


def month_figures(facts: SchoolFacts, month: datetime.date) -> MonthFigures:
    weeks = [
        week
        for week in facts.calendar.weeks
        if week.monday <= facts.day and month <= week.sunday <= last_of(month)
    ]
    asked = {duty.commitment for duty in of_month(facts, month).obligations}
    promises = tuple((one.code, one.name) for one in facts.promises if one.code in asked)
    lines = [
        line
        for class_id in (None, *(one.pk for one in facts.classes))
        for line in _lines(facts if class_id is None else facts.of_class(class_id), class_id, month, weeks)
    ]
    return MonthFigures(
        month,
        facts.as_of,
        promises,
        tuple((one.pk, one.name) for one in facts.classes),
        tuple(week.number for week in weeks),
        tuple(lines),
    )


def of_month(facts: SchoolFacts, month: datetime.date) -> SchoolFacts:
    """The same facts with the duties alone whose time ends in this month and has begun."""
    day, last = facts.day, last_of(month)
    duties = tuple(one for one in facts.obligations if one.starts <= day and month <= one.ends <= last)
    return replace(facts, obligations=duties)


def _lines(
    facts: SchoolFacts, class_id: int | None, month: datetime.date, weeks: list[Week]
) -> Iterator[Line]:
    for figure in overview_figures(facts).rows:
        if figure.code in COVERAGE:
            yield Line(class_id, None, figure)
    in_month = of_month(facts, month)
    for promise in facts.promises:
        for figure in promise_figures(in_month, promise):
            yield Line(class_id, None, figure)
    for week in weeks:
        for figure in week_figures(facts, week).rows:
            yield Line(class_id, week.number, figure)


def as_json(figures: MonthFigures) -> dict[str, Any]:
    """Each definition once; the records of a figure are of one kind, so their ids are enough."""
    definitions = {line.figure.code: [line.figure.label, line.figure.definition] for line in figures.lines}
    models = {line.figure.code: line.figure.records[0][0] for line in figures.lines if line.figure.records}
    return {
        "month": figures.month.isoformat(),
        "as_of": figures.as_of.isoformat(),
        "promises": [list(one) for one in figures.promises],
        "classes": [list(one) for one in figures.classes],
        "weeks": list(figures.weeks),
        "definitions": {code: [*words, models.get(code, "")] for code, words in definitions.items()},
        "lines": [_line_as_json(line) for line in figures.lines],
    }


def _line_as_json(line: Line) -> list[Any]:
    ids = None if line.figure.value is None else [number for _model, number in line.figure.records]
    return [line.class_id, line.week, line.figure.code, ids]


def from_json(stored: Mapping[str, Any]) -> MonthFigures:
    as_of = datetime.datetime.fromisoformat(stored["as_of"])

    def figure(code: str, ids: list[int] | None) -> Figure:
        label, means, model = stored["definitions"][code]
        records = tuple((model, number) for number in ids or ())
        return Figure(code, label, None if ids is None else len(ids), means, as_of, records)

    return MonthFigures(
        datetime.date.fromisoformat(stored["month"]),
        as_of,
        tuple((code, name) for code, name in stored["promises"]),
        tuple((class_id, name) for class_id, name in stored["classes"]),
        tuple(stored["weeks"]),
        tuple(Line(class_id, week, figure(code, ids)) for class_id, week, code, ids in stored["lines"]),
    )


def has_begun(month: datetime.date, now: datetime.datetime) -> bool:
    return month <= day_of(now)
