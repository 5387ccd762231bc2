"""What the school has recorded, gathered for the rules: a fixed number of queries, whatever the size of the school.

Window: attendance and behaviour of this term up to a day; exams of this term and the one before, because a round
at the start of a term has only last term's exam to go by.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tongxing.ground.kernel.clock import day_of, end_of, start_of
from tongxing.ground.people.models import Circumstance, Registration, Student, Term
from tongxing.ground.people.queries import term_calendar
from tongxing.ground.records.models import AttendanceEvent, Behaviour, Score

from .rules import Event, Mark, StudentFacts


@dataclass(frozen=True, slots=True)
class Facts:
    students: list[StudentFacts]
    school_days: tuple[date, ...]
    exams: tuple[str, ...]


def gather(term: Term, as_of: date, registered_before: datetime | None = None) -> Facts:
    """Everything the rules need about every enrolled student, known by the end of `as_of`.

    `registered_before`: only register entries written down before that moment count as “already registered”.
    """
    enrolled = Student.objects.filter(school_id=term.school_id).enrolled().with_class(as_of)
    rows = list(enrolled.values_list("pk", "enrolled_on", "class_grade"))
    marks, exams = _marks(term, as_of, {student_id: grade for student_id, _on, grade in rows})
    events = _events(term, as_of)
    conduct = _conduct(term, as_of)
    circumstances = _circumstances(term, as_of)
    registered = _registered(term, as_of, registered_before)
    students = [
        StudentFacts(
            student_id,
            enrolled_on,
            marks.get(student_id, ()),
            events.get(student_id, ()),
            conduct.get(student_id, ()),
            circumstances.get(student_id, ()),
            registered.get(student_id),
        )
        for student_id, enrolled_on, _grade in rows
    ]
    return Facts(students, term_calendar(term).school_days(term.starts_on, as_of), exams)


def _marks(term: Term, as_of: date, grades: dict[int, Any]) -> tuple[dict[int, list[Mark]], tuple[str, ...]]:
    before = Term.objects.filter(school_id=term.school_id, starts_on__lt=term.starts_on).order_by(
        "-starts_on"
    )
    terms = [term.pk, *before.values_list("pk", flat=True)[:1]]
    scores = Score.objects.filter(exam__term__in=terms, exam__held_on__lte=as_of, school_id=term.school_id)
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    exams: dict[str, date] = {}
    fields = (
        "student_id",
        "pk",
        "exam_id",
        "exam__name",
        "exam__held_on",
        "subject",
        "points",
        "grade",
        "special",
        "full_marks",
    )
    for student_id, pk, exam_id, exam, held_on, subject, points, band, special, full in scores.values_list(
        *fields
    ):
        exams[exam] = held_on
        paper = str(grades.get(student_id) or "")
        number = None if points is None else float(points)
        full_marks = None if full is None else float(full)
        marks[student_id].append(
            Mark(pk, exam_id, exam, held_on, subject, paper, number, band, special, full_marks)
        )
    return marks, tuple(sorted(exams, key=lambda name: exams[name]))


def _events(term: Term, as_of: date) -> dict[int, list[Event]]:
    events = AttendanceEvent.objects.filter(
        school_id=term.school_id, at__gte=start_of(term.starts_on), at__lt=end_of(as_of)
    )
    rows = events.values_list("student_id", "pk", "at", "kind")
    return _grouped((student_id, Event(pk, day_of(at), kind)) for student_id, pk, at, kind in rows)


def _conduct(term: Term, as_of: date) -> dict[int, list[Event]]:
    behaviour = Behaviour.objects.filter(school_id=term.school_id, on__gte=term.starts_on, on__lte=as_of)
    rows = behaviour.values_list("student_id", "pk", "on", "kind")
    return _grouped((student_id, Event(pk, on, kind)) for student_id, pk, on, kind in rows)


def _circumstances(term: Term, as_of: date) -> dict[int, list[tuple[int, str]]]:
    valid = Circumstance.objects.filter(school_id=term.school_id).valid_on(as_of)
    rows = valid.values_list("student_id", "pk", "category")
    return _grouped((student_id, (pk, category)) for student_id, pk, category in rows)


def _registered(term: Term, as_of: date, before: datetime | None) -> dict[int, tuple[int, str, date]]:
    entries = Registration.objects.on(as_of).filter(school_id=term.school_id)
    if before:
        entries = entries.filter(recorded_at__lt=before)
    rows = entries.values_list("student_id", "pk", "level", "starts_on")
    return {student_id: (pk, level, starts_on) for student_id, pk, level, starts_on in rows}


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for student_id, value in pairs:
        grouped[student_id].append(value)
    return grouped
