"""From a cadence and the term's calendar to the windows in which a commitment is asked for. Pure, no ORM.

Invariants:
- windows of one cadence never overlap and never leave the term;
- a window runs over every day, Sundays too: a talk on a weekend counts; school days decide whether it asks;
- the calendar alone makes the windows; what joining, leaving and exemptions do to them is said in `rules`.
"""

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from tongxing.ground.people.calendar import TermCalendar, Week

Every = Literal["week", "weeks", "month", "term", "term_start"]
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: each week · each `n` weeks · each month · once a term · in the `n` weeks after joining.

    `due_from` counts teaching weeks inside the window: asked for from that week on, upcoming before.
    """

    every: Every
    n: int = 1
    due_from: int = 1


class Window(NamedTuple):
    """`starts` to `ends`, both included; `weeks` are its teaching weeks that have school days."""

    starts: datetime.date
    ends: datetime.date
    weeks: tuple[Week, ...]


def windows(cadence: Cadence, calendar: TermCalendar) -> tuple[Window, ...]:
    """The term's windows of a cadence, by date; `term_start` depends on the day of joining: `first_weeks`."""
    if cadence.every == "month":
        return _months(calendar)
    if cadence.every in {"term", "term_start"}:
        return (_window(calendar, calendar.starts_on, calendar.ends_on),)
    taught = [week for week in calendar.weeks if week.school_days]
    size = 1 if cadence.every == "week" else max(1, cadence.n)
    blocks = [taught[first : first + size] for first in range(0, len(taught), size)]
    return tuple(_window(calendar, block[0].monday, block[-1].sunday) for block in blocks)


def first_weeks(cadence: Cadence, calendar: TermCalendar, joined: datetime.date) -> Window:
    """From the day of joining through `n` whole teaching weeks; days before the first Monday come on top."""
    whole = [week for week in calendar.weeks if week.school_days and week.monday >= joined]
    ends = whole[cadence.n - 1].sunday if len(whole) >= cadence.n else calendar.ends_on
    return _window(calendar, joined, ends)


def due_on(cadence: Cadence, window: Window, starts: datetime.date) -> datetime.date:
    """The day from which the window's commitment is asked for, when it counts from `starts` only."""
    if cadence.due_from <= 1:
        return starts
    left = [w for w in window.weeks if any(starts <= day <= window.ends for day in w.school_days)]
    if not left:
        return starts
    return max(starts, left[min(cadence.due_from, len(left)) - 1].monday)


def _months(calendar: TermCalendar) -> tuple[Window, ...]:
    days = [calendar.starts_on + DAY * i for i in range((calendar.ends_on - calendar.starts_on).days + 1)]
    months = [list(group) for _, group in groupby(days, key=lambda day: (day.year, day.month))]
    return tuple(_window(calendar, month[0], month[-1]) for month in months)


def _window(calendar: TermCalendar, starts: datetime.date, ends: datetime.date) -> Window:
    starts, ends = max(starts, calendar.starts_on), min(ends, calendar.ends_on)
    weeks = tuple(week for week in calendar.weeks if any(starts <= day <= ends for day in week.school_days))
    return Window(starts, ends, weeks)
