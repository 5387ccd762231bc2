"""When somebody else is asked, when a child may be staying away for good, what a rate of absence says, and where
breaks lie. Pure: no database, no clock of its own.

Invariants:
- hours are school hours: nights, weekends and holidays do not count;
- days in a row are school days in a row; a day with leave, or at school, ends the row;
- a rate is absent days of the school days that the child belonged to the school; no school days: no rate.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from tongxing.ground.kernel.clock import SCHOOL_TIME, day_of
from tongxing.ground.people.calendar import DAY, TermCalendar, Week, each_day

Band = Literal["none", "calm", "amber", "red"]
#: Days without school in a row that make a break inside the term; a long weekend is none.
FEWEST_DAYS_OF_A_BREAK = 5
LONGEST_WAIT = 14 * DAY


class Thresholds(NamedTuple):
    """`ask_after_hours` school hours · `share_percent` of the last `window_days` school days · percent of absent days."""

    opens: datetime.time = datetime.time(8)
    closes: datetime.time = datetime.time(17)
    ask_after_hours: int = 2
    days_in_a_row: int = 3
    share_percent: int = 25
    window_days: int = 20
    amber_percent: int = 5
    red_percent: int = 10


DEFAULT = Thresholds()


def school_hours(
    since: datetime.datetime,
    now: datetime.datetime,
    known: Thresholds,
    is_school_day: Callable[[datetime.date], bool],
) -> datetime.timedelta:
    """How much school time lies between two moments; from two weeks on it is counted no further."""
    total, day = datetime.timedelta(), day_of(since)
    while day <= min(day_of(now), day_of(since) + LONGEST_WAIT):
        if is_school_day(day):
            first = max(since, datetime.datetime.combine(day, known.opens, SCHOOL_TIME))
            last = min(now, datetime.datetime.combine(day, known.closes, SCHOOL_TIME))
            total += max(last - first, datetime.timedelta())
        day += DAY
    return total


def asks_further(
    noted_at: datetime.datetime,
    now: datetime.datetime,
    known: Thresholds,
    is_school_day: Callable[[datetime.date], bool],
) -> bool:
    """Whether coordinator and head are asked: after so many school hours, and at the latest when school ends."""
    closed = datetime.datetime.combine(day_of(noted_at), known.closes, SCHOOL_TIME)
    waited = school_hours(noted_at, now, known, is_school_day)
    return waited >= datetime.timedelta(hours=known.ask_after_hours) or (now >= closed and now > noted_at)


class Suspicion(NamedTuple):
    """`row`: so many school days in a row, up to the last one · `share`: so many of the last `of` school days."""

    origin: Literal["row", "share"]
    days: int
    of: int


def suspicion(
    school_days: Sequence[datetime.date], unexcused: Collection[datetime.date], known: Thresholds
) -> Suspicion | None:
    """Whether a child may be staying away. `school_days`: those the child belonged here, in order, up to today."""
    row = 0
    for day in reversed(school_days):
        if day not in unexcused:
            break
        row += 1
    if row >= known.days_in_a_row:
        return Suspicion("row", row, len(school_days))
    window = school_days[-known.window_days :]
    missed = sum(day in unexcused for day in window)
    # a share of a few days says nothing: the window must be full
    if len(window) == known.window_days and missed * 100 >= known.share_percent * len(window):
        return Suspicion("share", missed, len(window))
    return None


def rate(absent: int, school_days: int) -> Fraction | None:
    """The share of absent days; None without a school day."""
    return Fraction(absent, school_days) if school_days else None


def band(found: Fraction | None, known: Thresholds) -> Band:
    if found is None:
        return "none"
    if found * 100 >= known.red_percent:
        return "red"
    return "amber" if found * 100 >= known.amber_percent else "calm"


class Gap(NamedTuple):
    """Days without school: `season` winter or summer, or a holiday inside the term with its name."""

    starts_on: datetime.date
    ends_on: datetime.date
    season: Literal["winter", "summer", "holiday"]
    name: str = ""


def gaps(calendar: TermCalendar, names: dict[datetime.date, str]) -> list[Gap]:
    """The breaks of a term, in order: long holidays inside it, and the one after it."""
    found: list[Gap] = []
    free: list[datetime.date] = []
    for day in [*each_day(calendar.starts_on, calendar.ends_on), None]:
        if day is not None and not calendar.is_school_day(day):
            free.append(day)
            continue
        if len(free) >= FEWEST_DAYS_OF_A_BREAK:
            named = next((names[one] for one in free if names.get(one)), "")
            found.append(Gap(free[0], free[-1], "holiday", named))
        free = []
    if recess := calendar.recess:
        found.append(Gap(recess.starts_on, recess.ends_on, recess.season))
    return found


def call_weeks(weeks: Iterable[Week], every: int) -> list[Week]:
    """The weeks of a break in which a child is called: the first, then every `every` weeks."""
    return [week for place, week in enumerate(weeks) if place % max(every, 1) == 0]
