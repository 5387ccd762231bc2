"""How money moves through the books, and how a bank's statement is laid beside them. Pure.

A move takes an amount from one account to another within one fund: where it comes from is credited (−), where it
goes to is debited (+). So what people say – from where, to where – is the entry, and it always adds up.
"""

import datetime
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

#: Kind of entry → (kinds of account it comes from, kinds it goes to).
WAYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(come_from.split()), frozenset(go_to.split()))
    for kind, (come_from, go_to) in {
        "opening": ("net", "asset"),
        "receipt": ("income", "asset"),
        "payment": ("asset", "expense payable"),
        "promise": ("payable", "expense"),
        "transfer": ("asset", "asset"),
        "reallocation": ("asset income", "asset expense"),
        "refund": ("asset", "income net"),
        "returned": ("expense payable", "asset"),
        "memo": ("memo", "memo"),
    }.items()
}
#: The kinds of account whose amounts make up what a fund has.
HELD = frozenset({"asset", "payable"})


@dataclass(frozen=True, slots=True)
class Part:
    """One line: `amount` in fen, above nothing what goes to the account. Accounts, funds and purposes by id."""

    account: int
    fund: int
    amount: int
    purpose: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """`amount` in fen, above nothing."""

    come_from: int
    go_to: int
    fund: int
    amount: int
    purpose: int | None = None

    @property
    def parts(self) -> tuple[Part, Part]:
        return (
            Part(self.go_to, self.fund, self.amount, self.purpose),
            Part(self.come_from, self.fund, -self.amount, self.purpose),
        )


def adds_up(parts: Iterable[Part]) -> bool:
    """Two lines at least, none of nothing, and what each fund gives and takes is the same."""
    parts = list(parts)
    sums: Counter[int] = Counter()
    for part in parts:
        sums[part.fund] += part.amount
    return len(parts) > 1 and all(part.amount for part in parts) and not any(sums.values())


def reversed_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(Part(part.account, part.fund, -part.amount, part.purpose) for part in parts)


def digest(*said: object, parts: Iterable[Part]) -> str:
    """The fingerprint of everything an entry says; the order of its lines does not matter."""
    lines = sorted([part.account, part.fund, part.purpose or 0, part.amount] for part in parts)
    text = json.dumps([*map(str, said), lines], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def least_from(now: int, later: Mapping[datetime.date, int]) -> int:
    """The least that was there at the end of a day or of any day after it.

    `now`: what is there today; `later`: what came (+) and went (−) on each day after that day.
    """
    least = now
    for day in sorted(later, reverse=True):
        now -= later[day]
        least = min(least, now)
    return least


def month_of(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    first = day.replace(day=1)
    return first, (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)


def months(first: datetime.date, last: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Every month from the day `first` to the day `last`, as first and last day."""
    found, day = [], first.replace(day=1)
    while day <= last:
        found.append(month_of(day))
        day = found[-1][1] + datetime.timedelta(days=1)
    return found


Why = Literal["only_statement", "only_books", "amount", "day", "double_statement", "double_books"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a statement or a line of the books, in fen."""

    key: int
    day: datetime.date
    amount: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """`row`: key of the statement's row, `line`: key of the books' line, where there is one."""

    why: Why
    row: int | None = None
    line: int | None = None


@dataclass(slots=True)
class Comparison:
    """`matched`: row → line."""

    matched: dict[int, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def compare(rows: Sequence[Row], lines: Sequence[Row], *, window: int) -> Comparison:
    """Lay a statement beside the books: what fits, and every difference on either side, each named once.

    First what bears the same reference, then what has the same amount within `window` days, the nearest day first.
    Of what is left over, a twin of something that has found its place is called double.
    """
    result = Comparison()
    rest = _Rest(sorted(rows, key=_order), sorted(lines, key=_order))
    for apart, same_amount in ((window, True), (None, True), (None, False)):
        _by_reference(rest, result, apart, same_amount)
    _by_amount(rest, result, window)
    for row in rest.rows:
        twin = any(_twins(row, other) for other in rows if other.key in result.matched)
        result.differences.append(Difference("double_statement" if twin else "only_statement", row=row.key))
    placed = set(result.matched.values())
    for line in rest.lines:
        twin = any(_twins(line, other) for other in lines if other.key in placed)
        result.differences.append(Difference("double_books" if twin else "only_books", line=line.key))
    return result


@dataclass(slots=True)
class _Rest:
    """What has not found its place yet."""

    rows: list[Row]
    lines: list[Row]

    def take(self, pairs: Iterable[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
        found = list(pairs)
        rows, lines = {row.key for row, _line in found}, {line.key for _row, line in found}
        self.rows = [row for row in self.rows if row.key not in rows]
        self.lines = [line for line in self.lines if line.key not in lines]
        return found


def _order(row: Row) -> tuple[datetime.date, int]:
    return row.day, row.key


def _twins(one: Row, other: Row) -> bool:
    same = one.key != other.key and one.amount == other.amount and one.reference == other.reference
    return same and bool(one.reference or one.day == other.day)


def _by_reference(rest: _Rest, result: Comparison, apart: int | None, same_amount: bool) -> None:
    """The same reference: with the same amount near by, far away, or with another amount of the same sign."""
    waiting: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for line in rest.lines:
        waiting[_key(line, same_amount)].append(line)
    found = []
    for row in rest.rows:
        near = [
            line
            for line in waiting.get(_key(row, same_amount), ())
            if row.reference and (apart is None or _apart(row, line) <= apart)
        ]
        if near:
            line = min(near, key=lambda one: (_apart(row, one), abs(one.amount - row.amount), one.key))
            waiting[_key(row, same_amount)].remove(line)
            found.append((row, line))
    for row, line in rest.take(found):
        result.matched[row.key] = line.key
        if apart is None:
            result.differences.append(Difference("day" if same_amount else "amount", row.key, line.key))


def _key(row: Row, with_amount: bool) -> tuple[object, ...]:
    return (row.reference, row.amount) if with_amount else (row.reference, row.amount > 0)


def _by_amount(rest: _Rest, result: Comparison, window: int) -> None:
    """The same amount near by, where not both bear a reference; the nearest two of all first."""
    waiting: dict[int, list[Row]] = defaultdict(list)
    for line in rest.lines:
        waiting[line.amount].append(line)
    near = sorted(
        (_apart(row, line), row.day, row.key, line.key, row, line)
        for row in rest.rows
        for line in waiting.get(row.amount, ())
        if _apart(row, line) <= window and not (row.reference and line.reference)
    )
    rows, lines, found = set(), set(), []
    for *_rank, row_key, line_key, row, line in near:
        if row_key not in rows and line_key not in lines:
            rows.add(row_key)
            lines.add(line_key)
            found.append((row, line))
    for row, line in rest.take(found):
        result.matched[row.key] = line.key


def _apart(one: Row, other: Row) -> int:
    return abs((one.day - other.day).days)
