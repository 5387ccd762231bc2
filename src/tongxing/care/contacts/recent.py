"""What was agreed for the days ahead, and what went well lately: for those who look after a group of students.

Invariants:
- only what the whole team may read; a restricted record lends neither its date nor its words;
- two queries at most for any number of students.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from .kinds import Kind
from .models import Contact, ContactRevision, ContactSet, Thanks, Visibility

#: Kinds that tell of something good.
GOOD_NEWS = ("highlight", "success", "praise")
STILL_SHOWN = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A date agreed with a student or family; nothing was written down since that day."""

    contact_id: int
    student_id: int
    on: datetime.date
    kind: Kind
    staff_name: str


def agreed_dates(
    actor: Actor, student_ids: Iterable[int], day: datetime.date, until: datetime.date
) -> list[Agreed]:
    """The dates from a week ago to `until`, the earliest first; one that was kept is no longer shown."""
    kept = Contact.objects.standing().filter(
        student=OuterRef("student"), made=True, happened_at__date__gte=OuterRef("next_on")
    )
    found = (
        _of_team(actor, student_ids)
        .filter(next_on__gte=day - STILL_SHOWN, next_on__lte=until)
        .exclude(Exists(kept))
        .select_related("staff")
        .order_by("next_on", "student__pinyin", "student_id", "-happened_at")
    )
    once: dict[tuple[int, datetime.date], Agreed] = {}
    for one in found:
        agreed = Agreed(one.pk, one.student_id, one.next_on, one.asks, one.staff.name)
        once.setdefault((one.student_id, one.next_on), agreed)
    return list(once.values())


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
        _of_team(actor, student_ids)
        .filter(kind__in=GOOD_NEWS, made=True, happened_at__gte=clock.start_of(since))
        .select_related("staff")
        .prefetch_related(Prefetch("revisions", ContactRevision.objects.defer("body_sealed")))
        .order_by("-happened_at", "-pk")[:most]
    )
    return [_told(one) for one in found]


def thanks_said(
    actor: Actor, student_ids: Iterable[int], since: datetime.date, most: int = 6
) -> list[Thanks]:
    """What colleagues said to each other about these students' records, the latest first."""
    said = Thanks.objects.visible_to(actor).filter(
        contact__student__in=list(student_ids), at__gte=clock.start_of(since)
    )
    return list(said.select_related("staff", "contact__staff").order_by("-at", "-pk")[:most])


def _of_team(actor: Actor, student_ids: Iterable[int]) -> ContactSet:
    own = Contact.objects.visible_to(actor).standing()
    return own.filter(student__in=list(student_ids), visibility=Visibility.TEAM)


def _told(contact: Contact) -> GoodNews:
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
