"""Tables of attendance, exams and scores → typed rows, or problems in words. Pure."""

import datetime
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from tongxing.ground.records.actions import EventRow, ScoreRow

from . import values
from .lines import Line, Reading, lines
from .recognise import Table
from .roster_rules import Known, Term, student_of, term_of


@dataclass(frozen=True, slots=True)
class ExamRef:
    term: Term
    name: str
    kind: str
    held_on: datetime.date


@dataclass(frozen=True, slots=True)
class ExamDefaults:
    """What the person said beside the files, for sheets that do not say it."""

    name: str = ""
    held_on: datetime.date | None = None


def attendance(table: Table, known: Known) -> Reading[EventRow]:
    """Events of people who are not on the roster are counted and left out: terminals know everybody who ever came."""
    reading: Reading[EventRow] = Reading()
    for line in lines(table, reading):
        if not line.must():
            continue
        code = student_of(line, known)
        at, kind = line.take("at", values.moment), line.take("kind", values.event)
        if not line.fine or code is None:
            continue
        if code in known.students:
            reading.rows.append(EventRow(code, at, kind, line.number_text("event_code")))
        else:
            reading.nobody += 1
    return reading


def scores(table: Table, known: Known, defaults: ExamDefaults) -> Reading[tuple[ExamRef, ScoreRow]]:
    """One row per score, or one row per student with a column per subject."""
    reading: Reading[tuple[ExamRef, ScoreRow]] = Reading()
    seen: dict[tuple[ExamRef, str, str], tuple[ScoreRow, int]] = {}
    for line in lines(table, reading):
        if not line.must():
            continue
        code, exam = student_of(line, known), _exam(line, known, defaults)
        if line.fine and exam is None:
            reading.outside += 1
        if not line.fine or code is None or exam is None:
            continue
        if code not in known.students:
            _not_on_roster(line, reading)
            continue
        for row in _results(line, code):
            before = seen.get((exam, code, row.subject))
            if before is None:
                seen[exam, code, row.subject] = (row, line.number)
                reading.rows.append((exam, row))
            elif before[0] == row:
                reading.repeated += 1
            else:
                line.wrong("code", _("This student's %(subject)s stands in line %(line)s with another result.") % {"subject": row.subject, "line": before[1]})  # fmt: skip
    return reading


def _not_on_roster(line: Line, reading: Reading) -> None:
    if line.table.plan and line.table.plan.leave_out_unknown:
        reading.nobody += 1
    else:
        line.wrong("code", _("This student is not on the roster. Check the number, or import the students first."))  # fmt: skip


def _results(line: Line, code: str) -> list[ScoreRow]:
    if not line.table.subjects:
        full = line.take("full_marks", values.full_marks)
        result = line.take("points", values.result)
        return (
            [ScoreRow(code, line.text("subject"), *result, full_marks=full)] if result and line.fine else []
        )
    rows = []
    for subject, place in line.table.subjects.items():
        text = line.subject(subject, place)
        if not text:
            continue
        try:
            rows.append(ScoreRow(code, subject, *values.result(text)))
        except values.NotUnderstood as error:
            line.wrong("code", f"{subject}: {error}", text[:40], subject)
    return rows


def _exam(line: Line, known: Known, defaults: ExamDefaults) -> ExamRef | None:
    """The exam a row belongs to; None where its term is not in the calendar."""
    name = line.text("exam") or defaults.name or _exam_in(line.table)
    held_on = line.take("held_on", values.date) or defaults.held_on
    if held_on is None:
        line.wrong("held_on", _("When was the exam? Fill it in beside the files, or add a column 考试日期."))
    term = term_of(line, known)
    if not line.fine or term is None or held_on is None:
        return None
    return ExamRef(term, name, values.exam_kind(line.raw("exam_kind") or name), held_on)


def _exam_in(table: Table) -> str:
    """The exam's name as the sheet's title or the file's name gives it."""
    title = table.title
    return (title if "考" in title or "测" in title else PurePath(table.sheet.file).stem)[:80]
