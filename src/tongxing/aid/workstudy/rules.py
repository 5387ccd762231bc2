"""What work-study may be: age, hours, floors and pay. Pure; times in minutes, amounts in fen.

Source: 高等学校勤工助学管理办法 (2018), which vocational schools follow; nobody under sixteen is paid (禁止使用童工规定).

Invariants:
- in term at most 8 hours a week and 40 hours a month, a student's posts added up; in a break these two do not hold;
- at most 8 hours a day and never at night, in term and in a break, paid or not;
- pay is never rounded down: the part of a fen that is left goes to the student.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

DAY = datetime.timedelta(days=1)
HOUR = 60
WEEK_MOST, MONTH_MOST, DAY_MOST = 8 * HOUR, 40 * HOUR, 8 * HOUR
EARLIEST, LATEST = datetime.time(6), datetime.time(22)
PAID_FROM, OWN_WORD_FROM = 16, 18  # years of age
#: Pay is for so many minutes: an hour of a temporary post, the 40 hours of a month of a fixed one.
PAID_UNIT = {"temporary": HOUR, "fixed": 40 * HOUR}
Limit = Literal["", "day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Worked:
    day: datetime.date
    minutes: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The least pay for `unit` (a key of `PAID_UNIT`) from a day on. `level`: who set it (law, county, school)."""

    unit: str
    amount: int
    starts_on: datetime.date
    level: str = "law"


#: What the rules of 2018 say themselves; counties and schools add theirs as dated rows.
OF_THE_LAW = (Floor("temporary", 12_00, datetime.date(2018, 9, 1)),)


def age_on(born: datetime.date, day: datetime.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def may_be_paid(born: datetime.date | None, day: datetime.date) -> bool:
    """Sixteen on the day of the work; whose birth date is not known is not paid."""
    return born is not None and age_on(born, day) >= PAID_FROM


def needs_guardian(born: datetime.date | None, day: datetime.date) -> bool:
    return born is None or age_on(born, day) < OWN_WORD_FROM


def minutes_between(start: datetime.time, end: datetime.time) -> int:
    return (end.hour - start.hour) * HOUR + end.minute - start.minute


def by_day_only(start: datetime.time, end: datetime.time) -> bool:
    """Neither before six nor after ten at night, and it ends after it began."""
    return EARLIEST <= start < end <= LATEST


def limit_passed(worked: Iterable[Worked], new: Worked, in_term: Callable[[datetime.date], bool]) -> Limit:
    """Which limit `new` would pass after `worked`, all of one student; empty: none.

    Weeks run from Monday to Sunday, months by the calendar; of both only days in term count and are limited.
    """
    worked = [*worked, new]
    if sum(one.minutes for one in worked if one.day == new.day) > DAY_MOST:
        return "day"
    if not in_term(new.day):
        return ""
    in_class = [one for one in worked if in_term(one.day)]
    week = new.day.isocalendar()[:2]
    if sum(one.minutes for one in in_class if one.day.isocalendar()[:2] == week) > WEEK_MOST:
        return "week"
    month = (new.day.year, new.day.month)
    if sum(one.minutes for one in in_class if (one.day.year, one.day.month) == month) > MONTH_MOST:
        return "month"
    return ""


def floor_on(floors: Iterable[Floor], unit: str, day: datetime.date) -> int | None:
    """The highest of what law, county and school ask on that day, of each the newest; None: nobody has set one."""
    newest: dict[str, Floor] = {}
    for one in floors:
        if one.unit == unit and one.starts_on <= day:
            held = newest.get(one.level)
            if held is None or one.starts_on >= held.starts_on:
                newest[one.level] = one
    return max((one.amount for one in newest.values()), default=None)


def pay_for(minutes: int, rate: int, unit: str) -> int:
    """What `minutes` earn at `rate` for a unit; a part of a fen counts as a whole one."""
    return -(-minutes * rate // PAID_UNIT[unit])


def overlap(one: tuple[datetime.time, datetime.time], other: tuple[datetime.time, datetime.time]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
