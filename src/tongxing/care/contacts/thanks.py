"""A colleague says thanks for a record, with a few words if they like. Never counted, never compared.

Invariants:
- who may read a record may say thanks for it, once; nobody thanks themselves; a slip is taken back for a moment;
- the words stand beside the record for its readers; the writer finds them on the own week;
- a record that is sealed later takes its thanks along: whoever opens it finds them, nobody else does.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Staff
from tongxing.ground.people.queries import staff_of

from .models import Contact, Thanks
from .queries import may_read

#: How long words of thanks stay on the writer's week.
SHOWN_FOR = datetime.timedelta(days=14)


def may_thank(actor: Actor, contact: Contact) -> bool:
    """Whoever may read the text, but its own writer; words beside a sealed text would lie open."""
    writers = {contact.staff.user_id, contact.recorded_by_id}
    return not (contact.restricted or contact.withdrawn or actor.user_id in writers) and may_read(
        actor, contact
    )


@transaction.atomic
def thank(actor: Actor, *, contact: Contact, words: str = "") -> Thanks:
    """Say thanks once; words may be added to a thanks that had none."""
    actor.require("contact.read", school_id=contact.school_id, student_id=contact.student_id)
    staff = staff_of(actor.user_id)
    if staff is None or staff.school_id != contact.school_id or not may_thank(actor, contact):
        raise NotAllowed("contact.thank")
    said, created = Thanks.objects.select_for_update().get_or_create(
        contact=contact,
        staff=staff,
        defaults={"school_id": contact.school_id, "words": words.strip()[:200], "at": clock.now()},
    )
    if not created:
        if said.words == words.strip()[:200] or not words.strip():
            return said
        if said.words:
            raise Refused(_("You have said thanks for this record already."), field="words")
        said.words = words.strip()[:200]
        said.save(update_fields=["words"])
    audit.record(actor, "contact.thank", school_id=contact.school_id, subject=("contact", contact.pk))
    return said


@transaction.atomic
def take_back(actor: Actor, *, contact: Contact) -> None:
    """Take one's own thanks back while the moment lasts; sent twice it is the same."""
    actor.require("contact.read", school_id=contact.school_id, student_id=contact.student_id)
    own = Thanks.objects.select_for_update().filter(contact=contact, staff__user_id=actor.user_id)
    said = own.first() if actor.user_id else None
    if said is None:
        return
    if not is_recent(said.at):
        raise Refused(_("This was said a while ago; let it stand."))
    said.delete()
    audit.record(actor, "contact.thank-back", school_id=contact.school_id, subject=("contact", contact.pk))


def received(actor: Actor, staff: Staff) -> list[Thanks]:
    """What colleagues said lately to this writer, the newest first. One query."""
    said = Thanks.objects.visible_to(actor).filter(contact__staff=staff, at__gte=clock.now() - SHOWN_FOR)
    return list(said.select_related("staff", "contact__student").order_by("-at", "-pk"))
