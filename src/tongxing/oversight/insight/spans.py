"""The days that a reading is about: the term so far, its months, its teaching weeks. Pure.

Invariants:
- only what has begun is there, in order;
- a teaching week belongs to the month in which its Sunday lies, as in the monthly inspection.
"""

import datetime
from typing import Literal, NamedTuple

from tongxing.ground.people.calendar import DAY, TermCalendar

By = Literal["week", "month"]


class Span(NamedTuple):
    """Days from `first` to `last`; `weeks`: the teaching weeks that are counted with them."""

    kind: Literal["term", "month", "week"]
    first: datetime.date
    last: datetime.date
    weeks: tuple[int, ...]

    @property
    def code(self) -> str:
        """As it stands in an address: 2026-11, w12; empty for the term so far."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"w{self.weeks[0]}" if self.kind == "week" and self.weeks else ""


def so_far(calendar: TermCalendar, day: datetime.date) -> Span:
    weeks = tuple(one.number for one in calendar.weeks if one.monday <= day)
    return Span("term", calendar.starts_on, calendar.until, weeks)


def this_week(calendar: TermCalendar, day: datetime.date) -> Span:
    """The teaching week of that day; outside the teaching weeks the day alone, without any week."""
    week = calendar.week_of(day)
    return Span("week", week.monday, week.sunday, (week.number,)) if week else Span("week", day, day, ())


def begun(calendar: TermCalendar, day: datetime.date, by: By) -> tuple[Span, ...]:
    """The teaching weeks, or the months, of the term that have begun."""
    weeks = [one for one in calendar.weeks if one.monday <= day]
    if by == "week":
        return tuple(Span("week", one.monday, one.sunday, (one.number,)) for one in weeks)
    found, first = [], calendar.starts_on.replace(day=1)
    while first <= min(day, calendar.until):
        following = (first.replace(day=28) + 4 * DAY).replace(day=1)
        inside = tuple(one.number for one in weeks if first <= one.sunday < following)
        found.append(Span("month", first, following - DAY, inside))
        first = following
    return tuple(found)


def by_code(calendar: TermCalendar, day: datetime.date, code: str) -> Span | None:
    """The span of an address; None: there is no such span, or it has not begun."""
    known = (so_far(calendar, day), *begun(calendar, day, "week"), *begun(calendar, day, "month"))
    return next((one for one in known if one.code == code), None)
