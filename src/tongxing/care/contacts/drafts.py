"""Forms half filled in: kept for their writer, sealed like a restricted record, gone once sent or after a while.

Invariants:
- one draft for each writer, student and kind; keeping it again replaces it;
- nobody but its writer opens a draft, and the writer only while writing for the student;
- a draft is no record: it counts nowhere and is found by no search;
- one that is laid aside shows nowhere, comes back for a moment and is forgotten then.
"""

import datetime
import json
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.care.safety.rules import danger_words
from tongxing.ground.kernel import audit, clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import UNDO_FOR, is_recent
from tongxing.ground.people.models import Student

from .kinds import KINDS
from .models import Draft

SEALED_AT = "contacts_draft.typed"
KEPT = datetime.timedelta(days=30)
LONGEST = 40_000

Typed = dict[str, list[str]]


@transaction.atomic
def keep(actor: Actor, *, student: Student, kind: str, typed: Mapping[str, Sequence[str]]) -> Draft:
    """Keep what was typed so far for later; `typed`: the form's fields and their values."""
    asks = KINDS[kind]
    actor.require(asks.ability, school_id=student.school_id, student_id=student.pk)
    text = json.dumps({name: list(values) for name, values in typed.items()}, ensure_ascii=False)
    if len(text) > LONGEST:
        raise Refused(_("This text is too long to be kept for later."))
    draft, _created = Draft.objects.update_or_create(
        user_id=actor.user_id,
        student=student,
        kind=kind,
        defaults={
            "school_id": student.school_id,
            "typed_sealed": encryption.seal(student.key, text, SEALED_AT),
            "saved_at": clock.now(),
            "laid_aside_at": None,
        },
    )
    _log(actor, "contact.draft", student, kind)
    return draft


def find(actor: Actor, student: Student, kind: str) -> tuple[Draft, Typed] | None:
    """One's own draft of this kind and what was typed in it."""
    draft = Draft.objects.visible_to(actor).filter(student=student, kind=kind).first()
    if draft is None:
        return None
    return draft, json.loads(encryption.unseal(student.key, draft.typed_sealed, SEALED_AT))


def speaks_of_danger(typed: Mapping[str, Sequence[str]]) -> bool:
    """A draft is read by nobody, so its writer alone can ask for help: they are told that they should."""
    return bool(danger_words("\n".join(text for values in typed.values() for text in values)))


def waiting(actor: Actor) -> list[Draft]:
    """One's own drafts, the oldest first, without their text."""
    own = Draft.objects.visible_to(actor).filter(kind__in=KINDS)
    return list(own.defer("typed_sealed").select_related("student").order_by("saved_at"))


@transaction.atomic
def drop(actor: Actor, *, student: Student, kind: str) -> None:
    """Forget one's own draft: it was sent."""
    own = Draft.objects.filter(user_id=actor.user_id, student=student, kind=kind)
    if own.delete()[0]:
        _log(actor, "contact.draft-drop", student, kind)


@transaction.atomic
def lay_aside(actor: Actor, *, student: Student, kind: str) -> bool:
    """One's own draft is not wanted any more; `bring_back` holds for a moment. False: there was none."""
    own = Draft.objects.visible_to(actor).filter(student=student, kind=kind)
    found = bool(own.update(laid_aside_at=clock.now()))
    if found:
        _log(actor, "contact.draft-drop", student, kind)
    return found


@transaction.atomic
def bring_back(actor: Actor, *, student: Student, kind: str) -> None:
    """Take back `lay_aside`, unless the moment is over or a new draft stands in its place."""
    asks = KINDS[kind]
    actor.require(asks.ability, school_id=student.school_id, student_id=student.pk)
    own = Draft.objects.select_for_update().filter(user_id=actor.user_id, student=student, kind=kind)
    draft = own.exclude(laid_aside_at=None).first()
    if draft is None or draft.laid_aside_at is None or not is_recent(draft.laid_aside_at):
        raise Refused(_("This draft is no longer there."))
    draft.laid_aside_at = None
    draft.save(update_fields=["laid_aside_at"])
    _log(actor, "contact.draft-back", student, kind)


def _log(actor: Actor, action: str, student: Student, kind: str) -> None:
    audit.record(
        actor, action, school_id=student.school_id, subject=("student", student.pk), detail={"kind": kind}
    )


def forget_drafts() -> int:
    """Forget what nobody came back to and what was laid aside; returns how many."""
    old = Q(saved_at__lt=clock.now() - KEPT) | Q(laid_aside_at__lt=clock.now() - UNDO_FOR)
    return Draft.objects.filter(old).delete()[0]
