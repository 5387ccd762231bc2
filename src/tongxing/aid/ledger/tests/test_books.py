"""Opening, funds, budgets and months."""

import datetime

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions import books as actions
from ..actions.entries import check
from ..auditor import complaints
from ..models import Account, Books, Budget, Fund, Period
from ..queries.books import books_of, month_list, to_do
from .books import client_id

SEPTEMBER, DAY = datetime.date(2026, 9, 1), datetime.date(2026, 11, 2)
TERM = {"starts_on": SEPTEMBER, "ends_on": datetime.date(2027, 1, 31)}
pytestmark = pytest.mark.usefixtures("english")


def test_books_are_opened_once_with_accounts_and_a_first_fund(told, cast):
    again = actions.open_books(told.checker, school=told.school, month=DAY)
    assert again.opened_on == SEPTEMBER and Books.objects.count() == 1
    assert Fund.objects.filter(school=told.school).count() == 2
    assert Account.objects.filter(school=told.school, place="bank").exists()
    for role in ("finance_maker", "coordinator", "outsider"):
        with pytest.raises(NotAllowed):
            actions.open_books(cast.actor(role), school=told.school, month=DAY)
    with pytest.raises(Refused, match="this month or an earlier"):
        actions.open_books(told.checker, school=told.school, month=datetime.date(2027, 1, 1))


def test_a_fund_is_added_with_its_purposes_and_ended_when_it_is_used_up(told):
    fund = actions.add_fund(
        told.checker,
        school=told.school,
        name=" 图书  ",
        terms="校友捐给图书角",
        purposes="买书\n\n修书架\n买书",
    )
    assert [one.name for one in fund.purposes.all()] == ["买书", "修书架"]
    with pytest.raises(Refused, match="already"):
        actions.add_fund(told.checker, school=told.school, name="图书", terms="", purposes="")
    with pytest.raises(NotAllowed):
        actions.add_fund(told.maker, school=told.school, name="别的", terms="", purposes="")
    told.post("receipt", told.move("4001", "1002", 100, fund=fund))
    with pytest.raises(Refused, match="money in it"):
        actions.end_fund(told.checker, fund=fund, reason="用完了")
    told.purposes["买书"] = fund.purposes.get(name="买书")
    told.post("payment", told.move("1002", "5005", 100, "买书", fund))
    assert actions.end_fund(told.checker, fund=fund, reason="用完了").ended_reason == "用完了"
    with pytest.raises(Refused, match="which money"):
        told.write("receipt", told.move("4001", "1002", 100, fund=fund))


def test_another_source_or_use_gets_an_account_of_its_own(told):
    added = actions.add_account(told.checker, school=told.school, kind="expense", name="交通补助")
    assert added.code == "5101"
    assert actions.add_account(told.checker, school=told.school, kind="expense", name="交通补助") == added
    for kind in ("asset", "memo", "x"):
        with pytest.raises(Refused):
            actions.add_account(told.checker, school=told.school, kind=kind, name="别的")


def budget(told, amount: int, **more) -> Budget:
    facts = {
        "fund": told.fund,
        "purpose": told.purposes["生活补助"],
        **TERM,
        "client_id": client_id(),
        **more,
    }
    return actions.set_budget(told.checker, amount=amount, **facts)


def test_a_budget_is_never_overspent_and_counts_what_was_spent_before(told):
    told.received(100_000)
    check(told.checker, entry=told.pays(2_000))
    found = budget(told, 5_000)
    assert found.spent == 2_000
    with pytest.raises(Refused, match=r"only 30\.00 yuan left"):
        check(told.checker, entry=told.pays(3_001))
    check(told.checker, entry=told.pays(3_000))
    check(told.checker, entry=told.pays(50_000, "减免费用"))
    found.refresh_from_db()
    assert (found.spent, found.left) == (5_000, 0)
    assert complaints() == []


def test_a_budget_of_the_whole_fund_counts_every_purpose(told):
    told.received(100_000)
    budget(told, 5_000, purpose=None)
    check(told.checker, entry=told.pays(3_000))
    with pytest.raises(Refused, match="left"):
        check(told.checker, entry=told.pays(2_001, "减免费用"))


def test_a_budget_is_followed_by_another_with_a_reason(told):
    told.received(100_000)
    first = budget(told, 5_000)
    check(told.checker, entry=told.pays(4_000))
    for wrong in (
        {"reason": "增加"},
        {"follows": first},
        {"follows": first, "reason": "减少", "amount": 3_999},
    ):
        with pytest.raises(Refused):
            budget(told, **({"amount": 9_000} | wrong))
    second = budget(told, 9_000, follows=first, reason="学校增加一笔")
    first.refresh_from_db()
    assert (first.ended_reason, second.spent) == ("学校增加一笔", 4_000)
    with pytest.raises(Refused, match="meanwhile"):
        budget(told, 9_500, follows=first, reason="再改")
    with pytest.raises(NotAllowed):
        actions.end_budget(told.maker, budget=second, reason="不要了")
    actions.end_budget(told.checker, budget=second, reason="不要了")
    check(told.checker, entry=told.pays(50_000))


def test_a_budget_sent_twice_is_one(told):
    same = client_id()
    assert budget(told, 100, client_id=same) == budget(told, 100, client_id=same)


def test_months_are_closed_in_their_order_once_everything_is_checked(told):
    waiting = told.write("receipt", told.move("4002", "1002", 100), day=datetime.date(2026, 9, 9))
    with pytest.raises(Refused, match="earlier month"):
        actions.close_month(told.checker, school=told.school, month=datetime.date(2026, 10, 5))
    with pytest.raises(Refused, match="waits to be checked"):
        actions.close_month(told.checker, school=told.school, month=SEPTEMBER)
    with pytest.raises(NotAllowed):
        actions.close_month(told.maker, school=told.school, month=SEPTEMBER)
    check(told.checker, entry=waiting)
    assert actions.close_month(told.checker, school=told.school, month=SEPTEMBER).closed_at
    with pytest.raises(Refused, match="closed"):
        told.received(100, day=datetime.date(2026, 9, 30))
    actions.close_month(told.checker, school=told.school, month=datetime.date(2026, 10, 5))
    with pytest.raises(Refused, match="not over"):
        actions.close_month(told.checker, school=told.school, month=DAY)
    assert Period.objects.filter(school=told.school).exclude(closed_at=None).count() == 2


def test_what_is_to_do_is_told_to_the_one_who_can_do_it(told, cast):
    told.write("receipt", told.move("4002", "1002", 100))
    books = books_of(told.checker, told.school)
    checks, makes = (to_do(actor, books, DAY) for actor in (told.checker, told.maker))
    assert (len(checks.to_check), len(checks.mine)) == (1, 0)
    assert (len(makes.to_check), len(makes.mine)) == (0, 1)
    assert checks.month == (SEPTEMBER, datetime.date(2026, 9, 30))
    months = month_list(books, DAY)
    assert [one.first.month for one in months] == [11, 10, 9]
    assert [one.is_next for one in months] == [False, False, True]
    assert books_of(cast.actor("coordinator"), told.school) is None


def test_what_comes_back_may_be_spent_again(told):
    told.received(100_000)
    found = budget(told, 5_000)
    paid = told.pays(5_000)
    check(told.checker, entry=paid)
    with pytest.raises(Refused, match="may be used for"):
        told.write("returned", told.move("5001", "1002", 2_000), about=paid)
    told.post("returned", told.move("5001", "1002", 2_000, "生活补助"), about=paid)
    found.refresh_from_db()
    assert found.left == 2_000
    assert complaints() == []
