"""Writing an entry, looking at it as the second person, taking it back, reversing it.

Invariants:
- who writes an entry never checks it; the head or whoever checks finance does (a small school needs no more);
- the same source with the same content is the same entry, with other content it is refused, until it is reversed;
- money is counted while the books are held: what is not there is not paid, however many pay at once.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.actions import content_of, keep
from tongxing.ground.files.rules import examine
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import new_key
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once

from .. import rules
from ..models import Account, Budget, Entry, EntryFile, Fund, Line, Posting, Purpose
from ..models_books import CHECK, MAKE, NAME, VIEW, WORDS
from ..models_entries import EntrySet
from ..rules import Move, Part
from .books import hold, open_period, person

Kind = Entry.Kind
MOST_FILES = 6
#: What takes money from a fund for something, or brings it back: it names the purpose, so that budgets count it.
SPENDS = frozenset({Kind.PAYMENT, Kind.PROMISE, Kind.RETURNED})


@dataclass(frozen=True, slots=True)
class Source:
    """The record that an entry comes from, such as ("donation", "12"): one entry for each."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says besides its amounts. No child's name: names stand in the record it comes from."""

    day: datetime.date
    narrative: str
    party: str = ""
    reference: str = ""
    source: Source = field(default_factory=lambda: Source("", ""))
    about: Entry | None = None

    @property
    def tidy(self) -> tuple[str, str, str]:
        texts = ((self.narrative, WORDS), (self.party, NAME), (self.reference, 40))
        narrative, party, reference = (" ".join(text.split())[:most] for text, most in texts)
        return narrative, party, reference


def write_entry(
    actor: Actor, *, school: Organisation, client_id: UUID, kind: str, moves: Sequence[Move], said: Said
) -> Entry:
    """Write down what came or went. It counts once somebody else has checked it."""
    return _write(
        actor, school, client_id, kind, [part for move in moves for part in move.parts], said, moves
    )


@transaction.atomic
def _write(
    actor: Actor,
    school: Organisation,
    client_id: UUID,
    kind: str,
    parts: Sequence[Part],
    said: Said,
    moves: Sequence[Move] = (),
) -> Entry:
    user_id = person(actor, MAKE, school.pk)
    books = hold(school)
    narrative, party, reference = said.tidy
    day, source = said.day, said.source
    entry = Entry(
        school=school, client_id=client_id, kind=kind, day=day, narrative=narrative, party=party,
        reference=reference, source_kind=source.kind, source_id=source.id, about=said.about,
        made_by_id=user_id, made_at=clock.now(),
    )  # fmt: skip
    about = said.about.pk if said.about else ""
    entry.digest = rules.digest(kind, day, narrative, party, reference, about, parts=parts)

    def make() -> Entry:
        open_period(books, day)
        _check_words(entry)
        if moves or kind != Kind.REVERSAL:
            _check_moves(entry, moves)
        return _save(actor, entry, parts)

    return once(lambda: _written_before(entry), make)


def _written_before(entry: Entry) -> Entry | None:
    """The entry that this form or this source has made; refused when it says something else now."""
    of_school = Entry.objects.filter(school_id=entry.school_id)
    found = of_school.filter(client_id=entry.client_id).first()
    if found is None and entry.source_kind:
        found = _of_source(entry).standing().first()
    if found and found.digest != entry.digest:
        raise Refused(
            _("This has been entered before with other amounts or words. Please look at that entry.")
        )
    return found


def _of_source(entry: Entry) -> EntrySet:
    """Everything written of the same source that was not sent back."""
    same = {"source_kind": entry.source_kind, "source_id": entry.source_id, "ended_at": None}
    return Entry.objects.filter(school_id=entry.school_id, **same)


def _check_words(entry: Entry) -> None:
    if not entry.narrative:
        raise Refused(_("Please write what it is for, in a few words."), field="narrative")
    if entry.day > clock.today():
        raise Refused(_("This day has not come yet."), field="day")
    if entry.kind == Kind.RETURNED and entry.about and is_being_reversed(entry.about):
        raise Refused(_("This entry is reversed already, or its reversal waits to be checked."))
    if entry.reference and entry.kind == Kind.PAYMENT and _paid_by_county(entry):
        raise Refused(
            _("The county has paid this already: its number stands among the payments of the county."),
            field="reference",
        )


def is_being_reversed(entry: Entry) -> bool:
    """Its reversal is written, whether it counts already or waits to be checked."""
    return Entry.objects.filter(about=entry, kind=Kind.REVERSAL, ended_at=None).exists()


def _paid_by_county(entry: Entry) -> bool:
    noted = Entry.objects.standing().filter(school_id=entry.school_id, kind=Kind.MEMO)
    return noted.filter(reference=entry.reference).exists()


