"""Where the children of a school or a class are today: whoever nobody knows of stands first."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student, Term
from tongxing.ground.people.queries import term_calendar

from .. import rules
from ..models import Absence, AbsenceStep, RollCall
from ..models_absence import AWAY, EXCUSED, TEXT
from ..rules import Band
from ..thresholds import thresholds
from .breaks import marked_classes
from .days import belonging_since, days_away


@dataclass(frozen=True, slots=True)
class Away:
    """One absence with its student (class annotated), its last step and how often it was tried."""

    absence: Absence
    student: Student
    last: AbsenceStep | None
    tries: int


@dataclass(frozen=True, slots=True)
class Morning:
    """`unknown`: nobody knows yet where, of today and of days before · `known`: away today, somebody knows ·
    `unseen`: classes whose morning nobody has looked at yet · `seen`: class id → its roll call."""

    day: datetime.date
    classes: tuple[SchoolClass, ...]
    unknown: tuple[Away, ...]
    known: tuple[Away, ...]
    unseen: tuple[SchoolClass, ...]
    seen: dict[int, RollCall]


def morning(actor: Actor, school: Organisation, term: Term, day: datetime.date) -> Morning:
    """What this actor sees of the school's day. Eight queries for any number of children."""
    classes = marked_classes(actor, term)
    mine = Absence.objects.visible_to(actor).filter(school=school)
    open_ones = list(mine.open().filter(day__lte=day).order_by("day", "pk"))
    of_day = list(mine.filter(day=day, reason__in=AWAY).exclude(pk__in=[one.pk for one in open_ones]))
    rows = _rows([*open_ones, *of_day], day)
    seen = {
        one.school_class_id: one
        for one in RollCall.objects.filter(school_class__in=classes, day=day).select_related("taken_by")
    }
    return Morning(
        day,
        tuple(classes),
        tuple(one for one in rows if one.absence.is_open),
        tuple(one for one in rows if not one.absence.is_open),
        tuple(one for one in classes if one.pk not in seen),
        seen,
    )


def _rows(absences: Collection[Absence], day: datetime.date) -> list[Away]:
    ids = [one.pk for one in absences]
    students = Student.objects.with_class(day).in_bulk([one.student_id for one in absences])
    steps: defaultdict[int, list[AbsenceStep]] = defaultdict(list)
    for step in AbsenceStep.objects.filter(absence__in=ids).select_related("by").order_by("at", "pk"):
        steps[step.absence_id].append(step)
    found = [
        Away(
            one,
            students[one.student_id],
            steps[one.pk][-1] if steps[one.pk] else None,
            sum(step.kind in (AbsenceStep.Kind.TRIED, AbsenceStep.Kind.GOING) for step in steps[one.pk]),
        )
        for one in absences
    ]
    return sorted(found, key=_in_order)


def _in_order(one: Away) -> tuple:
    """The earliest day first, then by class and name."""
    student = one.student
    return (
        one.absence.day,
        student.class_grade or 0,
        student.class_number or 0,
        student.pinyin,
        student.pk,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One child of a class on a day. `hint`: on leave until then, so probably away; `rate` in percent of days."""

    student: Student
    away: Away | None
    on_leave_until: datetime.date | None


def class_day(actor: Actor, school_class: SchoolClass, day: datetime.date) -> list[Place]:
    """Every child of a class: there, or away with what is known. Five queries."""
    members = ClassMembership.objects.on(day).filter(school_class=school_class)
    students = list(
        Student.objects.visible_to(actor)
        .enrolled()
        .filter(memberships__in=members)
        .with_class(day)
        .order_by("pinyin", "pk")
    )
    ids = [one.pk for one in students]
    of_day = Absence.objects.visible_to(actor).filter(student__in=ids, day=day)
    away = {one.absence.student_id: one for one in _rows(of_day, day)}
    leave = Absence.objects.filter(student__in=ids, reason__in=EXCUSED, day__lt=day, back_on__gt=day)
    until = dict(leave.order_by("day").values_list("student_id", "back_on"))
    return [Place(one, away.get(one.pk), until.get(one.pk)) for one in students]


@dataclass(frozen=True, slots=True)
class Step:
    row: AbsenceStep
    text: str


def steps_of(actor: Actor, absence: Absence) -> list[Step]:
    """What was done, opened for those who follow up the student. `absence` with its student's key."""
    found = AbsenceStep.objects.visible_to(actor).filter(absence=absence)
    rows = found.select_related("by", "guardian").prefetch_related("goers")
    return [Step(row, unseal(absence.student.key, row.text_sealed, TEXT)) for row in rows]


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one student in this term, seen inside the school alone. `share` None: no school day yet."""

    absent: int
    unexcused: int
    school_days: int
    share: Fraction | None
    band: Band

    @property
    def percent(self) -> str:
        return f"{float(self.share * 100):.1f}".rstrip("0").rstrip(".") if self.share is not None else ""


def rates(
    school: Organisation, term: Term, students: Collection[int], until: datetime.date | None = None
) -> dict[int, Rate]:
    """Each student's rate of absence in the term so far. Six queries for any number of students."""
    calendar, today = term_calendar(term), min(until or clock.today(), term.ends_on)
    away = days_away(school, term.starts_on, today, students)
    since, known = belonging_since(students), thresholds(school, today)
    found: dict[int, Rate] = {}
    for student_id in students:
        days = set(calendar.school_days(max(term.starts_on, since.get(student_id, today)), today))
        mine = away.get(student_id)
        absent = len(mine.away() & days) if mine else 0
        unexcused = len(mine.unexcused() & days) if mine else 0
        share = rules.rate(absent, len(days))
        found[student_id] = Rate(absent, unexcused, len(days), share, rules.band(share, known))
    return found
