"""A campaign as people see it: how many took part of the whole school, what was handed over, what waits."""

import datetime
from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast

from tongxing.aid.ledger.models import Entry
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.consents import with_consent

from .. import rules
from ..models import BoxOpening, Campaign, Gift, HandingOver, Honour, Share
from ..models_box import BOX
from ..models_gifts import GIFT, HANDED
from ..models_thanks import GUEST, PRAISE, STORY
from .roster import staff_roster, student_roster


@dataclass(frozen=True, slots=True)
class Participation:
    """Of the whole school: how many of a hundred took part. None: too few people to tell it."""

    students: int | None
    staff: int | None


def participation(campaign: Campaign) -> Participation:
    """Everybody noted, by the roster of the campaign's day: it stays, whoever changes class or leaves later.

    Nothing below the whole school comes out of here, so it asks no actor.
    """
    noted = Share.objects.standing().filter(handed__campaign=campaign)
    sums = noted.aggregate(
        students=Sum("people", filter=Q(department=None)), staff=Sum("people", filter=Q(school_class=None))
    )
    day = campaign.counted_on
    return Participation(
        rules.share_of(sums["students"] or 0, student_roster(campaign.school, day)),
        rules.share_of(sums["staff"] or 0, staff_roster(campaign.school, day)),
    )


@dataclass(frozen=True, slots=True)
class Stands:
    """Something with the entry it has in the books; None: not there yet."""

    row: HandingOver | BoxOpening | Gift
    entry: Entry | None


def with_entries(kind: str, rows: list) -> list[Stands]:
    """Each with its standing entry, in one query."""
    reversals = Entry.objects.filter(about=OuterRef("pk"), kind=Entry.Kind.REVERSAL, ended_at=None)
    found = Entry.objects.filter(
        ~Exists(reversals), school__in={one.school_id for one in rows}, source_kind=kind,
        source_id__in=[str(one.pk) for one in rows], ended_at=None,
    )  # fmt: skip
    entries = {one.source_id: one for one in found.select_related("posting")}
    return [Stands(one, entries.get(str(one.pk))) for one in rows]


def handed_over(actor: Actor, campaign: Campaign) -> list[Stands]:
    """What this person may see of it, the newest first."""
    found = HandingOver.objects.visible_to(actor).standing().filter(campaign=campaign)
    found = found.select_related("first_counter", "second_counter", "entered_by", "received_by")
    rows = list(found.prefetch_related("shares__school_class", "shares__department"))
    return with_entries(HANDED, rows)


def to_receive(actor: Actor, school: Organisation) -> list[HandingOver]:
    """What classes have brought and finance has not received, or has to post again because it was sent back or
    reversed in the books; whether the campaign still runs or not."""
    found = _waiting(HandingOver.objects.visible_to(actor).filter(school=school))
    found = found.select_related("campaign", "entered_by")
    return list(found.prefetch_related("shares__school_class", "shares__department"))


def still_waits(campaign: Campaign) -> bool:
    """Whether anything that was handed over is not received or not in the books. For rules; it says nothing else."""
    return _waiting(campaign.handed.all()).exists()


def _waiting(handed: QuerySet[HandingOver]) -> QuerySet[HandingOver]:
    found = handed.filter(ended_at=None).annotate(fen=Sum("shares__amount"), there=_there(HANDED))
    return found.filter(Q(received_at=None) | Q(there=False, fen__gt=0))


def _there(kind: str) -> Exists:
    return Exists(
        Entry.objects.standing().filter(
            school=OuterRef("school"), source_kind=kind, source_id=Cast(OuterRef("pk"), CharField())
        )
    )


def openings_to_post(actor: Actor, school: Organisation) -> list[BoxOpening]:
    """Openings that both have confirmed and the books do not hold."""
    found = BoxOpening.objects.visible_to(actor).standing().filter(school=school, amount__gt=0)
    found = found.exclude(Q(first_confirmed_at=None) | Q(second_confirmed_at=None))
    return list(
        found.annotate(there=_there(BOX)).filter(there=False).select_related("box", "first", "second")
    )


def openings_to_confirm(actor: Actor, school: Organisation) -> list[BoxOpening]:
    """Openings in which this person is named and has not confirmed."""
    mine = Q(first__user=actor.user_id, first_confirmed_at=None) | Q(
        second__user=actor.user_id, second_confirmed_at=None
    )
    found = BoxOpening.objects.readable_by(actor).standing().filter(mine, school=school)
    return list(found.select_related("box", "first", "second"))


@dataclass(frozen=True, slots=True)
class Thanked:
    honour: Honour
    name: str
    story: str


def thanked(campaign: Campaign) -> list[Thanked]:
    """Stories of thanks as they may be told today: a child whose family agrees no longer is not named."""
    found = Honour.objects.standing().filter(campaign=campaign)
    rows = list(found.select_related("school_class", "student", "staff", "key"))
    agreed = with_consent([one.student_id for one in rows if one.student_id], PRAISE)
    return [
        Thanked(one, _name_of(one), unseal(one.key, one.story_sealed, STORY))
        for one in rows
        if (one.student_id is None or one.student_id in agreed) and one.key.wrapped is not None
    ]


def _name_of(one: Honour) -> str:
    if one.guest_sealed:
        return unseal(one.key, one.guest_sealed, GUEST)
    return str(one.school_class or one.student or one.staff)


def gifts_from_outside(actor: Actor, school: Organisation) -> list[Stands]:
    found = Gift.objects.visible_to(actor).standing().filter(school=school).exclude(who__in=Gift.INSIDE)
    return with_entries(GIFT, list(found.select_related("fund", "campaign").prefetch_related("links")))


def is_running(campaign: Campaign, today: datetime.date) -> bool:
    return campaign.ended_at is None and campaign.starts_on <= today <= campaign.ends_on
