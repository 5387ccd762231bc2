"""A guardian or a student comes in: the code, one question they know the answer of, a PIN.

Invariants:
- an invitation opens one door, once, until its day; five wrong answers lock it, forty from one address end the trying there;
- a guardian who is none any more, or whose invitation was taken back, stays outside, whatever was answered before;
- the same person (name and phone on record are equal) keeps one account for brothers and sisters of one school;
- an account that is there already takes a further child in with its own PIN only.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tongxing.ground.accounts.actions import check_tries, note_wrong_try, set_password
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED
from tongxing.ground.people.models import Guardian, Student

from . import pins
from .invitations import fingerprint
from .models import Grant, Invitation
from .roles import Role

WRONG_ANSWERS = 5
End = Invitation.End


def find(text: str, *, address: str) -> Invitation:
    """The invitation whose code was typed, used or not; Refused for a code that is none."""
    check_tries("invitation", address=address, field="code")
    known = Invitation.objects.select_related("school", "student__key", "guardian", "user")
    found = known.filter(fingerprint=fingerprint(text)).first()
    if found is None:
        note_wrong_try("invitation", address=address)
        raise Refused(
            _("This code is not right. Please compare it with your slip, sign by sign."), field="code"
        )
    return found


def check(invitation: Invitation) -> None:
    """Refused, with what to do, unless somebody may still come in with it."""
    if invitation.guardian is not None and invitation.guardian.ends_on is not None:
        raise Refused(
            _("The school has taken this invitation back. Please ask the class teacher."), field="code"
        )
    said = {
        End.USED: _("This slip has been used. If that was not you, please tell the class teacher today."),
        End.REPLACED: _("There is a newer slip for you; this one no longer works."),
        End.TAKEN_BACK: _("The school has taken this invitation back. Please ask the class teacher."),
        End.LOCKED: _(
            "To be safe this slip is locked now. That is nobody's fault: please ask the class teacher for a new one, it takes a minute."
        ),
    }
    if invitation.ended_as:
        raise Refused(said[End(invitation.ended_as)], field="code")
    if invitation.expires_at <= clock.now():
        raise Refused(
            _("This slip has run out. Please ask the class teacher for a new one; it takes a minute."),
            field="code",
        )


def account_of(invitation: Invitation) -> User | None:
    """The account that a used invitation opened, as long as it is still this person's: it asks for the PIN alone."""
    whose: Guardian | Student = invitation.guardian or invitation.student
    same = invitation.user_id is not None and whose.user_id == invitation.user_id
    if not same or (invitation.guardian and invitation.guardian.ends_on):
        return None
    return invitation.user if invitation.ended_as == End.USED else None


def answer(invitation: Invitation, text: str, *, address: str) -> None:
    """Refused unless the answer fits what is on record. A wrong answer counts, also though it is refused."""
    check(invitation)
    check_tries("invitation", address=address, field="answer")
    if pins.fits(text, birth_date=invitation.student.birth_date, phone=_phone(invitation)):
        return
    note_wrong_try("invitation", address=address)
    left = WRONG_ANSWERS - _count_wrong(invitation)
    if left <= 0:
        invitation.refresh_from_db()
        check(invitation)
    raise Refused(
        _(
            "This does not fit what the school has on record. Please look once more, or ask the class teacher."
        ),
        field="answer",
    )


@transaction.atomic
def _count_wrong(invitation: Invitation) -> int:
    held = Invitation.objects.select_for_update().filter(pk=invitation.pk, ended_at=None)
    held.update(wrong=F("wrong") + 1)
    full = held.filter(wrong__gte=WRONG_ANSWERS).update(ended_at=clock.now(), ended_as=End.LOCKED)
    if full:
        _log(None, "door.locked", invitation)
    return Invitation.objects.values_list("wrong", flat=True).get(pk=invitation.pk)


def _phone(invitation: Invitation) -> str:
    student, guardian = invitation.student, invitation.guardian
    if guardian is not None:
        return unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE)
    return unseal(student.key, student.phone_sealed, SEALED["phone"])


def known_account(invitation: Invitation) -> User | None:
    """The account that this very person has already, through a brother or sister."""
    guardian = invitation.guardian
    if guardian is None or guardian.user_id is not None:
        return None
    found = (one.user for one in _same_person(guardian, _phone(invitation)) if one.user_id)
    return next((user for user in found if user and user.is_active), None)


def _same_person(guardian: Guardian, phone: str) -> list[Guardian]:
    """Other entries of this school with the same name and the same phone; without a phone there are none."""
    if not phone:
        return []
    alike = Guardian.objects.present().filter(
        school=guardian.school_id, name=guardian.name, phone_masked=guardian.phone_masked
    )
    found = alike.exclude(pk=guardian.pk).select_related("student__key", "user").order_by("pk")
    return [one for one in found if unseal(one.student.key, one.phone_sealed, GUARDIAN_PHONE) == phone]


