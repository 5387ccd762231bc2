"""School days and days of absence of many students at once: the same few queries for any number of them.

A day of absence is one that somebody noted, or one that came with a list of the gate; the noted one counts.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Min

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import ClassMembership
from tongxing.ground.people.queries import current_term, term_calendar
from tongxing.ground.records.models import AttendanceEvent

from ..models import Absence, AbsenceStep
from ..models_absence import AWAY, EXCUSED, UNEXCUSED, Reason

#: What a list of the gate says about a day.
OF_EVENT = {AttendanceEvent.Kind.ABSENT: Reason.UNKNOWN, AttendanceEvent.Kind.LEAVE: Reason.LEAVE}


@dataclass(frozen=True, slots=True)
class Days:
    """Of one student: what is known of each day away."""

    reasons: dict[datetime.date, str] = field(default_factory=dict)

    def away(self) -> set[datetime.date]:
        return {day for day, reason in self.reasons.items() if reason in AWAY}

    def unexcused(self) -> set[datetime.date]:
        return {day for day, reason in self.reasons.items() if reason in UNEXCUSED}

    def excused(self) -> set[datetime.date]:
        return {day for day, reason in self.reasons.items() if reason in EXCUSED}


def days_away(
    school: Organisation,
    first: datetime.date,
    last: datetime.date,
    students: Collection[int] | None = None,
    as_of: datetime.datetime | None = None,
) -> dict[int, Days]:
    """Student id → days away from `first` to `last`. `as_of`: as it was written down by then. Three queries."""
    events = AttendanceEvent.objects.filter(
        school=school,
        kind__in=OF_EVENT,
        at__gte=clock.start_of(first),
        at__lt=clock.end_of(last),
    )
    noted = Absence.objects.filter(school=school, day__range=(first, last))
    if students is not None:
        events, noted = events.filter(student__in=students), noted.filter(student__in=students)
    if as_of:
        events, noted = events.filter(at__lte=as_of), noted.filter(noted_at__lte=as_of)
    found: defaultdict[int, dict[datetime.date, str]] = defaultdict(dict)
    for student_id, at, kind in events.order_by("at").values_list("student_id", "at", "kind"):
        found[student_id][clock.day_of(at)] = OF_EVENT[AttendanceEvent.Kind(kind)]
    known = _known_by(noted, as_of) if as_of else {}
    for pk, student_id, day, reason in noted.values_list("pk", "student_id", "day", "reason"):
        found[student_id][day] = known.get(pk, reason)
    return {student_id: Days(reasons) for student_id, reasons in found.items()}


def _known_by(noted: Iterable, as_of: datetime.datetime) -> dict[int, str]:
    """What was known of each absence at that moment."""
    steps = AbsenceStep.objects.filter(absence__in=noted, at__lte=as_of).order_by("at", "pk")
    return dict(steps.values_list("absence_id", "reason"))


def belonging_since(students: Collection[int]) -> dict[int, datetime.date]:
    """Student id → the first day in a class of this school."""
    rows = ClassMembership.objects.filter(student__in=students).order_by()
    return dict(rows.values_list("student_id").annotate(first=Min("starts_on")))


def calendar_of(school: Organisation, day: datetime.date) -> TermCalendar | None:
    """The calendar of the term whose school days a day may be."""
    term = current_term(school, day)
    return term_calendar(term) if term and term.starts_on <= day <= term.ends_on else None


def is_school_day(school: Organisation, day: datetime.date) -> bool:
    calendar = calendar_of(school, day)
    return bool(calendar and calendar.is_school_day(day))
