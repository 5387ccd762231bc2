"""Bright moments (亮点): noted with one tap by any teacher of the class, taken back for a moment.

Invariants:
- whoever notes one sees of the student no more than before: the own notes of the last minutes, nothing else;
- a tap that is sent twice is one record; taking back is a withdrawal with its built-in reason.
"""

import datetime
from collections.abc import Iterable
from uuid import UUID, uuid5

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import UNDO_FOR, is_recent
from tongxing.ground.people.models import Student

from .actions import Told, withdraw_contact, write_contact
from .kinds import KINDS
from .models import Contact, ContactSet

HIGHLIGHT = KINDS["highlight"]


def phrases() -> tuple[str | Promise, ...]:
    """The sentences that are ready at a tap."""
    return HIGHLIGHT.question("seen").quick


def seen(phrase: str, words: str) -> list[str]:
    """What a form chose (the number of a ready phrase) and what it added in own words."""
    ready = phrases()
    chosen = str(ready[int(phrase)]) if phrase.isdecimal() and int(phrase) < len(ready) else ""
    return [chosen, words.strip()[:200]]


def note(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    seen: Iterable[str],
    waited: datetime.timedelta = datetime.timedelta(),
) -> Contact:
    """Note what was seen, just now or `waited` ago. `client_id` is the page's: one page may note many students."""
    text = "；".join(filter(None, seen))
    once = uuid5(client_id, f"{student.pk}:{text}")
    told = Told({"seen": text}, waited=waited)
    return write_contact(actor, student=student, client_id=once, kind=HIGHLIGHT.code, told=told)


def take_back(actor: Actor, *, contact: Contact) -> Contact:
    """Undo one's own tap while the moment lasts; later the record is withdrawn with a reason, like any other."""
    if not is_recent(contact.recorded_at):
        raise Refused(_("This was noted a while ago. Please ask the student's helper to withdraw it."))
    return withdraw_contact(actor, contact=contact, reason=_("Noted by mistake"))


def own(actor: Actor) -> ContactSet:
    """The bright moments that this actor noted, of students for whom they still may."""
    mine = Contact.objects.filter(kind=HIGHLIGHT.code, recorded_by_id=actor.user_id)
    return mine.filter(actor.students_where(HIGHLIGHT.ability)).select_related("student")


def just_noted(actor: Actor) -> list[tuple[Contact, str]]:
    """What can still be taken back, newest first, with its words. Two queries."""
    since = clock.now() - UNDO_FOR
    recent = own(actor).standing().filter(recorded_at__gte=since).prefetch_related("revisions")
    return [
        (contact, list(contact.revisions.all())[-1].body.get("seen", ""))
        for contact in recent.order_by("-pk")
    ]
