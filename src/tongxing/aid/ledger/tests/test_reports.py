"""The reports, from postings alone: what waits or was taken back is in none of them."""

import datetime

from ..actions.entries import check, reverse, take_back
from ..queries.reports import Days, cash_book, fund_report, trial_balance
from .books import client_id

SEPTEMBER = Days(datetime.date(2026, 9, 1), datetime.date(2026, 9, 30))
OCTOBER = Days(datetime.date(2026, 10, 1), datetime.date(2026, 10, 31))


def tell(told) -> None:
    """September: brought along and a gift; October: a promise, its payment, cash, a mistake reversed."""
    told.post("opening", told.move("3001", "1002", 100_000), day=SEPTEMBER.first)
    told.received(50_000, day=datetime.date(2026, 9, 20))
    told.post("promise", told.move("2201", "5001", 30_000, "生活补助"), day=datetime.date(2026, 10, 8))
    told.post("payment", told.move("1002", "2201", 25_000), day=datetime.date(2026, 10, 12))
    told.post("transfer", told.move("1002", "1001", 5_000), day=datetime.date(2026, 10, 12))
    told.post("payment", told.move("1001", "5002", 2_000, "减免费用"), day=datetime.date(2026, 10, 20))
    wrong = told.received(7_777, day=datetime.date(2026, 10, 21))
    back = reverse(
        told.maker, entry=wrong, day=datetime.date(2026, 10, 22), reason="重复", client_id=client_id()
    )
    check(told.checker, entry=back)
    told.pays(1, day=datetime.date(2026, 10, 25))
    take_back(told.maker, entry=told.pays(2, day=datetime.date(2026, 10, 25)))


def test_the_trial_balance_has_as_much_on_one_side_as_on_the_other(told):
    tell(told)
    for days in (SEPTEMBER, OCTOBER):
        rows = trial_balance(told.checker, told.school, days)
        assert sum(one.debit for one in rows) == sum(one.credit for one in rows) > 0
        assert sum(one.before for one in rows) == sum(one.after for one in rows) == 0
    by_code = {one.account.code: one for one in rows}
    bank = by_code["1002"]
    assert (bank.before, bank.debit, bank.credit, bank.after) == (150_000, 7_777, 37_777, 120_000)


def test_the_cash_book_runs_from_balance_to_balance(told):
    tell(told)
    book = cash_book(told.checker, told.accounts["1002"], OCTOBER)
    assert (book.before, book.came, book.went, book.after) == (150_000, 7_777, 37_777, 120_000)
    assert [one.balance for one in book.lines] == [125_000, 120_000, 127_777, 120_000]


def test_the_fund_report_is_before_plus_came_less_spent(told):
    tell(told)
    found = fund_report(told.checker, told.school, OCTOBER)[0]
    assert (found.before, found.came, found.spent, found.after) == (150_000, 0, 32_000, 118_000)
    assert found.promised == 5_000
    assert [(one.purpose, one.amount) for one in found.purposes] == [
        ("减免费用", 2_000),
        ("生活补助", 30_000),
    ]
    september = fund_report(told.checker, told.school, SEPTEMBER)[0]
    assert (september.before, september.came, september.after) == (100_000, 50_000, 150_000)


def test_nobody_else_reads_them(told, cast):
    tell(told)
    for role in ("coordinator", "outsider", "county_aid_officer"):
        assert trial_balance(cast.actor(role), told.school, OCTOBER) == []
        assert fund_report(cast.actor(role), told.school, OCTOBER) == []
