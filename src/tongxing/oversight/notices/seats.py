"""Giving and ending places in the leading group."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.programme.models import Programme
from tongxing.ground.access.posts import MANAGE
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Staff, Student

from .models_group import WORDS, Seat


@dataclass(frozen=True, slots=True)
class What:
    """What the place is for: in words, or a programme that the colleague answers for; from which day."""

    starts_on: datetime.date
    words: str = ""
    programme: Programme | None = None


@transaction.atomic
def seat(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    what: What,
    staff: Staff | None = None,
    student: Student | None = None,
) -> Seat:
    """A colleague or a student gets a place; no right comes with it."""
    user_id = _person(actor, school.pk)
    words = " ".join(what.words.split())
    holder: Staff | Student | None = staff or student
    if holder is None:
        raise Refused(_("Please choose who it is."), field="staff")
    if holder.school_id != school.pk or (what.programme and what.programme.school_id != school.pk):
        raise Refused(_("This belongs to another school."))
    if (
        student is not None
        and not Student.objects.visible_to(actor).enrolled().filter(pk=student.pk).exists()
    ):
        raise Refused(_("This student is not at the school at present."), field="student")
    if not words and what.programme is None:
        raise Refused(_("Please say in a few words what for."), field="words")
    if len(words) > WORDS:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": WORDS}, field="words")
    standing = Seat.objects.filter(school=school, staff=staff, programme=what.programme, ended_at=None)
    if staff and what.programme and standing.exclude(client_id=client_id).exists():
        raise Refused(_("This colleague answers for it already."), field="staff")
    found = Seat.objects.filter(school=school, client_id=client_id)

    def given() -> Seat:
        made = Seat.objects.create(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), staff=staff,
            student=student, programme=what.programme, words=words, starts_on=what.starts_on,
        )  # fmt: skip
        _log(actor, "group.seat", made)
        return made

    return once(found.first, given)


@transaction.atomic
def leave(actor: Actor, *, place: Seat, reason: str) -> None:
    user_id, reason = _person(actor, place.school_id), " ".join(reason.split())
    if not reason:
        raise Refused(_("Please say why it ends, for example “a new term”."), field="reason")
    held = Seat.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if held.ended_at is not None:
        raise Refused(_("This place has ended already."))
    held.end(user_id, reason)
    _log(actor, "group.leave", held)


@transaction.atomic
def stay(actor: Actor, *, place: Seat) -> None:
    """Ended by mistake a moment ago."""
    _person(actor, place.school_id)
    held = Seat.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if held.ended_at is None:
        return
    held.end_no_more(_("This ended a while ago. Please name the person anew."))
    _log(actor, "group.stay", held)


def _person(actor: Actor, school_id: int) -> int:
    actor.require(MANAGE, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    return actor.user_id


def _log(actor: Actor, action: str, place: Seat) -> None:
    detail = {"staff": place.staff_id, "student": place.student_id, "programme": place.programme_id}
    audit.record(actor, action, school_id=place.school_id, subject=("seat", place.pk), detail=detail)
