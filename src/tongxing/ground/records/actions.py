"""Taking over facts of school life: attendance events, exams and scores. The same file twice changes nothing."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student, Term
from tongxing.ground.people.roster import Changes

from .models import AttendanceEvent, Exam, Score

BATCH = 1000


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


def _students(school: Organisation) -> dict[str, int]:
    return dict(Student.objects.filter(school=school).values_list("code", "pk"))


@transaction.atomic
def save_events(actor: Actor, *, school: Organisation, rows: Sequence[EventRow]) -> Changes:
    """Add attendance events; those of students who are not on the roster are counted as unknown and left out."""
    actor.require("import.run", school_id=school.pk)
    students, changes = _students(school), Changes()
    held = set(AttendanceEvent.objects.filter(school=school).values_list("student_id", "at", "kind", "code"))
    new = {}
    for row in rows:
        student = students.get(row.student_code)
        entry = (student, row.at, row.kind, row.code)
        if student is None:
            changes.unknown += 1
        elif entry in held or entry in new:
            changes.same += 1
        else:
            new[entry] = AttendanceEvent(
                school=school, student_id=student, at=row.at, kind=row.kind, code=row.code
            )
            changes.new += 1
    AttendanceEvent.objects.bulk_create(new.values(), batch_size=BATCH)
    if new:
        audit.record(actor, "records.attendance", school_id=school.pk, detail={"new": len(new)})
    return changes


@transaction.atomic
def save_scores(
    actor: Actor,
    *,
    school: Organisation,
    term: Term,
    name: str,
    kind: str,
    held_on: datetime.date,
    rows: Sequence[ScoreRow],
) -> Changes:
    """Add or correct the scores of one exam."""
    actor.require("import.run", school_id=school.pk)
    exam = Exam.objects.get_or_create(
        term=term, name=name, defaults={"school": school, "kind": kind, "held_on": held_on}
    )[0]
    students, changes = _students(school), Changes()
    held = {(score.student_id, score.subject): score for score in Score.objects.filter(exam=exam)}
    new: dict[tuple[int, str], Score] = {}
    changed: list[Score] = []
    for row in rows:
        student = students.get(row.student_code)
        if student is None:
            changes.unknown += 1
            continue
        score = held.get((student, row.subject)) or new.get((student, row.subject))
        if score is None:
            score = Score(school=school, exam=exam, student_id=student, subject=row.subject)
            new[student, row.subject] = score
            outcome = "new"
        else:
            outcome = "same" if _equal(score, row) else "changed"
        if outcome == "changed" and score.pk:
            changed.append(score)
        score.points, score.grade, score.special = row.points, row.grade, row.special
        score.full_marks = row.full_marks or score.full_marks
        changes.count(outcome)
    Score.objects.bulk_create(new.values(), batch_size=BATCH)
    Score.objects.bulk_update(changed, ["points", "grade", "special", "full_marks"], batch_size=200)
    if changes.touched:
        detail = {"new": changes.new, "changed": changes.changed}
        audit.record(actor, "records.scores", school_id=school.pk, subject=("exam", exam.pk), detail=detail)
    return changes


def _equal(score: Score, row: ScoreRow) -> bool:
    said = (row.points, row.grade, row.special)
    return (score.points, score.grade, score.special) == said and row.full_marks in (None, score.full_marks)
