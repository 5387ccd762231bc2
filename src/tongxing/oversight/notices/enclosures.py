"""Adding a file to a meeting, opening it, taking it away for good."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.files.actions import content_of, keep
from tongxing.ground.files.rules import examine
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import destroy, new_key
from tongxing.ground.kernel.errors import Refused

from .meetings import require_holds
from .models_enclosures import LABEL, Enclosure
from .models_meetings import Meeting

MOST = 8


@transaction.atomic
def enclose(actor: Actor, *, meeting: Meeting, label: str, content: bytes) -> Enclosure:
    require_holds(actor, meeting)
    label = " ".join(label.split())[:LABEL]
    if not label:
        raise Refused(_("Please say what the file is, for example “slides”."), field="label")
    held = Meeting.objects.select_for_update(of=("self",)).select_related("school").get(pk=meeting.pk)
    if held.enclosures.standing().count() >= MOST:
        raise Refused(_("A meeting can hold up to %(n)d files.") % {"n": MOST}, field="file")
    key = new_key()
    key.save()
    made = Enclosure.objects.create(
        school=held.school, meeting=held, key=key, file=keep(school=held.school, key=key, kept=examine(content)),
        label=label, added_by_id=actor.user_id, added_at=clock.now(),
    )  # fmt: skip
    _log(actor, "meeting.file", made)
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
    held = (
        Enclosure.objects.select_for_update(of=("self",))
        .select_related("meeting", "key", "file")
        .get(pk=enclosure.pk)
    )
    assert held.meeting is not None
    require_holds(actor, held.meeting)
    if held.file is None:
        return  # a second tap
    file, held.file = held.file, None
    held.removed_by_id, held.removed_at = actor.user_id, clock.now()
    held.save(update_fields=["file", "removed_by", "removed_at"])
    file.delete()
    destroy(held.key)
    _log(actor, "meeting.file-away", held)


def _log(actor: Actor, action: str, enclosure: Enclosure) -> None:
    subject = ("enclosure", enclosure.pk)
    audit.record(actor, action, school_id=enclosure.school_id, subject=subject)
