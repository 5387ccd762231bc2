"""Opening the books, funds and purposes, budgets, closing a month."""

import datetime
import tomllib
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.publicity.actions import for_everybody

from .. import rules
from ..models import Account, Books, Budget, Entry, Fund, Line, Period, Purpose
from ..models_books import CHECK, MANAGE, NAME, WORDS
from ..queries.books import reason_to_wait

CHART = Path(__file__).parents[1] / "chart.toml"
#: Accounts that a school may add, with the first digit of their codes.
ADDED = {Account.Kind.INCOME: "4", Account.Kind.EXPENSE: "5"}


def person(actor: Actor, ability: str, school_id: int) -> int:
    """Whose name stands under it: in the books somebody always answers, never the installation itself."""
    actor.require(ability, school_id=school_id)
    if actor.user_id is None:
        raise NotAllowed(ability)
    return actor.user_id


def hold(school: Organisation) -> Books:
    """The books of a school, held until the transaction ends. Whoever posts for several schools holds them first."""
    books = Books.objects.select_for_update().filter(school=school).first()
    if books is None:
        raise Refused(_("The books are not opened yet."))
    return books


@transaction.atomic
def open_books(actor: Actor, *, school: Organisation, month: datetime.date) -> Books:
    """Begin the books with a month; accounts and a first fund come from the chart. Done once."""
    user_id = person(actor, MANAGE, school.pk)
    if month > clock.today():
        raise Refused(_("The books begin with this month or an earlier one."), field="month")
    found = Books.objects.filter(school=school).first()
    if found:
        return found
    first, _last = rules.month_of(month)
    books = Books.objects.create(school=school, opened_on=first, opened_by_id=user_id, opened_at=clock.now())
    chart = tomllib.loads(CHART.read_text("utf-8"))
    Account.objects.bulk_create(Account(school=school, **one) for one in chart["accounts"])
    for one in chart["funds"]:
        fund = _new_fund(school, user_id, one["name"], "", memo=one.get("memo", False))
        _new_purposes(fund, user_id, one.get("purposes", []))
    audit.record(actor, "ledger.open", school_id=school.pk, subject=("books", books.pk))
    return books


def _new_fund(school: Organisation, user_id: int, name: str, terms: str, *, memo: bool = False) -> Fund:
    return Fund.objects.create(
        school=school, name=name, terms=terms, memo=memo, added_by_id=user_id, added_at=clock.now()
    )


def _new_purposes(fund: Fund, user_id: int, names: list[str]) -> list[Purpose]:
    return Purpose.objects.bulk_create(
        Purpose(school_id=fund.school_id, fund=fund, name=name, added_by_id=user_id, added_at=clock.now())
        for name in names
    )


def _tidy(text: str, most: int, field: str) -> str:
    """One line that is not empty."""
    plain = " ".join(text.split())
    if not plain or len(plain) > most:
        raise Refused(_("Please write a few words, up to %(n)d signs.") % {"n": most}, field=field)
    return plain


@transaction.atomic
def add_fund(actor: Actor, *, school: Organisation, name: str, terms: str, purposes: str) -> Fund:
    """Money that was given for something. `purposes`: one a line; none: whatever helps students."""
    user_id = person(actor, MANAGE, school.pk)
    hold(school)
    name = for_everybody(_tidy(name, NAME, "name"), field="name")
    if Fund.objects.open().filter(school=school, name=name).exists():
        raise Refused(_("There is a fund of this name already."), field="name")
    fund = _new_fund(school, user_id, name, " ".join(terms.split())[:WORDS])
    lines = [_tidy(one, NAME, "purposes") for one in purposes.splitlines() if one.strip()]
    names = [for_everybody(one, field="purposes") for one in lines]
    _new_purposes(fund, user_id, list(dict.fromkeys(names)))
    audit.record(
        actor,
        "ledger.fund",
        school_id=school.pk,
        subject=("fund", fund.pk),
        detail={"purposes": len(names)},
    )
    return fund


