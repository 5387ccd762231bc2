"""The three reports, from postings alone: trial balance, cash book, what each fund took in, spent and has left."""

import datetime
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Q, Sum

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor

from .. import rules
from ..models import Account, Fund, Line
from ..models_entries import LineSet


@dataclass(frozen=True, slots=True)
class Days:
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True, slots=True)
class Balance:
    """One account in fen: before, what went to it (借), what came from it (贷), after."""

    account: Account
    before: int
    debit: int
    credit: int

    @property
    def after(self) -> int:
        return self.before + self.debit - self.credit


def _posted(actor: Actor, school: Organisation, days: Days) -> LineSet:
    return Line.objects.visible_to(actor).posted().filter(school=school, entry__day__lte=days.last)


def trial_balance(actor: Actor, school: Organisation, days: Days) -> list[Balance]:
    """Every account that ever moved; the debits of all are the credits of all."""
    inside = Q(entry__day__gte=days.first)
    sums = {
        account: (before or 0, debit or 0, -(credit or 0))
        for account, before, debit, credit in _posted(actor, school, days)
        .order_by()
        .values_list("account")
        .annotate(
            before=Sum("amount", filter=~inside),
            debit=Sum("amount", filter=inside & Q(amount__gt=0)),
            credit=Sum("amount", filter=inside & Q(amount__lt=0)),
        )
    }
    accounts = Account.objects.visible_to(actor).filter(pk__in=sums)
    return [Balance(account, *sums[account.pk]) for account in accounts]


@dataclass(frozen=True, slots=True)
class CashLine:
    line: Line
    balance: int


@dataclass(frozen=True, slots=True)
class CashBook:
    account: Account
    before: int
    lines: list[CashLine]

    @property
    def came(self) -> int:
        return sum(one.line.amount for one in self.lines if one.line.amount > 0)

    @property
    def went(self) -> int:
        return -sum(one.line.amount for one in self.lines if one.line.amount < 0)

    @property
    def after(self) -> int:
        return self.before + self.came - self.went


def cash_book(actor: Actor, account: Account, days: Days) -> CashBook:
    """Each movement of one account, in the order of days and numbers, with what was there after it."""
    posted = _posted(actor, account.school, days).filter(account=account)
    before = posted.filter(entry__day__lt=days.first).aggregate(sum=Sum("amount"))["sum"] or 0
    inside = posted.filter(entry__day__gte=days.first).select_related(
        "entry__posting__period", "fund", "purpose"
    )
    lines = list(inside.order_by("entry__day", "entry__posting__number", "pk"))
    balances = list(accumulate((line.amount for line in lines), initial=before))[1:]
    return CashBook(account, before, [CashLine(*both) for both in zip(lines, balances, strict=True)])


@dataclass(frozen=True, slots=True)
class Spent:
    """By purpose; empty: without one."""

    purpose: str
    amount: int


@dataclass(frozen=True, slots=True)
class FundLine:
    """In fen. `before` + `came` − `spent` = `after`. What was brought along in these days was there before them;
    what is `promised` and not paid yet is taken off already."""

    fund: Fund
    before: int
    came: int
    spent: int
    promised: int
    purposes: list[Spent]

    @property
    def after(self) -> int:
        return self.before + self.came - self.spent


def fund_report(actor: Actor, school: Organisation, days: Days) -> list[FundLine]:
    """期初 收入 支出 结余 of every fund; what it spent by purpose. Payments that the county only told of stand apart."""
    inside = Q(entry__day__gte=days.first)
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    by_purpose: dict[int, dict[str, int]] = {}
    posted = _posted(actor, school, days).order_by()
    for fund, kind, before, now in posted.values_list("fund", "account__kind").annotate(
        before=Sum("amount", filter=~inside), now=Sum("amount", filter=inside)
    ):
        sums[fund, kind] = (before or 0, now or 0)
    spent = posted.filter(inside, account__kind=Account.Kind.EXPENSE)
    for fund, purpose, amount in spent.values_list("fund", "purpose__name").annotate(sum=Sum("amount")):
        by_purpose.setdefault(fund, {})[purpose or ""] = amount
    funds = Fund.objects.visible_to(actor).filter(school=school, memo=False)
    return [_fund_line(fund, sums, by_purpose.get(fund.pk, {})) for fund in funds]


def _fund_line(
    fund: Fund, sums: dict[tuple[int, str], tuple[int, int]], by_purpose: dict[str, int]
) -> FundLine:
    def of(kind: str) -> tuple[int, int]:
        return sums.get((fund.pk, kind), (0, 0))

    before = sum(of(kind)[0] for kind in rules.HELD)
    return FundLine(
        fund,
        before - of("net")[1],
        came=-of("income")[1],
        spent=of("expense")[1],
        promised=-sum(of("payable")),
        purposes=[Spent(name, amount) for name, amount in sorted(by_purpose.items())],
    )
