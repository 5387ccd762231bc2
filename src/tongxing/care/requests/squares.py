"""Printed squares: a page without an account behind an address nobody can guess, where anybody can leave a request.

Invariants:
- a stranger learns nothing about any child: the answer is the same whatever name was given, and no name is confirmed;
- the token stands on paper alone; it is derived from the row's seed under the installation's key, a fingerprint finds it;
- a new square ends the one before; what came through the old one stays;
- how much comes in is bounded for a door and for a door with one address together, generously, since a whole school
  shares one address; the counters are forgotten within a day and hold no address.
"""

import unicodedata
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.queries import student_called
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.accounts.start_codes import code_for
from tongxing.ground.kernel import audit, clock, secret_links
from tongxing.ground.kernel.actor import PUBLIC, Actor
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import SchoolClass, Student

from .actions import say_whether_it_helped
from .asking import Asked, ask, code_index
from .models import HelpRequest, OpenDoor
from .models_doors import OpenDoorSet

WHERE = "requests_opendoor.token"
HOUR, DAY = 3600, 86_400  # seconds
#: Requests: of one door from one address within an hour; of one door in a day, from anywhere.
PER_ADDRESS, PER_DOOR = 200, 600
#: Wrong codes from one address within an hour.
WRONG_CODES = 60
LONGEST_NAME = 30


def token_of(door: OpenDoor) -> str:
    """The secret in a square's address: 160 bits."""
    return secret_links.token(door.seed, "open-door")


def door_of(token: str) -> OpenDoor | None:
    """The open door behind a token."""
    found = OpenDoor.objects.open().filter(fingerprint=blind_index(token, WHERE))
    return found.select_related("school", "school_class").first()


@transaction.atomic
def open_door(actor: Actor, *, school: Organisation, school_class: SchoolClass | None = None) -> OpenDoor:
    """A new square for the school or a class; the one before opens nothing any more."""
    actor.require("request.manage", school_id=school.pk)
    if school_class is not None and school_class.school_id != school.pk:
        raise NotAllowed("request.manage")
    _end(actor, OpenDoor.objects.open().filter(school=school, school_class=school_class))
    door = OpenDoor(
        school=school,
        school_class=school_class,
        seed=uuid4(),
        made_at=clock.now(),
        made_by_id=actor.user_id,
    )
    door.fingerprint = blind_index(token_of(door), WHERE)
    door.save(force_insert=True)
    _log(actor, "square.open", door)
    return door


@transaction.atomic
def close_door(actor: Actor, *, door: OpenDoor) -> None:
    """The square opens nothing any more."""
    actor.require("request.manage", school_id=door.school_id)
    _end(actor, OpenDoor.objects.open().filter(pk=door.pk))


def _end(actor: Actor, doors: OpenDoorSet) -> None:
    for door in doors.select_for_update(of=("self",)):
        door.ended_at, door.ended_by_id = clock.now(), actor.user_id
        door.save(update_fields=["ended_at", "ended_by"])
        _log(actor, "square.close", door)


class TooMany(Refused):
    """More has come in than one school writes."""


def leave_request(
    door: OpenDoor, *, asked: Asked, name: str, class_name: str, address: str
) -> tuple[HelpRequest, str]:
    """Somebody without an account asks. Returns the request and the code that opens its answer.

    A name that one child of that class bears goes to the people near that child, who know that nobody has checked
    it; any other name stays with the words. The asker is told the same either way.
    """
    if not asked.text.strip() and not name.strip():
        raise Refused(_("Please write a few words or your name, so that somebody can help."), field="text")
    if len(name) > LONGEST_NAME or len(class_name) > LONGEST_NAME:
        raise Refused(_("This is too long."), field="name")
    if not _within(f"{door.pk} {address}", PER_ADDRESS, HOUR) or not _within(str(door.pk), PER_DOOR, DAY):
        raise TooMany(_("A great deal has come in from here. Please try again in an hour."))
    named = asked.signed_as(_signed(name, class_name, door), code=code_for(asked.once_id, 0))
    student = _recognised(door, name, class_name)
    request = ask(
        PUBLIC,
        door.school,
        named,
        door=HelpRequest.Door.SQUARE,
        student=student,
        school_class=door.school_class,
    )
    return request, named.code


def _signed(name: str, class_name: str, door: OpenDoor) -> str:
    if not name.strip():
        return ""
    where = door.school_class.name if door.school_class else class_name
    return " ".join(filter(None, [unicodedata.normalize("NFKC", where).strip(), name.strip()]))


def _recognised(door: OpenDoor, name: str, class_name: str) -> Student | None:
    where = door.school_class.name if door.school_class else class_name
    if not name.strip() or not where.strip():
        return None
    return student_called(door.school, name, where)


def find_by_code(code: str, *, address: str) -> HelpRequest:
    """The request a code belongs to; refused with what to do, and after many wrong ones with a pause."""
    key = f"code {address}"
    if secret_links.counted(_key(key)) >= WRONG_CODES:
        raise TooMany(_("Too many wrong codes from here. Please wait an hour."), field="code")
    index = code_index(code)
    rows = HelpRequest.objects.select_related("school", "key", "student__key")
    found = rows.filter(code_index=index).first() if index else None
    if found is None:
        _within(key, WRONG_CODES, HOUR)
        raise Refused(_("This code is not right. Please compare it sign by sign."), field="code")
    return found


def say_by_code(*, code: str, helped: str, text: str, address: str) -> HelpRequest:
    """Whoever holds the code says whether it helped."""
    request = find_by_code(code, address=address)
    return say_whether_it_helped(PUBLIC, request=request, helped=helped, text=text, code=code)


def _key(what: str) -> str:
    return secret_links.counter(what, "requests.limit")


def _within(what: str, most: int, seconds: int) -> bool:
    """Count one more; whether it is still within bounds."""
    return secret_links.within(_key(what), most, seconds)


def _log(actor: Actor, action: str, door: OpenDoor) -> None:
    audit.record(
        actor,
        action,
        school_id=door.school_id,
        subject=("open door", door.pk),
        detail={"class": door.school_class_id},
    )
