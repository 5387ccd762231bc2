"""Money that is handed over: entered in one grid, received by finance, corrected by a reversal and a new one.

Invariants:
- one handing-over is the source of one receipt in the aid books; nothing here keeps a balance;
- a class is never more people than its roster of the campaign's day (or of the day itself, when it has grown), and
  all departments together never more than the colleagues of the campaign's day;
- what stands in the books is never edited: the handing-over ends, its entry is reversed, and a new one follows.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.actions import entries as ledger
from tongxing.aid.ledger.actions.books import hold
from tongxing.aid.ledger.actions.entries import Said, Source
from tongxing.aid.ledger.models import Account, Entry
from tongxing.aid.ledger.models_books import MAKE
from tongxing.aid.ledger.rules import Move
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import SchoolClass, Staff

from ..models import Campaign, Department, HandingOver, Share
from ..models_campaigns import ENTER, MONEY
from ..models_gifts import HANDED, RECEIPT
from ..queries.roster import class_roster, classes_to_enter, departments_to_enter, staff_roster, young_in
from .campaigns import end, held, log, person

#: Accounts of the chart: given at school; from the box; accepted outside; cash; bank; counted from the box.
GIVEN, BOXED, OUTSIDE, CASH, BANK, COUNTED = "4001", "4004", "4005", "1001", "1002", "1009"


@dataclass(frozen=True, slots=True)
class Row:
    """What one class or department brought, in fen. `field`: the part of the form it came from."""

    unit: SchoolClass | Department
    people: int
    amount: int
    by_guardians: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """On which day, and by whom of the colleagues it was counted, twice."""

    day: datetime.date
    first: Staff
    second: Staff
    receipt_number: str = ""


def post(
    actor: Actor,
    *,
    school,
    day,
    fund_id: int,
    amount: int,
    ways: tuple[str, str],
    source: Source,
    words: str,
    reference: str = "",
) -> Entry:
    """Write the one receipt of a source; a second time finds it, and once it was reversed it is written anew."""
    accounts = {one.code: one.pk for one in Account.objects.filter(school=school, code__in=ways)}
    if len(accounts) < len(ways):
        raise Refused(_("The books are not opened yet. Whoever checks the school's money opens them once."))
    move = Move(accounts[ways[0]], accounts[ways[1]], fund_id, amount)
    said = Said(day, words, reference=reference, source=source)
    entry = ledger.write_entry(
        actor, school=school, client_id=uuid4(), kind="receipt", moves=[move], said=said
    )
    if ledger.is_being_reversed(entry):
        raise Refused(
            _("Its entry is about to be reversed in the books. Once that is checked it can be written anew.")
        )
    return entry


def undo_entry(actor: Actor, school_id: int, source: Source, day: datetime.date, reason: str) -> None:
    """The entry of a source no longer counts: taken back while it waits, reversed once it stands."""
    of_source = Entry.objects.standing().filter(source_kind=source.kind, source_id=source.id)
    found = of_source.filter(school=school_id).select_related("school").first()
    if found is None or ledger.is_being_reversed(found):
        return
    if found.is_waiting:
        ledger.take_back(actor, entry=found, reason=reason)
    else:
        ledger.reverse(actor, entry=found, day=max(day, found.day), reason=reason, client_id=uuid4())


@transaction.atomic
def hand_over(
    actor: Actor, *, campaign: Campaign, client_id: UUID, counted: Counted, rows: Sequence[Row]
) -> HandingOver:
    """Classes and departments bring their money. Whoever prepares entries receives it in the same step."""
    user_id = person(actor, ENTER, campaign.school_id)
    campaign = held(campaign)

    def make() -> HandingOver:
        handed = _write(actor, user_id, campaign, client_id, counted, rows, None)
        log(actor, "donation.hand-over", campaign.school_id, HANDED, handed.pk, rows=len(rows))
        return handed

    handed = once(
        lambda: HandingOver.objects.filter(school=campaign.school, client_id=client_id).first(), make
    )
    if actor.may(MAKE, school_id=campaign.school_id) and handed.received_at is None:
        return _receive(actor, handed)
    return handed


def _write(
    actor: Actor,
    user_id: int,
    campaign: Campaign,
    client_id: UUID,
    counted: Counted,
    rows: Sequence[Row],
    follows: HandingOver | None,
) -> HandingOver:
    _check_counted(campaign, counted)
    _check_rows(actor, campaign, counted.day, rows)
    handed = HandingOver.objects.create(
        school=campaign.school, client_id=client_id, campaign=campaign, day=counted.day,
        first_counter=counted.first, second_counter=counted.second, follows=follows,
        receipt_number=counted.receipt_number.strip()[:RECEIPT], entered_by_id=user_id, entered_at=clock.now(),
    )  # fmt: skip
    Share.objects.bulk_create(
        Share(
            school=campaign.school,
            handed=handed,
            people=row.people,
            amount=row.amount,
            by_guardians=row.by_guardians,
            **{"school_class" if isinstance(row.unit, SchoolClass) else "department": row.unit},
        )
        for row in rows
    )
    return handed


def _check_counted(campaign: Campaign, counted: Counted) -> None:
    if counted.day > clock.today():
        raise Refused(_("This day has not come yet."), field="day")
    if counted.day < campaign.starts_on:
        raise Refused(_("This lies before the campaign."), field="day")
    if counted.first == counted.second:
        raise Refused(_("Two different people count."), field="second")
    if {counted.first.school_id, counted.second.school_id} != {campaign.school_id}:
        raise Refused(_("Please choose a colleague of this school."), field="second")


def _check_rows(actor: Actor, campaign: Campaign, day: datetime.date, rows: Sequence[Row]) -> None:
    if not rows:
        raise Refused(_("Please fill in one row at least."))
    classes = set(classes_to_enter(actor, campaign).values_list("pk", flat=True))
    departments = set(departments_to_enter(actor, campaign).values_list("pk", flat=True))
    so_far = _so_far(campaign)
    _check_staff(campaign, so_far, rows)
    sizes = class_roster(campaign.school, campaign.counted_on), class_roster(campaign.school, day)
    young = young_in([row.unit.pk for row in rows if isinstance(row.unit, SchoolClass)], day)
    for row in rows:
        of_class = isinstance(row.unit, SchoolClass)
        if row.unit.pk not in (classes if of_class else departments):
            raise Refused(
                _("This class or department is entered by somebody else."), field=f"{row.field}people"
            )
        if row.people <= 0:
            raise Refused(_("How many took part is missing."), field=f"{row.field}people")
        most = max(size.get(row.unit.pk, 0) for size in sizes)
        if of_class and so_far.get((True, row.unit.pk), 0) + row.people > most:
            raise _too_many(most, row)
        if of_class and row.unit.pk in young and not row.by_guardians:
            raise Refused(
                _("Children under eight are in this class: what they give is handed in by their guardians."),
                field=f"{row.field}guardians",
            )


def _too_many(most: int, row: Row) -> Refused:
    words = _("That day there were %(n)d, with those who are noted already.") % {"n": most}
    return Refused(words, field=f"{row.field}people")


def _check_staff(campaign: Campaign, so_far: dict[tuple[bool, int], int], rows: Sequence[Row]) -> None:
    """All departments together are never more people than the colleagues of the day: nobody says who is in which."""
    most = staff_roster(campaign.school, campaign.counted_on)
    noted = sum(people for (of_class, _unit), people in so_far.items() if not of_class)
    for row in rows:
        if isinstance(row.unit, Department):
            noted += row.people
            if noted > most:
                raise _too_many(most, row)


def _so_far(campaign: Campaign) -> dict[tuple[bool, int], int]:
    """How many of each class (True) or department (False) are noted already."""
    found: dict[tuple[bool, int], int] = {}
    for one in Share.objects.standing().filter(handed__campaign=campaign):
        key = (True, one.school_class_id) if one.school_class_id else (False, one.department_id or 0)
        found[key] = found.get(key, 0) + one.people
    return found


@transaction.atomic
def receive(actor: Actor, *, handed: HandingOver) -> HandingOver:
    """Finance has the money: it goes into the books, once, and waits there for a second look."""
    person(actor, MONEY, handed.school_id)
    return _receive(actor, handed)


def _receive(actor: Actor, handed: HandingOver) -> HandingOver:
    user_id = person(actor, MAKE, handed.school_id)
    handed = _held(handed)
    if handed.ended_at:
        raise Refused(_("This was taken back."))
    if amount := sum(handed.shares.values_list("amount", flat=True)):
        post(
            actor, school=handed.school, day=handed.day, fund_id=handed.campaign.fund_id, amount=amount,
            ways=(GIVEN, CASH), source=Source(HANDED, str(handed.pk)), reference=handed.receipt_number,
            words=_("%(campaign)s: handing-over no. %(n)d") % {"campaign": handed.campaign.name, "n": handed.pk},
        )  # fmt: skip
    if handed.received_at is None:
        handed.received_at, handed.received_by_id = clock.now(), user_id
        handed.save(update_fields=["received_at", "received_by"])
        log(actor, "donation.receive", handed.school_id, HANDED, handed.pk)
    return handed


def _held(handed: HandingOver) -> HandingOver:
    """The books first, so that no two wait for each other."""
    hold(handed.school)
    found = HandingOver.objects.select_for_update(of=("self",)).select_related("school", "campaign__fund")
    return found.get(pk=handed.pk)


@transaction.atomic
def take_back(actor: Actor, *, handed: HandingOver, reason: str) -> None:
    """Before it is received whoever entered it takes it back; afterwards finance does, and the entry goes with it."""
    own = handed.entered_by_id == actor.user_id and handed.received_at is None
    user_id = person(actor, ENTER if own else MONEY, handed.school_id)
    handed = _held(handed)
    if handed.ended_at:
        return
    if handed.received_at is not None:
        undo_entry(actor, handed.school_id, Source(HANDED, str(handed.pk)), clock.today(), reason)
    end(handed, user_id, reason)
    log(actor, "donation.hand-back", handed.school_id, HANDED, handed.pk)


@transaction.atomic
def correct(
    actor: Actor, *, handed: HandingOver, client_id: UUID, counted: Counted, rows: Sequence[Row], reason: str
) -> HandingOver:
    """What was wrong ends with its reason, what is right follows it: in the books a reversal and a new receipt."""
    user_id = person(actor, ENTER, handed.school_id)
    campaign = held(handed.campaign)

    def make() -> HandingOver:
        if handed.gifts_stand():
            raise Refused(_("Gifts by name belong to it. Please take those back first."))
        take_back(actor, handed=handed, reason=reason)
        new = _write(actor, user_id, campaign, client_id, counted, rows, handed)
        log(actor, "donation.correct", handed.school_id, HANDED, new.pk, follows=handed.pk)
        return new

    new = once(lambda: HandingOver.objects.filter(school=campaign.school, client_id=client_id).first(), make)
    if actor.may(MAKE, school_id=campaign.school_id) and new.received_at is None:
        return _receive(actor, new)
    return new
