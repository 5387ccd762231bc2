"""Gifts by name, gifts from outside, goods, and the private address under which a giver sees what became of it.

Invariants:
- inside the school a name stands only where somebody wants a receipt or thanks, and only within a handing-over;
- below eight a guardian hands it in, below eighteen a guardian's word is asked from the campaign's line on;
- from outside: only what came through a lawful account or a charity, with its number there.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.actions.entries import Source
from tongxing.aid.ledger.models import Fund
from tongxing.aid.ledger.models_books import MAKE
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock, money, secret_links
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index, new_key, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import ClassMembership, Staff, Student

from .. import rules
from ..models import Campaign, Gift, GiftLink, Goods, GoodsPassed, Share
from ..models_campaigns import ENTER, MONEY, NAME, WORDS
from ..models_gifts import GIFT, RECEIPT
from .campaigns import check_no_code, end, held, log, person, tidy
from .money import BANK, OUTSIDE, post, undo_entry

NAME_AT = "donations_gift.name"
TOKEN_AT = "donations_giftlink.token"  # noqa: S105  # the column that a fingerprint is of
HOUR = 3600  # seconds
#: How often one address and one network look within an hour: a giver's family, not a machine.
PER_LINK, PER_ADDRESS = 60, 200
UNIT = 10


@dataclass(frozen=True, slots=True)
class Named:
    """One person's part of what a class or department brought; `amount` in fen."""

    giver: Student | Staff
    amount: int
    receipt_number: str = ""
    wants_thanks: bool = False
    by_guardian: bool = False
    consent_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FromOutside:
    """What arrived, in fen, through which account or charity, with its number there."""

    who: str
    name: str
    amount: int
    day: datetime.date
    fund: Fund
    through: str
    reference: str
    receipt_number: str = ""
    wants_thanks: bool = False
    note: str = ""
    campaign: Campaign | None = None


def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


@transaction.atomic
def name_gift(actor: Actor, *, share: Share, client_id: UUID, named: Named) -> Gift:
    """Somebody wants a receipt or thanks: the name beside the own part of what was handed over."""
    handed = share.handed
    own = handed.entered_by_id == actor.user_id
    user_id = person(actor, ENTER if own else MONEY, share.school_id)
    campaign = held(handed.campaign)

    def make() -> Gift:
        _check_named(campaign, share, named)
        of_student = isinstance(named.giver, Student)
        gift = Gift.objects.create(
            school=campaign.school, client_id=client_id, who="student" if of_student else "staff",
            amount=named.amount, day=handed.day, fund=campaign.fund, campaign=campaign, share=share,
            by_guardian=named.by_guardian, consent_by=_short(named.consent_by, NAME),
            receipt_number=_short(named.receipt_number, RECEIPT), wants_thanks=named.wants_thanks,
            note=_short(named.note, WORDS), entered_by_id=user_id, entered_at=clock.now(),
            **{"student" if of_student else "staff": named.giver},
        )  # fmt: skip
        log(actor, "donation.name", share.school_id, "gift", gift.pk)
        return gift

    return once(lambda: Gift.objects.filter(school=campaign.school, client_id=client_id).first(), make)


def _check_named(campaign: Campaign, share: Share, named: Named) -> None:
    if share.handed.ended_at:
        raise Refused(_("This was taken back."))
    if not named.wants_thanks and not named.receipt_number.strip():
        raise Refused(
            _("A name is noted only for a receipt or for thanks. Otherwise giving stays without names."),
            field="wants_thanks",
        )
    if named.amount <= 0:
        raise Refused(_("An amount is more than nothing."), field="amount")
    before = sum(Gift.objects.standing().filter(share=share).values_list("amount", flat=True))
    if before + named.amount > share.amount:
        raise Refused(
            _("Together only %(there)s yuan were handed over here.") % {"there": money.yuan(share.amount)},
            field="amount",
        )
    if isinstance(named.giver, Student):
        _check_child(campaign, share, named, named.giver)
    elif share.department_id is None or named.giver.school_id != share.school_id:
        raise Refused(_("Please choose somebody who belongs to it."), field="giver")


