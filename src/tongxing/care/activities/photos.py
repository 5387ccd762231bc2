"""Photos of a group: added by whoever holds the event, only with the consent of every child that can be seen.

Invariants:
- who can be seen is ticked, or it is said that nobody can be recognised; who has no consent is ticked by nobody;
- a photo is decoded and written anew before it is kept: shrunk, nothing hidden in it (`files.rules`);
- taken down, its key is destroyed and the file deleted: there is no way back, and none in a backup.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.files.actions import content_of, fingerprint, keep
from tongxing.ground.files.rules import JPEG, examine
from tongxing.ground.kernel import audit, clock, encryption
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Consent, Student

from .event_actions import expected
from .models import Event, GroupPhoto, Part, Pictured
from .rights import VIEW, require_holds

PURPOSE = "photo"
MOST_PHOTOS = 12  # of one event
Why = GroupPhoto.Why


@transaction.atomic
def add(
    actor: Actor,
    *,
    event: Event,
    content: bytes,
    seen: Collection[Student],
    nobody: bool,
    client_id: UUID,
) -> GroupPhoto:
    """`seen`: the children who can be recognised; `nobody`: it was looked at, and none can. Sent twice it is one."""
    require_holds(actor, event)
    event = Event.objects.select_for_update(of=("self",)).select_related("school").get(pk=event.pk)
    if event.cancelled_at is not None or event.on > clock.today():
        raise Refused(_("Photos are added once it has been held."))
    same = GroupPhoto.objects.filter(school_id=event.school_id, client_id=client_id, event=event)
    if (found := same.first()) is not None:
        return found
    consents = _consents(event, seen, nobody=nobody)
    kept = examine(content)
    if kept.media_type != JPEG:
        raise Refused(_("Please choose a photo."), field="files")
    standing = list(event.photos.standing().values_list("file__fingerprint", flat=True))
    if len(standing) >= MOST_PHOTOS:
        raise Refused(_("Up to %(n)d photos are kept of one day.") % {"n": MOST_PHOTOS}, field="files")
    if fingerprint(kept) in standing:
        raise Refused(_("This photo is there already."), field="files")

    def make() -> GroupPhoto:
        key = encryption.new_key()
        key.save()
        made = GroupPhoto.objects.create(
            school=event.school,
            event=event,
            client_id=client_id,
            key=key,
            file=keep(school=event.school, key=key, kept=kept),
            added_by_id=actor.user_id,
            added_at=clock.now(),
        )
        Pictured.objects.bulk_create(
            Pictured(school=event.school, photo=made, student_id=one.student_id, consent=one)
            for one in consents
        )
        _log(actor, "photo.add", made, seen=len(consents))
        return made

    return once(same.first, make)


def _consents(event: Event, seen: Collection[Student], *, nobody: bool) -> list[Consent]:
    """The very consents the photo will rest on, held; refused in words where one is missing."""
    if not seen and not nobody:
        raise Refused(
            _("Who can be seen? Tick every child, or that nobody can be recognised."), field="nobody"
        )
    if seen and nobody:
        raise Refused(_("Either somebody is ticked, or nobody can be recognised."), field="nobody")
    ids = {student.pk for student in seen}
    if not ids <= there(event):
        raise Refused(_("Only those who took part can be ticked."), field="seen")
    rows = Consent.objects.standing().select_for_update().filter(purpose=PURPOSE, student__in=ids)
    consents = list(rows.order_by("pk"))
    agreed = {one.student_id for one in consents}
    if missing := [student.name for student in seen if student.pk not in agreed]:
        raise Refused(
            _("No consent to photos: %(names)s. Please choose a photo without them.")
            % {"names": "、".join(missing)},
            field="seen",
        )
    return consents


def there(event: Event) -> set[int]:
    """Who can be in a photo: whoever was there, as ticked; before that whoever is expected."""
    if event.ticked_at is None:
        return expected(event)
    present = event.parts.standing().filter(state=Part.State.PRESENT)
    return set(present.values_list("student_id", flat=True))


@transaction.atomic
def open_photo(actor: Actor, *, photo: GroupPhoto) -> bytes:
    """The picture, for whoever may open the activity; the opening leaves a row in the trail."""
    actor.require(VIEW, school_id=photo.school_id)
    held = GroupPhoto.objects.visible_to(actor).standing().select_related("file__key").filter(pk=photo.pk)
    found = held.first()
    if found is None or found.file is None:
        raise NotAllowed("photo.open")
    _log(actor, "photo.open", found)
    return content_of(found.file)


@transaction.atomic
def take_down(actor: Actor, *, photo: GroupPhoto, why: str) -> None:
    """Gone for good: the key is destroyed. By whoever added it, or holds the event."""
    if photo.added_by_id != actor.user_id or not actor.may(VIEW, school_id=photo.school_id):
        require_holds(actor, photo.event)
    if why not in (Why.ASKED, Why.WRONG, Why.MISTAKE):
        raise Refused(_("Please choose why."), field="why")
    _take_down(actor, photo, why)


@transaction.atomic
def take_down_without_consent() -> int:
    """Photos that nobody sees any more since a consent was withdrawn: their keys are destroyed. Returns how many."""
    gone = list(GroupPhoto.objects.without_consent().order_by("pk"))
    for photo in gone:
        _take_down(SYSTEM, photo, Why.CONSENT)
    return len(gone)


def _take_down(actor: Actor, photo: GroupPhoto, why: str) -> None:
    rows = GroupPhoto.objects.select_for_update(of=("self",)).select_related("key", "file")
    photo = rows.get(pk=photo.pk)
    if photo.file is None:
        return  # a second tap
    file, photo.file = photo.file, None
    photo.taken_down_at, photo.taken_down_because = clock.now(), why
    photo.taken_down_by_id = actor.user_id
    photo.save(update_fields=["file", "taken_down_at", "taken_down_because", "taken_down_by"])
    file.delete()
    encryption.destroy(photo.key)
    _log(actor, "photo.take-down", photo, why=why)


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo, and who can be seen in it as far as the reader may know."""

    photo: GroupPhoto
    names: list[str]


def photos_of(actor: Actor, event: Event) -> list[Shown]:
    """Two queries."""
    found = GroupPhoto.objects.visible_to(actor).standing().filter(event=event).order_by("added_at", "pk")
    rows = list(found.select_related("added_by"))
    seen = Pictured.objects.visible_to(actor).filter(photo__in=rows).select_related("student")
    names: dict[int, list[str]] = {}
    for one in seen.order_by("student__pinyin", "student_id"):
        names.setdefault(one.photo_id, []).append(one.student.name)
    return [Shown(photo, names.get(photo.pk, [])) for photo in rows]


def may_be_seen(event: Event) -> tuple[list[Student], list[Student]]:
    """For whoever holds the event: who took part and may be in a photo, and who may not. Names first, so that the
    right photo is chosen. Three queries."""
    found = Student.objects.filter(pk__in=there(event)).with_class(clock.today())
    rows = list(found.order_by("pinyin", "name", "pk"))
    consents = Consent.objects.standing().filter(purpose=PURPOSE, student__in=[row.pk for row in rows])
    agreed = set(consents.values_list("student_id", flat=True))
    return [row for row in rows if row.pk in agreed], [row for row in rows if row.pk not in agreed]


def _log(actor: Actor, action: str, photo: GroupPhoto, **detail: object) -> None:
    audit.record(actor, action, school_id=photo.school_id, subject=("group photo", photo.pk), detail=detail)
