"""三沟通: the three lines that hold a child – with the child, with the parents away, with the guardian at home.

Derived from the records and the promises; nothing is stored. Invariants:
- a line is kept by whoever reached that person, through whatever kind of record; an attempt keeps no line;
- how often and by when is what the school promises (`builtin.THREE_CONVERSATIONS`, or the child's own plan);
- whom nobody reached for the longest time comes first; nobody is counted against anybody.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongxing.care.contacts.kinds import Reached
from tongxing.care.contacts.models import Contact
from tongxing.care.contacts.queries import evidence
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Circumstance, Guardian, Registration, SchoolClass, Student, Term

from .queries import Duty, duties_of

#: How far back one looks for the last time.
LOOK_BACK = datetime.timedelta(days=180)
AWAY, HOME = Reached.AWAY_PARENT, Reached.SECOND_GUARDIAN


@dataclass(frozen=True, slots=True)
class LineKind:
    """`promise`: the code of the promise that gives the rhythm; `record_as`: the form that fits."""

    code: str
    label: str | Promise
    promise: str
    record_as: str


KINDS = (
    LineKind(Reached.STUDENT, _("With the child"), "with_student", "talk"),
    LineKind(AWAY, _("With the parents away"), "with_away_parent", "call"),
    LineKind(HOME, _("With the guardian at home"), "with_second_guardian", "call"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`last_on` None: nobody within the last half year; `by` did it; `due` is what is asked for now, if anything."""

    kind: LineKind
    last_on: datetime.date | None
    by: str
    due: Duty | None
    whom: tuple[Guardian, ...] = ()

    @property
    def waits(self) -> bool:
        """It is asked for now and not written down yet."""
        return self.due is not None and self.due.state in {"due", "overdue"}


@dataclass(frozen=True, slots=True)
class Lines:
    student: Student
    lines: tuple[Line, ...]

    @property
    def longest(self) -> datetime.date:
        """The day since which one of the lines is silent: a line nobody ever kept counts as silent for ever."""
        return min((line.last_on or datetime.date.min for line in self.lines), default=datetime.date.max)

    @property
    def waits(self) -> bool:
        return any(line.waits for line in self.lines)


def of_class(
    actor: Actor, school_class: SchoolClass, term: Term, as_of: datetime.datetime
) -> tuple[Lines, ...]:
    """The registered children of a class, whom nobody reached for the longest time first."""
    day = clock.day_of(as_of)
    entries = Registration.objects.visible_to(actor).on(day).filter(school_id=term.school_id)
    students = Student.objects.visible_to(actor, "care").enrolled().filter(pk__in=entries.values("student"))
    mine = students.with_class(day).filter(class_id=school_class.pk).order_by("pinyin", "pk")
    found = lines_of(actor, list(mine), term, as_of)
    return tuple(sorted(found, key=lambda one: (not one.waits, one.longest)))


def lines_of(
    actor: Actor, students: Iterable[Student], term: Term, as_of: datetime.datetime
) -> tuple[Lines, ...]:
    """The lines of each of these registered students. The number of queries does not depend on theirs."""
    students = list(students)
    ids, day = [student.pk for student in students], clock.day_of(as_of)
    last = _last_times(ids, day, as_of)
    due = {
        (student, duty.obligation.commitment): duty
        for student, duties in duties_of(actor, term, ids, as_of).items()
        for duty in reversed(duties)  # what waits first stands first
    }
    guardians: defaultdict[int, list[Guardian]] = defaultdict(list)
    for guardian in Guardian.objects.visible_to(actor).filter(student__in=ids):
        guardians[guardian.student_id].append(guardian)
    valid = Circumstance.objects.visible_to(actor).valid_on(day).filter(student__in=ids)
    away = set(valid.filter(category=Circumstance.Category.LEFT_BEHIND).values_list("student_id", flat=True))
    return tuple(_lines(one, last, due, guardians[one.pk], one.pk in away) for one in students)


def _lines(
    student: Student,
    last: Mapping[tuple[int, str], tuple[datetime.date, str]],
    due: Mapping[tuple[int, str], Duty],
    guardians: list[Guardian],
    left_behind: bool,
) -> Lines:
    away = [one for one in guardians if one.away_place]
    home = [one for one in guardians if not one.away_place and one.lives_with is not False]
    of_kind: dict[str, tuple[bool, list[Guardian]]] = {
        AWAY: (left_behind or bool(away), away),
        HOME: (left_behind or bool(away), home),
    }
    lines = []
    for kind in KINDS:
        there, whom = of_kind.get(kind.code, (True, []))
        if there:
            on, by = last.get((student.pk, kind.code), (None, ""))
            lines.append(Line(kind, on, by, due.get((student.pk, kind.promise)), tuple(whom)))
    return Lines(student, tuple(lines))


def _last_times(
    ids: list[int], day: datetime.date, as_of: datetime.datetime
) -> dict[tuple[int, str], tuple[datetime.date, str]]:
    """(student, whom) → when somebody was reached last, and who reached them. Two queries."""
    latest: dict[tuple[int, str], Any] = {}
    for one in evidence(ids, day - LOOK_BACK, day, as_of):
        if one.made:
            latest |= dict.fromkeys(((one.student_id, whom) for whom in one.reached), one)
    contacts = Contact.objects.filter(pk__in={one.id for one in latest.values()})
    names = dict(contacts.values_list("pk", "staff__name"))
    return {key: (clock.day_of(one.happened_at), names[one.id]) for key, one in latest.items()}
