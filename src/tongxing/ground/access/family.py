"""The people around one child, entered or corrected by hand by those who know the family. It stands above people
since the right of a guardian's account ends with the guardian.

Invariants:
- a phone number is sealed under the student's own key; what is not said stays;
- whoever is a guardian no longer is ended with the day, never deleted; named again, the same entry goes on.
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.masking import mask_phone
from tongxing.ground.kernel.once import once
from tongxing.ground.people.actions import GUARDIAN_PHONE
from tongxing.ground.people.models import Guardian, Student
from tongxing.ground.people.roster_actions import set_field

from .models import Grant
from .roles import Role

CAN = "family.write"
PLAIN = (
    *("name", "relation", "relation_text", "order", "lives_with", "away_place"),
    *("workplace", "best_time", "reads", "entrusted"),
)
SHORTEST_PHONE = 5  # digits
DAY = datetime.timedelta(days=1)


@transaction.atomic
def add_guardian(
    actor: Actor, *, student: Student, facts: Mapping[str, Any], client_id: uuid.UUID
) -> Guardian:
    """Enter somebody who looks after the child; `facts` by the names of PLAIN, and `phone`."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    return once(
        lambda: Guardian.objects.filter(client_id=client_id, student=student).first(),
        lambda: _enter(actor, student, facts, client_id),
    )


def _enter(actor: Actor, student: Student, facts: Mapping[str, Any], client_id: uuid.UUID) -> Guardian:
    named = Guardian.objects.filter(student=student, name=facts["name"].strip(), relation=facts["relation"])
    guardian = named.first() or Guardian(school_id=student.school_id, student=student)
    if guardian.pk and guardian.ends_on is None:
        raise Refused(_("This person is on record already."), field="name")
    guardian.ends_on, guardian.client_id = None, client_id
    _put(guardian, student, facts)
    guardian.save()
    _log(actor, "family.add", guardian)
    return guardian


@transaction.atomic
def edit_guardian(actor: Actor, *, guardian: Guardian, facts: Mapping[str, Any]) -> list[str]:
    """Correct what is known; fields that are not in `facts` stay. Returns the columns that changed."""
    guardian = _held(actor, guardian)
    changed = _put(guardian, guardian.student, facts)
    if changed:
        guardian.save(update_fields=changed)
        _log(actor, "family.edit", guardian, {"fields": sorted(changed)})
    return changed


@transaction.atomic
def end_guardian(actor: Actor, *, guardian: Guardian) -> None:
    """Not a guardian any more: no page, form or sheet names this person, and an account of theirs no longer sees the
    child, from this moment."""
    guardian = _held(actor, guardian)
    if guardian.ends_on is not None:
        return  # a second tap
    guardian.ends_on = clock.today()
    guardian.save(update_fields=["ends_on"])
    _rights(guardian).filter(ends_on=None).update(ends_on=guardian.ends_on - DAY)
    _log(actor, "family.end", guardian)


@transaction.atomic
def resume_guardian(actor: Actor, *, guardian: Guardian) -> None:
    """The way back of `end_guardian`, with the right that it ended."""
    guardian = _held(actor, guardian)
    if guardian.ends_on is None:
        return
    _rights(guardian).filter(ends_on=guardian.ends_on - DAY).update(ends_on=None)
    guardian.ends_on = None
    guardian.save(update_fields=["ends_on"])
    _log(actor, "family.resume", guardian)


def _rights(guardian: Guardian) -> QuerySet[Grant]:
    """The right of this guardian's own account; none where there is no account."""
    whose = {"user": guardian.user_id, "role": Role.GUARDIAN, "student": guardian.student_id}
    return Grant.objects.filter(**whose) if guardian.user_id else Grant.objects.none()


def _held(actor: Actor, guardian: Guardian) -> Guardian:
    actor.require(CAN, school_id=guardian.school_id, student_id=guardian.student_id)
    held = Guardian.objects.select_for_update(of=("self",)).select_related("student__key")
    return held.get(pk=guardian.pk)


def _put(guardian: Guardian, student: Student, facts: Mapping[str, Any]) -> list[str]:
    """Set the facts; an empty phone number empties it. Returns the names of the columns that changed."""
    name, relation = facts.get("name", guardian.name).strip(), facts.get("relation", guardian.relation)
    if not name:
        raise Refused(_("This may not stay empty."), field="name")
    same = Guardian.objects.filter(student=student, name=name, relation=relation).exclude(pk=guardian.pk)
    if same.exists():
        raise Refused(_("This person is on record already."), field="name")
    before: dict[str, Any] = {}
    for field in PLAIN:
        if field in facts:
            value = facts[field]
            set_field(guardian, field, value.strip() if isinstance(value, str) else value, before)
    phone = facts.get("phone")
    if phone is not None and phone != unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE):
        if phone and sum(sign.isdigit() for sign in phone) < SHORTEST_PHONE:
            raise Refused(_("This does not look like a phone number."), field="phone")
        set_field(
            guardian, "phone_sealed", seal(student.key, phone, GUARDIAN_PHONE) if phone else b"", before
        )
        set_field(guardian, "phone_masked", mask_phone(phone) if phone else "", before)
    return list(before)


def _log(actor: Actor, action: str, guardian: Guardian, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=guardian.school_id,
        subject=("student", guardian.student_id),
        detail={"guardian": guardian.pk, **(detail or {})},
    )