@transaction.atomic
def come_in(invitation: Invitation, *, secret: str) -> User:
    """Choose a PIN or a password and come in; whoever comes again with a new slip gets a new PIN. The right answer
    was given before."""
    held = _held(invitation)
    if known_account(held):
        raise Refused(_("You have a PIN already, for another child. Please come in with it."), field="secret")
    born = pins.birth_digits(held.student.birth_date)
    _check_secret(secret, [*born, pins.digits_of(_phone(held))])
    whose: Guardian | Student = held.guardian or held.student
    user = whose.user or _new_user(held.school, whose.name)
    user.set_password(secret)
    user.is_active = True
    user.save()
    _let_in(held, user)
    if held.guardian is not None:
        for other in _same_person(held.guardian, _phone(held)):
            if other.user_id is None and other.student.status == Student.Status.ENROLLED:
                _link(other, user)
    _log(user, "door.come-in", held)
    return user


@transaction.atomic
def join(invitation: Invitation, *, user: User) -> None:
    """A family's account takes in one more child. `user` came in with the own PIN just now or before."""
    held = _held(invitation)
    if held.guardian is None or not is_family(user):
        raise Refused(_("This slip opens a door of its own. Please sign out first."), field="code")
    if held.guardian.user_id not in (None, user.pk):
        raise Refused(_("Somebody has come in for this child with this slip's name already."), field="code")
    _let_in(held, user)
    _log(user, "door.join", held)


def is_family(user: User) -> bool:
    return Grant.objects.on(clock.today()).filter(user=user.pk, role=Role.GUARDIAN).exists()


def _held(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    held = rows.select_related(
        "school", "student__key", "student__user", "guardian__user", "guardian__student"
    ).get(pk=invitation.pk)
    check(held)
    return held


def _check_secret(secret: str, known: Iterable[str]) -> None:
    said = {
        "short": _("Six digits at least, or eight signs if it is more than digits."),
        "simple": _("Anybody would try this one first. Please take other digits."),
        "known": _("Others know your phone number and the birthday. Please take other digits."),
    }
    if fault := pins.fault_of(secret, known):
        raise Refused(said[fault], field="secret")


@transaction.atomic
def change_secret(user: User, secret: str) -> None:
    """A new PIN for one's own door; other sessions end with the old one."""
    phones = [
        unseal(one.student.key, one.phone_sealed, GUARDIAN_PHONE)
        for one in Guardian.objects.filter(user=user).select_related("student__key")
    ]
    granted = Grant.objects.on(clock.today()).filter(user=user).select_related("student")
    births = [
        digits for one in granted if one.student for digits in pins.birth_digits(one.student.birth_date)
    ]
    _check_secret(secret, [*births, *map(pins.digits_of, phones)])
    set_password(user, secret)


def _new_user(school: Organisation, name: str) -> User:
    """The name one is called by is the name one comes in with; a number parts those who share it."""
    Organisation.objects.select_for_update().get(pk=school.pk)  # one after the other
    base = "".join(name.split()).lower()[:50]
    taken = set(User.objects.filter(login__startswith=base).values_list("login", flat=True))
    login = next(one for one in _numbered(base) if one not in taken)
    return User(login=login, name=name)


def _numbered(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}{number}"
        number += 1


def _let_in(invitation: Invitation, user: User) -> None:
    invitation.ended_at, invitation.ended_as = clock.now(), End.USED
    invitation.user = invitation.ended_by = user
    invitation.save(update_fields=["ended_at", "ended_as", "user", "ended_by"])
    _link(invitation.guardian or invitation.student, user)


def _link(whose: Guardian | Student, user: User) -> None:
    """The account is this person's, and holds the right to this child from today."""
    guardian = isinstance(whose, Guardian)
    student_id = whose.student_id if isinstance(whose, Guardian) else whose.pk
    whose.user = user
    whose.save(update_fields=["user"])
    Grant.objects.get_or_create(
        school_id=whose.school_id,
        user=user,
        role=Role.GUARDIAN if guardian else Role.STUDENT,
        student_id=student_id,
        ends_on=None,
        defaults={"starts_on": clock.today()},
    )


def _log(user: User | None, action: str, invitation: Invitation) -> None:
    audit.record(
        Actor("person", user.pk) if user else Actor("public"),
        action,
        school_id=invitation.school_id,
        subject=("student", invitation.student_id),
        detail={"guardian": invitation.guardian_id, "invitation": invitation.pk},
    )
