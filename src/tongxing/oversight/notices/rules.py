"""Who a circular is addressed to, and what somebody's reading of it counts for. No ORM.

Invariants:
- the same rule says who receives a circular and which circulars somebody receives;
- a confirmation counts for the version it was given for and those after it, up to the next that asks anew.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ALL, CLASS_TEACHERS, HELPERS = "all", "class_teachers", "helpers"
State = Literal["received", "opened", "again", "confirmed"]
#: Of a child who is in no class today.
NO_GRADE = 0
#: What was written longer ago asks nobody any more, and is no longer read by families: their children are in another grade.
ASKS_FOR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Belonging:
    """The grades in which a colleague teaches, leads a class or looks after a child."""

    teaches: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    helps: frozenset[int] = frozenset()

    def grades(self, group: str) -> frozenset[int]:
        """The grades by which this colleague belongs to the group."""
        if group == ALL:
            return self.teaches | self.leads
        return {CLASS_TEACHERS: self.leads, HELPERS: self.helps}.get(group, frozenset())

    def is_addressed(self, group: str, grade: int | None) -> bool:
        """`grade` None: everybody of the group."""
        if group == ALL and grade is None:
            return True
        grades = self.grades(group)
        return bool(grades) if grade is None else grade in grades


def asks_from(versions: Iterable[tuple[int, bool]]) -> int:
    """The version from which on a confirmation counts: the newest that asks anew; (number, asks anew)."""
    return max((number for number, asks_anew in versions if asks_anew), default=1)


def state_of(opened: int | None, confirmed: int | None, counts_from: int) -> State:
    """`opened`, `confirmed`: the newest version that was, None for none. “again”: confirmed, but before it changed."""
    if confirmed is not None:
        return "confirmed" if confirmed >= counts_from else "again"
    return "received" if opened is None else "opened"
