"""The class board: who of a class needs something first, in one reading. Nothing here is counted against anybody.

Invariants:
- only whoever answers for the class, or leads the school, gets it;
- the order says what is needed (a talk, anything, a helper), then the name; never who did how much;
- states are the programme's own.
"""

import datetime
from dataclasses import dataclass
from typing import Literal

from tongxing.care.contacts.agreed import Appointment, appointments
from tongxing.care.contacts.models import Thanks
from tongxing.care.contacts.recent import GoodNews, good_news, thanks_said
from tongxing.care.programme.queries import Card, cards_of
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.calendar import Week
from tongxing.ground.people.models import ClassMembership, Registration, SchoolClass, Student, Term
from tongxing.ground.people.queries import term_calendar

VIEW = "board.view"
NEW = datetime.timedelta(days=14)
AHEAD = datetime.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`came`: into the class · `registered`: onto the register, on that day."""

    student: Student
    how: Literal["came", "registered"]
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Board:
    """`first`: who waits for something or has no helper; `calm`: the other registered children."""

    school_class: SchoolClass
    week: Week | None
    first: tuple[Card, ...]
    calm: tuple[Card, ...]
    newcomers: tuple[Newcomer, ...]
    dates: tuple[tuple[Student, Appointment], ...]
    good: tuple[tuple[Student, GoodNews], ...]
    thanks: tuple[tuple[Student, Thanks], ...]

    @property
    def waiting(self) -> tuple[Card, ...]:
        return tuple(card for card in self.first if card.waits)

    @property
    def is_empty(self) -> bool:
        return not (self.first or self.calm or self.newcomers or self.good)


def class_board(actor: Actor, school_class: SchoolClass, term: Term, as_of: datetime.datetime) -> Board:
    """The number of queries grows neither with the students nor with what was written down."""
    if not classes_for(actor, VIEW, term).filter(pk=school_class.pk).exists():
        raise NotAllowed(VIEW)
    day, calendar = day_of(as_of), term_calendar(term)
    members = ClassMembership.objects.visible_to(actor).on(day).filter(school_class=school_class)
    students = {
        student.pk: student
        for student in Student.objects.visible_to(actor)
        .enrolled()
        .filter(pk__in=members.values("student"))
        .with_class(day)
        .order_by("pinyin", "pk")
    }
    entries = Registration.objects.visible_to(actor).on(day).filter(student__in=students)
    since = dict(entries.values_list("student_id", "starts_on"))
    cards = cards_of(actor, term, [students[one] for one in students if one in since], as_of, calendar)
    cards = sorted(cards, key=needed_first)
    return Board(
        school_class,
        calendar.week_of(day),
        tuple(card for card in cards if _needs_something(card)),
        tuple(card for card in cards if not _needs_something(card)),
        _newcomers(students, dict(members.values_list("student_id", "starts_on")), since, term, day),
        _dates(actor, students, day + AHEAD),
        tuple((students[one.student_id], one) for one in good_news(actor, students, day - NEW)),
        tuple((students[one.contact.student_id], one) for one in thanks_said(actor, students, day - NEW)),
    )


def _dates(
    actor: Actor, students: dict[int, Student], until: datetime.date
) -> tuple[tuple[Student, Appointment], ...]:
    """What stands as the next time up to that day, the earliest first."""
    found = [one for one in appointments(actor, students).values() if one.on <= until]
    return tuple(
        (students[one.student_id], one) for one in sorted(found, key=lambda one: (one.on, one.student_id))
    )


def needed_first(card: Card) -> tuple[bool, ...]:
    """A talk is waited for, then anything else, then a helper; key students first; the rest keep their names' order."""
    return not card.wants_talk, not card.waits, card.helper is not None, not card.is_key


def _needs_something(card: Card) -> bool:
    return card.waits or card.helper is None


def _newcomers(
    students: dict[int, Student],
    came: dict[int, datetime.date],
    registered: dict[int, datetime.date],
    term: Term,
    day: datetime.date,
) -> tuple[Newcomer, ...]:
    """Since two weeks; at the term's start everybody is new, so nobody is named."""
    first = max(day - NEW, term.starts_on + datetime.timedelta(days=1))
    found: list[Newcomer] = []
    for pk, student in students.items():
        if came[pk] >= first:
            found.append(Newcomer(student, "came", came[pk]))
        elif pk in registered and registered[pk] > day - NEW:
            found.append(Newcomer(student, "registered", registered[pk]))
    return tuple(found)
