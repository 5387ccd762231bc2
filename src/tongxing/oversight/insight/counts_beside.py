"""The figures of the rooms beside: help asked for, the mornings, aid. Pure; `counts.py` counts everything else."""

import datetime
from collections import Counter
from collections.abc import Iterable

from .beside import Asked, Beside
from .counts import Counted
from .school import SchoolFacts


def requests_in(
    facts: SchoolFacts, beside: Beside, first: datetime.date, last: datetime.date, whole: bool
) -> list[Asked]:
    """Help asked for in these days; in a class or grade what is about its children, or names nobody but the class."""
    classes = {one.pk for one in facts.classes}
    return [
        one
        for one in beside.requests
        if first <= one.asked_on <= last and one.recorded_at <= facts.as_of
        if whole or (one.student_id in facts.class_of if one.student_id else one.class_id in classes)
    ]


def waits(rows: Iterable[Asked], as_of: datetime.datetime) -> list[int]:
    """The days that those answered by then had waited."""
    return sorted(days for one in rows if (days := one.waited(as_of)) is not None)


def help_counts(rows: list[Asked], as_of: datetime.datetime) -> dict[str, Counted]:
    answered = [one.pk for one in rows if one.waited(as_of) is not None]
    return {"requests": [one.pk for one in rows], "answered": answered}


def school_days(facts: SchoolFacts, beside: Beside, first: datetime.date, last: datetime.date) -> int | None:
    """The school days of everybody, each since the child first belonged to a class; None: nobody calls the roll."""
    if beside.away is None:
        return None
    begins, ends = _between(facts, first, last)
    today, since = facts.day, beside.since
    of_each = Counter(max(begins, since.get(one, today)) for one in facts.enrolled)
    return sum(facts.calendar.count(day, ends) * children for day, children in of_each.items())


def days_away_in(
    facts: SchoolFacts, beside: Beside, first: datetime.date, last: datetime.date
) -> list[int] | None:
    """Each day away once by its student's id."""
    if beside.away is None:
        return None
    begins, ends = _between(facts, first, last)
    today, since = facts.day, beside.since
    return [
        student
        for student in sorted(facts.enrolled & beside.away.keys())
        for day in beside.away[student]
        if max(begins, since.get(student, today)) <= day <= ends
        if facts.calendar.is_school_day(day)
    ]


def _between(
    facts: SchoolFacts, first: datetime.date, last: datetime.date
) -> tuple[datetime.date, datetime.date]:
    """Of these days, the days of the term that have come."""
    return max(first, facts.calendar.starts_on), min(last, facts.day, facts.calendar.ends_on)


def aid_counts(facts: SchoolFacts, beside: Beside) -> dict[str, Counted]:
    """Who is recognised at this moment, and whom of them something reaches this term."""
    granted = {one.student_id for one in beside.granted if one.holds(facts.as_of)} & facts.enrolled
    if beside.recognised is None:
        return {"aid_students": granted, "recognised": None, "covered": None, "not_covered": None}
    holds = {one.student_id for one in beside.recognised if one.holds(facts.as_of)} & facts.enrolled
    return {
        "aid_students": granted,
        "recognised": holds,
        "covered": holds & granted,
        "not_covered": holds - granted,
    }
