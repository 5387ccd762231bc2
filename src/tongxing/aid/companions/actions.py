"""Companions entered and checked, what they promise, what is kept, letters, stopping. Who may: `companion.manage`."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.models_books import VIEW
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import new_key, seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.masking import mask_phone
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Consent, Staff, Student

from . import rules
from .models import (
    BACK,
    LETTER,
    MANAGE,
    NAME,
    NOTED,
    PHONE,
    REASON,
    WORDS,
    WRITTEN,
    Companion,
    Kept,
    Letter,
    Promise,
)
from .queries import last_day_of, receipts_to_note

#: A code of `people.consents.PURPOSES`.
CONSENT = "companion"


def _person(actor: Actor, school_id: int) -> int:
    actor.require(MANAGE, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    return actor.user_id


def _log(actor: Actor, action: str, school_id: int, subject: tuple[str, int], **detail: object) -> None:
    audit.record(actor, action, school_id=school_id, subject=subject, detail=detail)


@transaction.atomic
def add(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    kind: str,
    name: str = "",
    comes_from: str = "",
    phone: str = "",
    staff: Staff | None = None,
) -> Companion:
    """Enter somebody who would like to stand by a student; of a colleague name and check are known already."""
    user_id = _person(actor, school.pk)
    if (kind == Companion.Kind.STAFF) != (staff is not None):
        raise Refused(_("Please choose the colleague."), field="staff")
    if staff and staff.school_id != school.pk:
        raise NotAllowed(MANAGE)
    name = staff.name if staff else few_words(name, most=NAME, field="name")

    def make() -> Companion:
        if staff and Companion.objects.present().filter(staff=staff).exists():
            raise Refused(_("%(name)s stands on the list already.") % {"name": name}, field="staff")
        key = new_key()
        key.save()
        made = Companion.objects.create(
            school=school, client_id=client_id, key=key, kind=kind, staff=staff, name=name,
            comes_from=" ".join(comes_from.split())[:NAME],
            phone_sealed=seal(key, phone.strip(), PHONE), phone_masked=mask_phone(phone.strip()),
            recorded_by_id=user_id, recorded_at=clock.now(),
        )  # fmt: skip
        _log(actor, "companion.add", school.pk, ("companion", made.pk))
        return made

    return once(lambda: Companion.objects.filter(school=school, client_id=client_id).first(), make)


def _held(actor: Actor, companion: Companion) -> tuple[Companion, int]:
    user_id = _person(actor, companion.school_id)
    rows = Companion.objects.select_for_update(of=("self",)).select_related("key", "staff")
    return rows.get(pk=companion.pk), user_id


@transaction.atomic
def note_check(actor: Actor, *, companion: Companion, on: datetime.date) -> None:
    """The answer of the offence-record check was seen, of that day. A colleague's stands with the staff."""
    companion, user_id = _held(actor, companion)
    if on > clock.today():
        raise Refused(_("This day is still to come."), field="on")
    if companion.staff or companion.offence_check_on == on:
        return
    companion.offence_check_on, companion.offence_check_by_id = on, user_id
    companion.save(update_fields=["offence_check_on", "offence_check_by"])
    _log(actor, "companion.check", companion.school_id, ("companion", companion.pk))


@transaction.atomic
def reveal_phone(actor: Actor, *, companion: Companion, purpose: str) -> str:
    """The readable number; what it is needed for is asked and logged."""
    companion, _user = _held(actor, companion)
    purpose = few_words(purpose, most=WORDS, field="purpose")
    audit.record(
        actor, "companion.reveal", school_id=companion.school_id, subject=("companion", companion.pk),
        purpose=purpose,
    )  # fmt: skip
    return unseal(companion.key, companion.phone_sealed, PHONE)


@transaction.atomic
def leave(actor: Actor, *, companion: Companion) -> None:
    """Off the list, with thanks; whoever still stands by a student stops there first."""
    companion, user_id = _held(actor, companion)
    if companion.ended_at:
        return
    if Promise.objects.open().filter(companion=companion, until__gte=clock.today()).exists():
        raise Refused(
            _("%(name)s still stands by a student. That is ended first.") % {"name": companion.name}
        )
    companion.ended_at, companion.ended_by_id = clock.now(), user_id
    companion.save(update_fields=["ended_at", "ended_by"])
    _log(actor, "companion.leave", companion.school_id, ("companion", companion.pk))


@dataclass(frozen=True, slots=True)
class Said:
    """What is promised: in words, how often, whether they meet, from when to when."""

    what: str
    every: str
    meets: bool
    starts_on: datetime.date
    until: datetime.date


