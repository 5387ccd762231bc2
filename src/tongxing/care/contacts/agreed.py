"""What was agreed with a student and still stands: the next time, the goal of the month, the usual partner.

Invariants:
- derived from the records alone: nothing is stored, nothing needs to be ticked off;
- an appointment stands until people met in its school week or later, whatever that contact was called, or until a
  later record names another date;
- an outcome belongs to the goal that was set last before it;
- restricted records are not read here.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, OuterRef, Subquery

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from . import rules
from .kinds import KINDS, Kind
from .models import Contact, ContactSet
from .queries import answers_of

#: Kinds in which people meet, and whose form asks for the next time.
MEETINGS = [code for code, kind in KINDS.items() if kind.timed]


@dataclass(frozen=True, slots=True)
class Appointment:
    """`on` was agreed as the next time on `agreed_on`, and has not come about yet."""

    contact_id: int
    student_id: int
    kind: str
    staff_id: int
    staff_name: str
    agreed_on: datetime.date
    on: datetime.date

    @property
    def asks(self) -> Kind:
        return KINDS[self.kind]

    def waits(self, today: datetime.date) -> bool:
        """The day has come."""
        return self.on <= today


def appointments(actor: Actor, student_ids: Iterable[int]) -> dict[int, Appointment]:
    """What stands as the next time with each of these students, for whom there is any. Two queries."""
    ids = list(student_ids)
    meetings = Contact.objects.of_team(actor).filter(kind__in=MEETINGS, student__in=ids)
    dated = meetings.filter(next_on__isnull=False)
    newest = dated.filter(student=OuterRef("student")).order_by("-happened_at", "-pk").values("pk")[:1]
    agreed = dated.filter(pk=Subquery(newest)).select_related("staff")
    met = dict(meetings.filter(made=True).values_list("student").annotate(Max("happened_at")).order_by())
    return {
        contact.student_id: Appointment(
            contact.pk,
            contact.student_id,
            contact.kind,
            contact.staff_id,
            contact.staff.name,
            clock.day_of(contact.happened_at),
            contact.next_on,
        )
        for contact in agreed
        if contact.next_on
        and rules.still_agreed(contact.next_on, contact.happened_at, met.get(contact.student_id))
    }


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the month as it was set, and how it went, if that is written down."""

    contact_id: int
    set_on: datetime.date
    goal: str
    sign: str
    outcome: str


def goal_of(actor: Actor, student: Student, *, at: datetime.datetime | None = None) -> Goal | None:
    """The student's latest goal (set up to `at`), with its outcome. Two queries."""
    about = _about_goals(actor, [student.pk])
    if at:
        about = about.filter(happened_at__lte=at)
    return _newest(about.order_by("-happened_at", "-pk")[:4])


def goals_of(actor: Actor, student_ids: Iterable[int], since: datetime.date) -> dict[int, Goal]:
    """The latest goal of each student for whom one was set since that day. Two queries for any number of students."""
    about = _about_goals(actor, student_ids).filter(happened_at__gte=clock.start_of(since))
    by_student: dict[int, list[Contact]] = {}
    for contact in about.order_by("-happened_at", "-pk"):
        by_student.setdefault(contact.student_id, []).append(contact)
    return {student_id: goal for student_id, found in by_student.items() if (goal := _newest(found))}


def _about_goals(actor: Actor, student_ids: Iterable[int]) -> ContactSet:
    mine = Contact.objects.of_team(actor).filter(student__in=list(student_ids))
    return mine.filter(kind__in=["goal", "goal_outcome"]).prefetch_related("revisions")


def _newest(about: Iterable[Contact]) -> Goal | None:
    """The goal that was set last, from records that begin with the newest."""
    outcome = ""
    for contact in about:
        body = list(contact.revisions.all())[-1].body
        if contact.kind == "goal":
            return Goal(
                contact.pk,
                clock.day_of(contact.happened_at),
                body.get("goal", ""),
                body.get("sign", ""),
                outcome,
            )
        outcome = outcome or answers_of(contact.asks, body)[0][1]
    return None


def goals_without_outcome(
    actor: Actor, student_ids: Iterable[int], since: datetime.date
) -> dict[int, list[Goal]]:
    """The goals of each student, set since that day, of which nobody wrote down yet how they went: those after
    the last outcome. Two queries for any number of students."""
    about = _about_goals(actor, student_ids).filter(happened_at__gte=clock.start_of(since))
    found: dict[int, list[Goal]] = {}
    for contact in about.order_by("happened_at", "pk"):
        if contact.kind == "goal_outcome":
            found.pop(contact.student_id, None)
            continue
        body = list(contact.revisions.all())[-1].body
        goal = Goal(
            contact.pk, clock.day_of(contact.happened_at), body.get("goal", ""), body.get("sign", ""), ""
        )
        found.setdefault(contact.student_id, []).append(goal)
    return found


def usual(actor: Actor, student: Student, kind: str) -> dict[str, str]:
    """The answers that rarely change from one time to the next, as given last: the partner's name."""
    codes = [question.code for question in KINDS[kind].questions if question.usual]
    if not codes:
        return {}
    last = (
        Contact.objects.of_team(actor)
        .filter(student=student, kind=kind)
        .order_by("-happened_at", "-pk")
        .first()
    )
    body = last.revisions.latest("number").body if last else {}
    return {code: body[code] for code in codes if body.get(code)}
