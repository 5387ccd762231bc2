"""A family's circumstances by hand: noted with their source, looked at again, ended.

Invariants:
- who notes one also sees its kind: family situation opens with the care zone, hardship with the hardship zone alone;
- one circumstance is on record once at a time; what no longer holds keeps its days.
"""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

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
        (one.value, str(one.label))
        for one in Circumstance.Category
        if one != Circumstance.Category.RECOGNISED and actor.sees(zone_of(one.value), **ids)
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
    if category == Circumstance.Category.RECOGNISED:
        raise Refused(
            _("This follows from the school's recognition and is not noted by hand."), field="category"
        )
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


def hold_recognised(
    student: Student, *, source: str, since: datetime.date, valid_until: datetime.date | None
) -> None:
    """What the school's recognition of hardship decided; an empty source: it holds no longer. Whoever decides writes the
    audit row, in the transaction of this."""
    held = Circumstance.objects.filter(student=student, category=Circumstance.Category.RECOGNISED)
    held.valid_on(since).update(valid_until=since - DAY)
    if source:
        Circumstance.objects.create(
            school_id=student.school_id, student=student, category=Circumstance.Category.RECOGNISED, source=source,
            since=since, valid_until=valid_until, checked_on=since, recorded_at=clock.now(),
        )  # fmt: skip


class FromList(NamedTuple):
    """A child on the list of an office."""

    student_id: int
    category: str
    valid_until: datetime.date | None


def note_listed(
    school_id: int, *, rows: Sequence[FromList], source: str, as_of: datetime.date
) -> list[tuple[Circumstance, bool]]:
    """What the list of an office says, row by row: the circumstance, and whether it is new. One that is on record already
    counts as looked at. Whoever takes the list over asks for the right and writes the audit row."""
    held = {
        (one.student_id, one.category): one
        for one in Circumstance.objects.filter(
            school_id=school_id, student__in={row.student_id for row in rows}
        )
        .valid_on(as_of)
        .order_by("pk")
    }
    looked_at = [held[row[:2]] for row in rows if row[:2] in held]
    for one in looked_at:
        one.checked_on = max(one.checked_on or as_of, as_of)
    Circumstance.objects.bulk_update(looked_at, ["checked_on"], batch_size=200)
    fresh = {
        row[:2]: Circumstance(
            school_id=school_id, student_id=row.student_id, category=row.category, source=source, since=as_of,
            valid_until=row.valid_until, checked_on=as_of, recorded_at=clock.now(),
        )
        for row in rows
        if row[:2] not in held
    }  # fmt: skip
    Circumstance.objects.bulk_create(fresh.values())
    return [(held.get(row[:2]) or fresh[row[:2]], row[:2] in fresh) for row in rows]


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
