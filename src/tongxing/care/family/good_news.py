"""Good news for the family, with one tap: the words go to each guardian's own door.

Invariants:
- one piece of news reaches a guardian once, however often it is sent;
- only what the team may read is sent; a family without a door gets the card on paper.
"""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.recent import GoodNews, good_records, told_of
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Guardian, Student

from . import messages
from .models import STAFF, FamilyMessage
from .rules import LONGEST

_SENT = uuid.UUID("6d3c6f0e-6f6e-4c43-9a8e-3a86f9b0c9c1")


def doors_to(actor: Actor, student_ids: Iterable[int]) -> dict[int, list[Guardian]]:
    """The guardians who have come in, by child. One query."""
    found: dict[int, list[Guardian]] = {}
    rows = Guardian.objects.visible_to(actor).present().filter(student__in=list(student_ids))
    for guardian in rows.filter(user__isnull=False):
        found.setdefault(guardian.student_id, []).append(guardian)
    return found


def sent_of(news: Iterable[GoodNews], doors: dict[int, list[Guardian]]) -> set[int]:
    """The ids of those of these records that have reached every door of their family. One query."""
    ids = {one.contact_id: [_id(one, each) for each in doors.get(one.student_id, ())] for one in news}
    asked = [client_id for each in ids.values() for client_id in each]
    known = set(FamilyMessage.objects.filter(client_id__in=asked).values_list("client_id", flat=True))
    return {contact_id for contact_id, each in ids.items() if each and known.issuperset(each)}


def words_for(news: GoodNews, student: Student) -> str:
    """What the family reads."""
    what = news.text[: LONGEST // 2]
    what += "" if what.endswith(("。", ".", "!", "！")) else _(".")
    return _("Good news about %(name)s: %(what)s We are glad about it.") % {
        "name": student.name,
        "what": what,
    }


@transaction.atomic
def send_home(actor: Actor, *, contact_id: int) -> list[FamilyMessage]:
    """Send one piece of good news to each door of the family."""
    contact = good_records(actor).select_related("student__key", "staff").filter(pk=contact_id).first()
    if contact is None:
        raise NotAllowed(STAFF)
    actor.require(STAFF, school_id=contact.school_id, student_id=contact.student_id)
    news, student = told_of(contact), contact.student
    doors = doors_to(actor, [student.pk]).get(student.pk, [])
    if not doors:
        raise Refused(_("This family has no door of its own yet. Please print the card."))
    words = words_for(news, student)
    return [
        messages.write(actor, student=student, guardian=one, text=words, client_id=_id(news, one))
        for one in doors
    ]


def _id(news: GoodNews, guardian: Guardian) -> uuid.UUID:
    return uuid.uuid5(_SENT, f"{news.contact_id}-{guardian.pk}")
