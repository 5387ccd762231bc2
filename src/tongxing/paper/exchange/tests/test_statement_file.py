"""A bank's own spreadsheet of 500 rows, from the file to the differences that a person sees."""

import datetime
from collections import Counter

import pytest

from tongxing.aid.ledger.auditor import complaints
from tongxing.aid.ledger.models import Entry, Line, Period, Posting, Statement
from tongxing.aid.ledger.queries.statements import balance_of, read
from tongxing.aid.ledger.rules import Row
from tongxing.aid.ledger.tests.books import Told, books, client_id
from tongxing.aid.ledger.tests.test_rules import planted
from tongxing.ground.kernel import clock, money

from ..statements import hand_in
from .files import xlsx

HEADS = ("交易日期", "流水号", "收入金额", "支出金额", "摘要", "对方户名")
#: From the days of the planted rows to days that have been, with the first month of the books before them.
EARLIER = datetime.timedelta(days=61)
#: The first row of a payment is the third of the sheet.
ABOVE = 3
pytestmark = pytest.mark.usefixtures("english")


def sheet(rows) -> bytes:
    """As a bank writes it: a title, headings, amounts as numbers in two columns, a sum at the foot."""
    body = []
    for row in rows:
        yuan = float(money.decimal(abs(row.amount)))
        came, went = (yuan, "") if row.amount > 0 else ("", yuan)
        body.append((f"{row.day - EARLIER:%Y-%m-%d}", row.reference, came, went, "转账", "某某"))
    return xlsx([("清溪镇中心学校 账户明细",), HEADS, *body, ("合计", "", 1, 1, "", "")])


def write_all(told: Told, lines) -> dict[int, Row]:
    """Each planted line as an entry that counts: which line of the bank account it became. 502 forms would take a
    minute, so the rows are written as the actions write them; the database's own guards watch as ever."""
    told.received(900_000_00, day=datetime.date(2026, 9, 1))
    maker, checker, now = told.maker.user_id, told.checker.user_id, clock.now()
    lines = sorted(lines, key=lambda one: one.day)
    entries = Entry.objects.bulk_create(
        Entry(
            school=told.school, client_id=client_id(), kind="receipt" if one.amount > 0 else "payment",
            day=one.day - EARLIER, narrative="一笔", reference=one.reference, made_by_id=maker, made_at=now,
        )
        for one in lines
    )  # fmt: skip
    bank, found = told.accounts["1002"], {}
    both = []
    for entry, one in zip(entries, lines, strict=True):
        other, purpose = ("4002", None) if one.amount > 0 else ("5001", told.purposes["生活补助"])
        said = {"school": told.school, "entry": entry, "fund": told.fund}
        both.append(Line(account=bank, amount=one.amount, **said))
        both.append(Line(account=told.accounts[other], amount=-one.amount, purpose=purpose, **said))
    for line, one in zip(Line.objects.bulk_create(both)[::2], lines, strict=True):
        found[line.pk] = one
    numbers: Counter[int] = Counter(Posting.objects.values_list("period", flat=True))
    for entry in entries:
        period = Period.objects.get(school=told.school, starts_on__lte=entry.day, ends_on__gte=entry.day)
        numbers[period.pk] += 1
        Posting.objects.create(
            entry=entry, school=told.school, period=period, number=numbers[period.pk], made_by_id=maker,
            checked_by_id=checker, posted_at=now,
        )  # fmt: skip
    return found


def said(row: Row | None) -> tuple[object, ...]:
    """What it says; of two rows that say the same, either may be called the second one."""
    return (row.day, row.amount, row.reference) if row else ()


def test_a_bank_file_of_500_rows_shows_exactly_its_20_planted_differences(cast):
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    rows, lines, expected = planted()
    line_of = write_all(told, lines)
    taken = hand_in(
        told.maker, account=told.accounts["1002"], profile="bank", name="明细.xlsx", content=sheet(rows)
    )
    assert isinstance(taken, Statement) and taken.lines.count() == 500
    found = read(taken)
    shown = [
        (
            one.why,
            said(rows[one.row.row - ABOVE] if one.row else None),
            said(one.line and line_of[one.line.pk]),
        )
        for one in found.open
    ]
    row_of, planted_line = {one.key: one for one in rows}, {one.key: one for one in lines}
    wanted = [(why, said(row_of.get(row)), said(planted_line.get(line))) for why, row, line in expected]
    assert len(wanted) == 20 and sorted(shown) == sorted(wanted)
    alone = [why for why, row, line in expected if row is not None and line is None]
    other = [why for why, row, line in expected if row is not None and line is not None]
    assert (found.matched, found.settled) == (500 - len(alone) - len(other), [])
    assert balance_of(taken)[0] == sum(row.amount for row in rows)
    assert complaints() == []
