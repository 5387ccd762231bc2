"""Recognised tables → what would be written, in the order in which they lean on each other.

Only reads, however long it takes. Rows that are fine are planned even where others are not, so that a preview
does not report the same mistake once per file; the caller writes nothing as long as there is one problem.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongxing.care.profiles.roster_traits import traits_beside
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.book import Book
from tongxing.ground.people.roster import Changes
from tongxing.ground.people.roster_actions import plan_students
from tongxing.ground.people.roster_guardians import plan_guardians
from tongxing.ground.people.roster_staff import plan_staff, plan_teaching
from tongxing.ground.records.actions import plan_events, plan_scores

from . import record_rules, roster_rules
from .kinds import KINDS
from .known import known, terms_of
from .lines import Problem, Reading
from .recognise import Table
from .record_rules import ExamDefaults
from .roster_rules import Known, Term

MOST_PROBLEMS = 5000  # kept per import; more than that nobody reads


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for a whole import: the day it speaks of, its term, and what was said about the exam."""

    on: datetime.date
    term: Term | None = None
    exam: ExamDefaults = field(default_factory=ExamDefaults)
    ask: bool = True  # whether somebody is there to tell children apart


@dataclass(slots=True)
class Counts:
    """What became of the rows of one table."""

    file: str
    sheet: str
    kind: str
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    nobody: int = 0
    outside: int = 0
    wrong: int = 0
    left_out: int = 0
    place: int = 0  # of the sheet


@dataclass(slots=True)
class Outcome:
    counts: list[Counts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> tuple[list[dict], list[dict]]:
        return [asdict(one) for one in self.counts], [asdict(one) for one in self.problems[:MOST_PROBLEMS]]


@dataclass(slots=True)
class Run:
    """One import under way: everything is planned in its book, nothing is written."""

    actor: Actor
    book: Book
    settings: Settings
    terms: dict[Term, Any]

    def plan(self, table: Table, known: Known) -> tuple[Reading, Changes]:
        return PLANNERS[table.kind.code](self, table, known)


def plan(
    actor: Actor, *, school: Organisation, tables: Iterable[Table], settings: Settings
) -> tuple[Outcome, Book]:
    """Plan every table: per table what would change and what is wrong; writing the book does it."""
    under_way = Run(actor, Book(school), settings, terms_of(school))
    if not under_way.terms:
        raise Refused(_("Please create the school year and its terms first."))
    outcome, tables = Outcome(), list(tables)
    for kind in KINDS.values():
        of_kind = [table for table in tables if table.kind is kind]
        for table in of_kind:
            on_record = known(under_way.book, settings.on, settings.term, settings.ask)
            reading, changes = under_way.plan(table, on_record)
            outcome.counts.append(_counts(table, reading, changes))
            outcome.problems += reading.problems
    return outcome, under_way.book


def _counts(table: Table, reading: Reading, changes: Changes) -> Counts:
    return Counts(
        table.sheet.file,
        table.sheet.name,
        table.kind.code,
        read=reading.read,
        new=changes.new,
        changed=changes.changed,
        same=changes.same + reading.repeated,
        nobody=reading.nobody + changes.unknown,
        outside=reading.outside,
        wrong=len({problem.line for problem in reading.problems}),
        left_out=reading.left_out,
        place=table.sheet.place,
    )


def _staff(run: Run, table: Table, known: Known) -> tuple[Reading, Changes]:
    reading = roster_rules.staff(table, known)
    return reading, plan_staff(run.actor, run.book, rows=reading.rows)


def _students(run: Run, table: Table, known: Known) -> tuple[Reading, Changes]:
    reading, changes = roster_rules.students(table, known), Changes()
    for term, rows in _by_term(reading).items():
        row = run.terms[term]
        day = min(max(run.settings.on, row.starts_on), row.ends_on)
        beside = traits_beside(run.actor, run.book, rows)
        done = plan_students(run.actor, run.book, year=row.year, rows=rows, on=day, beside=beside)
        changes = _plus(changes, done)
    return reading, changes


def _guardians(run: Run, table: Table, known: Known) -> tuple[Reading, Changes]:
    reading = roster_rules.guardians(table, known)
    rows = [(run.book.students[code], row) for code, row in reading.rows]
    return reading, plan_guardians(run.actor, run.book, rows=rows)[0]


def _teaching(run: Run, table: Table, known: Known) -> tuple[Reading, Changes]:
    reading, changes = roster_rules.teaching(table, known), Changes()
    for term, rows in _by_term(reading).items():
        changes = _plus(changes, plan_teaching(run.actor, run.book, term=run.terms[term], rows=rows))
    return reading, changes


def _attendance(run: Run, table: Table, known: Known) -> tuple[Reading, Changes]:
    reading = record_rules.attendance(table, known)
    return reading, plan_events(run.actor, run.book, rows=reading.rows)


def _scores(run: Run, table: Table, known: Known) -> tuple[Reading, Changes]:
    reading, changes = record_rules.scores(table, known, run.settings.exam), Changes()
    by_exam: dict[record_rules.ExamRef, list] = {}
    for exam, row in reading.rows:
        by_exam.setdefault(exam, []).append(row)
    for exam, rows in by_exam.items():
        done = plan_scores(
            run.actor,
            run.book,
            term=run.terms[exam.term],
            name=exam.name,
            kind=exam.kind,
            held_on=exam.held_on,
            rows=rows,
        )
        changes = _plus(changes, done)
    return reading, changes


def _by_term(reading: Reading) -> dict[Term, list]:
    """The rows by term; those of terms outside the calendar are counted as such."""
    by_term: dict[Term, list] = {}
    for one in reading.rows:
        if one.term is None:
            reading.outside += 1
        else:
            by_term.setdefault(one.term, []).append(one.row)
    return by_term


def _plus(one: Changes, other: Changes) -> Changes:
    return Changes(
        one.new + other.new, one.changed + other.changed, one.same + other.same, one.unknown + other.unknown
    )


PLANNERS: dict[str, Callable[[Run, Table, Known], tuple[Reading, Changes]]] = {
    "staff": _staff,
    "students": _students,
    "guardians": _guardians,
    "teaching": _teaching,
    "attendance": _attendance,
    "scores": _scores,
    "wide_scores": _scores,
}


def total(counts: Sequence[Counts], kind: str, what: str) -> int:
    return sum(getattr(one, what) for one in counts if one.kind == kind)