def _check_moves(entry: Entry, moves: Sequence[Move]) -> None:
    """Each move belongs to the school, goes a way that its kind allows, and names what the fund may be used for."""
    if not moves:
        raise Refused(_("Please write an amount."), field="amount")
    accounts = {one.pk: one for one in Account.objects.filter(school_id=entry.school_id)}
    funds = {one.pk: one for one in Fund.objects.open().filter(school_id=entry.school_id)}
    purposes = {one.pk: one for one in Purpose.objects.filter(school_id=entry.school_id)}
    with_purposes = {one.fund_id for one in purposes.values()}
    for move in moves:
        if move.amount <= 0:
            raise Refused(_("An amount is more than nothing."), field="amount")
        come_from, go_to = accounts.get(move.come_from), accounts.get(move.go_to)
        if come_from is None or come_from.kind not in rules.WAYS[entry.kind][0]:
            raise Refused(_("Please choose where the money comes from."), field="come_from")
        if go_to is None or go_to == come_from or go_to.kind not in rules.WAYS[entry.kind][1]:
            raise Refused(_("Please choose where the money goes to."), field="go_to")
        if (come_from.between or go_to.between) != (entry.kind == Kind.REALLOCATION):
            raise Refused(_("Moving money to another fund has a form of its own."), field="go_to")
        fund = funds.get(move.fund)
        if fund is None or fund.memo != (entry.kind == Kind.MEMO):
            raise Refused(_("Please choose which money it is."), field="fund")
        if move.purpose is None:
            used = come_from if entry.kind == Kind.RETURNED else go_to
            if entry.kind in SPENDS and used.kind == Account.Kind.EXPENSE and fund.pk in with_purposes:
                raise Refused(_("Please choose what this money may be used for."), field="fund")
        elif move.purpose not in purposes or purposes[move.purpose].fund_id != fund.pk:
            raise Refused(_("This purpose belongs to another fund."), field="fund")


def _save(actor: Actor, entry: Entry, parts: Sequence[Part]) -> Entry:
    if entry.source_kind:
        entry.source_turn = _of_source(entry).count() + 1
    entry.save(force_insert=True)
    Line.objects.bulk_create(
        Line(
            school_id=entry.school_id, entry=entry, account_id=part.account, fund_id=part.fund,
            purpose_id=part.purpose, amount=part.amount,
        )
        for part in parts
    )  # fmt: skip
    _log(actor, "ledger.write", entry, {"kind": str(entry.kind), "lines": len(parts)})
    return entry


def _log(actor: Actor, action: str, entry: Entry, detail: dict[str, object] | None = None) -> None:
    audit.record(actor, action, school_id=entry.school_id, subject=("entry", entry.pk), detail=detail or {})


@transaction.atomic
def check(actor: Actor, *, entry: Entry) -> Posting:
    """The second person has looked: the entry gets its number and stands for good. A second click finds it done."""
    user_id = person(actor, CHECK, entry.school_id)
    books = hold(entry.school)
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if found := Posting.objects.filter(entry=entry).first():
        return found
    if entry.ended_at:
        raise Refused(_("This entry was taken back. It has to be written anew."))
    if entry.made_by_id == user_id:
        raise Refused(_("Somebody else than whoever wrote it looks at it."))
    period = open_period(books, entry.day)
    parts = parts_of(entry)
    if not rules.adds_up(parts):
        raise Refused(_("The two sides of this entry do not add up."))
    _check_enough(entry, parts)
    posting = Posting.objects.create(
        entry=entry,
        school_id=entry.school_id,
        period=period,
        number=period.last_number + 1,
        made_by_id=entry.made_by_id,
        checked_by_id=user_id,
        posted_at=clock.now(),
    )
    _log(actor, "ledger.check", entry, {"number": posting.number})
    return posting


def parts_of(entry: Entry) -> list[Part]:
    lines = entry.lines.values_list("account_id", "fund_id", "amount", "purpose_id")
    return [Part(*line) for line in lines]


def _check_enough(entry: Entry, parts: Sequence[Part]) -> None:
    """What is taken is there, on the day of the entry and on every day after it; budgets hold."""
    accounts = {one.pk: one for one in Account.objects.filter(pk__in={part.account for part in parts})}
    for account, change in _sums((part.account, part.amount) for part in parts):
        if accounts[account].kind == Account.Kind.ASSET and change < 0:
            later = Line.objects.posted().filter(account=account)
            _check_least(entry, accounts[account].name, accounts[account].balance, change, later)
        if accounts[account].kind == Account.Kind.PAYABLE and accounts[account].balance + change > 0:
            raise Refused(_("This is more than was promised and not paid yet."))
    held = [part for part in parts if accounts[part.account].kind in rules.HELD]
    funds = Fund.objects.in_bulk({part.fund for part in held})
    for fund, change in _sums((part.fund, part.amount) for part in held):
        if change < 0:
            later = Line.objects.posted().filter(fund=fund, account__kind__in=rules.HELD)
            _check_least(entry, funds[fund].name, funds[fund].balance, change, later)
    _check_budgets(entry, [part for part in parts if accounts[part.account].kind == Account.Kind.EXPENSE])


