"""Adding a file to a meeting or a line of publicity, opening it, taking it away for good."""

from django.db import transaction

from tongxing.ground.files.beside import opened, put_beside, taken_away
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed

from . import publicity
from .meetings import holds
from .models_enclosures import Enclosure
from .models_meetings import HOLD, Meeting
from .models_publicity import Display

MOST = 8
Owner = Meeting | Display


@transaction.atomic
def enclose(actor: Actor, *, owner: Owner, label: str, content: bytes) -> Enclosure:
    _require(actor, owner)
    # held, so that two at once do not pass the limit
    held = (
        type(owner)._default_manager.select_for_update(of=("self",)).select_related("school").get(pk=owner.pk)
    )
    of = {"meeting": held} if isinstance(held, Meeting) else {"display": held}
    made = put_beside(
        Enclosure, actor.user_id, label=label, content=content, most=MOST, school=held.school, **of
    )
    _log(actor, "enclosure.add", made)
    return made


@transaction.atomic
def open_file(actor: Actor, *, enclosure: Enclosure) -> tuple[bytes, str]:
    """Content and type; whoever reads what it belongs to. It is a paper of the school, so opening leaves no trace."""
    return opened(
        Enclosure.objects.visible_to(actor).standing().select_related("file__key").get(pk=enclosure.pk)
    )


@transaction.atomic
def take_away(actor: Actor, *, enclosure: Enclosure) -> None:
    """Gone for good, its key with it."""
    rows = Enclosure.objects.select_for_update(of=("self",))
    held = rows.select_related("meeting", "display", "key", "file").get(pk=enclosure.pk)
    _require(actor, held.owner)
    if taken_away(held, actor.user_id):
        _log(actor, "enclosure.take-away", held)


def _require(actor: Actor, owner: Owner) -> None:
    may = holds(actor, owner) if isinstance(owner, Meeting) else publicity.keeps(actor, owner)
    if not may:
        raise NotAllowed(HOLD)


def _log(actor: Actor, action: str, enclosure: Enclosure) -> None:
    subject = ("enclosure", enclosure.pk)
    audit.record(actor, action, school_id=enclosure.school_id, subject=subject)
