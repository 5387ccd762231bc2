"""A family's circumstances by hand: noted with their source, looked at again, ended.

Invariants:
- who notes one also sees its kind: family situation opens with the care zone, hardship with the hardship zone alone;
- one circumstance is on record once at a time; what no longer holds keeps its days.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.errors import NotAllowed, Refused

from .models import Circumstance, Student

CAN = "family.write"
DAY = datetime.timedelta(days=1)


def zone_of(category: str) -> Zone:
    return "care" if category in Circumstance.FAMILY else "hardship"


def categories_for(actor: Actor, student: Student) -> list[tuple[str, str]]:
    """Those that this actor may note about this student: (code, label)."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    return [
        (one.value, str(one.label)) for one in Circumstance.Category if actor.sees(zone_of(one.value), **ids)
    ]


@transaction.atomic
def note_circumstance(
    actor: Actor,
    *,
    student: Student,
    category: str,
    source: str,
    since: datetime.date,
    valid_until: datetime.date | None = None,
) -> Circumstance:
    """`source`: who says so, such as 民政局 or 家访; it counts as looked at today."""
    _require(actor, student, category)
    today = clock.today()
    if not source.strip():
        raise Refused(_("Please write down who says so."), field="source")
    if since > today:
        raise Refused(_("This day has not come yet."), field="since")
    if valid_until and valid_until < since:
        raise Refused(_("The end lies before the beginning."), field="valid_until")
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    facts = {"category": category, "source": source.strip(), "since": since, "valid_until": valid_until}
    held = Circumstance.objects.valid_on(today).filter(student=student, category=category)
    if same := held.filter(**facts, checked_on=today).first():
        return same  # the same form again
    if held.exists():
        raise Refused(_("This is on record already. Please look at it again instead."), field="category")
    noted = Circumstance.objects.create(
        school_id=student.school_id, student=student, checked_on=today, recorded_at=clock.now(), **facts
    )
    _log(actor, "circumstance.note", noted)
    return noted


@transaction.atomic
def look_again(actor: Actor, *, circumstance: Circumstance) -> None:
    """Somebody asked again today, and it still holds."""
    held = _held(actor, circumstance)
    if held.checked_on == clock.today():
        return
    held.checked_on = clock.today()
    held.save(update_fields=["checked_on"])
    _log(actor, "circumstance.check", held)


@transaction.atomic
def end_circumstance(actor: Actor, *, circumstance: Circumstance) -> None:
    """It held until yesterday; noted today by mistake, it held not a day."""
    _set_end(actor, _held(actor, circumstance), clock.today() - DAY)


@transaction.atomic
def set_end(actor: Actor, *, circumstance: Circumstance, valid_until: datetime.date | None) -> None:
    """The last day it holds; with the day that stood there before, the way back of `end_circumstance`."""
    held = _held(actor, circumstance)
    if valid_until and held.since and valid_until < held.since:
        raise Refused(_("The end lies before the beginning."), field="valid_until")
    _set_end(actor, held, valid_until)


def _set_end(actor: Actor, held: Circumstance, valid_until: datetime.date | None) -> None:
    if held.valid_until == valid_until:
        return
    held.valid_until = valid_until
    held.save(update_fields=["valid_until"])
    _log(actor, "circumstance.end", held)


def _held(actor: Actor, circumstance: Circumstance) -> Circumstance:
    held = Circumstance.objects.select_for_update(of=("self",)).select_related("student")
    circumstance = held.get(pk=circumstance.pk)
    _require(actor, circumstance.student, circumstance.category)
    return circumstance


def _require(actor: Actor, student: Student, category: str) -> None:
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    if not actor.sees(zone_of(category), school_id=student.school_id, student_id=student.pk):
        raise NotAllowed(CAN)


def _log(actor: Actor, action: str, circumstance: Circumstance) -> None:
    audit.record(
        actor,
        action,
        school_id=circumstance.school_id,
        subject=("student", circumstance.student_id),
        detail={"circumstance": circumstance.pk},
    )
