"""Two versions of one record, sent from a phone under the same id: both are kept until their writer decides."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused

from .actions import withdraw_contact
from .models import Contact, OtherVersion, OtherVersionSet


@transaction.atomic
def keep_beside(actor: Actor, *, client_id: UUID, second: Contact) -> OtherVersion:
    """Note that `second` came under the id of an earlier record with other content. Sent again: the same note."""
    if second.recorded_by_id != actor.user_id:
        raise NotAllowed("contact.write")
    first = Contact.objects.get(school_id=second.school_id, client_id=client_id)
    found, is_new = OtherVersion.objects.get_or_create(
        second=second,
        defaults={"first": first, "school_id": second.school_id, "received_at": clock.now()},
    )
    if is_new:
        audit.record(
            actor,
            "contact.differs",
            school_id=second.school_id,
            subject=("contact", second.pk),
            detail={"first": first.pk},
        )
    return found


def to_settle(actor: Actor) -> OtherVersionSet:
    """What waits for this writer's decision, the oldest first."""
    waiting = OtherVersion.objects.visible_to(actor).open().order_by("pk")
    return waiting.select_related("first__student", "first__staff", "second__student", "second__staff")


@transaction.atomic
def settle(actor: Actor, *, other: OtherVersion, keep: str) -> OtherVersion:
    """`keep`: “both” (they were two), “first” or “second” (the one that is not kept is withdrawn, saying why)."""
    if other.second.recorded_by_id != actor.user_id:
        raise NotAllowed("contact.settle")
    if keep not in {"both", "first", "second"}:
        raise Refused(_("Choose which of the two is meant."), field="keep")
    if other.settled_at:
        return other
    if keep != "both":
        not_meant = other.second if keep == "first" else other.first
        withdraw_contact(actor, contact=not_meant, reason=_("Sent twice; the other version holds"))
    other.settled_at = clock.now()
    other.save(update_fields=["settled_at"])
    audit.record(
        actor,
        "contact.settle",
        school_id=other.school_id,
        subject=("contact", other.second_id),
        detail={"keep": keep},
    )
    return other
