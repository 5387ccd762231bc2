"""Changing what is known about people: staff, the support register, revealed contact details."""

import datetime
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused

from .models import Guardian, Registration, Staff, Student
from .pinyin import pinyin

#: What can be revealed, and the place each value was sealed for.
SEALED = {
    "phone": "people_student.phone",
    "address": "people_student.address",
    "id_number": "people_student.id_number",
    "household": "people_student.household",
    "health": "people_student.health",
    "income": "people_student.income",
    "aid": "people_student.aid",
}
#: Which right opens each of them.
ZONE_OF: dict[str, Zone] = {
    **dict.fromkeys(SEALED, "contact"),
    "health": "care",
    "income": "hardship",
    "aid": "hardship",
}
GUARDIAN_PHONE = "people_guardian.phone"


@transaction.atomic
def add_staff(
    actor: Actor, *, school: Organisation, code: str, name: str, login: str = "", **facts: object
) -> Staff:
    """A colleague with an account that cannot sign in until it is activated; the login falls back on the number."""
    actor.require("account.manage", school_id=school.pk)
    login = (login or f"{school.pk}-{code}").strip().lower()
    if User.objects.filter(login=login).exists():
        raise Refused(_("This sign-in name is taken."), field="login")
    if Staff.objects.filter(school=school, code=code).exists():
        raise Refused(_("This staff number is there already."), field="code")
    user = User.objects.create_user(login, name)
    full, initials = pinyin(name)
    staff = Staff.objects.create(
        school=school, user=user, code=code, name=name, pinyin=full, initials=initials, **facts
    )
    audit.record(actor, "staff.add", school_id=school.pk, subject=("staff", staff.pk))
    return staff


@transaction.atomic
def note_offence_checks(
    actor: Actor, *, school: Organisation, staff: Collection[Staff], checked_on: datetime.date
) -> None:
    """Note that the offence records of these colleagues were checked (未成年人保护法 62)."""
    actor.require("pairing.manage", school_id=school.pk)
    if any(one.school_id != school.pk for one in staff):
        raise Refused(_("This belongs to another school."), field="staff")
    if checked_on > clock.today():
        raise Refused(_("The check cannot lie in the future."), field="checked_on")
    ids = sorted(one.pk for one in staff)
    Staff.objects.filter(pk__in=ids).update(offence_check_on=checked_on)
    audit.record(actor, "staff.offence-check", school_id=school.pk, detail={"staff": ids})


@transaction.atomic
def register(
    actor: Actor, *, student: Student, level: str, reason: str = "", starts_on: datetime.date | None = None
) -> Registration:
    """Enter a student in the support register, or change the level: the old entry ends the day before.

    The same level again changes nothing.
    """
    actor.require("screening.approve", school_id=student.school_id, student_id=student.pk)
    if student.status != Student.Status.ENROLLED:
        raise Refused(_("Only students who are enrolled can be registered."))
    before, entered = _enter(student.school, {student.pk: level}, starts_on or clock.today(), reason)
    if not entered:
        return before[student.pk]
    audit.record(
        actor,
        "register.enter",
        school_id=student.school_id,
        subject=("student", student.pk),
        detail={"level": level},
    )
    return entered[0]


@transaction.atomic
def register_all(
    actor: Actor, *, school: Organisation, levels: Mapping[int, str], starts_on: datetime.date | None = None
) -> dict[str, int]:
    """Enter many students, level by student id; returns how many were entered, changed and kept.

    The action that decided on them writes the audit row; the queries do not grow with the students.
    """
    actor.require("screening.approve", school_id=school.pk)
    if Student.objects.enrolled().filter(school=school, pk__in=levels).count() != len(levels):
        raise Refused(_("Only students who are enrolled can be registered."))
    before, entered = _enter(school, levels, starts_on or clock.today())
    changed = sum(entry.student_id in before for entry in entered)
    return {
        "entered": len(entered) - changed,
        "changed": changed,
        "kept": len(levels) - len(entered),
    }


def _enter(
    school: Organisation, levels: Mapping[int, str], day: datetime.date, reason: str = ""
) -> tuple[dict[int, Registration], list[Registration]]:
    """The open entries there were, and the new ones; an entry of another level ends the day before."""
    moment = clock.now()
    open_entries = Registration.objects.select_for_update().filter(student__in=levels, ends_on=None)
    before = {entry.student_id: entry for entry in open_entries}
    changed = [before[one] for one, level in levels.items() if one in before and before[one].level != level]
    for entry in changed:
        if day <= entry.starts_on:
            raise Refused(_("The level can change from the day after the registration at the earliest."))
        entry.ends_on, entry.ended_at = day - datetime.timedelta(days=1), moment
        entry.ended_reason = _("level changed")
    Registration.objects.bulk_update(changed, ["ends_on", "ended_at", "ended_reason"], batch_size=200)
    entered = Registration.objects.bulk_create(
        Registration(
            school=school, student_id=one, level=level, reason=reason, starts_on=day, recorded_at=moment
        )
        for one, level in levels.items()
        if one not in before or before[one].level != level
    )
    return before, entered


@transaction.atomic
def leave_register(
    actor: Actor, *, entry: Registration, reason: str, ends_on: datetime.date | None = None
) -> None:
    """End a registration with its reason; the history stays."""
    actor.require("screening.approve", school_id=entry.school_id, student_id=entry.student_id)
    if not reason.strip():
        raise Refused(_("Please write down why the student leaves the register."), field="reason")
    entry = Registration.objects.select_for_update().get(pk=entry.pk)
    if entry.ends_on is not None:
        raise Refused(_("This entry has already ended."))
    entry.ends_on = max(ends_on or clock.today(), entry.starts_on)
    entry.ended_reason, entry.ended_at = reason.strip(), clock.now()
    entry.save(update_fields=["ends_on", "ended_reason", "ended_at"])
    audit.record(actor, "register.leave", school_id=entry.school_id, subject=("student", entry.student_id))


@transaction.atomic
def reveal(
    actor: Actor, *, student: Student, field: str, purpose: str, guardian: Guardian | None = None
) -> str:
    """The readable phone, address or ID number. The purpose is asked and logged.

    field: a key of SEALED, or "phone" with a guardian.
    """
    ids = {"school_id": student.school_id, "student_id": student.pk}
    actor.require("reveal", **ids)
    if not actor.sees(ZONE_OF.get(field, "contact"), **ids):
        raise NotAllowed("reveal")
    if len(purpose.strip()) < 2:
        raise Refused(_("Please say what you need it for."), field="purpose")
    if guardian is not None:
        if guardian.student_id != student.pk:
            raise NotAllowed("reveal")
        text = unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE)
    elif field in SEALED:
        text = unseal(student.key, getattr(student, f"{field}_sealed"), SEALED[field])
    else:
        raise Refused(_("There is nothing of this kind to show."))
    audit.record(
        actor,
        "student.reveal",
        school_id=student.school_id,
        subject=("student", student.pk),
        purpose=purpose.strip()[:200],
        detail={"field": field, "guardian": guardian.pk if guardian else None},
    )
    return text
