"""The school's calendar of one term and of the break after it: numbered weeks, days that count. Pure, no ORM.

Invariants:
- a school day lies inside the term; it is a weekday that is not off, or a day declared as make-up (调休);
- a day declared both off and make-up is off;
- teaching weeks run from Monday to Sunday, are numbered from `week_one` without gaps (国庆 keeps its number),
  and end with the week that holds the term's last day; days before `week_one` belong to no week;
- in a break every day counts; its weeks are calendar weeks, numbered from 1, without a day between them.
"""

import datetime
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import chinese_calendar

DAY = datetime.timedelta(days=1)
SATURDAY = 5
#: Days at the edge of a break that are too few for a week of their own.
FEWEST_DAYS_OF_A_WEEK = 3
Season = Literal["winter", "summer"]


class Week(NamedTuple):
    """One numbered week with the days in it that count; in a teaching week there may be none.

    A week of a break begins on a Monday but for the first, and ends on a Sunday but for the last.
    """

    number: int
    monday: datetime.date
    sunday: datetime.date
    school_days: tuple[datetime.date, ...]


class SpecialDay(NamedTuple):
    """A day that a holiday table would hold."""

    date: datetime.date
    kind: Literal["off", "make_up"]
    name: str


class Stretch:
    """Days from one to another, both included, of which `days` count; told off in numbered weeks."""

    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def days(self) -> tuple[datetime.date, ...]:
        raise NotImplementedError

    @property
    def weeks(self) -> tuple[Week, ...]:
        raise NotImplementedError

    def school_days(self, start: datetime.date, end: datetime.date) -> tuple[datetime.date, ...]:
        """The days that count from `start` to `end`, both included: school days, in a break every day."""
        return self.days[bisect_left(self.days, start) : bisect_right(self.days, end)]

    def count(self, start: datetime.date, end: datetime.date) -> int:
        """How many days that count lie from `start` to `end`, both included."""
        return max(0, bisect_right(self.days, end) - bisect_left(self.days, start))

    def week_of(self, day: datetime.date) -> Week | None:
        """The numbered week of a day; none before the first week and after the last."""
        return next((week for week in self.weeks if week.monday <= day <= week.sunday), None)


@dataclass(frozen=True)
class Break(Stretch):
    """The winter or summer break after a term, from the day after its last to the day before the next term."""

    season: Season
    starts_on: datetime.date
    ends_on: datetime.date

    @cached_property
    def days(self) -> tuple[datetime.date, ...]:
        return tuple(each_day(self.starts_on, self.ends_on))

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        """Monday to Sunday; fewer than three days at either edge belong to the week beside them."""
        first = self.starts_on
        pieces: list[tuple[datetime.date, datetime.date]] = []
        while first <= self.ends_on:
            last = min(first + (6 - first.weekday()) * DAY, self.ends_on)
            pieces.append((first, last))
            first = last + DAY
        if len(pieces) > 1 and (pieces[0][1] - pieces[0][0]).days + 1 < FEWEST_DAYS_OF_A_WEEK:
            pieces[:2] = [(pieces[0][0], pieces[1][1])]
        if len(pieces) > 1 and (pieces[-1][1] - pieces[-1][0]).days + 1 < FEWEST_DAYS_OF_A_WEEK:
            pieces[-2:] = [(pieces[-2][0], pieces[-1][1])]
        return tuple(
            Week(number, first, last, self.school_days(first, last))
            for number, (first, last) in enumerate(pieces, 1)
        )


@dataclass(frozen=True)
class TermCalendar(Stretch):
    """One term's days. Raises ValueError for a term that ends before it starts or a week one off Monday."""

    starts_on: datetime.date
    ends_on: datetime.date
    week_one: datetime.date
    off: frozenset[datetime.date] = field(default=frozenset())
    make_up: frozenset[datetime.date] = field(default=frozenset())
    recess: Break | None = None

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a term ends on or after the day it starts")
        if self.week_one.weekday() != 0:
            raise ValueError("the first teaching week starts on a Monday")

    def is_school_day(self, day: datetime.date) -> bool:
        if not self.starts_on <= day <= self.ends_on or day in self.off:
            return False
        return day.weekday() < SATURDAY or day in self.make_up

    @property
    def until(self) -> datetime.date:
        """The last day that belongs to the term: of the break after it, if that is known."""
        return self.recess.ends_on if self.recess else self.ends_on

    @cached_property
    def days(self) -> tuple[datetime.date, ...]:
        """Every school day of the term, in order."""
        return tuple(day for day in each_day(self.starts_on, self.ends_on) if self.is_school_day(day))

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        weeks: list[Week] = []
        monday = self.week_one
        while monday <= self.ends_on:
            sunday = monday + 6 * DAY
            weeks.append(Week(len(weeks) + 1, monday, sunday, self.school_days(monday, sunday)))
            monday += 7 * DAY
        return tuple(weeks)

    def week_of(self, day: datetime.date) -> Week | None:
        """The teaching week of a day; none before the first week and after the last."""
        position = (day - self.week_one).days // 7
        return self.weeks[position] if 0 <= position < len(self.weeks) else None

    @property
    def mid_term(self) -> Week | None:
        """The teaching week in the middle of the term: where mid-term exams usually lie."""
        return self.weeks[(len(self.weeks) - 1) // 2] if self.weeks else None


def suggest_week_one(term_start: datetime.date) -> datetime.date:
    """The Monday of the first full week: a term that starts on Tuesday 2026-09-01 counts from 2026-09-07."""
    return term_start + DAY * (-term_start.weekday() % 7)


def holidays_known(year: int) -> bool:
    """Whether the official holidays of that year are known; if not, the school fills in its own table."""
    return any(day.year == year for day in chinese_calendar.constants.holidays)


def suggest_special_days(starts_on: datetime.date, ends_on: datetime.date) -> tuple[SpecialDay, ...]:
    """The official holidays and make-up days inside a term, of the years that are known, by date."""
    tables: tuple[tuple[Literal["off", "make_up"], dict[datetime.date, str]], ...] = (
        ("off", chinese_calendar.constants.holidays),
        ("make_up", chinese_calendar.constants.workdays),
    )
    return tuple(
        sorted(
            SpecialDay(day, kind, chinese_calendar.Holiday(name).chinese)
            for kind, table in tables
            for day, name in table.items()
            if starts_on <= day <= ends_on
        )
    )


def each_day(start: datetime.date, end: datetime.date) -> list[datetime.date]:
    """The days from `start` to `end`, both included."""
    return [start + DAY * position for position in range((end - start).days + 1)]
