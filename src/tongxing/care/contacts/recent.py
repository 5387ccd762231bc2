"""What went well lately, and what colleagues said to each other: for those who look after a group of students.

Invariants:
- only what the whole team may read; a restricted record lends none of its words;
- two queries at most for any number of students.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from .kinds import Kind
from .models import Contact, ContactRevision, ContactSet, Thanks

#: Kinds that tell of something good.
GOOD_NEWS = ("highlight", "success", "praise")


@dataclass(frozen=True, slots=True)
class GoodNews:
    contact_id: int
    student_id: int
    kind: Kind
    happened_at: datetime.datetime
    staff_name: str
    text: str


def good_news(
    actor: Actor, student_ids: Iterable[int], since: datetime.date, most: int = 6
) -> list[GoodNews]:
    """What succeeded, shone or was praised, the latest first."""
    found = (
        good_records(actor)
        .filter(student__in=list(student_ids), happened_at__gte=clock.start_of(since))
        .select_related("staff")
        .prefetch_related(Prefetch("revisions", ContactRevision.objects.defer("body_sealed")))
        .order_by("-happened_at", "-pk")[:most]
    )
    return [told_of(one) for one in found]


def good_records(actor: Actor) -> ContactSet:
    """The records that tell of something good, of the students this actor sees."""
    return Contact.objects.of_team(actor).filter(kind__in=GOOD_NEWS, made=True)


def thanks_said(
    actor: Actor, student_ids: Iterable[int], since: datetime.date, most: int = 6
) -> list[Thanks]:
    """What colleagues said to each other about these students' records, the latest first."""
    said = Thanks.objects.visible_to(actor).filter(
        contact__student__in=list(student_ids), at__gte=clock.start_of(since)
    )
    return list(said.select_related("staff", "contact__staff").order_by("-at", "-pk")[:most])


def told_of(contact: Contact) -> GoodNews:
    """What one such record tells."""
    body = list(contact.revisions.all())[-1].body
    texts = [body[question.code] for question in contact.asks.questions if body.get(question.code)]
    return GoodNews(
        contact.pk,
        contact.student_id,
        contact.asks,
        contact.happened_at,
        contact.staff.name,
        texts[0] if texts else "",
    )
