"""Pairs, proposals and coverage both ways: what the board, the files and `tongxing try` read."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, Registration, Staff, Student, Term

from . import facts
from .models import Exclusion, Pair, Proposal, VisitWish
from .rules import Reason, explain, total


@dataclass(frozen=True, slots=True)
class Coverage:
    """Both ways: registered students without a first helper, colleagues without a student. `waiting` lists key
    students first; `to_end` are open pairs whose student left the register or whose helper left."""

    registered: int
    key: int
    waiting: tuple[Student, ...]
    without_student: tuple[Staff, ...]
    to_end: tuple[Pair, ...]

    @property
    def accompanied(self) -> int:
        return self.registered - len(self.waiting)


def pairs(actor: Actor, school: Organisation, on: datetime.date | None = None) -> QuerySet[Pair]:
    """The open pairs by class, the first helper of a student before those who also help, with `is_key` and
    `class_name` of the student."""
    rows = Pair.objects.visible_to(actor).open().filter(school=school)
    return _by_class(rows.select_related("student", "helper"), on or clock.today()).order_by(
        "grade", "number", "student__pinyin", "student_id", "-role", "starts_on", "pk"
    )


def proposals(actor: Actor, school: Organisation, on: datetime.date | None = None) -> QuerySet[Proposal]:
    """The open proposals that name a helper: key students first, then by class."""
    rows = Proposal.objects.visible_to(actor).open().filter(school=school, helper__isnull=False)
    rows = rows.select_related("student", "helper", "runner_up")
    return _by_class(rows, on or clock.today(), "-is_key")


def why_waiting(actor: Actor, school: Organisation) -> dict[int, str]:
    """student id → the sentence that says why the latest calculation found nobody."""
    rows = Proposal.objects.visible_to(actor).open().filter(school=school, helper=None)
    return {row.student_id: row.get_why_none_display() for row in rows}


def _by_class(rows: QuerySet[Any], on: datetime.date, *first: str) -> QuerySet[Any]:
    current = ClassMembership.objects.on(on).filter(student_id=OuterRef("student_id")).order_by("-starts_on")
    return rows.annotate(
        is_key=is_key(on),
        class_id=Subquery(current.values("school_class_id")[:1]),
        class_name=Subquery(current.values("school_class__name")[:1]),
        grade=Subquery(current.values("school_class__grade")[:1]),
        number=Subquery(current.values("school_class__number")[:1]),
    ).order_by(*first, "grade", "number", "student__pinyin", "student_id")


def coverage(actor: Actor, school: Organisation, on: datetime.date) -> Coverage:
    on_register = (
        Registration.objects.visible_to(actor)
        .on(on)
        .filter(school=school, student__status=Student.Status.ENROLLED)
    )
    open_pairs = Pair.objects.visible_to(actor).open().filter(school=school)
    counts = on_register.aggregate(all=Count("pk"), key=Count("pk", filter=Q(level=Registration.Level.KEY)))
    waiting = (
        Student.objects.visible_to(actor)
        .filter(pk__in=on_register.values("student"))
        .exclude(pk__in=open_pairs.of_first_helpers().values("student"))
        .annotate(is_key=is_key(on, student="pk"))
        .with_class(on)
        .order_by("-is_key", "class_grade", "class_number", "pinyin", "pk")
    )
    idle = facts.possible_helpers(actor, school, on).exclude(pk__in=open_pairs.values("helper"))
    gone = open_pairs.exclude(
        student__in=on_register.values("student"), helper__in=Staff.objects.active(on).filter(school=school)
    )
    return Coverage(
        counts["all"],
        counts["key"],
        tuple(waiting),
        tuple(idle.order_by("pinyin", "pk")),
        tuple(gone.select_related("student", "helper").order_by("pk")),
    )


@dataclass(frozen=True, slots=True)
class Charge:
    """One helper with the students they accompany (as far as those are shown); `load` counts all of them."""

    helper: Staff
    pairs: tuple[Pair, ...]
    load: int

    @property
    def room(self) -> int:
        return max(0, self.helper.pairing_capacity - self.load)


def charges(pairs: Iterable[Pair], shown: Callable[[Pair], bool]) -> tuple[Charge, ...]:
    """The helpers of these pairs by name, each with the pairs that are shown. No query."""
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.helper_id, []).append(pair)
    found = [
        Charge(group[0].helper, tuple(pair for pair in group if shown(pair)), len(group))
        for group in groups.values()
    ]
    return tuple(
        sorted((one for one in found if one.pairs), key=lambda one: (one.helper.pinyin, one.helper.pk))
    )


def is_key(on: datetime.date, student: str = "student_id") -> Exists:
    """Whether the student of a row is a key student on that day."""
    return Exists(
        Registration.objects.on(on).filter(student_id=OuterRef(student), level=Registration.Level.KEY)
    )


def visits_by_same_sex(actor: Actor, student: Student, on: datetime.date) -> bool:
    """Whether somebody asked for home visits by a person of the same sex: whoever cares for the student needs to
    know it; the reason stays with those who manage pairing."""
    if not actor.sees("care", school_id=student.school_id, student_id=student.pk):
        return False
    return VisitWish.objects.on(on).filter(student=student).exists()


def missing_checks(actor: Actor, school: Organisation, on: datetime.date | None = None) -> QuerySet[Staff]:
    """Possible helpers whose offence-record check is not noted, those in a proposal first (`is_proposed`):
    they can be proposed, and cannot start."""
    proposed = Proposal.objects.visible_to(actor).open().filter(helper_id=OuterRef("pk"))
    rows = facts.possible_helpers(actor, school, on or clock.today()).filter(offence_check_on=None)
    return rows.annotate(is_proposed=Exists(proposed)).order_by("-is_proposed", "pinyin", "pk")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One colleague as a possible helper of one student, with the reasons as a proposal would have them."""

    staff: Staff
    reasons: tuple[Reason, ...]
    cost: int
    room: int
    load: int
    exclusion: Exclusion | None
    is_current: bool

    @property
    def can_start(self) -> bool:
        return bool(self.room and self.staff.offence_check_on and not self.exclusion and not self.is_current)


def candidates(actor: Actor, student: Student, term: Term | None, on: datetime.date) -> tuple[Candidate, ...]:
    """Everyone who could accompany this student, best suited first, those ruled out or full at the end."""
    found = facts.gather(actor, student.school, term, on)
    wanted = next((known for known in found.students if known.id == student.pk), None)
    if wanted is None:
        return ()
    staff = {person.pk: person for person in facts.possible_helpers(actor, student.school, on)}
    excluded = {e.helper_id: e for e in Exclusion.objects.visible_to(actor).filter(student=student)}
    current = set(
        Pair.objects.visible_to(actor).open().filter(student=student).values_list("helper", flat=True)
    )
    rows = []
    for helper in found.helpers:
        reasons = explain(wanted, helper, 1, found.weights)
        rows.append(
            Candidate(
                staff[helper.id],
                reasons,
                total(reasons),
                helper.room,
                helper.load,
                excluded.get(helper.id),
                helper.id in current,
            )
        )
    return tuple(
        sorted(rows, key=lambda c: (not c.is_current, bool(c.exclusion), not c.room, c.cost, c.staff.pk))
    )
