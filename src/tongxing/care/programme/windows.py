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

from tongxing.ground.kernel.clock import end_of
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
    """`starts` to `ends`, both included; `weeks` are its teaching weeks that have school days.

    `closes` is the first moment after it; `due_on` and `days` (school days) hold for the whole window.
    """

    starts: datetime.date
    ends: datetime.date
    weeks: tuple[Week, ...]
    numbers: tuple[int, ...]
    closes: datetime.datetime
    days: int
    due_on: datetime.date


def windows(cadence: Cadence, calendar: TermCalendar) -> tuple[Window, ...]:
    """The term's windows of a cadence, by date; `term_start` depends on the day of joining: `first_weeks`."""
    if cadence.every == "month":
        return _months(cadence, calendar)
    if cadence.every in {"term", "term_start"}:
        return (_window(cadence, calendar, calendar.starts_on, calendar.ends_on),)
    taught = [week for week in calendar.weeks if week.school_days]
    size = 1 if cadence.every == "week" else max(1, cadence.n)
    blocks = [taught[first : first + size] for first in range(0, len(taught), size)]
    return tuple(_window(cadence, calendar, block[0].monday, block[-1].sunday) for block in blocks)


def first_weeks(cadence: Cadence, calendar: TermCalendar, joined: datetime.date) -> Window:
    """From the day of joining through `n` whole teaching weeks; days before the first Monday come on top."""
    whole = [week for week in calendar.weeks if week.school_days and week.monday >= joined]
    ends = whole[cadence.n - 1].sunday if len(whole) >= cadence.n else calendar.ends_on
    return _window(cadence, calendar, joined, ends)


def due_on(cadence: Cadence, window: Window, starts: datetime.date) -> datetime.date:
    """The day from which the window's commitment is asked for, when it counts from `starts` only."""
    return window.due_on if starts == window.starts else _due_on(cadence, window.weeks, starts, window.ends)


def _due_on(
    cadence: Cadence, weeks: tuple[Week, ...], starts: datetime.date, ends: datetime.date
) -> datetime.date:
    if cadence.due_from <= 1:
        return starts
    left = [week for week in weeks if any(starts <= day <= ends for day in week.school_days)]
    if not left:
        return starts
    return max(starts, left[min(cadence.due_from, len(left)) - 1].monday)


def _months(cadence: Cadence, calendar: TermCalendar) -> tuple[Window, ...]:
    days = [calendar.starts_on + DAY * i for i in range((calendar.ends_on - calendar.starts_on).days + 1)]
    months = [list(group) for _, group in groupby(days, key=lambda day: (day.year, day.month))]
    return tuple(_window(cadence, calendar, month[0], month[-1]) for month in months)


def _window(cadence: Cadence, calendar: TermCalendar, starts: datetime.date, ends: datetime.date) -> Window:
    starts, ends = max(starts, calendar.starts_on), min(ends, calendar.ends_on)
    weeks = tuple(week for week in calendar.weeks if any(starts <= day <= ends for day in week.school_days))
    due = _due_on(cadence, weeks, starts, ends)
    numbers = tuple(week.number for week in weeks)
    return Window(starts, ends, weeks, numbers, end_of(ends), calendar.count(starts, ends), due)