@transaction.atomic
def add_purpose(actor: Actor, *, fund: Fund, name: str) -> Purpose:
    """One more thing the fund may be used for. The same name again is the same purpose."""
    user_id = person(actor, MANAGE, fund.school_id)
    hold(fund.school)
    name = for_everybody(_tidy(name, NAME, "name"), field="name")
    if fund.memo or fund.ended_on:
        raise Refused(_("Nothing is spent from this fund."), field="name")
    if found := fund.purposes.filter(name=name).first():
        return found
    purpose = _new_purposes(fund, user_id, [name])[0]
    audit.record(actor, "ledger.purpose", school_id=fund.school_id, subject=("fund", fund.pk))
    return purpose


@transaction.atomic
def end_fund(actor: Actor, *, fund: Fund, reason: str) -> Fund:
    """A fund that is used up takes no more entries; what was stays readable."""
    user_id = person(actor, MANAGE, fund.school_id)
    hold(fund.school)
    fund = Fund.objects.get(pk=fund.pk)
    if fund.ended_on:
        return fund
    if fund.memo:
        raise Refused(_("Payments of the county are always noted here."), field="reason")
    if fund.balance or fund.lines.filter(entry__in=Entry.objects.waiting()).exists():
        raise Refused(_("There is money in it, or an entry waits to be checked."), field="reason")
    if _held(fund):
        raise Refused(_("Some of it is still promised to somebody."), field="reason")
    fund.ended_on, fund.ended_by_id = clock.today(), user_id
    fund.ended_reason = _tidy(reason, WORDS, "reason")
    fund.save(update_fields=["ended_on", "ended_by", "ended_reason"])
    audit.record(actor, "ledger.fund-end", school_id=fund.school_id, subject=("fund", fund.pk))
    return fund


def _held(fund: Fund) -> bool:
    """Money and promises that cancel out are still there."""
    lines = Line.objects.posted().filter(fund=fund, account__kind=Account.Kind.PAYABLE)
    return bool(sum(lines.values_list("amount", flat=True)))


@transaction.atomic
def add_account(actor: Actor, *, school: Organisation, kind: str, name: str) -> Account:
    """Another place money comes from, or another thing it is for. The same name again is the same account."""
    person(actor, MANAGE, school.pk)
    hold(school)
    if kind not in ADDED:
        raise Refused(_("Choose whether money comes from it or is for it."), field="kind")
    name = for_everybody(_tidy(name, NAME, "name"), field="name")
    of_kind = Account.objects.filter(school=school, kind=kind)
    if found := of_kind.filter(name=name).first():
        return found
    digit = ADDED[Account.Kind(kind)]
    used = set(of_kind.values_list("code", flat=True))
    code = next(f"{digit}{n:03d}" for n in range(101, 900) if f"{digit}{n:03d}" not in used)
    account = Account.objects.create(school=school, code=code, kind=kind, name=name)
    audit.record(actor, "ledger.account", school_id=school.pk, subject=("account", account.pk))
    return account


@transaction.atomic
def set_budget(
    actor: Actor,
    *,
    fund: Fund,
    purpose: Purpose | None,
    starts_on: datetime.date,
    ends_on: datetime.date,
    amount: int,
    client_id: UUID,
    note: str = "",
    follows: Budget | None = None,
    reason: str = "",
) -> Budget:
    """How much may be spent. `follows`: the budget it takes the place of, with the reason."""
    user_id = person(actor, MANAGE, fund.school_id)
    hold(fund.school)
    new = Budget(
        school=fund.school, client_id=client_id, fund=fund, purpose=purpose, starts_on=starts_on,
        ends_on=ends_on, amount=amount, note=" ".join(note.split())[:WORDS], decided_by_id=user_id,
        decided_at=clock.now(),
    )  # fmt: skip
    return once(
        lambda: Budget.objects.filter(school=fund.school, client_id=client_id).first(),
        lambda: _set(actor, new, follows, reason),
    )