def _check_child(campaign: Campaign, share: Share, named: Named, child: Student) -> None:
    days = {campaign.counted_on, share.handed.day}
    there = [
        ClassMembership.objects.on(day).filter(student=child, school_class=share.school_class_id).exists()
        for day in days
    ]
    if share.school_class_id is None or not any(there):
        raise Refused(_("Please choose somebody who belongs to it."), field="giver")
    missing = rules.missing(
        child.birth_date,
        share.handed.day,
        named.amount,
        consent_from=campaign.consent_from,
        by_guardian=named.by_guardian,
        consent=bool(named.consent_by.strip()),
    )
    if missing == "guardian":
        raise Refused(_("Under eight a child hands in no money alone: a guardian does."), field="by_guardian")
    if missing == "consent":
        raise Refused(
            _("For this amount please ask a guardian, and write down who agreed."), field="consent_by"
        )


@transaction.atomic
def take_gift(actor: Actor, *, school: Organisation, client_id: UUID, told: FromOutside) -> Gift:
    """Money from outside that a lawful account or a charity has accepted: noted, and posted as what came in."""
    user_id = person(actor, MAKE, school.pk)
    told_name = tidy(told.name, NAME, "name")
    facts = {
        "through": tidy(told.through, NAME, "through"),
        "reference": tidy(told.reference, RECEIPT, "reference"),
        "receipt_number": _short(told.receipt_number, RECEIPT),
        "note": _short(told.note, WORDS),
    }
    check_no_code(told.through, "through")
    if told.who not in Gift.Who.values or told.who in Gift.INSIDE:
        raise Refused(_("Please choose who gave."), field="who")
    if told.amount <= 0:
        raise Refused(_("An amount is more than nothing."), field="amount")

    def make() -> Gift:
        key = new_key()
        key.save()
        gift = Gift.objects.create(
            school=school, client_id=client_id, who=told.who, amount=told.amount, day=told.day, fund=told.fund,
            campaign=told.campaign, key=key, name_sealed=seal(key, told_name, NAME_AT),
            name_masked=f"{told_name[0]}**", wants_thanks=told.wants_thanks, entered_by_id=user_id,
            entered_at=clock.now(), **facts,
        )  # fmt: skip
        log(actor, "donation.take", school.pk, "gift", gift.pk)
        return gift

    gift = once(lambda: Gift.objects.filter(school=school, client_id=client_id).first(), make)
    if gift.ended_at is None:
        post(
            actor, school=school, day=gift.day, fund_id=gift.fund_id, amount=gift.amount, ways=(OUTSIDE, BANK),
            source=Source(GIFT, str(gift.pk)), reference=gift.reference,
            words=_("Gift from outside no. %(n)d, through %(account)s") % {"n": gift.pk, "account": gift.through},
        )  # fmt: skip
    return gift


@transaction.atomic
def end_gift(actor: Actor, *, gift: Gift, reason: str) -> None:
    """It was not so. What stands in the books for a gift from outside is taken back or reversed with it."""
    own = gift.entered_by_id == actor.user_id and gift.who in Gift.INSIDE
    user_id = person(actor, ENTER if own else MONEY, gift.school_id)
    if gift.who not in Gift.INSIDE:
        undo_entry(actor, gift.school_id, Source(GIFT, str(gift.pk)), clock.today(), reason)
    gift = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    if gift.ended_at is None:
        end(gift, user_id, reason)
        _end_links(user_id, gift)
        log(actor, "donation.gift-back", gift.school_id, "gift", gift.pk)


@transaction.atomic
def open_link(actor: Actor, *, gift: Gift) -> GiftLink:
    """A new private address for this giver; the one before opens nothing any more."""
    user_id = person(actor, MONEY, gift.school_id)
    gift = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    if gift.ended_at:
        raise Refused(_("This was taken back."))
    _end_links(user_id, gift)
    link = GiftLink(
        school_id=gift.school_id, gift=gift, seed=uuid4(), made_by_id=user_id, made_at=clock.now()
    )
    link.fingerprint = blind_index(token_of(link), TOKEN_AT)
    link.save(force_insert=True)
    log(actor, "donation.link", gift.school_id, "gift", gift.pk)
    return link