@transaction.atomic
def promise(actor: Actor, *, companion: Companion, student: Student, said: Said, client_id: UUID) -> Promise:
    """For a year at most the companion stands by this student; another companion may do so too."""
    companion, user_id = _held(actor, companion)
    if student.school_id != companion.school_id or student.status != Student.Status.ENROLLED:
        raise NotAllowed(MANAGE)
    what = few_words(said.what, most=WORDS, field="what")

    def make() -> Promise:
        Student.objects.select_for_update().get(pk=student.pk)
        consent = _check_promise(companion, student, said)
        made = Promise.objects.create(
            school_id=student.school_id, client_id=client_id, companion=companion, student=student,
            consent=consent, what=what, every=said.every, meets=said.meets, starts_on=said.starts_on,
            until=said.until, recorded_by_id=user_id, recorded_at=clock.now(),
        )  # fmt: skip
        _log(actor, "companion.promise", student.school_id, ("student", student.pk), companion=companion.pk)
        return made

    return once(lambda: Promise.objects.filter(school=student.school_id, client_id=client_id).first(), make)


def _check_promise(companion: Companion, student: Student, said: Said) -> Consent:
    if companion.ended_at:
        raise Refused(
            _("%(name)s is not on the list any more.") % {"name": companion.name}, field="companion"
        )
    if said.every not in Promise.Every.values:
        raise Refused(_("Please choose how often."), field="every")
    if said.until < said.starts_on or (said.until - said.starts_on).days > rules.LONGEST:
        raise Refused(_("A promise is for a year at most; afterwards it can be given again."), field="until")
    if said.meets:
        _check_offence(companion, said.starts_on, field="meets")
    if Promise.objects.filter(companion=companion, student=student, ended_at=None).exists():
        raise Refused(
            _("%(name)s stands by this student already.") % {"name": companion.name}, field="companion"
        )
    consent = Consent.objects.standing().filter(student=student, purpose=CONSENT).first()
    if consent is None:
        raise Refused(
            _("The family has not agreed to this yet. Please talk with them and note it on the child’s page.")
        )
    return consent


def _check_offence(companion: Companion, day: datetime.date, field: str) -> None:
    checked = companion.checked_on
    if checked is None or checked > day:
        raise Refused(
            _(
                "The offence-record check of %(name)s has not been noted yet: before that nobody meets a child."
            )
            % {"name": companion.name},
            field=field,
        )


def _held_promise(actor: Actor, found: Promise) -> tuple[Promise, int]:
    user_id = _person(actor, found.school_id)
    rows = Promise.objects.select_for_update(of=("self",))
    rows = rows.select_related("companion__staff", "student__key", "consent")
    return rows.get(pk=found.pk), user_id


@transaction.atomic
def note(
    actor: Actor,
    *,
    promise: Promise,
    day: datetime.date,
    kind: str,
    words: str,
    client_id: UUID,
    entry: Entry | None = None,
) -> Kept:
    """What was done or given on a day. Money: the receipt in the books, so that no amount stands here."""
    promise, user_id = _held_promise(actor, promise)

    def make() -> Kept:
        _check_note(actor, promise, day, kind, entry)
        key = promise.student.key
        made = Kept.objects.create(
            school_id=promise.school_id, client_id=client_id, promise=promise, student=promise.student, day=day,
            kind=kind, words_sealed=seal(key, " ".join(words.split())[:WORDS], NOTED), entry=entry,
            recorded_by_id=user_id, recorded_at=clock.now(),
        )  # fmt: skip
        _log(actor, "companion.note", promise.school_id, ("promise", promise.pk), kind=str(kind))
        return made

    return once(lambda: Kept.objects.filter(school=promise.school_id, client_id=client_id).first(), make)


def _check_note(actor: Actor, promise: Promise, day: datetime.date, kind: str, entry: Entry | None) -> None:
    if day > clock.today():
        raise Refused(_("This day is still to come."), field="day")
    if not promise.starts_on <= day <= last_day_of(promise):
        raise Refused(_("This day lies outside of the promise."), field="day")
    if kind not in Kept.Kind.values:
        raise Refused(_("Please choose what it was."), field="kind")
    if kind in Kept.IN_PERSON:
        _check_offence(promise.companion, day, field="kind")
    if (kind == Kept.Kind.MONEY) != (entry is not None):
        raise Refused(
            _("Money comes through the school’s account: whoever keeps the books chooses its receipt here."),
            field="entry",
        )
    if entry is None:
        return
    actor.require(VIEW, school_id=promise.school_id)
    if entry.school_id != promise.school_id:
        raise NotAllowed(VIEW)
    if Kept.objects.standing().filter(entry=entry).exists():
        raise Refused(_("This receipt is noted already."), field="entry")
    if not receipts_to_note(actor, promise.school).filter(pk=entry.pk).exists():
        raise Refused(
            _("Please choose a receipt that stands in the books, checked and as a gift from outside."),
            field="entry",
        )


