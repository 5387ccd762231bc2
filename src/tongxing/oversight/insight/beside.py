"""What the rooms beside know of a school: help asked for, the mornings, aid. Read once, true at any moment up to then.

Invariants:
- no words of any request, no reason of any absence, no amount of any aid is read: only that it is there, and when;
- a request that stands with those who answer for safety, or that this reader is kept from, is not even counted;
- what was recorded or answered after a moment has not happened yet at that moment.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tongxing.aid.hardship.models import Recognition
from tongxing.aid.subsidies.models import Project, Subsidy
from tongxing.care.attendance_watch.models import RollCall
from tongxing.care.attendance_watch.queries.days import belonging_since, days_away
from tongxing.care.requests.models import HelpRequest
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import Term

from .history import later


class Asked(NamedTuple):
    """A request for help; `class_id` where it names no child but a class."""

    pk: int
    student_id: int | None
    class_id: int | None
    asked_on: datetime.date
    recorded_at: datetime.datetime
    answered_at: datetime.datetime | None

    def waited(self, as_of: datetime.datetime) -> int | None:
        """Calendar days from asked to answered; None: it still waited at that moment."""
        if self.answered_at is None or self.answered_at > as_of:
            return None
        return max((day_of(self.answered_at) - self.asked_on).days, 0)


class Recognised(NamedTuple):
    student_id: int
    filed_at: datetime.datetime
    starts_on: datetime.date
    ends_on: datetime.date | None
    ended_on: datetime.date | None

    def holds(self, as_of: datetime.datetime) -> bool:
        day, forever = day_of(as_of), datetime.date.max
        last = min(self.ends_on or forever, self.ended_on or forever)
        return self.filed_at <= as_of and self.starts_on <= day <= last


class Granted(NamedTuple):
    """`since`: decided, and in an emergency agreed to by the second person."""

    student_id: int
    since: datetime.datetime
    ended_at: datetime.datetime | None

    def holds(self, as_of: datetime.datetime) -> bool:
        return self.since <= as_of and (self.ended_at is None or later(self.ended_at, as_of))


@dataclass(frozen=True, slots=True)
class Beside:
    """`away`: by student, the days not at school as known at the last moment; None: nobody calls the roll here.
    `recognised`, `granted`: None where this school keeps no recognition."""

    requests: tuple[Asked, ...]
    away: Mapping[int, frozenset[datetime.date]] | None
    since: Mapping[int, datetime.date]
    recognised: tuple[Recognised, ...] | None
    granted: tuple[Granted, ...]


def beside(
    actor: Actor, school: Organisation, term: Term, calendar: TermCalendar, students: frozenset[int],
    as_of: datetime.datetime,
) -> Beside:  # fmt: skip
    """As far as `as_of`. Nine queries for any number of students. Requests are this actor's; whoever reads the
    mornings and aid is decided by the declaration of each indicator."""
    last = min(day_of(as_of), term.ends_on)
    asked = HelpRequest.objects.visible_to(actor).filter(school=school, in_safety=False)
    asked = asked.filter(recorded_at__lte=as_of, asked_on__gte=term.starts_on, asked_on__lte=calendar.until)
    away = days_away(school, term.starts_on, last, as_of=as_of)
    called = RollCall.objects.filter(
        school=school, day__range=(term.starts_on, last), taken_at__lte=as_of
    ).exists()
    filed = Recognition.objects.filter(school=school, filed_at__lte=as_of, level__isnull=False)
    rows = filed.values_list("student_id", "filed_at", "starts_on", "ends_on", "ended_on")
    recognised = tuple(
        Recognised(student_id, at, first, ends, ended)
        for student_id, at, first, ends, ended in rows
        if at and first
    )
    fields = ("pk", "student_id", "school_class_id", "asked_on", "recorded_at", "answered_at")
    return Beside(
        requests=tuple(Asked(*row) for row in asked.order_by("pk").values_list(*fields)),
        away={pk: frozenset(days.away()) for pk, days in away.items()} if away or called else None,
        since=belonging_since(students),
        recognised=recognised or None,
        granted=_granted(term, as_of),
    )


def _granted(term: Term, as_of: datetime.datetime) -> tuple[Granted, ...]:
    rows = Subsidy.objects.filter(term=term, granted=True, decided_at__lte=as_of)
    found = rows.values_list("student_id", "project__kind", "decided_at", "agreed_at", "ended_at")
    known = (
        (student_id, agreed if kind == Project.Kind.EMERGENCY else decided, ended)
        for student_id, kind, decided, agreed, ended in found
    )
    return tuple(Granted(student_id, since, ended) for student_id, since, ended in known if since)
