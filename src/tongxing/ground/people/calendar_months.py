"""A school year as months on a wall: each day with what it is, each row with its teaching week. Pure, no ORM.

Invariants:
- a day is a school day here exactly when the term's calendar says so;
- a day between two terms belongs to the break, whatever its weekday.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .calendar import DAY, SATURDAY, TermCalendar

State = Literal["school", "weekend", "off", "make_up", "break", "outside"]


@dataclass(frozen=True, slots=True)
class DayCell:
    date: datetime.date
    state: State
    name: str = ""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Monday to Sunday; None where another month begins. `week`: the number of its teaching week."""

    week: int | None
    cells: tuple[DayCell | None, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: datetime.date
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A teaching week whose number of school days changes."""

    week: int
    monday: datetime.date
    sunday: datetime.date
    before: int
    after: int


def months(terms: Sequence[TermCalendar], names: Mapping[datetime.date, str]) -> tuple[Month, ...]:
    """The months from the first term's first day to the last term's last one; `names` of days off and make-up."""
    if not terms:
        return ()
    first = min(term.starts_on for term in terms).replace(day=1)
    last = max(term.ends_on for term in terms)
    found = []
    while first <= last:
        following = (first + 31 * DAY).replace(day=1)
        found.append(_month(first, following - DAY, terms, names))
        first = following
    return tuple(found)


def _month(
    first: datetime.date,
    last: datetime.date,
    terms: Sequence[TermCalendar],
    names: Mapping[datetime.date, str],
) -> Month:
    rows = []
    monday = first - first.weekday() * DAY
    while monday <= last:
        days = [monday + n * DAY for n in range(7)]
        week = next((found.number for term in terms if (found := term.week_of(monday))), None)
        cells = (_cell(day, terms, names) if first <= day <= last else None for day in days)
        rows.append(MonthRow(week, tuple(cells)))
        monday += 7 * DAY
    return Month(first, tuple(rows))


def _cell(day: datetime.date, terms: Sequence[TermCalendar], names: Mapping[datetime.date, str]) -> DayCell:
    return DayCell(day, _state(day, terms), names.get(day, ""))


def _state(day: datetime.date, terms: Sequence[TermCalendar]) -> State:
    term = next((term for term in terms if term.starts_on <= day <= term.ends_on), None)
    if term is None:
        inside = min(t.starts_on for t in terms) < day < max(t.ends_on for t in terms)
        return "break" if inside else "outside"
    if day in term.off:
        return "off"
    if day in term.make_up and day.weekday() >= SATURDAY:
        return "make_up"
    return "weekend" if day.weekday() >= SATURDAY else "school"


def shifts(before: TermCalendar, after: TermCalendar) -> tuple[Shift, ...]:
    """The teaching weeks of a term whose number of school days differs."""
    old = {week.number: len(week.school_days) for week in before.weeks}
    return tuple(
        Shift(week.number, week.monday, week.sunday, old.get(week.number, 0), len(week.school_days))
        for week in after.weeks
        if old.get(week.number, 0) != len(week.school_days)
    )
