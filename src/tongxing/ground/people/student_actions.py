"""One student, entered or changed by hand: adding, correcting, changing class, leaving, coming back.

Invariants:
- a child is not entered twice without a person having said that these are two children;
- memberships have dates and are ended, never deleted; a wrong class of the same day is corrected in place;
- id number, phone and address are sealed under the student's own key.
"""

import datetime
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index, new_key
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.masking import mask_id_number
from tongxing.ground.kernel.once import once

from . import id_numbers
from .models import ClassMembership, Likeness, Registration, SchoolClass, Student
from .pinyin import pinyin
from .queries import Sought, alike
from .roster_actions import ID_PLACE, MASKS, PLAIN, seal_field, set_field

CAN = "student.manage"
DAY = datetime.timedelta(days=1)


def sought(facts: Mapping[str, Any], school_class: SchoolClass | None) -> Sought:
    """What of the facts may tell that this child is on record already."""
    facts = _understood(facts)
    index = blind_index(facts.get("id_number", ""), ID_PLACE)
    place = school_class.pk if school_class else None
    return Sought(facts["name"], index, facts.get("national_code", ""), facts.get("birth_date"), place)


@transaction.atomic
def add_student(
    actor: Actor,
    *,
    school: Organisation,
    facts: Mapping[str, Any],
    client_id: uuid.UUID,
    school_class: SchoolClass | None = None,
    starts_on: datetime.date | None = None,
    different: Collection[int] = (),
) -> Student:
    """Enter a student. `different`: entries of which a person has said that they are other children."""
    actor.require(CAN, school_id=school.pk)
    return once(
        lambda: _sent_before(school, client_id),
        lambda: _enter(actor, school, facts, client_id, school_class, starts_on, different),
    )


def _sent_before(school: Organisation, client_id: uuid.UUID) -> Student | None:
    return Student.objects.filter(client_id=client_id, school=school).first()


def _enter(
    actor: Actor,
    school: Organisation,
    facts: Mapping[str, Any],
    client_id: uuid.UUID,
    school_class: SchoolClass | None,
    starts_on: datetime.date | None,
    different: Collection[int],
) -> Student:
    if school_class and school_class.school_id != school.pk:
        raise Refused(_("This belongs to another school."), field="school_class")
    found = alike(school, sought(facts, school_class), clock.today())
    others = [other for other in found if other.client_id != client_id]  # a twin submit is no other child
    if any(other.pk not in different for other in others):
        raise Refused(_("Please say first whether this child is on record already."))
    key = new_key()
    key.save()
    student = Student(school=school, key=key, client_id=client_id)
    _put(student, {"code": _free_code(school), **{k: v for k, v in facts.items() if v not in ("", None)}})
    student.save()
    if school_class:
        _start(student, school_class, starts_on or clock.today())
    for other in others:
        _decide(actor, student, other, Likeness.Verdict.DIFFERENT)
    _log(actor, "student.add", student)
    return student


@transaction.atomic
def edit_student(actor: Actor, *, student: Student, facts: Mapping[str, Any]) -> list[str]:
    """Correct what is known about a student; fields that are not in `facts` stay. Returns what was changed."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    student = _held(student)
    changed = _put(student, facts)
    if changed:
        student.save(update_fields=changed)
        _log(actor, "student.edit", student, {"fields": sorted(changed)})
    return changed


def _put(student: Student, facts: Mapping[str, Any]) -> list[str]:
    """Set the facts; an empty value empties the field. Returns the names of the columns that changed."""
    facts = _understood(facts)
    code = facts.get("code", student.code)
    if Student.objects.filter(school_id=student.school_id, code=code).exclude(pk=student.pk).exists():
        raise Refused(_("This student number is there already."), field="code")
    before: dict[str, Any] = {}
    set_field(student, "code", code, before)
    for name in PLAIN:
        if name in facts:
            set_field(student, name, facts[name], before)
    if "name" in before:
        full, initials = pinyin(student.name)
        set_field(student, "pinyin", full, before)
        set_field(student, "initials", initials, before)
    if student.birth_date:
        set_field(student, "birth_year", student.birth_date.year, before)
    for name in MASKS:
        if name in facts and not facts[name]:
            set_field(student, f"{name}_sealed", b"", before)
            set_field(student, f"{name}_masked", "", before)
            if name == "id_number":
                set_field(student, "id_number_index", "", before)
        elif name in facts:
            seal_field(student, name, facts[name], before)
    return list(before)


def _understood(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Checked, with the birth date that an ID number tells; the number inside a national number is kept masked."""
    told = dict(facts)
    if "name" in told and not told["name"].strip():
        raise Refused(_("This may not stay empty."), field="name")
    number, national = told.get("id_number", "").upper(), told.get("national_code", "").upper()
    if len(number) == 18 and number[:17].isdigit() and not id_numbers.is_id_number(number):
        raise Refused(_("This ID number does not fit together; one digit may be wrong."), field="id_number")
    if id_numbers.is_id_number(national[1:]):
        number, national = number or national[1:], national[0] + mask_id_number(national[1:])
    if "id_number" in told or number:
        told["id_number"] = number
    if "national_code" in told:
        told["national_code"] = national
    if not told.get("birth_date") and id_numbers.is_id_number(number):
        told["birth_date"] = id_numbers.birth_date(number)
    return told


