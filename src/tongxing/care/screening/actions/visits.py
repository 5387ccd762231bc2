"""A visit to a class, written down; the children named on it are nominations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.rules import danger_words
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student

from ..models import ClassVisit, ClassVisitor, Nomination
from .nominations import Said, about_one_child, take_if_open, without_danger, write


@dataclass(frozen=True, slots=True)
class Visit:
    """`asked`: values of ClassVisit.Asked; `named`: student id → what was noticed about the child."""

    on: date
    visitors: Collection[Staff]
    asked: Collection[str]
    noticed: str = ""
    named: Mapping[int, str] = field(default_factory=dict)
    client_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def record_visit(actor: Actor, *, school_class: SchoolClass, visit: Visit) -> ClassVisit:
    """Write down a visit with the children who were named on it; sent twice it is one."""
    actor.require("screening.manage", school_id=school_class.school_id)
    return once(lambda: _sent_before(school_class, visit), lambda: _write_down(actor, school_class, visit))


def _sent_before(school_class: SchoolClass, visit: Visit) -> ClassVisit | None:
    return ClassVisit.objects.filter(client_id=visit.client_id, school_class=school_class).first()


def _write_down(actor: Actor, school_class: SchoolClass, visit: Visit) -> ClassVisit:
    _check(school_class, visit)
    students = _students(school_class, visit)
    noticed = _noticed(actor, students, visit)
    row = ClassVisit.objects.create(
        school_id=school_class.school_id,
        school_class=school_class,
        visited_on=visit.on,
        asked=[one for one in ClassVisit.Asked.values if one in visit.asked],
        noticed=noticed[:600],
        client_id=visit.client_id,
        written_by_id=actor.user_id,
        written_at=clock.now(),
    )
    ClassVisitor.objects.bulk_create(
        ClassVisitor(school_id=row.school_id, visit=row, staff=staff) for staff in visit.visitors
    )
    named = [
        write(actor, students[pk], Said(words, source=Nomination.Source.VISIT, on=visit.on), visit=row)
        for pk, words in visit.named.items()
    ]
    take_if_open(actor, school_class.school, named)
    audit.record(
        actor,
        "screening.visit",
        school_id=row.school_id,
        subject=("class", school_class.pk),
        detail={"visit": row.pk, "named": sorted(visit.named)},
    )
    return row


def _check(school_class: SchoolClass, visit: Visit) -> None:
    if not school_class.year.starts_on <= visit.on <= clock.today():
        raise Refused(_("This day cannot be right."), field="on")
    if not visit.visitors:
        raise Refused(_("Please say who went."), field="visitors")
    if any(one.school_id != school_class.school_id for one in visit.visitors):
        raise Refused(_("This belongs to another school."), field="visitors")
    if not visit.asked or set(visit.asked) - set(ClassVisit.Asked.values):
        raise Refused(_("Please say whom they asked."), field="asked")


def _noticed(actor: Actor, students: dict[int, Student], visit: Visit) -> str:
    """What was noticed about the whole class; words of danger belong to the one child they are about."""
    if not danger_words(visit.noticed):
        return visit.noticed.strip()
    if len(students) != 1:
        raise Refused(about_one_child(), field="noticed")
    (student,) = students.values()
    return without_danger(actor, student, visit.noticed)


def _students(school_class: SchoolClass, visit: Visit) -> dict[int, Student]:
    members = ClassMembership.objects.on(clock.today()).filter(
        school_class=school_class,
        student__in=visit.named,
        student__status=Student.Status.ENROLLED,
    )
    students = {member.student_id: member.student for member in members.select_related("student")}
    if students.keys() != set(visit.named):
        raise Refused(_("The list has changed in the meantime. Please look again."))
    for pk, words in visit.named.items():
        if len(words.strip()) < 2:
            raise Refused(_("Please write down what you have noticed."), field=f"words-{pk}")
    return students


@transaction.atomic
def withdraw_visit(actor: Actor, *, visit: ClassVisit, reason: str) -> None:
    """Written down by mistake: it no longer counts; the children named stay where they are."""
    actor.require("screening.manage", school_id=visit.school_id)
    row = ClassVisit.objects.select_for_update().get(pk=visit.pk)
    if row.withdrawn_at is not None:
        raise Refused(_("This visit was withdrawn already."))
    if len(reason.strip()) < 2:
        raise Refused(_("Please write down why, so that others understand it later."), field="reason")
    row.withdrawn_by_id, row.withdrawn_at = actor.user_id, clock.now()
    row.withdrawn_because = reason.strip()[:200]
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    audit.record(
        actor,
        "screening.withdraw-visit",
        school_id=row.school_id,
        subject=("class", row.school_class_id),
        detail={"visit": row.pk},
    )