@transaction.atomic
def close_link(actor: Actor, *, gift: Gift) -> None:
    """The address opens nothing any more."""
    user_id = person(actor, MONEY, gift.school_id)
    if _end_links(user_id, gift):
        log(actor, "donation.link-end", gift.school_id, "gift", gift.pk)


def _end_links(user_id: int, gift: Gift) -> int:
    standing = GiftLink.objects.standing().filter(gift=gift)
    return standing.update(ended_at=clock.now(), ended_by_id=user_id)


def token_of(link: GiftLink) -> str:
    return secret_links.token(link.seed, "gift")


class TooMany(Refused):
    """More looks than a giver's family needs."""


def link_of(token: str, *, address: str) -> GiftLink | None:
    """The open address behind a token; bounded for the address on the network and for the link."""
    fingerprint = blind_index(token, TOKEN_AT)
    bounds = ((fingerprint, PER_LINK), (address, PER_ADDRESS))
    if not all(
        secret_links.within(secret_links.counter(what, "donations.limit"), most, HOUR)
        for what, most in bounds
    ):
        raise TooMany(_("This was opened very often just now. Please try again in an hour."))
    found = GiftLink.objects.standing().filter(fingerprint=fingerprint)
    return found.select_related("gift__fund", "school").first()


@transaction.atomic
def note_goods(
    actor: Actor,
    *,
    campaign: Campaign,
    client_id: UUID,
    what: str,
    count: int,
    unit: str,
    day: datetime.date,
    given_by: str = "",
) -> Goods:
    """Books, clothes, pencils: what and how many."""
    user_id = person(actor, ENTER, campaign.school_id)
    campaign = held(campaign)
    if count <= 0:
        raise Refused(_("How many is missing."), field="count")
    if day > clock.today():
        raise Refused(_("This day has not come yet."), field="day")

    def make() -> Goods:
        goods = Goods.objects.create(
            school=campaign.school, client_id=client_id, campaign=campaign, what=tidy(what, NAME, "what"),
            count=count, unit=tidy(unit, UNIT, "unit"), given_by=_short(given_by, NAME), day=day,
            entered_by_id=user_id, entered_at=clock.now(),
        )  # fmt: skip
        log(actor, "donation.goods", campaign.school_id, "goods", goods.pk)
        return goods

    return once(lambda: Goods.objects.filter(school=campaign.school, client_id=client_id).first(), make)


@transaction.atomic
def pass_on(
    actor: Actor, *, goods: Goods, client_id: UUID, count: int, to_whom: str, day: datetime.date
) -> GoodsPassed:
    """To whom goods went, without names; never more than there is."""
    user_id = person(actor, ENTER, goods.school_id)
    if goods.entered_by_id != user_id and not actor.may(MONEY, school_id=goods.school_id):
        raise NotAllowed(ENTER)
    goods = Goods.objects.select_for_update(of=("self",)).get(pk=goods.pk)

    def make() -> GoodsPassed:
        if goods.ended_at:
            raise Refused(_("This was taken back."))
        if not 0 < count <= goods.left:
            raise Refused(
                _("There are still %(n)d %(unit)s.") % {"n": goods.left, "unit": goods.unit}, field="count"
            )
        if not goods.day <= day <= clock.today():
            raise Refused(_("Between the day it came and today."), field="day")
        passed = GoodsPassed.objects.create(
            school_id=goods.school_id, client_id=client_id, goods=goods, count=count, day=day,
            to_whom=tidy(to_whom, WORDS, "to_whom"), entered_by_id=user_id, entered_at=clock.now(),
        )  # fmt: skip
        log(actor, "donation.pass-on", goods.school_id, "goods", goods.pk, count=count)
        return passed

    return once(
        lambda: GoodsPassed.objects.filter(school_id=goods.school_id, client_id=client_id).first(), make
    )
