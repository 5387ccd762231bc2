"""The school's aid money as its books: accounts, funds and what they may be used for, months, budgets.

Invariants:
- what an account or a fund holds is added up by the database when an entry is posted (`migrations/0002_guards.py`),
  never by anybody else; cash, bank and funds are never below nothing, a budget is never overspent;
- a closed month stays closed: what was wrong in it is corrected by an entry of an open month;
- a budget is never changed but followed by another, with day, person and reason.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor

VIEW, MAKE, CHECK, MANAGE = "ledger.view", "ledger.make", "ledger.check", "ledger.manage"
NAME, WORDS = 60, 200  # characters


def ended_with_reason(name: str) -> models.CheckConstraint:
    """Of a row with `ended_at`, `ended_by` and `ended_reason`."""
    return models.CheckConstraint(
        condition=Q(ended_at=None, ended_by=None, ended_reason="")
        | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""),
        name=name,
    )


class OfSchoolSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q(VIEW))


class Books(models.Model):
    """A school's books. Its row is held while an entry is posted: numbers have no gaps, and no two payments
    count the same money. `opened_on`: the first day of their first month."""

    school = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    opened_on = models.DateField(_("first month"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    objects = OfSchoolSet.as_manager()


class Account(models.Model):
    """`balance` in fen: what is owed or was taken in stands below nothing."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("where money is")
        PAYABLE = "payable", _("promised, not paid yet")
        NET = "net", _("brought along")
        INCOME = "income", _("where money comes from")
        EXPENSE = "expense", _("what money is for")
        MEMO = "memo", _("paid by the county, noted only")

    class Place(models.TextChoices):
        NONE = "", pgettext_lazy("ledger", "no place")
        CASH = "cash", _("cash")
        BANK = "bank", _("bank")
        BOX = "box", _("counted from the box, on its way to the bank")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=10)
    name = models.CharField(_("name"), max_length=NAME)
    kind = models.CharField(max_length=10, choices=Kind)
    place = models.CharField(max_length=6, choices=Place, blank=True)
    between = models.BooleanField(default=False)
    balance = models.BigIntegerField(default=0)

    objects = OfSchoolSet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=~Q(kind="asset") | Q(balance__gte=0), name="ledger_place_never_below_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(kind="payable") | Q(balance__lte=0), name="ledger_never_paid_more_than_promised"
            ),
            models.CheckConstraint(condition=Q(kind="asset") | Q(place=""), name="ledger_money_has_a_place"),
        ]

    def __str__(self) -> str:
        return self.name


class FundSet(OfSchoolSet):
    def open(self) -> Self:
        return self.filter(ended_on=None)


class Fund(models.Model):
    """Money given for something (限定用途). `balance` in fen: what it has at cash and bank less what is promised.

    `memo`: payments of the county that the school only notes.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME)
    terms = models.CharField(_("what it is meant for"), max_length=WORDS, blank=True)
    memo = models.BooleanField(default=False)
    balance = models.BigIntegerField(default=0)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = FundSet.as_manager()

    class Meta:
        ordering = ["memo", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_on=None), name="ledger_fund_once"
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="ledger_fund_never_below_nothing"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""),
                name="ledger_fund_ends_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Purpose(models.Model):
    """One of the things a fund may be used for."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="purposes")
    name = models.CharField(_("name"), max_length=NAME)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = OfSchoolSet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["fund", "name"], name="ledger_purpose_once")]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """One month. `last_number`: of the last entry posted in it, written by the database."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    last_number = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfSchoolSet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="ledger_period_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="ledger_period_has_days"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="ledger_period_closed_by_somebody",
            ),
        ]


class BudgetSet(OfSchoolSet):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class Budget(models.Model):
    """How much of a fund, or of one purpose, may be spent from one day to another. `spent` is written by the
    database; both in fen."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="budgets")
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(pgettext_lazy("ledger", "from"))
    ends_on = models.DateField(pgettext_lazy("ledger", "until"))
    amount = models.BigIntegerField()
    spent = models.BigIntegerField(default=0)
    note = models.CharField(_("decided where"), max_length=WORDS, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = BudgetSet.as_manager()

    class Meta:
        ordering = ["fund", "purpose", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="ledger_budget_sent_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_budget_is_something"),
            models.CheckConstraint(condition=Q(spent__lte=F("amount")), name="ledger_budget_never_overspent"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="ledger_budget_has_days"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""),
                name="ledger_budget_ends_with_reason",
            ),
        ]

    @property
    def left(self) -> int:
        return self.amount - self.spent

    @property
    def label(self) -> str:
        return f"{self.fund.name} · {self.purpose.name}" if self.purpose else self.fund.name
