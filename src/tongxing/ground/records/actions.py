"""Taking over facts of school life: attendance events, exams and scores. The same file twice changes nothing.

Planned in a Book, on top of its roster; the caller writes it.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.book import Book
from tongxing.ground.people.models import Term
from tongxing.ground.people.roster import Changes

from .models import AttendanceEvent, Exam, Score


@dataclass(frozen=True, slots=True)
class EventRow:
    student_code: str
    at: datetime.datetime
    kind: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """`points`, `grade` or `special`, one of them."""

    student_code: str
    subject: str
    points: Decimal | None = None
    grade: str = ""
    special: str = ""
    full_marks: Decimal | None = None


def plan_events(actor: Actor, book: Book, *, rows: Sequence[EventRow]) -> Changes:
    """Add attendance events; those of students who are not on the roster are counted as unknown and left out."""
    actor.require("import.run", school_id=book.school.pk)
    held, changes = _held_events(book, rows), Changes()
    for row in rows:
        student = book.students.get(row.student_code)
        entry = (row.student_code, row.at, row.kind, row.code)
        if student is None:
            changes.unknown += 1
        elif entry in held:
            changes.same += 1
        else:
            held.add(entry)
            facts = {"at": row.at, "kind": row.kind, "code": row.code}
            book.pending.add(AttendanceEvent(school=book.school, student=student, **facts))
            changes.new += 1
    if changes.new:
        book.log("records.attendance", {"new": changes.new})
    return changes


def _held_events(book: Book, rows: Sequence[EventRow]) -> set[tuple]:
    """On record in the time that the rows speak of, and planned by an earlier table."""
    held = book.kept.setdefault("events", set())
    if rows:
        times = [row.at for row in rows]
        found = AttendanceEvent.objects.filter(school=book.school, at__range=(min(times), max(times)))
        held |= set(found.values_list("student__code", "at", "kind", "code"))
    return held


def plan_scores(
    actor: Actor,
    book: Book,
    *,
    term: Term,
    name: str,
    kind: str,
    held_on: datetime.date,
    rows: Sequence[ScoreRow],
) -> Changes:
    """Add or correct the scores of one exam."""
    actor.require("import.run", school_id=book.school.pk)
    exam, held = _exam(book, term, name, kind, held_on)
    changes = Changes()
    for row in rows:
        student = book.students.get(row.student_code)
        if student is None:
            changes.unknown += 1
            continue
        key = (row.student_code, row.subject)
        if key in held:
            differs = _differences(held[key], row)
            book.pending.change(held[key], **differs)
            changes.count("changed" if differs else "same")
            continue
        score = Score(school=book.school, exam=exam, student=student, subject=row.subject)
        for field, value in _said(row).items():
            setattr(score, field, value)
        held[key] = book.pending.add(score)
        changes.new += 1
    if changes.touched:
        book.log("records.scores", {"new": changes.new, "changed": changes.changed}, "exam", exam)
    return changes


def _exam(
    book: Book, term: Term, name: str, kind: str, held_on: datetime.date
) -> tuple[Exam, dict[tuple[str, str], Score]]:
    """The exam on record or planned, with its scores by student number and subject."""
    known = ("exam", term.pk, name)
    if known not in book.kept:
        exam = Exam.objects.filter(term=term, name=name).first()
        scores = Score.objects.filter(exam=exam).select_related("student") if exam else ()
        held = {(score.student.code, score.subject): score for score in scores}
        facts = {"name": name, "kind": kind, "held_on": held_on}
        book.kept[known] = (exam or book.pending.add(Exam(school=book.school, term=term, **facts)), held)
    return book.kept[known]


def _said(row: ScoreRow) -> dict[str, object]:
    said: dict[str, object] = {"points": row.points, "grade": row.grade, "special": row.special}
    return said | ({"full_marks": row.full_marks} if row.full_marks else {})


def _differences(score: Score, row: ScoreRow) -> dict[str, object]:
    return {field: value for field, value in _said(row).items() if getattr(score, field) != value}
