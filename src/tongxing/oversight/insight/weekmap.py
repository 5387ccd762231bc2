"""Class by week: how the weekly talks of key students went. Pure; the states are the programme's own.

A cell says the most urgent thing in it: not written down, then still due, then recorded later, then done.
Weeks without school days and classes without a duty in that week rest.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

from tongxing.care.programme.rules import MET

from .counts import asked, is_weekly_talk
from .facts import SchoolFacts

CellState = Literal["done", "later", "due", "late", "rest"]
URGENT: tuple[tuple[str, CellState], ...] = (
    ("overdue", "late"),
    ("due", "due"),
    ("upcoming", "due"),
    ("recorded_later", "later"),
    ("done_late", "later"),
    ("done", "done"),
)
CELL_OF: dict[str, CellState] = dict(URGENT)
"""How a duty in that state is shown; one that rests has no place in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    week: int
    state: CellState
    done: int
    asked: int


@dataclass(frozen=True, slots=True)
class ClassRow:
    class_id: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class WeekMap:
    """Only the weeks that have begun, and only classes with a duty in one of them."""

    weeks: tuple[int, ...]
    rows: tuple[ClassRow, ...]


def week_map(facts: SchoolFacts) -> WeekMap:
    weeks = tuple(week for week in facts.calendar.weeks if week.monday <= facts.day)
    counts: defaultdict[tuple[int | None, int], Counter[str]] = defaultdict(Counter)
    for duty in asked(facts, facts.codes(is_weekly_talk)):
        for number in duty.weeks:
            counts[facts.class_of.get(duty.student_id), number][duty.state] += 1
    with_duties = {class_id for class_id, _number in counts}
    return WeekMap(
        tuple(week.number for week in weeks),
        tuple(
            ClassRow(
                one.pk, one.name, tuple(_cell(week.number, counts[one.pk, week.number]) for week in weeks)
            )
            for one in facts.classes
            if one.pk in with_duties
        ),
    )


def _cell(week: int, states: Counter[str]) -> Cell:
    shown: CellState = next((cell for state, cell in URGENT if states[state]), "rest")
    return Cell(week, shown, sum(states[state] for state in MET), states.total())
