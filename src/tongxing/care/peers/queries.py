"""Reading who goes with whom in a class, who signed up, and the calls of a week."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from tongxing.care.contacts.models import Contact, State
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student, Term

from .actions import CONSENT
from .facts import apart, children, classmates
from .models import WISH, ArrangedCall, FriendSignUp, Together, TogetherSet
from .rules import propose
from .shared import Shared, shared_of
from .words import why

#: What has ended stays on the page for so long.
SHOWN_AFTER = datetime.timedelta(days=60)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who go together or are to; `agreed`: the ids of those of the two whose family agrees today."""

    together: Together
    shared: Shared
    agreed: frozenset[int]
    last_on: datetime.date | None

    @property
    def goal(self) -> str:
        return self.shared.goal

    @property
    def missing(self) -> list[Student]:
        return [child for child in self.together.both if child.pk not in self.agreed]


@dataclass(frozen=True, slots=True)
class Idea:
    student: Student
    partner: Student
    why: str


@dataclass(frozen=True, slots=True)
class PartnersOfClass:
    """`left`: children for whom nobody fits yet; `others`: whom one may choose by hand."""

    running: tuple[Pair, ...]
    waiting: tuple[Pair, ...]
    ended: tuple[Pair, ...]
    ideas: tuple[Idea, ...]
    left: tuple[Student, ...]
    students: tuple[Student, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.running or self.waiting or self.ideas or self.left)


def partners_of(actor: Actor, school_class: SchoolClass, term: Term, on: datetime.date) -> PartnersOfClass:
    """The study partners of a class and whom one could propose. A fixed number of queries."""
    students = classmates(actor, school_class, on)
    known = {student.pk: student for student in students}
    rows = _shown(actor, known, on).partners()
    pairs = pairs_of(rows)
    found = propose(children(actor, students, term, on), apart(actor, known))
    return PartnersOfClass(
        running=tuple(one for one in pairs if one.together.state == "running"),
        waiting=tuple(one for one in pairs if one.together.state == "waiting"),
        ended=tuple(one for one in pairs if one.together.state == "ended"),
        ideas=tuple(Idea(known[one.student], known[one.partner], why(one)) for one in found.proposed),
        left=tuple(known[one] for one in found.left),
        students=tuple(students),
    )


def _shown(actor: Actor, ids: Collection[int], on: datetime.date) -> TogetherSet:
    rows = Together.objects.visible_to(actor).filter(student__in=ids).with_both()
    return rows.exclude(ends_on__lt=on - SHOWN_AFTER).order_by("student__pinyin", "pk")


def pairs_of(rows: Iterable[Together]) -> list[Pair]:
    """These, opened: goals and thanks, whose family agrees, when they talked last. Five queries."""
    rows = list(rows)
    both = {child for row in rows for child in (row.student_id, row.partner_id)}
    agreed = with_consent(both, CONSENT)
    last: dict[int, datetime.date] = {}
    talks = Contact.objects.filter(kind="partner", student__in={row.student_id for row in rows})
    talks = talks.exclude(state=State.WITHDRAWN).order_by("happened_at")
    for student, moment in talks.values_list("student_id", "happened_at"):
        last[student] = clock.day_of(moment)
    shared = shared_of(rows)
    return [
        Pair(
            row,
            shared[row.pk],
            frozenset(agreed & {row.student_id, row.partner_id}),
            last.get(row.student_id),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Signed:
    sign_up: FriendSignUp
    wish: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class FriendsOfClass:
    signed: tuple[Signed, ...]
    friends: tuple[Pair, ...]
    ended: tuple[Pair, ...]
    students: tuple[Student, ...]


def friends_of(actor: Actor, school_class: SchoolClass, on: datetime.date) -> FriendsOfClass:
    """Who signed up and who spends time together in a class."""
    students = classmates(actor, school_class, on)
    ids = {student.pk for student in students}
    open_ones = FriendSignUp.objects.visible_to(actor).open().filter(student__in=ids)
    agreed = with_consent(ids, CONSENT)
    signed = tuple(
        Signed(one, unseal(one.student.key, one.wish_sealed, WISH), one.student_id in agreed)
        for one in open_ones.select_related("student__key").order_by("student__pinyin", "pk")
    )
    pairs = pairs_of(_shown(actor, ids, on).friends())
    return FriendsOfClass(
        signed,
        tuple(one for one in pairs if one.together.state == "running"),
        tuple(one for one in pairs if one.together.state == "ended"),
        tuple(students),
    )


def calls_to_make(actor: Actor, school_id: int, on: datetime.date) -> list[ArrangedCall]:
    """What this person arranged and what still waits, until this week's Sunday, by time. One query."""
    sunday = on + (6 - on.weekday()) * DAY
    rows = ArrangedCall.objects.visible_to(actor).open().filter(actor.students_where("contact.write"))
    rows = rows.filter(school_id=school_id, arranged_by__user=actor.user_id, at__lt=clock.end_of(sunday))
    return list(rows.select_related("student", "guardian").order_by("at", "pk"))


def calls_of_week(actor: Actor, school_id: int, on: datetime.date) -> list[ArrangedCall]:
    """What is still to come of it from before, then this week's and the next week's, by time. One query."""
    monday = on - datetime.timedelta(days=on.weekday())
    rows = ArrangedCall.objects.visible_to(actor).filter(actor.students_where("contact.write"))
    rows = rows.filter(school_id=school_id, called_off_at=None, at__lt=clock.end_of(monday + 14 * DAY))
    current = ClassMembership.objects.on(on).filter(student_id=OuterRef("student_id"))
    rows = rows.select_related("student", "guardian", "contact").annotate(
        class_name=Subquery(current.values("school_class__name")[:1])
    )
    return [one for one in rows.order_by("at", "pk") if one.contact is None or clock.day_of(one.at) >= monday]
