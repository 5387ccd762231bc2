"""What taking part leads to in a child's file: tutoring with the tick itself (学习优先), in one tap a kept promise
(活动优先) and a success.

Invariants:
- what is noted for everybody present for whom it counts is told to nobody: neither for whom nor for how many;
- a tap that is sent twice notes once;
- a group's tutoring stands once for each child and meeting, as long as the tick says that the child was there; what
  somebody withdrew by hand stays withdrawn until the tick itself changes.
"""

import datetime
from collections.abc import Collection
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.actions import Told, withdraw_contact, write_contact
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Registration, Staff, Student

from .models import Event, Part
from .rights import holds

NOON = datetime.time(12)


@transaction.atomic
def note_taking_part(actor: Actor, *, event: Event) -> None:
    """Everybody who was there and is on the register has taken part in an activity: it stands in the child's file and
    keeps the promise. A class teacher notes it for the own class, whoever holds the event for all.

    Written in the product's name with the colleague as author: what one writes oneself one sees in a list, and such
    a list would tell who is registered.
    """
    event = Event.objects.select_related("offer__leader", "leader", "school").get(
        pk=event.pk
    )  # as it stands now
    staff = Staff.objects.filter(user_id=actor.user_id, school=event.school_id).first()
    there = Part.objects.visible_to(actor).standing().filter(event=event, state=Part.State.PRESENT)
    if staff is None or not (holds(actor, event) or there.exists()):
        raise NotAllowed("activity.hold")
    if event.ticked_at is None:
        raise Refused(_("Please tick first who was there."))
    if event.is_tutoring:
        raise Refused(_("Whoever was there has been tutored: the tick has noted it."))
    kept = Registration.objects.on(event.on).filter(student__in=there.values("student"))
    for entry in kept.select_related("student__key").order_by("pk"):
        write_contact(
            SYSTEM,
            student=entry.student,
            client_id=client_id(event, "taking-part", entry.student_id),
            kind="highlight",
            told=Told({"seen": taking_part(event)}, channel="activity", happened_at=moment(event)),
            staff=staff,
        )
    audit.record(actor, "event.count", school_id=event.school_id, subject=("event", event.pk))


def keep_tutoring(event: Event, *, came: Collection[int], missed: Collection[int]) -> None:
    """After a tick: who `came` (and was not ticked so before) and is on the register was tutored by whoever led the
    meeting, in the product's name as in `note_taking_part`; for who `missed` it what was noted is withdrawn."""
    if not event.is_tutoring:
        return
    records = _tutoring_records(event, {*came, *missed})
    for student_id in sorted(missed):
        _next, record = records[student_id]
        if record is not None:
            withdraw_contact(SYSTEM, contact=record, reason=_("Ticked again: was not there"))
    on_register = Registration.objects.on(event.on).filter(student__in=came)
    for entry in on_register.select_related("student__key", "student__school").order_by("pk"):
        new_id, record = records[entry.student_id]
        if record is None:
            write_contact(
                SYSTEM,
                student=entry.student,
                client_id=new_id,
                kind="tutoring",
                told=Told({"covered": tutored_in(event)}, reached=["student"], happened_at=moment(event)),
                staff=event.leader,
            )


def _tutoring_records(event: Event, students: set[int]) -> dict[int, tuple[UUID, Contact | None]]:
    """For each of these children the record of this meeting that stands, or the id of the next one. A query for each
    time that the tick of one of them was taken back."""
    found: dict[int, tuple[UUID, Contact | None]] = {}
    number = 1
    while left := students - found.keys():
        ids = {pk: client_id(event, f"tutoring {number}", pk) for pk in left}
        rows = Contact.objects.filter(school_id=event.school_id, client_id__in=ids.values())
        held = {row.client_id: row for row in rows.select_related("staff")}
        for pk, one in ids.items():
            record = held.get(one)
            if record is None or not record.withdrawn:
                found[pk] = one, record
        number += 1
    return found


@transaction.atomic
def note_success(actor: Actor, *, event: Event, student: Student) -> Contact:
    """A prize is a success lived (成功体验), where results are single for whom it is, for a registered student by whoever writes that student's records."""
    part = event.parts.standing().filter(student=student).exclude(state__in=("absent", "excused")).first()
    if not (event.prize or event.single_results):
        raise Refused(_("There is no prize noted yet."))
    if part is None:
        raise Refused(_("%(name)s did not take part.") % {"name": student.name})
    if not part.honour:
        raise Refused(_("For %(name)s there is no prize or result noted.") % {"name": student.name})
    registered = Registration.objects.visible_to(actor).on(event.on).filter(student=student)
    if not registered.exists():
        raise NotAllowed("contact.write")
    return write_contact(
        actor,
        student=student,
        client_id=client_id(event, "success", student.pk),
        kind="success",
        told=Told(
            {"success": f"{event.title}，{part.won}"},
            channel="activity",
            reached=["student"],
            happened_at=moment(event),
        ),
    )


def client_id(event: Event, what: str, student_id: int) -> UUID:
    return uuid5(event.client_id, f"{what}:{student_id}")


def moment(event: Event) -> datetime.datetime:
    """When it was, and never later than now."""
    at = datetime.datetime.combine(event.on, event.starts_at or NOON, clock.SCHOOL_TIME)
    return min(at, clock.now())


def taking_part(event: Event) -> str:
    name = event.offer.name if event.offer and event.offer.name != event.title else ""
    return _("Took part: %(what)s") % {"what": " · ".join(filter(None, (name, event.title)))}


def tutored_in(event: Event) -> str:
    """The subject, the group, and what the meeting was about where it says so."""
    offer = event.offer
    words = [offer.subject, offer.name] if offer else []
    return " · ".join(filter(None, dict.fromkeys([*words, event.title])))