def _set(actor: Actor, new: Budget, follows: Budget | None, reason: str) -> Budget:
    _check_budget(new)
    if follows:
        _end_budget(follows, new.decided_by_id, _tidy(reason, WORDS, "reason"))
    overlap = Budget.objects.open().filter(
        fund=new.fund, purpose=new.purpose, starts_on__lte=new.ends_on, ends_on__gte=new.starts_on
    )
    if overlap.exists():
        raise Refused(_("There is a budget for this already in these days."), field="starts_on")
    new.spent = _spent(new)
    if new.spent > new.amount:
        raise Refused(_("More than this is spent already."), field="amount")
    new.save(force_insert=True)
    audit.record(
        actor,
        "ledger.budget",
        school_id=new.school_id,
        subject=("budget", new.pk),
        detail={"fen": new.amount, "follows": follows.pk if follows else None},
    )
    return new


def _check_budget(new: Budget) -> None:
    if new.amount <= 0:
        raise Refused(_("A budget is more than nothing."), field="amount")
    if new.ends_on < new.starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")
    if new.fund.memo or new.fund.ended_on:
        raise Refused(_("Nothing is spent from this fund."), field="fund")
    if new.purpose and new.purpose.fund_id != new.fund_id:
        raise Refused(_("This purpose belongs to another fund."), field="fund")


def _end_budget(budget: Budget, user_id: int, reason: str) -> None:
    held = Budget.objects.get(pk=budget.pk)
    if held.ended_at:
        raise Refused(_("Somebody else has changed this budget meanwhile. Please look at it again."))
    held.ended_at, held.ended_by_id, held.ended_reason = clock.now(), user_id, reason
    held.save(update_fields=["ended_at", "ended_by", "ended_reason"])


@transaction.atomic
def end_budget(actor: Actor, *, budget: Budget, reason: str) -> None:
    user_id = person(actor, MANAGE, budget.school_id)
    hold(budget.school)
    _end_budget(budget, user_id, _tidy(reason, WORDS, "reason"))
    audit.record(actor, "ledger.budget-end", school_id=budget.school_id, subject=("budget", budget.pk))


def _spent(budget: Budget) -> int:
    """What entries of these days have taken from it so far; from its first row on the database goes on counting."""
    lines = Line.objects.posted().between(budget.starts_on, budget.ends_on)
    lines = lines.filter(fund=budget.fund, account__kind=Account.Kind.EXPENSE)
    if budget.purpose:
        lines = lines.filter(purpose=budget.purpose)
    return sum(lines.values_list("amount", flat=True))


def period_of(books: Books, day: datetime.date) -> Period:
    """The month of a day, opened with all months before it. The books are held."""
    if day < books.opened_on:
        raise Refused(_("The books begin later than this day."), field="day")
    known = {one.starts_on: one for one in Period.objects.filter(school_id=books.school_id)}
    first, last = rules.month_of(day)
    missing = [both for both in rules.months(books.opened_on, last) if both[0] not in known]
    for starts_on, ends_on in missing:
        known[starts_on] = Period.objects.create(
            school_id=books.school_id, starts_on=starts_on, ends_on=ends_on
        )
    return known[first]


def open_period(books: Books, day: datetime.date) -> Period:
    period = period_of(books, day)
    if period.closed_at:
        raise Refused(
            _("This month is closed. Write it with a day of an open month and say what it is about."),
            field="day",
        )
    return period


@transaction.atomic
def close_month(actor: Actor, *, school: Organisation, month: datetime.date) -> Period:
    """Nothing can be entered in this month any more, and nobody opens it again. Months are closed in their order."""
    user_id = person(actor, CHECK, school.pk)
    books = hold(school)
    period = period_of(books, month)
    if period.closed_at:
        return period
    if why := reason_to_wait(books, period.starts_on, period.ends_on):
        raise Refused(why)
    period.closed_at, period.closed_by_id = clock.now(), user_id
    period.save(update_fields=["closed_at", "closed_by"])
    audit.record(
        actor,
        "ledger.close",
        school_id=school.pk,
        subject=("period", period.pk),
        detail={"entries": period.last_number},
    )
    return period