@transaction.atomic
def take_note_back(actor: Actor, *, kept: Kept) -> None:
    """Noted wrongly: it counts no longer."""
    user_id = _person(actor, kept.school_id)
    kept = Kept.objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if kept.ended_at:
        return
    kept.ended_at, kept.ended_by_id = clock.now(), user_id
    kept.save(update_fields=["ended_at", "ended_by"])
    _log(actor, "companion.note-back", kept.school_id, ("promise", kept.promise_id))


@transaction.atomic
def stop(actor: Actor, *, promise: Promise, side: str, reason: str = "") -> Promise:
    """Either side stops, today, and owes nobody a reason; what is noted is for the office alone."""
    promise, user_id = _held_promise(actor, promise)
    if promise.ended_at:
        return promise
    if side not in Promise.Side.values:
        raise Refused(_("Please choose who would like to stop."), field="side")
    promise.ended_at, promise.ended_by_id, promise.ended_side = clock.now(), user_id, side
    promise.last_day = max(promise.starts_on, clock.today())
    promise.reason_sealed = seal(promise.student.key, " ".join(reason.split())[:WORDS], REASON)
    promise.save(update_fields=["ended_at", "ended_by", "ended_side", "last_day", "reason_sealed"])
    _log(actor, "companion.stop", promise.school_id, ("promise", promise.pk))
    return promise


@transaction.atomic
def go_on(actor: Actor, *, promise: Promise) -> None:
    """A moment ago it was stopped by mistake."""
    promise, _user = _held_promise(actor, promise)
    if promise.ended_at is None:
        return
    if not is_recent(promise.ended_at):
        raise Refused(_("That was a while ago. Please write down a new promise."))
    promise.ended_at = promise.ended_by = promise.last_day = None
    promise.ended_side, promise.reason_sealed = "", b""
    promise.save(update_fields=["ended_at", "ended_by", "last_day", "ended_side", "reason_sealed"])
    _log(actor, "companion.go-on", promise.school_id, ("promise", promise.pk))


@transaction.atomic
def hand_in_letter(
    actor: Actor, *, promise: Promise, text: str, written_on: datetime.date, own_will: bool, client_id: UUID
) -> Letter:
    """A student's words to the companion, as they were written; nobody is asked to write any."""
    promise, user_id = _held_promise(actor, promise)
    text = text.strip()
    if not text or len(text) > LETTER:
        raise Refused(_("A letter has some words, at most %(n)s characters.") % {"n": LETTER}, field="text")
    if not own_will:
        raise Refused(_("Only a letter that the student wanted to write is passed on."), field="own_will")
    if written_on > clock.today():
        raise Refused(_("This day is still to come."), field="written_on")

    def make() -> Letter:
        made = Letter.objects.create(
            school_id=promise.school_id, client_id=client_id, promise=promise, student=promise.student,
            text_sealed=seal(promise.student.key, text, WRITTEN), written_on=written_on,
            recorded_by_id=user_id, recorded_at=clock.now(),
        )  # fmt: skip
        _log(actor, "companion.letter", promise.school_id, ("promise", promise.pk), letter=made.pk)
        return made

    return once(lambda: Letter.objects.filter(school=promise.school_id, client_id=client_id).first(), make)


@transaction.atomic
def decide_letter(
    actor: Actor, *, letter: Letter, pass_on: bool, looked: bool = False, reason: str = ""
) -> Letter:
    """The office has read it: it is passed on, or goes back to the student with a friendly word why.

    `looked`: at everything that would tell where the child lives or how to reach it.
    """
    user_id = _person(actor, letter.school_id)
    rows = Letter.objects.select_for_update(of=("self",)).select_related("student__key")
    letter = rows.get(pk=letter.pk)
    if letter.outcome:
        return letter
    key = letter.student.key
    if pass_on and not looked and rules.telling(unseal(key, letter.text_sealed, WRITTEN)):
        raise Refused(
            _("The letter tells how to find the child. Please cover these places, then tick that you have."),
            field="looked",
        )
    words = "" if pass_on else few_words(reason, most=WORDS, field="reason")
    letter.outcome = Letter.Outcome.PASSED_ON if pass_on else Letter.Outcome.BACK
    letter.reason_sealed = seal(key, words, BACK)
    letter.decided_by_id, letter.decided_at = user_id, clock.now()
    letter.save(update_fields=["outcome", "reason_sealed", "decided_by", "decided_at"])
    action = "companion.pass-on" if pass_on else "companion.letter-back"
    _log(actor, action, letter.school_id, ("promise", letter.promise_id), letter=letter.pk)
    return letter
