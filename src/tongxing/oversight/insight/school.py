"""A school at one moment, as a value: whom it knows, looks at, accompanies, and what it promised. No query.

Invariants:
- the parts by class or grade are parts: whoever was in one of its classes that day, and nobody twice;
- None where the school has no such record yet, so that nothing can be counted.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from tongxing.care.contacts.rules import Evidence
from tongxing.care.programme.rules import Commitment as Rule
from tongxing.care.programme.rules import Obligation
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import SchoolClass

SILENT_DAYS = 14
Row = TypeVar("Row")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Registered:
    """A student on the register on the day of `as_of`; `since` is when the student first came on it."""

    student_id: int
    level: str
    since: datetime.date


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment of the school's programme; `rules` are its versions, as it may have changed in the term."""

    code: str
    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class SchoolFacts:
    """`looked`, `registered`, `pairs`: None where the school has no such record yet, so nothing can be counted."""

    as_of: datetime.datetime
    calendar: TermCalendar
    classes: tuple[SchoolClass, ...]
    class_of: Mapping[int, int]
    enrolled: frozenset[int]
    looked: frozenset[int] | None
    registered: tuple[Registered, ...] | None
    pairs: tuple[tuple[int, int], ...] | None
    """(student, helper) of the pairs that hold."""
    contacts: tuple[Evidence, ...] | None
    promises: tuple[Promised, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    before: tuple[Evidence, ...] = ()
    """Contacts before the term that the last 14 days still reach into."""

    @cached_property
    def day(self) -> datetime.date:
        return day_of(self.as_of)

    @cached_property
    def begun(self) -> Mapping[str, tuple[Obligation, ...]]:
        """By commitment, the duties whose time has begun, without those exempted: sorted out once for all figures."""
        found: dict[str, list[Obligation]] = {}
        for duty in self.obligations:
            if duty.starts <= self.day and duty.state != "exempt":
                found.setdefault(duty.commitment, []).append(duty)
        return {code: tuple(duties) for code, duties in found.items()}

    def codes(self, wanted: Callable[[Rule], bool]) -> frozenset[str]:
        """The commitments of a certain shape: duties are told apart by what they ask, never by their name."""
        return frozenset(promise.code for promise in self.promises if any(map(wanted, promise.rules)))

    def of_class(self, class_id: int) -> "SchoolFacts":
        """The facts of the students who were in this class on the day of `as_of`."""
        return self.apart({class_id: class_id})[class_id]

    def apart(self, place_of: Mapping[int, Key]) -> dict[Key, "SchoolFacts"]:
        """These facts by what each class belongs to: itself, or its grade. One pass over the rows for all of them."""
        of = {student: place_of[one] for student, one in self.class_of.items() if one in place_of}
        places = tuple(dict.fromkeys(place_of.values()))
        enrolled = by_place(self.enrolled, of, places, lambda one: one)
        looked = by_place(self.looked, of, places, lambda one: one)
        registered = by_place(self.registered, of, places, lambda one: one.student_id)
        pairs = by_place(self.pairs, of, places, lambda one: one[0])
        contacts = by_place(self.contacts, of, places, lambda one: one.student_id)
        duties = by_place(self.obligations, of, places, lambda one: one.student_id)
        before = by_place(self.before, of, places, lambda one: one.student_id)
        students = by_place(self.class_of.items(), of, places, lambda one: one[0])
        return {
            place: replace(
                self,
                classes=tuple(one for one in self.classes if place_of.get(one.pk) == place),
                class_of=dict(students[place] or ()),
                enrolled=frozenset(enrolled[place] or ()),
                looked=None if self.looked is None else frozenset(looked[place] or ()),
                registered=registered[place],
                pairs=pairs[place],
                contacts=contacts[place],
                obligations=duties[place] or (),
                before=before[place] or (),
            )
            for place in places
        }


def by_place(
    rows: Iterable[Row] | None, of: Mapping[int, Key], places: Iterable[Key], student: Callable[[Row], int]
) -> dict[Key, tuple[Row, ...] | None]:
    """The rows about the students of each place; None everywhere where there are no such records at all."""
    if rows is None:
        return dict.fromkeys(places)
    found: dict[Key, list[Row]] = {place: [] for place in places}
    for row in rows:
        pk = student(row)
        if pk in of:
            found[of[pk]].append(row)
    return {place: tuple(some) for place, some in found.items()}
