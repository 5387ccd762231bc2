"""Calls arranged for a child with its parents: when, with whom, on which telephone; then what came of it.

Who may: whoever writes records for the child. What came of it is one contact record (`contacts`): held, it reached
that guardian; unanswered, it is an attempt and asks for the next date.
"""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.actions import Told, take_back, write_contact
from tongxing.care.contacts.kinds import Channel
from tongxing.care.contacts.models import Contact, State
from tongxing.care.contacts.rules import guardian_reached
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Guardian, Student
from tongxing.ground.people.queries import staff_of

from .holding import LONGEST
from .models_calls import ArrangedCall

CAN = "contact.write"
AHEAD = datetime.timedelta(days=60)


@transaction.atomic
def arrange(
    actor: Actor,
    *,
    student: Student,
    guardian: Guardian | None,
    at: datetime.datetime,
    telephone: str,
    client_id: uuid.UUID,
) -> ArrangedCall:
    """The child is to speak with this guardian at that moment."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    if guardian is None or guardian.student_id != student.pk or guardian.ends_on is not None:
        raise Refused(_("Please choose whom the child calls."), field="guardian")
    if not guardian.phone_masked:
        raise Refused(
            _("There is no number of %(name)s yet. Please enter it on the child’s page first.")
            % {"name": guardian.name},
            field="guardian",
        )
    telephone = few_words(telephone, most=40, field="telephone")
    _check_moment(at, "at")
    return once(
        lambda: ArrangedCall.objects.filter(client_id=client_id, student=student).first(),
        lambda: _arranged(actor, student, guardian, at, telephone, client_id),
    )


def _check_moment(at: datetime.datetime, field: str) -> None:
    if clock.day_of(at) < clock.today():
        raise Refused(_("This day is past. Please choose one that is still to come."), field=field)
    if at > clock.now() + AHEAD:
        raise Refused(_("Please choose a day within the next two months."), field=field)


def _arranged(
    actor: Actor,
    student: Student,
    guardian: Guardian,
    at: datetime.datetime,
    telephone: str,
    client_id: uuid.UUID,
    follows: ArrangedCall | None = None,
) -> ArrangedCall:
    own = staff_of(actor.user_id)
    if own is None or own.school_id != student.school_id:
        raise NotAllowed(CAN)
    call = ArrangedCall.objects.create(
        school_id=student.school_id,
        student=student,
        guardian=guardian,
        at=at,
        telephone=telephone,
        arranged_by=own,
        recorded_at=clock.now(),
        follows=follows,
        client_id=client_id,
    )
    _log(actor, "call.arrange", call)
    return call


@transaction.atomic
def held_call(actor: Actor, *, call: ArrangedCall, channel: str, said: str) -> Contact:
    """The child has spoken with the parent."""
    call = _held(actor, call)
    if call.contact:
        return call.contact
    told = _told(call, channel, said.strip() or _("The child spoke with them; the call was arranged for it."))
    return _keep(actor, call, told, "call.held")


@transaction.atomic
def not_held(actor: Actor, *, call: ArrangedCall) -> None:
    """The way back of `held_call`, for a moment: the record counts no longer, and the call waits again."""
    call = _held(actor, call)
    if call.contact is None or not call.contact.made:
        return
    take_back(actor, contact=call.contact)
    call.contact = None
    call.save(update_fields=["contact"])
    _log(actor, "call.not-held", call)


@transaction.atomic
def unanswered(
    actor: Actor, *, call: ArrangedCall, reason: str, next_at: datetime.datetime | None
) -> ArrangedCall:
    """Nobody answered, or it did not come to it: the reason, and when the child tries again."""
    call = _held(actor, call)
    if call.contact:
        return ArrangedCall.objects.filter(follows=call).first() or call
    reason = few_words(reason, most=LONGEST, field="reason")
    if next_at is None:
        raise Refused(_("Please say when the child tries again."), field="next_at")
    _check_moment(next_at, "next_at")
    told = _told(call, Channel.PHONE, reason, made=False)
    _keep(actor, call, told, "call.unanswered")
    again = uuid.uuid5(call.client_id, "again")
    return _arranged(actor, call.student, call.guardian, next_at, call.telephone, again, follows=call)


@transaction.atomic
def no_answer(actor: Actor, *, call: ArrangedCall) -> ArrangedCall:
    """Nobody answered, said in one tap: the child tries again on the next day at the same time."""
    reason = _("Nobody answered.")
    return unanswered(actor, call=call, reason=reason, next_at=_next_day(call))


@transaction.atomic
def another_day(actor: Actor, *, call: ArrangedCall) -> ArrangedCall:
    """It did not suit today: the next day at the same time instead; nothing was tried."""
    call = _held(actor, call)
    if call.contact:
        raise Refused(_("This call is written down"))
    moved = _arranged(
        actor,
        call.student,
        call.guardian,
        _next_day(call),
        call.telephone,
        uuid.uuid5(call.client_id, "moved"),
        follows=call,
    )
    call.called_off_at, call.called_off_by_id = clock.now(), actor.user_id
    call.called_off_because = _("Moved to the next day.")
    call.save(update_fields=["called_off_at", "called_off_by", "called_off_because"])
    _log(actor, "call.move", call)
    return moved


def _next_day(call: ArrangedCall) -> datetime.datetime:
    """Tomorrow at the time of day of this call, or the day after it where it is still to come."""
    days = max((clock.today() - clock.day_of(call.at)).days, 0) + 1
    return call.at + datetime.timedelta(days=days)


@transaction.atomic
def call_off(actor: Actor, *, call: ArrangedCall, reason: str) -> None:
    """It is not to be any more, with the reason."""
    call = _held(actor, call)
    if call.contact or call.called_off_at:
        return
    reason = few_words(reason, most=120, field="reason")
    call.called_off_at, call.called_off_by_id = clock.now(), actor.user_id
    call.called_off_because = reason
    call.save(update_fields=["called_off_at", "called_off_by", "called_off_because"])
    _log(actor, "call.off", call)
    look_for_danger(actor, student=call.student, text=reason)


def _told(call: ArrangedCall, channel: str, said: str, *, made: bool = True) -> Told:
    one = call.guardian
    whom = f"{one.relation_text or one.get_relation_display()} {one.name}"
    away = bool(one.away_place) or one.lives_with is False
    reached = guardian_reached(one.relation, order=one.order, away=away)
    facts: dict[str, Any] = {"place": call.telephone, "made": made, "reached": sorted(reached)}
    if call.at < clock.now():
        facts["happened_at"] = call.at
    return Told({"met_whom": whom, "said": said}, channel=channel, **facts)


def _keep(actor: Actor, call: ArrangedCall, told: Told, action: str) -> Contact:
    contact = write_contact(actor, student=call.student, client_id=_record_id(call), kind="call", told=told)
    call.contact = contact
    call.save(update_fields=["contact"])
    _log(actor, action, call)
    return contact


def _record_id(call: ArrangedCall) -> uuid.UUID:
    """The same for a second tap, another one once the record before was taken back."""
    asked = uuid.uuid5(call.client_id, "record")
    while Contact.objects.filter(client_id=asked, state=State.WITHDRAWN).exists():
        asked = uuid.uuid5(asked, "again")
    return asked


def _held(actor: Actor, call: ArrangedCall) -> ArrangedCall:
    actor.require(CAN, school_id=call.school_id, student_id=call.student_id)
    rows = ArrangedCall.objects.select_for_update(of=("self",))
    found = rows.select_related("student__key", "guardian", "contact").get(pk=call.pk)
    if found.called_off_at:
        raise Refused(_("This call was called off. Please arrange a new one."))
    return found


def _log(actor: Actor, action: str, call: ArrangedCall) -> None:
    audit.record(
        actor,
        action,
        school_id=call.school_id,
        subject=("student", call.student_id),
        detail={"call": call.pk},
    )
