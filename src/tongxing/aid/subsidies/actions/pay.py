"""From what was granted to a list, from the list to one entry of the ledger, and what families say came of it.

Invariants:
- whoever manages aid makes the list, finance pays it, and somebody else checks the entry in the ledger;
- what the county paid is laid beside the entries its statement left, fen for fen; nothing is paid again;
- money that the bank sent back frees its child for another list once that is checked in the books, not before.
"""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tongxing.aid.ledger.actions.books import hold
from tongxing.aid.ledger.actions.entries import Said, Source, write_entry
from tongxing.aid.ledger.actions.pay_lists import Paid, pay_as_one, still_pays
from tongxing.aid.ledger.models import Account, Entry, Line
from tongxing.aid.ledger.models_books import MAKE
from tongxing.aid.ledger.rules import Move
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once

from ..models import CountyPayment, PayLine, PayList, Project, Round
from ..models_projects import CONFIRM, MANAGE, PAY, WORDS
from ..queries.eligible import by_class
from .projects import log, person
from .rounds import to_list

SOURCE, RETURNED = "subsidy", "subsidy_return"
#: Where the books note what the county pays (above nothing) and takes back (below).
BY_COUNTY = "9001"
Kind, Payer = Project.Kind, Project.Payer
#: Kind of project → account of the chart.
SPENT_ON = {
    Kind.LIVING: "5001",
    Kind.GRANT: "5001",
    Kind.SCHOOL: "5001",
    Kind.WAIVER: "5002",
    Kind.EMERGENCY: "5003",
    Kind.IN_KIND: "5005",
}


@transaction.atomic
def make_list(actor: Actor, *, round: Round, client_id: UUID) -> PayList:
    """Everybody who was granted something and stands on no list yet."""
    user_id = person(actor, MANAGE, round.school_id)

    def make() -> PayList:
        Round.objects.select_for_update().get(pk=round.pk)  # one list after the other
        granted = list(to_list(round).select_for_update(of=("self",)))
        if not granted:
            raise Refused(_("Nobody was granted something that stands on no list yet."))
        place = {
            one.pk: n for n, one in enumerate(by_class([one.student_id for one in granted], clock.today()))
        }
        found = sorted(granted, key=lambda one: place[one.student_id])
        came_back = PayLine.objects.filter(subsidy__in=[one.pk for one in found], ended_at=None)
        came_back.update(ended_at=clock.now(), ended_by=user_id, ended_reason=F("returned_reason"))
        made = PayList.objects.create(
            school_id=round.school_id, client_id=client_id, round=round, total=sum(one.amount for one in found),
            made_by_id=user_id, made_at=clock.now(),
        )  # fmt: skip
        PayLine.objects.bulk_create(
            PayLine(
                school_id=round.school_id, pay_list=made, subsidy=one, student_id=one.student_id, amount=one.amount
            )
            for one in found
        )  # fmt: skip
        log(actor, "subsidy.list", round.school_id, ("subsidy_list", made.pk), lines=len(found))
        return made

    return once(lambda: PayList.objects.filter(school=round.school_id, client_id=client_id).first(), make)


def _held(pay_list: PayList) -> PayList:
    found = PayList.objects.select_for_update(of=("self",))
    return found.select_related("school", "entry", "round__project", "round__term").get(pk=pay_list.pk)


@transaction.atomic
def pay(actor: Actor, *, pay_list: PayList, paid: Paid, client_id: UUID) -> Entry:
    """Write the payment of the whole list into the books; it counts once a colleague has checked it there."""
    actor.require(PAY, school_id=pay_list.school_id)
    person(actor, MAKE, pay_list.school_id)
    hold(pay_list.school)
    pay_list = _held(pay_list)
    project = pay_list.round.project
    if project.payer != Payer.SCHOOL:
        raise Refused(_("The school does not pay this: it is only noted."))
    _check_paid_nowhere_else(pay_list)
    words = _("%(project)s, %(n)s students") % {
        "project": project.name,
        "n": pay_list.lines.standing().count(),
    }
    entry = pay_as_one(
        actor, pay_list=pay_list, spent_on=SPENT_ON[Kind(project.kind)], paid=paid, words=words,
        source=Source(SOURCE, str(pay_list.pk)), client_id=client_id,
    )  # fmt: skip
    log(actor, "subsidy.pay", pay_list.school_id, ("subsidy_list", pay_list.pk), entry=entry.pk)
    return entry


def _check_paid_nowhere_else(pay_list: PayList) -> None:
    """What came back from an earlier list has to stand in the books when its child is paid again."""
    earlier = PayLine.objects.filter(subsidy__round=pay_list.round_id, returned__isnull=False)
    earlier = earlier.filter(student__in=pay_list.lines.values("student")).exclude(pay_list=pay_list)
    if earlier.exclude(pk__in=PayLine.objects.back().values("pk")).exists():
        raise Refused(
            _(
                "What came back from an earlier list does not stand in the books any more, so one of these children "
                "would be paid twice. Please take this list back."
            )
        )


