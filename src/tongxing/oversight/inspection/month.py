"""What stands around a month's figures: what was recorded later about it, and what writing it down has cost.

Nothing is stored: both are counted from the records, so they are the same for everybody and at any time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Contact, ContactRevision
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from .figures import DAY, last_of
from .models import Inspection
from .rules import usual
from .sampling import of_month

#: Asked of every record: how, whom, when.
ALWAYS = 3


@dataclass(frozen=True, slots=True)
class Later:
    """`kinds`: (what, how many) in the order of the forms."""

    records: tuple[Contact, ...]
    kinds: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        return len(self.records)


def recorded_later(actor: Actor, inspection: Inspection) -> Later:
    """What happened in the month and was written down after its figures were frozen."""
    rows = of_month(actor, inspection.month).filter(
        school=inspection.school, recorded_at__gt=inspection.as_of
    )
    records = tuple(rows.select_related("student", "staff").order_by("recorded_at", "pk"))
    many = Counter(one.kind for one in records)
    return Later(records, tuple((str(kind.label), many[code]) for code, kind in KINDS.items() if many[code]))


@dataclass(frozen=True, slots=True)
class Burden:
    """`usual` None: too few people wrote, so that it would tell of one of them."""

    people: int
    records: int
    usual: float | None


def burden(inspection: Inspection) -> Burden:
    """How many fields a colleague filled in during this month, whatever day the records are about.

    Of each record made in the month its first version counts: what is always asked, and every other field with
    something in it. Sealed answers count as one, since nobody opens them for this.
    """
    starts, ends = clock.start_of(inspection.month), clock.start_of(last_of(inspection.month) + DAY)
    first = ContactRevision.objects.filter(
        number=1, school=inspection.school, contact__recorded_at__gte=starts, contact__recorded_at__lt=ends
    ).exclude(contact__recorded_by=None)
    return counted(_fields(first))


def _fields(first: QuerySet[ContactRevision]) -> Iterator[tuple[int, int]]:
    names = ("contact__recorded_by", "minutes", "place", "next_on", "body_sealed", "body")
    for person, *facts, body in first.values_list(*names):
        yield person, ALWAYS + sum(map(bool, (*facts, *body.values())))


def counted(fields: Iterable[tuple[int, int]]) -> Burden:
    """From (person, fields) of each record."""
    by_person: Counter[int] = Counter()
    records = 0
    for person, many in fields:
        by_person[person] += many
        records += 1
    return Burden(len(by_person), records, usual(by_person))
