"""Reading what the school promises: the latest versions, the history of one, what could be added; and one student's plan."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Circumstance, Registration, Student

from .builtin import BUILTINS, Builtin
from .models import Commitment, Exemption, PlanItem, Promise


def current(school: Organisation) -> list[Commitment]:
    """The latest version of every promise, in the school's order; one that was stopped has an `ends_on`."""
    found = Commitment.objects.filter(school=school).select_related("programme").order_by("pk")
    return sorted({one.code: one for one in found}.values(), key=lambda one: (one.programme_id, one.position))


def history(one: Commitment) -> list[Commitment]:
    """Every version of this promise, the newest first, with who began and ended it."""
    found = Commitment.objects.filter(school_id=one.school_id, code=one.code)
    return list(found.select_related("recorded_by", "ended_by").order_by("-pk"))


def not_installed(school: Organisation) -> list[Builtin]:
    """The built-in programmes of which the school lacks a promise."""
    known = set(Commitment.objects.filter(school=school).values_list("code", flat=True))
    return [
        one for one in BUILTINS.values() if any(promise["code"] not in known for promise in one.commitments)
    ]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One promise as it stands for a student; `school` None: it is promised to this student alone."""

    school: Commitment | None
    own: PlanItem | None

    @property
    def promise(self) -> Promise:
        found = self.own or self.school
        assert found is not None  # a line is about something
        return found

    @property
    def left_out(self) -> bool:
        return self.own is not None and self.own.every == Promise.Every.NEVER

    def to_review(self, day: datetime.date) -> bool:
        return self.own is not None and self.own.review_on <= day


def plan_of(actor: Actor, student: Student, day: datetime.date) -> list[PlanLine]:
    """What is promised this student now or soon: the school's promises that concern it, and where its plan differs."""
    mine = PlanItem.objects.visible_to(actor).standing(day).filter(student=student)
    own = {one.code: one for one in mine}
    entry = Registration.objects.visible_to(actor).on(day).filter(student=student).first()
    valid = Circumstance.objects.visible_to(actor).valid_on(day).filter(student=student)
    situations = {"", *valid.values_list("category", flat=True)}
    lines = [
        PlanLine(one, own.pop(one.code, None))
        for one in current(student.school)
        if one.ends_on is None
        and one.needs_circumstance in situations
        and entry
        and entry.level in one.rule.levels
    ]
    return lines + [PlanLine(None, one) for one in own.values()]


def plan_lines(actor: Actor, student: Student, day: datetime.date) -> list[PlanLine]:
    """Where this student's plan differs from what everybody gets."""
    return [line for line in plan_of(actor, student, day) if line.own]


def plan_history(actor: Actor, student: Student, code: str = "") -> list[PlanItem]:
    """Every version in this student's plan, the newest first, with who began and ended it."""
    found = PlanItem.objects.visible_to(actor).filter(student=student)
    found = found.filter(code=code) if code else found
    return list(found.select_related("recorded_by", "ended_by").order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests now or soon: for one student, or for all of `students` by one action (`together`)."""

    first: Exemption
    students: tuple[Student, ...]

    @property
    def together(self) -> UUID | None:
        return self.first.together


def resting(actor: Actor, school: Organisation, day: datetime.date) -> list[Resting]:
    """Every standing exemption of the students whom the actor sees, those of one action as one. Two queries."""
    rows = Exemption.objects.visible_to(actor).standing(day).filter(school=school)
    groups: dict[object, list[Exemption]] = {}
    for one in rows.select_related("recorded_by").order_by("starts_on", "pk"):
        groups.setdefault(one.together or one.pk, []).append(one)
    ids = {one.student_id for group in groups.values() for one in group}
    students = Student.objects.visible_to(actor).with_class(day).in_bulk(ids)
    return [
        Resting(group[0], tuple(students[one.student_id] for one in group if one.student_id in students))
        for group in groups.values()
    ]