def county_entries(school: Organisation) -> QuerySet[Entry]:
    """Notes of what the county paid that stand in the books and belong to no list yet, the newest first."""
    taken = CountyPayment.objects.filter(school=school, ended_at=None).values("entry")
    return _of_county(school, amount__gt=0).exclude(pk__in=taken)


def county_refunds(school: Organisation) -> QuerySet[Entry]:
    """Notes of what came back to the county that stand in the books and belong to no child yet, the newest first."""
    taken = PayLine.objects.filter(school=school, returned__isnull=False).values("returned")
    return _of_county(school, amount__lt=0).exclude(pk__in=taken)


def _of_county(school: Organisation, **way: int) -> QuerySet[Entry]:
    there = Line.objects.filter(entry=OuterRef("pk"), account__code=BY_COUNTY, **way)
    noted = Entry.objects.standing().posted().filter(school=school, kind=Entry.Kind.MEMO)
    return noted.filter(Exists(there)).order_by("-day", "-pk")


def amount_of(*entries: Entry) -> int:
    """What entries moved together, in fen."""
    return sum(Line.objects.filter(entry__in=entries, amount__gt=0).values_list("amount", flat=True))


@transaction.atomic
def match(actor: Actor, *, pay_list: PayList, entries: Collection[Entry]) -> PayList:
    """The county has paid this list: its statement left these notes in the books, together of the same amount."""
    actor.require(PAY, school_id=pay_list.school_id)
    person(actor, MAKE, pay_list.school_id)
    hold(pay_list.school)
    pay_list = _held(pay_list)
    if pay_list.round.project.payer != Payer.COUNTY:
        raise Refused(_("The county does not pay this project."))
    if pay_list.ended_at:
        raise Refused(_("This list was taken back."))
    pks = {one.pk for one in entries}
    if pay_list.entry and pks == set(
        pay_list.county_payments.filter(ended_at=None).values_list("entry", flat=True)
    ):
        return pay_list
    free = list(county_entries(pay_list.school).filter(pk__in=pks))
    if pay_list.entry_id or not pks or len(free) < len(pks):
        raise Refused(_("Please choose one of the payments of the county."), field="entries")
    if (noted := amount_of(*free)) != pay_list.total:
        raise Refused(
            _("The county paid %(paid)s yuan, the list says %(list)s yuan. Please find out whom it is about.")
            % {"paid": money.yuan(noted), "list": money.yuan(pay_list.total)},
            field="entries",
        )
    _check_paid_nowhere_else(pay_list)
    CountyPayment.objects.bulk_create(
        CountyPayment(school_id=pay_list.school_id, pay_list=pay_list, entry=one) for one in free
    )
    pay_list.entry = free[0]
    pay_list.save(update_fields=["entry"])
    log(actor, "subsidy.match", pay_list.school_id, ("subsidy_list", pay_list.pk), entries=sorted(pks))
    return pay_list


@transaction.atomic
def hand_out(actor: Actor, *, pay_list: PayList, day: datetime.date) -> None:
    """Given things reached the children that day, each by the own signature."""
    person(actor, MANAGE, pay_list.school_id)
    pay_list = _held(pay_list)
    if pay_list.round.project.payer != Payer.GOODS or pay_list.ended_at:
        raise Refused(_("Only given things are handed out without money."))
    if day > clock.today():
        raise Refused(_("This day has not come yet."), field="day")
    if pay_list.handed_on:
        return
    pay_list.handed_on = day
    pay_list.save(update_fields=["handed_on"])
    log(actor, "subsidy.hand-out", pay_list.school_id, ("subsidy_list", pay_list.pk))


@transaction.atomic
def take_list_back(actor: Actor, *, pay_list: PayList, reason: str) -> PayList:
    """The list was wrong: its children are free for another one. Only while nothing in the books pays it."""
    user_id = person(actor, MANAGE, pay_list.school_id)
    pay_list = _held(pay_list)
    if pay_list.ended_at:
        return pay_list
    if pay_list.entry and still_paid(pay_list):
        raise Refused(_("Its payment stands in the books. There it is sent back or reversed first."))
    if pay_list.handed_on:
        raise Refused(_("The things are handed out already."))
    now, reason = clock.now(), few_words(reason, most=WORDS, field="reason")
    pay_list.ended_at, pay_list.ended_by_id, pay_list.ended_reason = now, user_id, reason
    pay_list.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    pay_list.county_payments.filter(ended_at=None).update(ended_at=now)
    pay_list.lines.standing().update(ended_at=now, ended_by=user_id, ended_reason=reason)
    log(actor, "subsidy.list-back", pay_list.school_id, ("subsidy_list", pay_list.pk))
    return pay_list


