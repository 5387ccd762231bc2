"""Writing down, correcting and withdrawing what was done for a student.

Who may write: whoever holds the kind's ability for the student: `contact.write` (helper, class teacher, counsellor,
head, deputy, coordinator), for a bright moment `highlight.write` (every teacher of the class besides). Who may correct: the author alone. Who may withdraw: the author, or `contact.manage`.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger, note_opened
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.rules import harmed_by_people
from tongxing.ground.kernel import audit, clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import SchoolYear, Staff, Student

from . import note_index, rules
from .kinds import KINDS, Kind
from .models import SEALED_AT, Contact, ContactRevision, State, Visibility
from .queries import may_read, unsealed


@dataclass(frozen=True, slots=True)
class Told:
    """What a form tells. `happened_at` None: just now, or `waited` ago when it lay on a phone without a network.
    `reached`: codes of Reached, none in an attempt."""

    body: Mapping[str, str]
    channel: str = ""
    reached: Sequence[str] = ()
    made: bool = True
    happened_at: datetime.datetime | None = None
    waited: datetime.timedelta = datetime.timedelta()
    minutes: int | None = None
    place: str = ""
    next_on: datetime.date | None = None


def write_contact(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    kind: str,
    told: Told,
    visibility: str = Visibility.TEAM,
    staff: Staff | None = None,
    recorded_at: datetime.datetime | None = None,
) -> Contact:
    """Write down one contact. The same `client_id` with the same content gives the same record again.

    `staff`: who did it, when a coordinator keys it in from a colleague's paper. `recorded_at`: set-up and
    demo data alone may say when it was recorded.
    """
    asks = _kind(actor, kind, student)
    staff = _author(actor, student, staff, visibility)
    if recorded_at and not actor.is_system:
        raise NotAllowed("recorded_at")
    contact = Contact(
        school_id=student.school_id,
        client_id=client_id,
        student=student,
        staff=staff,
        recorded_by_id=actor.user_id,
        recorded_at=recorded_at or clock.now(),
        kind=kind,
        visibility=_visibility(visibility, asks),
    )
    digest = _digest([student.pk, staff.pk, kind, visibility], told)
    return once(lambda: _sent_before(contact, digest), lambda: _write(actor, contact, told, digest=digest))


def _write(actor: Actor, contact: Contact, told: Told, *, digest: str) -> Contact:
    body = _take(contact, told)
    contact.save(force_insert=True)
    _revise(contact, 1, actor, body=body, digest=digest, at=contact.recorded_at)
    detail = {"kind": contact.kind, "staff": contact.staff_id}
    audit.record(actor, "contact.write", **_subject(contact), detail=detail)
    return contact


class Differs(Refused):
    """The same client-made id came before with other content. `other_id` is the id under which this one can be
    kept beside it: always the same for the same content."""

    def __init__(self, message: object, *, other_id: UUID) -> None:
        super().__init__(message, field="client_id")
        self.other_id = other_id


@transaction.atomic
def revise_contact(actor: Actor, *, contact: Contact, after: int, told: Told, reason: str = "") -> Contact:
    """Correct a record: a new revision beside the old ones. `after`: number of the revision one has read."""
    contact = _held(actor, contact)
    check_correctable(actor, contact)
    last = contact.revisions.latest("number")
    digest = _digest([contact.pk, reason.strip()], told)
    if last.digest == digest:
        return contact
    if last.number != after:
        raise Refused(_("This record was corrected in the meantime. Please look at it once more."))
    body = _take(contact, told, state=State.CORRECTED)
    contact.save()
    _revise(contact, last.number + 1, actor, body=body, digest=digest, reason=reason)
    audit.record(actor, "contact.revise", **_subject(contact), detail={"revision": last.number + 1})
    return contact


def check_correctable(actor: Actor, contact: Contact) -> None:
    """Only the author corrects, while writing for the student, and nothing that was withdrawn."""
    actor.require(contact.asks.ability, school_id=contact.school_id, student_id=contact.student_id)
    if not _is_author(actor, contact):
        raise NotAllowed("contact.revise")
    if contact.withdrawn:
        raise Refused(_("This record was withdrawn and can no longer be corrected."))


@transaction.atomic
def withdraw_contact(actor: Actor, *, contact: Contact, reason: str) -> Contact:
    """Take a record back, saying why: it stays readable with its revisions and counts no longer."""
    contact = _held(actor, contact)
    if not _is_author(actor, contact):
        actor.require("contact.manage", school_id=contact.school_id, student_id=contact.student_id)
        if not may_read(actor, contact):  # what one may not read one does not take back either
            raise NotAllowed("contact.withdraw")
    if not reason.strip():
        raise Refused(_("Please say why the record is withdrawn."), field="reason")
    if contact.withdrawn:
        return contact
    last = contact.revisions.latest("number")
    contact.state = State.WITHDRAWN
    contact.save(update_fields=["state"])
    _revise(contact, last.number + 1, actor, body={}, digest="", reason=reason)
    audit.record(actor, "contact.withdraw", **_subject(contact), detail={"revision": last.number + 1})
    return contact


def take_back(actor: Actor, *, contact: Contact) -> Contact:
    """Withdraw what one has just written down, without being asked why."""
    if contact.recorded_by_id != actor.user_id:
        raise NotAllowed("contact.take-back")
    if not is_recent(contact.recorded_at):
        raise Refused(_("This was written a while ago. It can be withdrawn on its own page, saying why."))
    return withdraw_contact(actor, contact=contact, reason=_("Taken back at once"))


@transaction.atomic
def open_texts(actor: Actor, *, contact: Contact, purpose: str = "") -> dict[int, dict[str, str]]:
    """The texts of a restricted record by revision number, for author and counsellor; opening is logged with
    its purpose, which the author need not give."""
    if not may_read(actor, contact):
        raise NotAllowed("contact.open")
    if not purpose.strip() and not _is_author(actor, contact):
        raise Refused(_("Please say what you need it for."), field="purpose")
    audit.record(actor, "contact.open", purpose=purpose.strip()[:200], **_subject(contact))
    return {revision.number: unsealed(contact, revision) for revision in contact.revisions.all()}


@transaction.atomic
def open_for_safety(actor: Actor, *, flag: RiskFlag) -> tuple[Contact, dict[str, str]]:
    """The record that raised a flag, for whoever answers it: the one exception for restricted texts. Logged."""
    if flag.source_kind not in ("", "contact"):
        raise Refused(_("This did not come from a record; ask whoever wrote it."))
    flag = note_opened(actor, flag=flag)
    contacts = Contact.objects.filter(school_id=flag.school_id).select_related("student__key", "staff")
    contact = contacts.get(pk=flag.source_id)
    told = contact.revisions.exclude(state=State.WITHDRAWN).latest("number")
    return contact, unsealed(contact, told)


def _kind(actor: Actor, code: str, student: Student) -> Kind:
    kind = KINDS.get(code)
    ability = kind.ability if kind else "contact.write"
    actor.require(ability, school_id=student.school_id, student_id=student.pk)
    if kind is None:
        raise Refused(_("Choose what you would like to write down."), field="kind")
    if kind.restricted and not actor.sees("psych", school_id=student.school_id, student_id=student.pk):
        raise NotAllowed(f"contact.write.{code}")
    return kind


def _author(actor: Actor, student: Student, staff: Staff | None, visibility: str) -> Staff:
    """Who did it: oneself, or a colleague whose paper one keys in."""
    own = Staff.objects.filter(user_id=actor.user_id, school_id=student.school_id).first()
    if staff is None or staff == own:
        if own is None:
            raise NotAllowed("contact.write")
        return own
    actor.require("contact.manage", school_id=student.school_id, student_id=student.pk)
    if staff.school_id != student.school_id:
        raise Refused(_("This colleague belongs to another school."), field="staff")
    if visibility == Visibility.COUNSELLOR and not actor.is_system:
        raise Refused(
            _("A record for you and the counsellor alone is written by the person who had the talk."),
            field="visibility",
        )
    return staff


def _visibility(visibility: str, kind: Kind) -> str:
    if visibility not in Visibility.values:
        raise Refused(_("Choose who can see this."), field="visibility")
    return Visibility.COUNSELLOR if kind.restricted else visibility


def _take(contact: Contact, told: Told, *, state: str = State.WRITTEN) -> dict[str, str]:
    """Check what was told and put its facts on the contact; gives the answers back.

    What tells of harm by people is kept from the team: whoever did it may be among them.
    """
    kind = contact.asks
    body = rules.clean_body(kind, told.body, made=told.made)
    reached = sorted(set(told.reached)) if told.made else []
    channel = told.channel or kind.channels[0]
    rules.check_form(kind, channel=channel, reached=reached, made=told.made, minutes=told.minutes, body=body)
    contact.happened_at = rules.happened(
        told.happened_at or (contact.happened_at if contact.pk else contact.recorded_at - told.waited),
        recorded_at=contact.recorded_at,
        year_starts_on=_year_starts_on(contact),
    )
    rules.check_next(told.next_on, happened_at=contact.happened_at)
    contact.channel, contact.reached, contact.made, contact.state = channel, reached, told.made, state
    contact.minutes, contact.place, contact.next_on = told.minutes, told.place.strip(), told.next_on
    contact.topics = sorted(kind.topics_of(body))
    if harmed_by_people(_text(body)):
        contact.visibility = Visibility.COUNSELLOR
    return body


def _year_starts_on(contact: Contact) -> datetime.date | None:
    day = clock.day_of(contact.recorded_at)
    years = SchoolYear.objects.filter(school_id=contact.school_id, starts_on__lte=day)
    return years.order_by("-starts_on").values_list("starts_on", flat=True).first()


def _revise(
    contact: Contact,
    number: int,
    actor: Actor,
    *,
    body: Mapping[str, str],
    digest: str,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> None:
    text = json.dumps(body, ensure_ascii=False) if contact.restricted and body else ""
    ContactRevision.objects.create(
        school_id=contact.school_id,
        contact=contact,
        number=number,
        at=at or clock.now(),
        by_id=actor.user_id,
        reason=reason.strip(),
        body={} if contact.restricted else body,
        body_sealed=encryption.seal(contact.student.key, text, SEALED_AT),
        digest=digest,
        **contact.facts(),
    )
    note_index.keep(contact, body)
    look_for_danger(actor, student=contact.student, text=_text(body), source=("contact", contact.pk))


def _text(body: Mapping[str, str]) -> str:
    return "\n".join(body.values())


def _held(actor: Actor, contact: Contact) -> Contact:
    """The record, locked, for somebody who may still write for its student."""
    actor.require(contact.asks.ability, school_id=contact.school_id, student_id=contact.student_id)
    held = Contact.objects.select_for_update(of=("self",)).select_related("student__key", "staff")
    return held.get(pk=contact.pk)


def _is_author(actor: Actor, contact: Contact) -> bool:
    if actor.user_id is None:
        return actor.is_system
    return actor.user_id in {contact.staff.user_id, contact.recorded_by_id}


def _sent_before(contact: Contact, digest: str) -> Contact | None:
    """The record that this client-made id has already become; refused when it says something else."""
    found = Contact.objects.filter(school_id=contact.school_id, client_id=contact.client_id).first()
    if found is None:
        return None
    same_person = found.recorded_by_id == contact.recorded_by_id
    if not (same_person and found.revisions.filter(number=1, digest=digest).exists()):
        raise Differs(
            _(
                "This form was saved before with other content. Your text is still here:"
                " save again to add it as a new record."
            ),
            other_id=uuid5(contact.client_id, digest),
        )
    return found


def _digest(of: Sequence[object], told: Told) -> str:
    """A keyed fingerprint of everything sent, so that a repeated submit is told from another one."""
    body = {code: text for code, raw in told.body.items() if (text := rules.trimmed(raw or ""))}
    facts: list[Any] = [
        *of,
        told.channel,
        sorted(told.reached),
        told.made,
        told.happened_at.timestamp() if told.happened_at else None,
        told.minutes,
        told.place.strip(),
        told.next_on.isoformat() if told.next_on else None,
        sorted(body.items()),
    ]
    return encryption.blind_index(json.dumps(facts, ensure_ascii=False), SEALED_AT)


def _subject(contact: Contact) -> dict[str, Any]:
    return {"school_id": contact.school_id, "subject": ("contact", contact.pk)}
