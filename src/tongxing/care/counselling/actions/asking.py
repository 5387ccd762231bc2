"""Asking the counsellor: a child or a family for an appointment, a colleague for a child; and what goes back."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Student

from ..models import Appointment, Referral
from ..models_asked import FROM_APPOINTMENT, FROM_REFERRAL, REASON, REPLY, WISH
from ..queries import reason_of, wish_of
from .checking import held, no_diagnosis, note, require_keeper

Origin, Whom, State = Appointment.Origin, Appointment.Whom, Appointment.State
SOMEBODY_WAITS = gettext_lazy("Somebody would like to talk with the counsellor.")
ANSWERED = gettext_lazy("The counsellor has answered what you asked.")


def ask(actor: Actor, *, student: Student, client_id: UUID, words: str = "") -> Appointment:
    """A child asks for an appointment; words may stay empty."""
    actor.require("counselling.ask", school_id=student.school_id, student_id=student.pk)
    return _ask(actor, student, client_id, words, Whom.STUDENT)


def ask_to_talk(actor: Actor, *, student: Student, client_id: UUID, words: str = "") -> Appointment:
    """A guardian asks to talk with the counsellor."""
    actor.require("counselling.talk", school_id=student.school_id, student_id=student.pk)
    return _ask(actor, student, client_id, words, Whom.GUARDIAN)


@transaction.atomic
def _ask(actor: Actor, student: Student, client_id: UUID, words: str, whom: str) -> Appointment:
    wish = _wish(actor, student, client_id, whom, Origin.DOOR, clock.now())
    waiting = Appointment.objects.wished().filter(student=student, asked_by_id=actor.user_id)
    if waiting.exclude(client_id=client_id).exists():
        raise Refused(_("Your wish has arrived already; you will find the time here."))
    return _kept(actor, wish, words)


@transaction.atomic
def key_in(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    words: str,
    slip_on: datetime.date,
    whom: str = Whom.STUDENT,
) -> Appointment:
    """A paper slip, keyed in by the counsellor. `slip_on`: the day it was written or found."""
    require_keeper(actor, student)
    if slip_on > clock.today():
        raise Refused(_("The day lies ahead."), field="slip_on")
    at = min(clock.start_of(slip_on), clock.now())
    wish = _wish(actor, student, client_id, whom, Origin.SLIP, at)
    wish.asked_by_id = None
    return _kept(actor, wish, words)


def _wish(
    actor: Actor, student: Student, client_id: UUID, whom: str, origin: str, at: datetime.datetime
) -> Appointment:
    return Appointment(
        school_id=student.school_id,
        client_id=client_id,
        student=student,
        whom=whom,
        origin=origin,
        asked_by_id=actor.user_id,
        asked_at=at,
        recorded_at=clock.now(),
        state=State.WISHED,
    )


def _kept(actor: Actor, wish: Appointment, words: str) -> Appointment:
    def make() -> Appointment:
        wish.wish_sealed = seal(wish.student.key, words.strip(), WISH)
        wish.save(force_insert=True)
        note(actor, "ask", wish, origin=wish.origin)
        look_for_danger(actor, student=wish.student, text=words, source=(FROM_APPOINTMENT, wish.pk))
        _tell_counsellors(wish.student.school, f"counselling.wish:{wish.pk}", actor.user_id)
        return wish

    same = Appointment.objects.filter(school_id=wish.school_id, client_id=wish.client_id)
    return once(same.filter(student=wish.student).first, make)


@transaction.atomic
def refer(actor: Actor, *, student: Student, client_id: UUID, reason: str) -> Referral:
    """A colleague is worried about a child they look after, and says why."""
    actor.require("counselling.refer", school_id=student.school_id, student_id=student.pk)
    if actor.user_id is None:
        raise NotAllowed("counselling.refer")
    if not reason.strip():
        raise Refused(_("Please write what you have seen or heard."), field="reason")

    def make() -> Referral:
        made = Referral.objects.create(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            by_id=actor.user_id,
            at=clock.now(),
            reason_sealed=seal(student.key, reason.strip(), REASON),
        )
        note(actor, "refer", made)
        look_for_danger(actor, student=student, text=reason, source=(FROM_REFERRAL, made.pk))
        _tell_counsellors(student.school, f"counselling.referral:{made.pk}", actor.user_id)
        return made

    same = Referral.objects.filter(school_id=student.school_id, client_id=client_id, by_id=actor.user_id)
    return once(same.filter(student=student).first, make)


@transaction.atomic
def see(actor: Actor, *, referral: Referral) -> Referral:
    """The counsellor has read it: whoever referred learns that, and no more."""
    user_id = require_keeper(actor, referral.student)
    referral = held(Referral.objects.visible_to(actor), referral.pk)
    if referral.state == Referral.State.RECEIVED:
        referral.state, referral.seen_at, referral.counsellor_id = Referral.State.SEEN, clock.now(), user_id
        referral.save(update_fields=["state", "seen_at", "counsellor"])
        note(actor, "see", referral)
    return referral


@transaction.atomic
def answer(actor: Actor, *, referral: Referral, reply: str, contact: bool = False) -> Referral:
    """What whoever referred may know, in one sentence; `contact`: the counsellor will come to them. Sent once."""
    referral = see(actor, referral=referral)
    if not reply.strip() and not contact:
        raise Refused(_("Please choose or write what your colleague may know."), field="reply")
    no_diagnosis(reply=reply)
    if referral.replied_at is not None:
        raise Refused(_("This was answered already; please tell your colleague in person."), field="reply")
    referral.reply_sealed = seal(referral.student.key, reply.strip(), REPLY)
    referral.replied_at = clock.now()
    if contact:
        referral.state = Referral.State.CONTACT
    referral.save(update_fields=["reply_sealed", "replied_at", "state"])
    note(actor, "answer", referral, contact=contact)
    look_for_danger(actor, student=referral.student, text=reply, source=(FROM_REFERRAL, referral.pk))
    tell_asker(
        referral.by,
        referral.student.school,
        ("counselling-refer", [referral.student_id]),
        f"counselling.answer:{referral.pk}",
        ANSWERED,
    )
    return referral


@transaction.atomic
def read_wish(actor: Actor, *, appointment: Appointment) -> str:
    """The words of a wish; reading them leaves a row in the trail."""
    require_keeper(actor, appointment.student)
    found = held(Appointment.objects.visible_to(actor), appointment.pk)
    words = wish_of(found)
    if words:
        note(actor, "read", found)
    return words


@transaction.atomic
def read_referral(actor: Actor, *, referral: Referral) -> str:
    """Why a colleague is worried; reading it leaves a row in the trail."""
    require_keeper(actor, referral.student)
    found = held(Referral.objects.visible_to(actor), referral.pk)
    note(actor, "read", found)
    return reason_of(found)


def tell_asker(
    user: User, school: Organisation, link: tuple[str, list[int]], key: str, words: Promise
) -> None:
    """A message that names nobody, to whoever asked."""
    send(to=user, school=school, code="counselling", subject=words, link=link, key=key)


def counsellors(school: Organisation) -> Iterable[User]:
    grants = Grant.objects.on(clock.today()).filter(school=school, role=Role.COUNSELLOR, user__is_active=True)
    return [grant.user for grant in grants.select_related("user").order_by("pk")]


def _tell_counsellors(school: Organisation, key: str, but: int | None) -> None:
    """Every counsellor who will see it; the message leads to the room, which shows each what is open to them."""
    for user in counsellors(school):
        if user.pk != but:
            send(
                to=user,
                school=school,
                code="counselling",
                subject=SOMEBODY_WAITS,
                link=("counselling", []),
                key=key,
            )