def _free_code(school: Organisation) -> str:
    """A number of our own for a child who has none yet."""
    taken = set(Student.objects.filter(school=school, code__startswith="N").values_list("code", flat=True))
    return next(code for n in range(1, 1_000_000) if (code := f"N{n:05d}") not in taken)


@transaction.atomic
def change_class(actor: Actor, *, student: Student, school_class: SchoolClass, on: datetime.date) -> None:
    """From `on` the student is in that class; the class before ends the day before."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    student = _held(student)
    if student.status != Student.Status.ENROLLED:
        raise Refused(_("This student has left the school. Please let the student come back first."))
    if school_class.school_id != student.school_id:
        raise Refused(_("This belongs to another school."), field="school_class")
    current = _current(student)
    if current and current.school_class_id == school_class.pk:
        raise Refused(_("The student is in this class already."), field="school_class")
    if current and on < current.starts_on:
        raise Refused(_("The present class began later than this day."), field="on")
    if current and on == current.starts_on:
        current.school_class = school_class
        current.save(update_fields=["school_class"])
    else:
        _end(current, on - DAY)
        _start(student, school_class, on)
    if student.seat_number:  # it was the number in the class before
        student.seat_number = ""
        student.save(update_fields=["seat_number"])
    _log(actor, "student.move", student, {"class": school_class.pk, "on": on.isoformat()})


@transaction.atomic
def leave_school(actor: Actor, *, student: Student, on: datetime.date) -> None:
    """`on` is the last day. The class and an entry in the register end with it; everything recorded stays."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    student = _held(student)
    if student.status != Student.Status.ENROLLED:
        raise Refused(_("This student has left the school already."))
    if on > clock.today():
        raise Refused(_("Please note it when the day has come."), field="on")
    student.status, student.left_on = Student.Status.LEFT, on
    student.save(update_fields=["status", "left_on"])
    _end(_current(student), on)
    for entry in Registration.objects.select_for_update().filter(student=student, ends_on=None):
        entry.ends_on, entry.ended_at = max(on, entry.starts_on), clock.now()
        entry.ended_reason = _("left the school")
        entry.save(update_fields=["ends_on", "ended_at", "ended_reason"])
    _log(actor, "student.leave", student, {"on": on.isoformat()})


@transaction.atomic
def come_back(
    actor: Actor, *, student: Student, on: datetime.date, school_class: SchoolClass | None = None
) -> None:
    """The student is at school again from `on`; the register is decided anew."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    student = _held(student)
    if student.status == Student.Status.ENROLLED:
        raise Refused(_("This student is at school already."))
    if school_class and school_class.school_id != student.school_id:
        raise Refused(_("This belongs to another school."), field="school_class")
    if student.left_on and on <= student.left_on:
        raise Refused(_("The student left later than this day."), field="on")
    student.status, student.left_on = Student.Status.ENROLLED, None
    student.save(update_fields=["status", "left_on"])
    if school_class:
        _start(student, school_class, on)
    _log(actor, "student.return", student, {"on": on.isoformat()})


@transaction.atomic
def decide_likeness(actor: Actor, *, student: Student, other: Student, verdict: str) -> None:
    """Whether two entries are one child. If they are, `student` is kept and the other one leaves the school."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    if other.school_id != student.school_id or other.pk == student.pk:
        raise Refused(_("These two cannot be compared."))
    _decide(actor, student, other, Likeness.Verdict(verdict))
    if verdict == Likeness.Verdict.SAME and other.status == Student.Status.ENROLLED:
        leave_school(actor, student=other, on=clock.today())
    audit.record(
        actor,
        "student.same",
        school_id=student.school_id,
        subject=("student", student.pk),
        detail={"other": other.pk, "verdict": verdict},
    )


def _decide(actor: Actor, student: Student, other: Student, verdict: str) -> None:
    Likeness.objects.filter(student=other, other=student).delete()
    Likeness.objects.update_or_create(
        student=student,
        other=other,
        defaults={
            "school_id": student.school_id,
            "verdict": verdict,
            "decided_by_id": actor.user_id,
            "decided_at": clock.now(),
        },
    )


def _held(student: Student) -> Student:
    return Student.objects.select_for_update(of=("self",)).select_related("key").get(pk=student.pk)


def _current(student: Student) -> ClassMembership | None:
    return ClassMembership.objects.select_for_update().filter(student=student, ends_on=None).first()


def _end(current: ClassMembership | None, on: datetime.date) -> None:
    if current:
        current.ends_on = max(on, current.starts_on)
        current.save(update_fields=["ends_on"])


def _start(student: Student, school_class: SchoolClass, on: datetime.date) -> None:
    ClassMembership.objects.create(
        school_id=student.school_id, student=student, school_class=school_class, starts_on=on
    )


def _log(actor: Actor, action: str, student: Student, detail: Mapping[str, object] | None = None) -> None:
    audit.record(
        actor, action, school_id=student.school_id, subject=("student", student.pk), detail=detail or {}
    )
