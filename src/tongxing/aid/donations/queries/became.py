"""From the total to what it became: sums of a fund by what it was used for, from the books alone.

No name, no class, no person: whoever belongs to the school may read it, and a giver behind a private address.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from tongxing.aid.ledger.models import Account, Fund, Line
from tongxing.ground.accounts.models import Organisation

from ..models import Campaign, DonationBox, Gift

Kind = Account.Kind


@dataclass(frozen=True, slots=True)
class Became:
    """In fen; `came` − `used` = `left`. What is promised and not paid yet counts as used."""

    fund: Fund
    sources: list[tuple[str, int]]
    uses: list[tuple[str, int]]

    @property
    def came(self) -> int:
        return sum(amount for _name, amount in self.sources)

    @property
    def used(self) -> int:
        return sum(amount for _name, amount in self.uses)

    @property
    def left(self) -> int:
        return self.came - self.used


def funds_of_gifts(school: Organisation) -> list[Fund]:
    """The funds that hold what was given: of campaigns, boxes and gifts from outside."""
    of_gifts = (
        Q(pk__in=Campaign.objects.filter(school=school).values("fund"))
        | Q(pk__in=DonationBox.objects.filter(school=school).values("fund"))
        | Q(pk__in=Gift.objects.standing().filter(school=school).values("fund"))
    )
    return list(Fund.objects.filter(of_gifts, school=school, memo=False))


def became(funds: Collection[Fund]) -> list[Became]:
    """Every checked entry of these funds, exactly as the books have it, in two queries."""
    lines = Line.objects.posted().filter(fund__in=funds).order_by()
    came: dict[int, list[tuple[str, int]]] = {}
    used: dict[int, list[tuple[str, int]]] = {}
    incomes = lines.filter(account__kind__in=[Kind.INCOME, Kind.NET])
    for fund, _code, name, amount in incomes.values_list("fund", "account__code", "account__name").annotate(
        sum=Sum("amount")
    ).order_by("account__code"):  # fmt: skip
        if amount:
            came.setdefault(fund, []).append((name, -amount))
    spent = lines.filter(account__kind=Kind.EXPENSE).values_list("fund", "purpose__name", "account__name")
    for fund, purpose, account, amount in spent.annotate(sum=Sum("amount")).order_by(
        "purpose__name", "account__name"
    ):
        if amount:
            used.setdefault(fund, []).append((purpose or account, amount))
    return [Became(fund, came.get(fund.pk, []), _together(used.get(fund.pk, []))) for fund in funds]


def _together(uses: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """One line for each thing it was used for."""
    sums: dict[str, int] = {}
    for name, amount in uses:
        sums[name] = sums.get(name, 0) + amount
    return [(name, amount) for name, amount in sums.items() if amount]
