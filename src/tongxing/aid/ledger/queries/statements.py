"""A statement beside the books: what fits, and each difference until somebody has said what is behind it."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation

from .. import rules
from ..models import Entry, Line, Period, Settled, Statement, StatementLine

#: Days between the school's paper and the bank's.
WINDOW = 5
WORDS: dict[str, str | Promise] = {
    "only_statement": _("only on the statement"),
    "only_books": _("only in the books"),
    "amount": _("the amounts differ"),
    "day": _("the days lie far apart"),
    "double_statement": _("twice on the statement"),
    "double_books": _("twice in the books"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference with the rows it is about; `settled`: what somebody said about it."""

    why: str
    row: StatementLine | None
    line: Line | None
    settled: Settled | None = None

    @property
    def words(self) -> str:
        return str(WORDS[self.why])


@dataclass(frozen=True, slots=True)
class Reading:
    matched: int
    open: list[Shown]
    settled: list[Shown]


def read(statement: Statement) -> Reading:
    """The differences of one statement, on both sides."""
    return readings([statement])[statement.pk]


def readings(statements: Iterable[Statement]) -> dict[int, Reading]:
    """The same for several, in a fixed number of queries for each account."""
    by_account: dict[int, list[Statement]] = {}
    for statement in statements:
        by_account.setdefault(statement.account_id, []).append(statement)
    found: dict[int, Reading] = {}
    for account_id, some in by_account.items():
        found |= _of_account(account_id, some)
    return found


def _of_account(account_id: int, statements: list[Statement]) -> dict[int, Reading]:
    around = datetime.timedelta(days=WINDOW)
    first = min(one.starts_on for one in statements) - around
    last = max(one.ends_on for one in statements) + around
    lines = {line.pk: line for line in _lines(account_id, first, last)}
    rows = {row.pk: row for row in _rows(account_id, first, last)}
    said = Settled.objects.filter(statement__account=account_id, ended_at=None)
    settled = list(said.select_related("by"))
    both = [(one.row_id, one.line_id) for one in settled if one.row_id and one.line_id]
    tied = {key for row_id, line_id in both for key in (row_id, -line_id)}
    result = rules.compare(
        [rules.Row(pk, row.day, row.amount, row.reference) for pk, row in rows.items() if pk not in tied],
        [
            rules.Row(pk, line.entry.day, line.amount, line.entry.reference)
            for pk, line in lines.items()
            if -pk not in tied
        ],
        window=WINDOW,
    )
    said_of = {("row", one.row_id): one for one in settled} | {("line", one.line_id): one for one in settled}
    shown = []
    for one in result.differences:
        words = said_of.get(("row", one.row)) if one.row else said_of.get(("line", one.line))
        shown.append(Shown(one.why, rows.get(one.row or 0), lines.get(one.line or 0), words))
    unlike = {one.row for one in result.differences}
    good = [rows[key] for key in result.matched if key not in unlike]
    return {one.pk: _reading(one, good, shown, settled, rows, lines) for one in statements}


def _reading(
    statement: Statement,
    good: list[StatementLine],
    shown: list[Shown],
    settled: list[Settled],
    rows: dict[int, StatementLine],
    lines: dict[int, Line],
) -> Reading:
    def is_of(one: Shown) -> bool:
        if one.row:
            return one.row.statement_id == statement.pk
        assert one.line
        return statement.starts_on <= one.line.entry.day <= statement.ends_on

    mine = [one for one in shown if is_of(one)]
    tied = [
        Shown("amount", rows.get(said.row_id), lines.get(said.line_id), said)
        for said in settled
        if said.statement_id == statement.pk and said.row_id and said.line_id
    ]
    return Reading(
        sum(row.statement_id == statement.pk for row in good),
        [one for one in mine if not one.settled],
        [*(one for one in mine if one.settled), *tied],
    )


def _rows(account_id: int, first: datetime.date, last: datetime.date) -> Iterable[StatementLine]:
    return StatementLine.objects.filter(
        statement__account=account_id, statement__undone_at=None, day__gte=first, day__lte=last
    )


def _lines(account_id: int, first: datetime.date, last: datetime.date) -> Iterable[Line]:
    """What the books say; an entry and its reversal cancel out, as if nothing had been written."""
    reversals = Entry.objects.posted().filter(kind=Entry.Kind.REVERSAL)
    found = Line.objects.posted().between(first, last).filter(account=account_id)
    found = found.exclude(entry__kind=Entry.Kind.REVERSAL).exclude(entry__in=reversals.values("about"))
    return found.select_related("entry__posting__period", "fund").order_by("entry__day", "pk")


def balance_of(statement: Statement) -> tuple[int, int]:
    """What the statement and what the books say came in and went in its days, in fen."""
    of_books = Line.objects.posted().between(statement.starts_on, statement.ends_on)
    return (
        sum(statement.lines.values_list("amount", flat=True)),
        sum(of_books.filter(account=statement.account_id).values_list("amount", flat=True)),
    )


def open_differences(school: Organisation, *, until: datetime.date | None = None) -> int:
    """How many differences nobody has spoken about, in the statements of a school up to a day."""
    standing = Statement.objects.standing().filter(school=school)
    if until:
        standing = standing.filter(starts_on__lte=until)
    last_closed = school_closed_until(school)
    if last_closed:
        standing = standing.filter(ends_on__gt=last_closed)
    return sum(
        len([one for one in reading.open if until is None or _day(one) <= until])
        for reading in readings(standing).values()
    )


def school_closed_until(school: Organisation) -> datetime.date | None:
    """The last day of the months that are closed; their differences were settled before."""
    closed = Period.objects.filter(school=school).exclude(closed_at=None)
    return closed.order_by("-ends_on").values_list("ends_on", flat=True).first()


def _day(one: Shown) -> datetime.date:
    return one.row.day if one.row else one.line.entry.day  # type: ignore[union-attr]  # one of the two is there


def not_noted(statement: Statement) -> list[tuple[StatementLine, str]]:
    """Payments of the county of which no entry that stands tells yet, each with the name of its source."""
    of_county = Entry.objects.standing().filter(school=statement.school_id, source_kind="county")
    known = set(of_county.values_list("source_id", flat=True))
    return [(row, named) for row, named in county_sources(statement.lines.all()) if named not in known]


def county_sources(rows: Iterable[StatementLine]) -> Iterator[tuple[StatementLine, str]]:
    """Each row of a sheet with its name: the same payment has the same one in whichever sheet it stands.

    Rows of one batch are often alike (one day, one number, one amount): they are told apart by being the first, the
    second … such row of the sheet, not by where they stand in it.
    """
    alike: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        said = (row.day, row.reference or row.text, row.amount)
        alike[said] += 1
        yield row, rules.digest(*said, alike[said], parts=())