@transaction.atomic
def came_back(actor: Actor, *, line: PayLine, day: datetime.date, reason: str, client_id: UUID) -> Entry:
    """The bank sent one child's money back: written into the books. Checked there, the child is free for another list."""
    person(actor, MAKE, line.school_id)
    actor.require(PAY, school_id=line.school_id)
    line = _held_line(line)
    if line.returned and still_pays(line.returned):
        return line.returned
    paid = _paid_by(line, Payer.SCHOOL)
    reason = few_words(reason, most=WORDS, field="reason")
    said = Said(
        day, _("Came back: %(project)s, 1 student") % {"project": line.pay_list.round.project.name},
        source=Source(RETURNED, str(line.pk)), about=paid,
    )  # fmt: skip
    moves = [_back(paid, line.amount)]
    entry = write_entry(
        actor, school=line.school, client_id=client_id, kind=Entry.Kind.RETURNED, moves=moves, said=said
    )
    _note_returned(actor, line, entry, reason)
    return entry


@transaction.atomic
def county_took_back(actor: Actor, *, line: PayLine, entry: Entry, reason: str) -> PayLine:
    """One child's money went back to the county, mostly from a closed card: its statement left this note in the books."""
    person(actor, MAKE, line.school_id)
    actor.require(PAY, school_id=line.school_id)
    line = _held_line(line)
    if line.returned_id == entry.pk:
        return line
    if line.returned and still_pays(line.returned):
        raise Refused(_("This child's money came back already."), field="number")
    paid = _paid_by(line, Payer.COUNTY)
    if not county_refunds(line.school).filter(pk=entry.pk).exists() or entry.day < paid.day:
        raise Refused(_("Please choose what went back to the county."), field="entry")
    if (noted := amount_of(entry)) != line.amount:
        raise Refused(
            _("%(noted)s yuan went back, the child was paid %(paid)s yuan. Please find out whom it is about.")
            % {"noted": money.yuan(noted), "paid": money.yuan(line.amount)},
            field="entry",
        )
    _note_returned(actor, line, entry, few_words(reason, most=WORDS, field="reason"))
    return line


def _held_line(line: PayLine) -> PayLine:
    hold(line.school)
    held = PayLine.objects.select_for_update(of=("self",))
    related = ("school", "returned", "pay_list__entry", "pay_list__round__project")
    return held.select_related(*related).get(pk=line.pk)


def _paid_by(line: PayLine, payer: str) -> Entry:
    """The entry that paid this line and counts."""
    paid = line.pay_list.entry
    if paid is None or not paid.is_posted or line.pay_list.round.project.payer != payer:
        raise Refused(_("Only what stands in the books as paid comes back."))
    if not still_paid(line.pay_list) or line.ended_at:
        raise Refused(_("This line is not paid any more."))
    return paid


def _note_returned(actor: Actor, line: PayLine, entry: Entry, reason: str) -> None:
    line.returned, line.returned_reason = entry, reason
    line.save(update_fields=["returned", "returned_reason"])
    log(actor, "subsidy.came-back", line.school_id, ("student", line.student_id), line=line.pk)


def _back(paid: Entry, amount: int) -> Move:
    """The way of the payment, backwards."""
    lines = {line.amount > 0: line for line in paid.lines.select_related("account")}
    spent, place = lines[True], lines[False]
    assert spent.account.kind == Account.Kind.EXPENSE
    return Move(spent.account_id, place.account_id, spent.fund_id, amount, spent.purpose_id)


@transaction.atomic
def confirm(actor: Actor, *, line: PayLine, received: bool, on_paper: bool = False) -> PayLine:
    """The family says whether it has come: at its door, or on a signed slip that the office notes."""
    can = MANAGE if on_paper else CONFIRM
    user_id = person(actor, can, line.school_id, line.student_id)
    line = PayLine.objects.select_for_update(of=("self",)).select_related("pay_list__entry").get(pk=line.pk)
    if not is_out(line.pay_list):
        raise NotAllowed(can) if not on_paper else Refused(_("It has not been paid yet."))
    if not PayLine.objects.standing().filter(pk=line.pk).exists():
        raise Refused(_("This line is not paid any more."))
    answer = PayLine.Answer.RECEIVED if received else PayLine.Answer.NOT
    way = PayLine.Way.PAPER if on_paper else PayLine.Way.DOOR
    if (line.answer, line.way) == (answer, way):
        return line
    line.answer, line.way, line.answered_by_id, line.answered_at = answer, way, user_id, clock.now()
    line.save(update_fields=["answer", "way", "answered_by", "answered_at"])
    log(actor, "subsidy.confirm", line.school_id, ("student", line.student_id), line=line.pk, answer=answer)
    return line


def is_out(pay_list: PayList) -> bool:
    """Paid and checked in the books, or handed out."""
    if pay_list.ended_at:
        return False
    return bool(pay_list.handed_on or pay_list.entry and pay_list.entry.is_posted and still_paid(pay_list))


def still_paid(pay_list: PayList) -> bool:
    """Its payment is written and neither sent back nor reversed; of several by the county none is."""
    gone = pay_list.county_payments.filter(ended_at=None).exclude(entry__in=Entry.objects.standing())
    return pay_list.entry is not None and still_pays(pay_list.entry) and not gone.exists()
