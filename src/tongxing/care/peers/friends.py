"""Friends (知心朋友): every child of the class may sign up; the class teacher brings two together who both did.

Signing up is the child's own yes. Nobody is named who did not sign up, and it is nowhere said why somebody did.
"""

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student

from .actions import check_classmates, close_withdrawn, make, start
from .holding import CAN, LONGEST, require_both
from .models import WISH, FriendSignUp, Together


@transaction.atomic
def sign_up(
    actor: Actor, *, student: Student, wish: str, client_id: uuid.UUID, on: datetime.date | None = None
) -> FriendSignUp:
    """Key in a child's slip; `wish`: what it would like to do with somebody, may stay empty."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    day = on or clock.today()
    if day > clock.today():
        raise Refused(_("This day is still to come."), field="on")
    wish = few_words(wish, most=LONGEST, field="wish") if wish.strip() else ""
    return once(
        lambda: FriendSignUp.objects.filter(client_id=client_id, student=student).first(),
        lambda: _signed(actor, student, wish, client_id, day),
    )


@transaction.atomic
def sign_up_all(
    actor: Actor,
    *,
    slips: Collection[tuple[Student, str]],
    page_id: uuid.UUID,
    on: datetime.date | None = None,
) -> list[FriendSignUp]:
    """Key in a sheet at once: each child with what it would like to do. The same `page_id` again changes nothing."""
    if not slips:
        raise Refused(_("Nobody is ticked yet."), field="on")
    return [
        sign_up(actor, student=student, wish=wish, client_id=uuid.uuid5(page_id, str(student.pk)), on=on)
        for student, wish in slips
    ]


def _signed(
    actor: Actor, student: Student, wish: str, client_id: uuid.UUID, day: datetime.date
) -> FriendSignUp:
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    if FriendSignUp.objects.open().filter(student=student).exists():
        raise Refused(_("%(name)s has signed up already.") % {"name": student.name}, field="student")
    signed = FriendSignUp.objects.create(
        school_id=student.school_id,
        student=student,
        wish_sealed=seal(student.key, wish, WISH),
        signed_on=day,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
        client_id=client_id,
    )
    _log(actor, "signup.key-in", signed)
    look_for_danger(actor, student=student, text=wish)
    return signed


@transaction.atomic
def end_sign_up(actor: Actor, *, signed: FriendSignUp, again: bool = False) -> None:
    """The child would rather not; `again`: the way back."""
    actor.require(CAN, school_id=signed.school_id, student_id=signed.student_id)
    signed = FriendSignUp.objects.select_for_update().get(pk=signed.pk)
    if again == (signed.ended_at is None):
        return  # a second tap
    if again and FriendSignUp.objects.open().filter(student=signed.student_id).exists():
        return
    signed.ended_at = None if again else clock.now()
    signed.save(update_fields=["ended_at"])
    _log(actor, "signup.again" if again else "signup.end", signed)


@transaction.atomic
def match(actor: Actor, *, one: Student, other: Student, client_id: uuid.UUID) -> Together:
    """These two spend time together from today: both signed up, both families agree."""
    require_both(actor, one, other)
    return once(
        lambda: Together.objects.filter(client_id=client_id).first(),
        lambda: _matched(actor, one, other, client_id),
    )


def _matched(actor: Actor, one: Student, other: Student, client_id: uuid.UUID) -> Together:
    close_withdrawn(actor, one, other)
    check_classmates(one, other)
    days = dict(
        FriendSignUp.objects.open().filter(student__in=(one, other)).values_list("student_id", "signed_on")
    )
    if missing := [child.name for child in (one, other) if child.pk not in days]:
        raise Refused(
            _("%(names)s has not signed up. Please ask first.") % {"names": _(", ").join(missing)},
            field="partner",
        )
    first, second = sorted((one, other), key=lambda child: child.pk)
    if Together.objects.open().friends().filter(student=first, partner=second).exists():
        raise Refused(_("These two are friends already."), field="partner")
    together = Together(
        kind=Together.Kind.FRIENDS,
        student=first,
        partner=second,
        student_yes_on=days[first.pk],
        partner_yes_on=days[second.pk],
    )
    make(actor, together, client_id)
    start(actor, together)
    return together


def _log(actor: Actor, action: str, signed: FriendSignUp) -> None:
    audit.record(
        actor,
        action,
        school_id=signed.school_id,
        subject=("student", signed.student_id),
        detail={"sign_up": signed.pk},
    )
