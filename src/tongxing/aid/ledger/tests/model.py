"""The ledger once more, in a few dictionaries and without a database: what random operations are judged by."""

import datetime
import random
from collections import defaultdict
from dataclasses import dataclass, field

from ..models import Account, Fund
from .books import Told

FIRST = datetime.date(2026, 1, 1)
#: Whoever tries something chooses every eighth day of the year; the last day is a moment of its own.
EVERY, MOMENTS = 8, 46
#: What comes in is small and what is tried is not: most of the time the books stand near nothing.
AMOUNTS = (1, 37, 500, 12_500, 62_500, 900_000)
ASSETS = ("1001", "1002", "1009")
#: kind → (comes from, goes to), by code.
WAYS = {
    "receipt": (("4001", "4002", "4004", "4008"), ASSETS),
    "payment": (ASSETS, ("5001", "5002", "5003")),
    "promise": (("2201",), ("5001", "5003")),
    "pay_promise": (ASSETS, ("2201",)),
    "transfer": (ASSETS, ASSETS),
    "refund": (ASSETS, ("4001", "4002")),
    "returned": (("2201", "5001"), ASSETS),
}
NAMES = {"pay_promise": "payment"}


@dataclass(frozen=True)
class Operation:
    """`parts`: (account, fund, purpose, fen), by code, number of the fund, name."""

    kind: str
    day: datetime.date
    parts: tuple[tuple[str, int, str, int], ...]
    reverses: int | None = None


@dataclass
class Model:
    """`budgets`: (fund, purpose) → fen for the whole year. `standing`: by key, at the end of each moment."""

    budgets: dict[tuple[int, str], int]
    accepted: list[Operation] = field(default_factory=list)
    reversed: set[int] = field(default_factory=set)
    total: dict = field(default_factory=lambda: defaultdict(int))
    standing: dict = field(default_factory=lambda: defaultdict(lambda: [0] * MOMENTS))
    spent: dict = field(default_factory=lambda: defaultdict(int))

    def why_not(self, operation: Operation) -> str:
        """ "": it stands; "total": there is not enough at all; "day": not on its day or on one after it."""
        change, spent = defaultdict(int), defaultdict(int)
        for account, fund, purpose, fen in operation.parts:
            change[account] += fen
            if account[0] in "12":
                change[fund] += fen
            if account[0] == "5":
                spent[fund, purpose] += fen
        if self.total["2201"] + change["2201"] > 0:
            return "total"
        for key, fen in spent.items():
            if key in self.budgets and self.spent[key] + fen > self.budgets[key]:
                return "total"
        short = [key for key, fen in change.items() if fen < 0 and self._guarded(key)]
        if any(self.total[key] + change[key] < 0 for key in short):
            return "total"
        return "day" if any(self._least(key, operation.day) + change[key] < 0 for key in short) else ""

    @staticmethod
    def _guarded(key) -> bool:
        return key in ASSETS or isinstance(key, int)

    def _least(self, key, day: datetime.date) -> int:
        return min(self.standing[key][_moment(day) :])

    def apply(self, operation: Operation) -> bool:
        if self.why_not(operation):
            return False
        self.accepted.append(operation)
        if operation.reverses is not None:
            self.reversed.add(operation.reverses)
        for account, fund, purpose, fen in operation.parts:
            self._add(account, operation.day, fen)
            if account[0] in "12":
                self._add(fund, operation.day, fen)
            if account[0] == "5":
                self.spent[fund, purpose] += fen
        return True

    def _add(self, key, day: datetime.date, fen: int) -> None:
        self.total[key] += fen
        if self._guarded(key):
            first = _moment(day)
            self.standing[key][first:] = [there + fen for there in self.standing[key][first:]]


def _moment(day: datetime.date) -> int:
    return (day - FIRST).days // EVERY


def operations(model: Model, chance: random.Random, funds: list[list[str]]):
    """Without end: anything that somebody might try. `funds`: the purposes of each."""
    kinds = [*WAYS, "reallocation", "reversal", "receipt", "payment"]
    while True:
        day = FIRST + datetime.timedelta(days=EVERY * chance.randrange(40))
        kind = chance.choice(kinds)
        if kind == "reversal":
            if operation := _reversal(model, chance, day):
                yield operation
            continue
        fund, fen = (
            chance.randrange(len(funds)),
            chance.choice(AMOUNTS[: -3 if kind in ("receipt", "returned") else None]),
        )
        if kind == "reallocation":
            other = (fund + 1) % len(funds)
            parts = [
                ("5901", fund, "", fen),
                ("1002", fund, "", -fen),
                ("1002", other, "", fen),
                ("4901", other, "", -fen),
            ]
        else:
            come_from, go_to = (chance.choice(side) for side in WAYS[kind])
            if come_from == go_to:
                continue
            purpose = chance.choice(funds[fund]) if "5" in (come_from[0], go_to[0]) else ""
            parts = [(go_to, fund, purpose, fen), (come_from, fund, purpose, -fen)]
        yield Operation(NAMES.get(kind, kind), day, tuple(parts))


def _reversal(model: Model, chance: random.Random, day: datetime.date) -> Operation | None:
    number = chance.randrange(len(model.accepted)) if model.accepted else -1
    if number < 0 or number in model.reversed:
        return None
    first = model.accepted[number]
    if first.reverses is not None or day < first.day:
        return None
    parts = tuple((account, fund, purpose, -fen) for account, fund, purpose, fen in first.parts)
    return Operation("reversal", day, parts, number)


def agrees(model: Model, told: Told, funds: list) -> list[str]:
    """Where the database and the model differ."""
    there = dict(Account.objects.filter(school=told.school).values_list("code", "balance"))
    of_funds = dict(Fund.objects.values_list("pk", "balance"))
    pairs = [(code, fen, model.total[code]) for code, fen in there.items()]
    pairs += [(f"fund {n}", of_funds[fund.pk], model.total[n]) for n, fund in enumerate(funds)]
    return [f"{what}: {fen} != {should}" for what, fen, should in pairs if fen != should]
