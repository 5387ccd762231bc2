"""Noting what is true of a child, and that it no longer holds."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student

from .models import WORDS, Trait

CAN = "contact.write"
LONGEST = 120  # characters


@transaction.atomic
def note_trait(actor: Actor, *, student: Student, kind: str, words: str, client_id: uuid.UUID) -> Trait:
    """`kind`: one of Trait.Kind; `words`: a fact in a few words, such as 剪纸 or 花生过敏."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    words = " ".join(words.split())
    if kind not in Trait.Kind:
        raise Refused(_("Please choose what it is about."), field="kind")
    if not words or len(words) > LONGEST:
        raise Refused(
            _("A few words are needed, at most %(most)s characters.") % {"most": LONGEST}, field="words"
        )
    return once(
        lambda: Trait.objects.filter(client_id=client_id, student=student).first(),
        lambda: _noted(actor, student, kind, words, client_id),
    )


def _noted(actor: Actor, student: Student, kind: str, words: str, client_id: uuid.UUID) -> Trait:
    trait = Trait.objects.create(
        school_id=student.school_id,
        student=student,
        kind=kind,
        words_sealed=seal(student.key, words, WORDS),
        noted_by_id=actor.user_id,
        noted_at=clock.now(),
        client_id=client_id,
    )
    _log(actor, "trait.note", trait)
    look_for_danger(actor, student=student, text=words)
    return trait


@transaction.atomic
def end_trait(actor: Actor, *, trait: Trait, holds: bool = False) -> None:
    """It no longer holds; `holds`: the way back."""
    actor.require(CAN, school_id=trait.school_id, student_id=trait.student_id)
    trait = Trait.objects.select_for_update().get(pk=trait.pk)
    if holds == (trait.ended_at is None):
        return  # a second tap
    trait.ended_at = None if holds else clock.now()
    trait.save(update_fields=["ended_at"])
    _log(actor, "trait.resume" if holds else "trait.end", trait)


def _log(actor: Actor, action: str, trait: Trait) -> None:
    audit.record(
        actor,
        action,
        school_id=trait.school_id,
        subject=("student", trait.student_id),
        detail={"trait": trait.pk, "kind": trait.kind},
    )
