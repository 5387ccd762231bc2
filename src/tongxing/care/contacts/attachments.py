"""Photos and PDFs of a record: added by its author, opened by its readers one by one, taken away for good.

Invariants:
- nothing is kept before `files.rules.examine` has made it harmless;
- who may not read the text opens no file either; every opening is logged;
- a file sent twice is kept once; one that was taken away leaves nothing but the fact, the day and the reason.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.files.actions import content_of, fingerprint, keep
from tongxing.ground.files.rules import examine
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused

from .actions import check_correctable
from .models import Attachment, Contact
from .queries import may_read

MOST_FILES = 4


@transaction.atomic
def attach(actor: Actor, *, contact: Contact, contents: Sequence[bytes]) -> list[Attachment]:
    """Add files to one's own record, all of them or none."""
    check_correctable(actor, contact)
    kept = [examine(content) for content in contents]
    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    standing = list(
        contact.attachments.filter(file__isnull=False).values_list("file__fingerprint", flat=True)
    )
    new = [one for one in dict.fromkeys(kept) if fingerprint(one) not in standing]
    if len(standing) + len(new) > MOST_FILES:
        raise Refused(_("A record can hold up to %(n)d files.") % {"n": MOST_FILES}, field="files")
    added = [
        Attachment.objects.create(
            school_id=contact.school_id,
            contact=contact,
            file=keep(school=contact.school, key=contact.student.key, kept=one),
            added_by_id=actor.user_id,
            added_at=clock.now(),
        )
        for one in new
    ]
    if added:
        audit.record(
            actor,
            "contact.attach",
            school_id=contact.school_id,
            subject=("contact", contact.pk),
            detail={"files": len(added)},
        )
    return added


@transaction.atomic
def open_file(actor: Actor, *, attachment: Attachment) -> tuple[bytes, str]:
    """Content and type of one file, for those who may read its record; the opening is logged."""
    if attachment.file is None or not may_read(actor, attachment.contact):
        raise NotAllowed("contact.file")
    content = content_of(attachment.file)
    _log(actor, "contact.file", attachment)
    return content, attachment.file.media_type


@transaction.atomic
def take_away(actor: Actor, *, attachment: Attachment, reason: str) -> None:
    """Delete a file, saying why: by the author, or whoever may withdraw the record and read it; never one that
    stands behind a flag."""
    contact = attachment.contact
    ids = {"school_id": contact.school_id, "student_id": contact.student_id}
    actor.require("contact.write" if attachment.added_by_id == actor.user_id else "contact.manage", **ids)
    if not may_read(actor, contact):
        raise NotAllowed("contact.take-away")
    if RiskFlag.objects.filter(source_kind="contact", source_id=contact.pk).exists():
        raise Refused(_("Somebody looks after what is written here, so the file stays."))
    if not reason.strip():
        raise Refused(_("Please say why the file is taken away."), field="reason")
    held = Attachment.objects.select_for_update(of=("self",)).select_related("file").get(pk=attachment.pk)
    if held.file is None:
        return
    file, held.file = held.file, None
    held.removed_at, held.removed_because = clock.now(), reason.strip()[:200]
    held.save(update_fields=["file", "removed_at", "removed_because"])
    file.delete()
    _log(actor, "contact.take-away", attachment)


def _log(actor: Actor, action: str, attachment: Attachment) -> None:
    audit.record(
        actor,
        action,
        school_id=attachment.school_id,
        subject=("contact", attachment.contact_id),
        detail={"file": attachment.pk},
    )
