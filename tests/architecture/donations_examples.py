"""What the addresses of the room of giving name: of the cast's school, and of the other one."""

import datetime
from typing import Any
from uuid import UUID

from tongxing.aid.donations.actions import box, campaigns, gifts, money, thanks
from tongxing.aid.donations.models import (
    BoxOpening,
    Campaign,
    DonationBox,
    Gift,
    Goods,
    HandingOver,
    HelpOffer,
)
from tongxing.aid.donations.tests.school import plan
from tongxing.aid.ledger.tests.books import Told
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, Staff, Student

from ..cast import Cast
from . import ledger_examples, rows

DAY = datetime.date(2026, 10, 16)


def _id(school: Organisation, number: int) -> UUID:
    return UUID(int=number * 10_000 + school.pk)


def _lead(cast: Cast, school: Organisation) -> Actor:
    return cast.actor("head" if school == cast.school else "outsider")


def _told(cast: Cast, school: Organisation) -> Told:
    return ledger_examples.told(cast, school)


def _colleagues(cast: Cast, school: Organisation) -> tuple[Staff, Staff]:
    """Two who count; in the other school its head and whoever prepares there."""
    _told(cast, school)
    names = ("helper", "finance_maker") if school == cast.school else ("outsider", "far_maker")
    return cast.staff[names[0]], cast.staff[names[1]]


def campaign(cast: Cast, school: Organisation) -> Campaign:
    fund, lead = _told(cast, school).fund, _lead(cast, school)
    return campaigns.begin(lead, school=school, client_id=_id(school, 1), plan=plan(fund))


def step(cast: Cast, school: Organisation) -> int:
    facts = {"client_id": _id(school, 2), "kind": "radio", "day": DAY}
    return campaigns.note_step(_lead(cast, school), campaign=campaign(cast, school), **facts).pk


def _class(cast: Cast, school: Organisation) -> SchoolClass:
    return SchoolClass.objects.filter(school=school).earliest("pk")


def handed(cast: Cast, school: Organisation) -> HandingOver:
    """By finance, of the first class: one child took part."""
    counted = money.Counted(DAY, *_colleagues(cast, school))
    brought = [money.Row(_class(cast, school), 1, 1_000)]
    maker, of = _told(cast, school).maker, campaign(cast, school)
    return money.hand_over(maker, campaign=of, client_id=_id(school, 3), counted=counted, rows=brought)


def gift(cast: Cast, school: Organisation) -> Gift:
    told = _told(cast, school)
    outside = gifts.FromOutside(
        "alumni", "九八届校友", 300_000, DAY, told.fund, "县教育基金会", "JJ-1", wants_thanks=True
    )
    return gifts.take_gift(told.maker, school=school, client_id=_id(school, 4), told=outside)


def token(cast: Cast, school: Organisation) -> str:
    found = gift(cast, school)
    link = found.links.filter(ended_at=None).first() or gifts.open_link(_told(cast, school).maker, gift=found)
    return gifts.token_of(link)


def goods(cast: Cast, school: Organisation) -> Goods:
    facts = {"what": "字典", "count": 5, "unit": "本", "day": DAY, "client_id": _id(school, 5)}
    return gifts.note_goods(_told(cast, school).maker, campaign=campaign(cast, school), **facts)


def honour(cast: Cast, school: Organisation) -> int:
    told = {"who": _class(cast, school), "story": "雨天一起撑伞回家", "client_id": _id(school, 6)}
    return thanks.thank(_lead(cast, school), campaign=campaign(cast, school), **told).pk


def donation_box(cast: Cast, school: Organisation) -> DonationBox:
    fund = _told(cast, school).fund
    facts = {"place": "教学楼一楼", "fund": fund, "since": DAY, "client_id": _id(school, 7)}
    return box.hang_up(_lead(cast, school), school=school, **facts)


def opening(cast: Cast, school: Organisation) -> BoxOpening:
    counts = box.Counts(DAY, *_colleagues(cast, school), 8_600, 8_600, "B-1")
    maker, of = _told(cast, school).maker, donation_box(cast, school)
    return box.note_opening(maker, box=of, client_id=_id(school, 8), counts=counts)


def help_offer(student: Student) -> int:
    facts = {"school": student.school, "school_class": student.memberships.get().school_class}
    more = {"starts_on": DAY, "recorded_at": "2026-10-16T08:00:00+08:00"}
    return HelpOffer.objects.get_or_create(student=student, kind="umbrella", defaults=facts | more)[0].pk


def _of_schools(cast: Cast, make: Any) -> dict[str, Any]:
    own, far = make(cast, cast.school), make(cast, cast.other_school)
    return {"own": own, "class": own, "far": far}


EXAMPLES = {
    "campaign_id": lambda cast: _of_schools(cast, lambda *both: campaign(*both).pk),
    "step_id": lambda cast: _of_schools(cast, step),
    "handing_id": lambda cast: _of_schools(cast, lambda *both: handed(*both).pk),
    "gift_id": lambda cast: _of_schools(cast, lambda *both: gift(*both).pk),
    "gift_token": lambda cast: _of_schools(cast, token),
    "goods_id": lambda cast: _of_schools(cast, lambda *both: goods(*both).pk),
    "honour_id": lambda cast: _of_schools(cast, honour),
    "donation_box_id": lambda cast: _of_schools(cast, lambda *both: donation_box(*both).pk),
    "box_opening_id": lambda cast: _of_schools(cast, lambda *both: opening(*both).pk),
    "help_id": lambda cast: rows.of_each(cast, help_offer),
}
