"""The donation box: hung up, opened by two, counted twice, into the books, taken down.

Invariants:
- the same person is never both; counts that differ need an explanation and one agreed sum;
- each of the two confirms: the first with the own account, the second too or with a signature on the printed protocol;
  a signature is noted by finance, never by one of the two: nobody alone says that two were there;
- what is agreed on lies between the two counts;
- into the books goes what lies in the bag, once, and only after both.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.actions.books import hold
from tongxing.aid.ledger.actions.entries import Source
from tongxing.aid.ledger.models import Entry, Fund
from tongxing.aid.ledger.models_books import MAKE
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Staff
from tongxing.ground.publicity.actions import for_everybody

from .. import rules
from ..models import BoxOpening, DonationBox
from ..models_box import BOX
from ..models_campaigns import ENTER, MANAGE, MONEY, NAME, VIEW, WORDS
from .campaigns import end, log, person, tidy
from .money import BOXED, COUNTED, post, undo_entry

BAG = 30


@dataclass(frozen=True, slots=True)
class Counts:
    """What the two counted, in fen; `agreed` and `explanation` where they differ."""

    day: datetime.date
    first: Staff
    second: Staff
    first_count: int
    second_count: int
    bag_number: str
    agreed: int | None = None
    explanation: str = ""


@transaction.atomic
def hang_up(
    actor: Actor, *, school: Organisation, client_id: UUID, place: str, fund: Fund, since: datetime.date
) -> DonationBox:
    """A box inside the school, and the fund its money belongs to."""
    user_id = person(actor, MANAGE, school.pk)
    if fund.school_id != school.pk or fund.memo or fund.ended_on:
        raise Refused(_("Please choose which money it is."), field="fund")
    place = for_everybody(tidy(place, NAME, "place"), field="place")

    def make() -> DonationBox:
        box = DonationBox.objects.create(
            school=school, client_id=client_id, place=place, fund=fund, since=since,
            entered_by_id=user_id, entered_at=clock.now(),
        )  # fmt: skip
        log(actor, "donation.box", school.pk, "donation box", box.pk)
        return box

    return once(lambda: DonationBox.objects.filter(school=school, client_id=client_id).first(), make)


@transaction.atomic
def take_down(actor: Actor, *, box: DonationBox, reason: str) -> None:
    """Taken down, emptied for the last time; its openings stay."""
    user_id = person(actor, MANAGE, box.school_id)
    box = DonationBox.objects.select_for_update(of=("self",)).get(pk=box.pk)
    if box.ended_at is None:
        end(box, user_id, reason)
        log(actor, "donation.box-down", box.school_id, "donation box", box.pk)


@transaction.atomic
def note_opening(actor: Actor, *, box: DonationBox, client_id: UUID, counts: Counts) -> BoxOpening:
    """Two opened it and counted, each alone. Whoever of the two writes it down has confirmed it with that."""
    user_id = person(actor, ENTER, box.school_id)
    box = DonationBox.objects.select_for_update(of=("self",)).select_related("school", "fund").get(pk=box.pk)

    def make() -> BoxOpening:
        amount = _agreed(box, counts)
        opening = BoxOpening(
            school=box.school, client_id=client_id, box=box, day=counts.day, first=counts.first,
            second=counts.second, first_count=counts.first_count, second_count=counts.second_count,
            amount=amount, explanation=" ".join(counts.explanation.split())[:WORDS],
            bag_number=tidy(counts.bag_number, BAG, "bag_number"), entered_by_id=user_id, entered_at=clock.now(),
        )  # fmt: skip
        _mark(opening, user_id)
        opening.save(force_insert=True)
        log(actor, "donation.open-box", box.school_id, "box opening", opening.pk)
        return opening

    return once(lambda: BoxOpening.objects.filter(school=box.school, client_id=client_id).first(), make)


def _agreed(box: DonationBox, counts: Counts) -> int:
    if box.ended_at:
        raise Refused(_("This donation box was taken down."))
    if not box.since <= counts.day <= clock.today():
        raise Refused(_("Between the day it came and today."), field="day")
    if counts.first == counts.second:
        raise Refused(_("Two different people open the box."), field="second")
    if {counts.first.school_id, counts.second.school_id} != {box.school_id}:
        raise Refused(_("Please choose a colleague of this school."), field="second")
    if min(counts.first_count, counts.second_count) < 0:
        raise Refused(_("An amount is more than nothing."), field="first_count")
    if counts.first_count != counts.second_count and not counts.explanation.strip():
        raise Refused(_("The two counts differ: please write down why."), field="explanation")
    amount = rules.in_the_bag(counts.first_count, counts.second_count, counts.agreed)
    if amount is None:
        raise Refused(_("The two counts differ: please write down what lies in the bag."), field="agreed")
    lowest, most = sorted((counts.first_count, counts.second_count))
    if not lowest <= (amount if counts.agreed is None else counts.agreed) <= most:
        raise Refused(
            _("What lies in the bag lies between the two counts. Otherwise please count once more."),
            field="agreed",
        )
    taken = BoxOpening.objects.standing().filter(school=box.school_id, bag_number=counts.bag_number.strip())
    if taken.exists():
        raise Refused(_("A bag bears this number already."), field="bag_number")
    return amount


def _mark(opening: BoxOpening, user_id: int) -> bool:
    """This person's own confirmation, when they are one of the two."""
    if opening.first.user_id == user_id and opening.first_confirmed_at is None:
        opening.first_confirmed_at = clock.now()
        return True
    if opening.second.user_id == user_id and opening.second_confirmed_at is None:
        opening.second_confirmed_at = clock.now()
        return True
    return False


