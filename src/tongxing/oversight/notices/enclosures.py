"""Adding a file to a meeting or a line of publicity, opening it, taking it away for good."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.files.actions import content_of, keep
from tongxing.ground.files.rules import examine
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import destroy, new_key
from tongxing.ground.kernel.errors import NotAllowed, Refused

from . import publicity
from .meetings import holds
from .models_enclosures import LABEL, Enclosure
from .models_meetings import HOLD, Meeting
from .models_publicity import Display

MOST = 8
Owner = Meeting | Display


@transaction.atomic
def enclose(actor: Actor, *, owner: Owner, label: str, content: bytes) -> Enclosure:
    _require(actor, owner)
    label = " ".join(label.split())[:LABEL]
    if not label:
        raise Refused(_("Please say what the file is, for example “slides”."), field="label")
    # held, so that two at once do not pass the limit
    held = (
        type(owner)._default_manager.select_for_update(of=("self",)).select_related("school").get(pk=owner.pk)
    )
    if held.enclosures.standing().count() >= MOST:
        raise Refused(_("It can hold up to %(n)d files.") % {"n": MOST}, field="file")
    kept, key = examine(content), new_key()
    key.save()
    of = {"meeting": held} if isinstance(held, Meeting) else {"display": held}
    made = Enclosure.objects.create(
        school=held.school, key=key, file=keep(school=held.school, key=key, kept=kept), label=label,
        added_by_id=actor.user_id, added_at=clock.now(), **of,
    )  # fmt: skip
    _log(actor, "enclosure.add", made)
    return made


@transaction.atomic
def open_file(actor: Actor, *, enclosure: Enclosure) -> tuple[bytes, str]:
    """Content and type; whoever reads what it belongs to. It is a paper of the school, so opening leaves no trace."""
    found = Enclosure.objects.visible_to(actor).standing().select_related("file__key").get(pk=enclosure.pk)
    assert found.file is not None  # it stands
    return content_of(found.file), found.file.media_type


@transaction.atomic
def take_away(actor: Actor, *, enclosure: Enclosure) -> None:
    """Gone for good, its key with it."""
    rows = Enclosure.objects.select_for_update(of=("self",))
    held = rows.select_related("meeting", "display", "key", "file").get(pk=enclosure.pk)
    _require(actor, held.owner)
    if held.file is None:
        return  # a second tap
    file, held.file = held.file, None
    held.removed_by_id, held.removed_at = actor.user_id, clock.now()
    held.save(update_fields=["file", "removed_by", "removed_at"])
    file.delete()
    destroy(held.key)
    _log(actor, "enclosure.take-away", held)


def _require(actor: Actor, owner: Owner) -> None:
    may = holds(actor, owner) if isinstance(owner, Meeting) else publicity.keeps(actor, owner)
    if not may:
        raise NotAllowed(HOLD)


def _log(actor: Actor, action: str, enclosure: Enclosure) -> None:
    subject = ("enclosure", enclosure.pk)
    audit.record(actor, action, school_id=enclosure.school_id, subject=subject)
