"""Whose word is whose: a guardian agrees for the family, from fourteen on the child agrees too – or not.

Invariants:
- below fourteen a guardian's yes stands at once; from fourteen (or where the age is not known) it waits for the child;
- the child's no is respected and costs nothing; the child may end what stands, the guardian as well;
- nobody says the other's word: neither page nor action takes it.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import consents
from tongxing.ground.people.models import Consent, Guardian, Student

from .messages import log, own_guardian
from .models import CHILD, ConsentWord


def open_purposes() -> dict[str, consents.Purpose]:
    """What a family may agree to or not; what the law asks of the school is not among it."""
    return {
        code: purpose
        for code, purpose in consents.PURPOSES.items()
        if purpose.basis == Consent.Basis.GUARDIAN
    }


@transaction.atomic
def agree(actor: Actor, *, student: Student, purpose: str) -> bool:
    """A guardian agrees. Whether it stands now; if not, it waits for the child's own word."""
    guardian = own_guardian(actor, student)
    if purpose not in open_purposes():
        raise Refused(_("Please choose what the family agrees to."), field="purpose")
    if not consents.must_agree_too(student, clock.today()):
        consents.give_consent(actor, student=student, purpose=purpose, given_by=_called(guardian))
        return True
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    if Consent.objects.standing().filter(student=student, purpose=purpose).exists():
        return True
    waits, created = ConsentWord.objects.get_or_create(
        student=student,
        purpose=purpose,
        answered_at=None,
        defaults={"school_id": student.school_id, "guardian": guardian, "asked_at": clock.now()},
    )
    if created:
        log(actor, "consent.ask-child", student, {"word": waits.pk, "purpose": purpose})
    return False


def _called(guardian: Guardian) -> str:
    """How it stands on paper: 奶奶 周桂兰."""
    return f"{guardian.relation_text or guardian.get_relation_display()} {guardian.name}"[:60]


@transaction.atomic
def stop(actor: Actor, *, student: Student, purpose: str) -> None:
    """A guardian, or the child from fourteen on, wants this purpose no longer; nothing else changes."""
    if not _is_child(actor, student):
        own_guardian(actor, student)
        _end_waiting(student, purpose)
    elif not consents.must_agree_too(student, clock.today()):
        raise Refused(
            _("Until you are fourteen your family decides. Please talk with them or with a teacher.")
        )
    for consent in Consent.objects.standing().filter(student=student, purpose=purpose):
        consents.withdraw_consent(actor, consent=consent)


def _is_child(actor: Actor, student: Student) -> bool:
    return actor.may(CHILD, school_id=student.school_id, student_id=student.pk)


def _end_waiting(student: Student, purpose: str) -> None:
    waiting = ConsentWord.objects.waiting().filter(student=student, purpose=purpose)
    waiting.update(answered_at=clock.now(), taken_back=True)


@transaction.atomic
def say(actor: Actor, *, student: Student, purpose: str, agreed: bool) -> None:
    """The child's own word to what the family agreed to."""
    actor.require(CHILD, school_id=student.school_id, student_id=student.pk)
    rows = ConsentWord.objects.waiting().select_for_update(of=("self",)).select_related("guardian")
    word = rows.filter(student=student, purpose=purpose).first()
    if word is None:
        return  # a second tap, or the family changed its mind
    word.answered_at, word.agreed = clock.now(), agreed
    word.save(update_fields=["answered_at", "agreed"])
    log(actor, "consent.child-says", student, {"word": word.pk, "purpose": purpose, "agreed": agreed})
    if agreed and word.guardian.ends_on is None:
        given_by = _called(word.guardian)
        consents.give_consent(actor, student=student, purpose=purpose, given_by=given_by, student_agreed=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """One purpose as a family sees it: stands (since when, who agreed), waits for the child, refused by the child, open."""

    code: str
    purpose: consents.Purpose
    consent: Consent | None
    waits: bool
    child_said_no: bool


def standing_of(actor: Actor, student: Student) -> list[Standing]:
    """Every open purpose in its order. Two queries."""
    consent_of = {
        one.purpose: one for one in Consent.objects.visible_to(actor).standing().filter(student=student)
    }
    words = ConsentWord.objects.visible_to(actor).filter(student=student).order_by("asked_at", "pk")
    last = {word.purpose: word for word in words}
    return [
        Standing(
            code,
            purpose,
            consent_of.get(code),
            code in last and last[code].answered_at is None and code not in consent_of,
            code in last and last[code].agreed is False and code not in consent_of,
        )
        for code, purpose in open_purposes().items()
    ]