@transaction.atomic
def confirm(actor: Actor, *, opening: BoxOpening) -> BoxOpening:
    """One of the two says with the own account that it was so."""
    user_id = person(actor, VIEW, opening.school_id)
    opening = _held(opening)
    if user_id not in (opening.first.user_id, opening.second.user_id):
        raise NotAllowed(VIEW)
    if _mark(opening, user_id):
        opening.save(update_fields=["first_confirmed_at", "second_confirmed_at"])
        log(actor, "donation.confirm-box", opening.school_id, "box opening", opening.pk)
    return opening


@transaction.atomic
def note_signature(actor: Actor, *, opening: BoxOpening) -> BoxOpening:
    """The second person has signed the printed protocol; finance has it in hand."""
    user_id = person(actor, MONEY, opening.school_id)
    opening = _held(opening)
    if user_id in (opening.first.user_id, opening.second.user_id):
        raise Refused(_("Whoever is one of the two confirms with the own account and notes no signature."))
    if opening.first_confirmed_at is None:
        raise Refused(_("The first of the two confirms with an account, then a signature will do."))
    if opening.second_confirmed_at is None:
        opening.second_confirmed_at, opening.second_signed = clock.now(), True
        opening.save(update_fields=["second_confirmed_at", "second_signed"])
        log(actor, "donation.sign-box", opening.school_id, "box opening", opening.pk)
    return opening


def _held(opening: BoxOpening) -> BoxOpening:
    found = BoxOpening.objects.select_for_update(of=("self",)).select_related(
        "school", "first", "second", "box__fund"
    )
    held = found.get(pk=opening.pk)
    if held.ended_at:
        raise Refused(_("This was taken back."))
    return held


@transaction.atomic
def into_the_books(actor: Actor, *, opening: BoxOpening) -> Entry | None:
    """One receipt of what lies in the bag, from the box, on its way to the bank. Nothing: an empty box."""
    person(actor, MAKE, opening.school_id)
    hold(opening.school)
    opening = _held(opening)
    if not opening.is_confirmed:
        raise Refused(_("Both who opened the box confirm first."))
    if not opening.amount:
        return None
    entry = post(
        actor, school=opening.school, day=opening.day, fund_id=opening.box.fund_id, amount=opening.amount,
        ways=(BOXED, COUNTED), source=Source(BOX, str(opening.pk)), reference=opening.bag_number,
        words=_("Donation box “%(place)s”, bag %(bag)s") % {"place": opening.box.place, "bag": opening.bag_number},
    )  # fmt: skip
    log(actor, "donation.post-box", opening.school_id, "box opening", opening.pk)
    return entry


@transaction.atomic
def end_opening(actor: Actor, *, opening: BoxOpening, reason: str) -> None:
    """It was written down wrongly; finance takes what stands in the books back with it. It is written anew then."""
    own = opening.entered_by_id == actor.user_id and not opening.is_confirmed
    user_id = person(actor, ENTER if own else MONEY, opening.school_id)
    hold(opening.school)
    opening = _held(opening)
    undo_entry(actor, opening.school_id, Source(BOX, str(opening.pk)), clock.today(), reason)
    end(opening, user_id, reason)
    log(actor, "donation.box-back", opening.school_id, "box opening", opening.pk)
