"""From a cadence and the calendar of the term and its break to the windows in which a commitment is asked for. Pure, no ORM.

Invariants:
- windows of one cadence never overlap and never leave the term or, of a cadence of the break, the break after it;
- a window runs over every day, Sundays too: a talk on a weekend counts; school days decide whether it asks;
- the calendar alone makes the windows; what joining, leaving and exemptions do to them is said in `rules`.
"""

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from tongxing.ground.kernel.clock import end_of
from tongxing.ground.people.calendar import Stretch, TermCalendar, Week

Every = Literal["week", "weeks", "month", "term", "term_start", "break", "break_weeks", "never", "span"]
#: Cadences of the winter and summer break, where every day counts and weeks are the break's own.
OF_THE_BREAK: frozenset[Every] = frozenset({"break", "break_weeks"})
#: What is asked for once may also be done after its time: late is better than never.
ONCE: frozenset[Every] = frozenset({"term", "term_start"})
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: each week · each `n` weeks · each month · once a term · in the `n` weeks after joining ·
    once in the break after the term · each `n` weeks of that break · never (in one student's plan) · once in
    the days for which it holds (`span`: a colleague's measure in a plan).

    `due_from` counts weeks inside the window: asked for from that week on, upcoming before.
    """

    every: Every
    n: int = 1
    due_from: int = 1

    def stretch(self, calendar: TermCalendar) -> Stretch | None:
        """The days this cadence is about: the term's, or those of the break after it (None: there is none)."""
        return calendar.recess if self.every in OF_THE_BREAK else calendar


class Window(NamedTuple):
    """`starts` to `ends`, both included; `weeks` are its weeks with days that count: school days, in a break all.

    `closes` is the first moment after it; `due_on` and `days` (days that count) hold for the whole window.
    """

    starts: datetime.date
    ends: datetime.date
    weeks: tuple[Week, ...]
    numbers: tuple[int, ...]
    closes: datetime.datetime
    days: int
    due_on: datetime.date


def windows(cadence: Cadence, calendar: TermCalendar) -> tuple[Window, ...]:
    """The windows of a cadence, by date; `term_start` depends on the day of joining: `first_weeks`; `span` on its
    first and last day: `whole_span`."""
    stretch = cadence.stretch(calendar)
    if stretch is None or cadence.every in {"never", "span"}:
        return ()
    if cadence.every == "month":
        return _months(cadence, stretch)
    if cadence.every in {"term", "term_start", "break"}:
        return (_window(cadence, stretch, stretch.starts_on, stretch.ends_on),)
    counted = [week for week in stretch.weeks if week.school_days]
    size = 1 if cadence.every == "week" else max(1, cadence.n)
    blocks = [counted[first : first + size] for first in range(0, len(counted), size)]
    return tuple(_window(cadence, stretch, block[0].monday, block[-1].sunday) for block in blocks)


def first_weeks(cadence: Cadence, stretch: Stretch, joined: datetime.date) -> Window:
    """From the day of joining through `n` whole teaching weeks; days before the first Monday come on top."""
    whole = [week for week in stretch.weeks if week.school_days and week.monday >= joined]
    ends = whole[cadence.n - 1].sunday if len(whole) >= cadence.n else stretch.ends_on
    return _window(cadence, stretch, joined, ends)


def whole_span(cadence: Cadence, stretch: Stretch, starts: datetime.date, ends: datetime.date) -> Window:
    """All the days for which something holds, as one window."""
    return _window(cadence, stretch, starts, ends)


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


def _months(cadence: Cadence, stretch: Stretch) -> tuple[Window, ...]:
    days = [stretch.starts_on + DAY * i for i in range((stretch.ends_on - stretch.starts_on).days + 1)]
    months = [list(group) for _, group in groupby(days, key=lambda day: (day.year, day.month))]
    return tuple(_window(cadence, stretch, month[0], month[-1]) for month in months)


def _window(cadence: Cadence, stretch: Stretch, starts: datetime.date, ends: datetime.date) -> Window:
    starts, ends = max(starts, stretch.starts_on), min(ends, stretch.ends_on)
    weeks = tuple(week for week in stretch.weeks if any(starts <= day <= ends for day in week.school_days))
    due = _due_on(cadence, weeks, starts, ends)
    numbers = tuple(week.number for week in weeks)
    return Window(starts, ends, weeks, numbers, end_of(ends), stretch.count(starts, ends), due)
