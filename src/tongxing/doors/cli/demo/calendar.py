"""A term around today: the real one where today lies in the middle of it, otherwise one that puts today into week 12."""

import datetime
from dataclasses import dataclass

from tongxing.ground.people.calendar import suggest_week_one
from tongxing.ground.people.calendar_actions import TermDates

WEEK = datetime.timedelta(weeks=1)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DemoYear:
    """`number`: which term of its year is the current one; `before`: the term that went before it."""

    number: int
    now: TermDates
    before: TermDates
    after: TermDates


def year_around(today: datetime.date) -> DemoYear:
    for year in (today.year, today.year - 1):
        autumn = _term(datetime.date(year, 9, 1), datetime.date(year + 1, 1, 22))
        spring = _term(datetime.date(year + 1, 2, 22), datetime.date(year + 1, 7, 2))
        last_spring = _term(datetime.date(year, 2, 23), datetime.date(year, 7, 3))
        next_autumn = _term(datetime.date(year + 1, 9, 1), datetime.date(year + 2, 1, 21))
        if _fits(autumn, today):
            return DemoYear(1, autumn, last_spring, spring)
        if _fits(spring, today):
            return DemoYear(2, spring, autumn, next_autumn)
    return _shifted(today)


def _term(first: datetime.date, last: datetime.date) -> TermDates:
    return TermDates(first, last, suggest_week_one(first))


def _fits(term: TermDates, today: datetime.date) -> bool:
    """Far enough in for a story to have happened, far enough from the end for duties to be open."""
    return term.week_one + 7 * WEEK <= today <= term.ends_on - 2 * WEEK


def _shifted(today: datetime.date) -> DemoYear:
    monday = today - today.weekday() * DAY
    start = monday - 11 * WEEK - 6 * DAY
    now = TermDates(start, start + 20 * WEEK, monday - 11 * WEEK)
    before = TermDates(start - 26 * WEEK, start - 8 * WEEK, start - 26 * WEEK + 6 * DAY)
    after = TermDates(start + 24 * WEEK, start + 44 * WEEK, start + 24 * WEEK + 6 * DAY)
    return DemoYear(1, now, before, after)