def _sums(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    sums: Counter[int] = Counter()
    for key, amount in pairs:
        sums[key] += amount
    return sorted(sums.items())


def _check_least(entry: Entry, name: str, now: int, change: int, lines) -> None:
    later = lines.filter(entry__school=entry.school_id, entry__day__gt=entry.day)
    by_day = later.order_by().values_list("entry__day")
    least = rules.least_from(now, dict(by_day.annotate(sum=Sum("amount"))))
    if least + change < 0:
        raise Refused(
            _("“%(name)s” has only %(there)s yuan for this; %(missing)s yuan are missing.")
            % {"name": name, "there": money.yuan(least), "missing": money.yuan(-least - change)}
        )


def _check_budgets(entry: Entry, spent: Sequence[Part]) -> None:
    budgets = Budget.objects.open().filter(
        fund__in={part.fund for part in spent}, starts_on__lte=entry.day, ends_on__gte=entry.day
    )
    for budget in budgets.select_related("fund", "purpose"):
        change = sum(
            part.amount
            for part in spent
            if part.fund == budget.fund_id and budget.purpose_id in (None, part.purpose)
        )
        if change > budget.left:
            raise Refused(
                _("The budget of “%(name)s” has only %(left)s yuan left.")
                % {"name": budget.label, "left": money.yuan(budget.left)}
            )


@transaction.atomic
def take_back(actor: Actor, *, entry: Entry, reason: str = "") -> Entry:
    """Before it is posted: its maker takes it back, or whoever checks sends it back with a reason."""
    own = entry.made_by_id == actor.user_id and actor.user_id is not None
    user_id = person(actor, MAKE if own else CHECK, entry.school_id)
    hold(entry.school)
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if Posting.objects.filter(entry=entry).exists():
        raise Refused(_("This entry stands already. It can be reversed."))
    if entry.ended_at:
        return entry
    reason = " ".join(reason.split())[:WORDS]
    if not own and not reason:
        raise Refused(_("Please say what should be different."), field="reason")
    entry.ended_at, entry.ended_by_id = clock.now(), user_id
    entry.ended_reason = reason or _("taken back")
    entry.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    _log(actor, "ledger.back" if own else "ledger.send-back", entry)
    return entry


@transaction.atomic
def reverse(actor: Actor, *, entry: Entry, day: datetime.date, reason: str, client_id: UUID) -> Entry:
    """Write the same amounts with the opposite sign (红字冲销); it counts once it is checked, like every entry."""
    hold(entry.school)
    if not Posting.objects.filter(entry=entry).exists():
        raise Refused(_("This entry does not stand yet: it can simply be taken back."))
    if entry.kind == Kind.REVERSAL:
        raise Refused(_("A reversal is not reversed. Please write what is right as a new entry."))
    if day < entry.day:
        raise Refused(_("This lies before the day of the entry itself."), field="day")
    again = Entry.objects.filter(about=entry, kind=Kind.REVERSAL, ended_at=None).exclude(client_id=client_id)
    if again.exists():
        raise Refused(_("This entry is reversed already, or its reversal waits to be checked."))
    if Entry.objects.standing().filter(about=entry, kind=Kind.RETURNED).exists():
        raise Refused(_("Some of this money came back already. Please take back or reverse that first."))
    if not reason.strip():
        raise Refused(_("Please say what was wrong."), field="reason")
    said = Said(day, reason, party=entry.party, reference=entry.reference, about=entry)
    parts = rules.reversed_parts(parts_of(entry))
    return _write(actor, entry.school, client_id, Kind.REVERSAL, parts, said)


@transaction.atomic
def attach(actor: Actor, *, entry: Entry, contents: Sequence[bytes]) -> list[EntryFile]:
    """Add photos or PDFs of the paper behind an entry, each sealed under a key of its own."""
    user_id = person(actor, MAKE, entry.school_id)
    kept = [examine(content) for content in contents]
    Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.files.count() + len(kept) > MOST_FILES:
        raise Refused(_("An entry can hold up to %(n)d files.") % {"n": MOST_FILES}, field="files")
    added = []
    for one in kept:
        key = new_key()
        key.save()
        file = keep(school=entry.school, key=key, kept=one)
        added.append(
            EntryFile.objects.create(
                school_id=entry.school_id, entry=entry, file=file, added_by_id=user_id, added_at=clock.now()
            )
        )
    if added:
        _log(actor, "ledger.attach", entry, {"files": len(added)})
    return added


@transaction.atomic
def open_file(actor: Actor, *, found: EntryFile) -> tuple[bytes, str]:
    """Content and type of one paper; the opening is logged."""
    actor.require(VIEW, school_id=found.school_id)
    content = content_of(found.file)
    _log(actor, "ledger.file", found.entry)
    return content, found.file.media_type
