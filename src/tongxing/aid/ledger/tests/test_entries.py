"""Entries: written by one, checked by another, never changed; money that is not there is not paid."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from ..actions.books import add_fund, open_books
from ..actions.entries import Said, Source, attach, check, open_file, reverse, take_back, write_entry
from ..auditor import complaints
from ..models import Entry, Fund, Posting
from ..rules import Move
from .books import client_id

DAY = datetime.date(2026, 11, 2)
pytestmark = pytest.mark.usefixtures("english")


def test_what_is_written_counts_once_somebody_else_has_checked_it(told):
    entry = told.write("receipt", told.move("4002", "1002", 500_000))
    assert told.balance("1002") == 0
    posting = check(told.checker, entry=entry)
    assert (told.balance("1002"), told.balance("4002"), posting.number) == (500_000, -500_000, 1)
    assert Fund.objects.get(pk=told.fund.pk).balance == 500_000
    assert complaints() == []


def test_whoever_wrote_it_never_checks_it(told, cast):
    cast.grant("finance_maker", "finance_checker")
    entry = told.write("receipt", told.move("4002", "1002", 500_000))
    with pytest.raises(Refused, match="Somebody else"):
        check(cast.actor("finance_maker"), entry=entry)
    assert not Posting.objects.exists()


def test_in_a_small_school_the_head_checks(told, cast):
    entry = told.write("receipt", told.move("4002", "1002", 500_000))
    assert check(cast.actor("head"), entry=entry).checked_by == cast.users["head"]


@pytest.mark.parametrize("role", ["finance_checker", "head", "coordinator", "county_aid_officer", "outsider"])
def test_only_who_prepares_writes(told, cast, role):
    with pytest.raises(NotAllowed):
        write_entry(
            cast.actor(role),
            school=told.school,
            client_id=client_id(),
            kind="receipt",
            moves=[told.move("4002", "1002", 1)],
            said=Said(DAY, "一笔"),
        )


def test_somebody_always_answers_never_the_installation_itself(told):
    entry = told.write("receipt", told.move("4002", "1002", 500_000))
    with pytest.raises(NotAllowed):
        check(SYSTEM, entry=entry)
    with pytest.raises(NotAllowed):
        open_books(SYSTEM, school=told.school, month=DAY)


def test_cash_is_never_below_nothing(told):
    told.received(10_000)
    with pytest.raises(Refused, match=r"only 100\.00 yuan"):
        check(told.checker, entry=told.pays(10_001))
    check(told.checker, entry=told.pays(10_000))
    assert told.balance("1002") == 0


def test_money_of_a_later_day_is_not_paid_earlier(told):
    told.received(10_000, day=DAY)
    early = told.pays(10_000, day=DAY - datetime.timedelta(days=1))
    with pytest.raises(Refused, match="missing"):
        check(told.checker, entry=early)
    check(told.checker, entry=told.pays(10_000, day=DAY))
    assert complaints() == []


def test_a_payment_between_two_days_leaves_enough_for_what_was_paid_later(told):
    told.received(10_000, day=DAY)
    check(told.checker, entry=told.pays(8_000, day=DAY + datetime.timedelta(days=4)))
    told.received(50_000, day=DAY + datetime.timedelta(days=6))
    with pytest.raises(Refused, match=r"only 20\.00 yuan"):
        check(told.checker, entry=told.pays(5_000, day=DAY + datetime.timedelta(days=2)))
    check(told.checker, entry=told.pays(2_000, day=DAY + datetime.timedelta(days=2)))
    assert complaints() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plan without rows")
def test_checking_reads_what_came_later_and_not_all_that_ever_was(told):
    told.received(10_000)
    entry = told.pays(100)
    with CaptureQueriesContext(connection) as captured:
        check(told.checker, entry=entry)
    sums = [one["sql"] for one in captured.captured_queries if "SUM(" in one["sql"]]
    assert len(sums) == 2  # the place's and the fund's
    for sql in sums:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert "ledger_entry_day (school_id=? AND day>?)" in cursor.fetchall()[0][3]


def test_one_funds_money_is_not_paid_for_another(told):
    other = add_fund(told.checker, school=told.school, name="校友捐给住校生", terms="", purposes="")
    told.received(10_000)
    with pytest.raises(Refused, match="校友捐给住校生"):
        check(told.checker, entry=told.write("payment", told.move("1002", "5001", 5_000, fund=other)))


def test_a_fund_pays_only_for_what_it_may_be_used_for(told):
    told.received(10_000)
    with pytest.raises(Refused, match="may be used for"):
        told.write("payment", told.move("1002", "5001", 100))
    other = add_fund(told.checker, school=told.school, name="图书", terms="", purposes="买书")
    foreign = Move(
        told.accounts["1002"].pk, told.accounts["5001"].pk, told.fund.pk, 100, other.purposes.get().pk
    )
    with pytest.raises(Refused, match="another fund"):
        told.write("payment", foreign)


@pytest.mark.parametrize(
    ("kind", "come_from", "go_to"),
    [
        *(("receipt", "5001", "1002"), ("receipt", "4002", "5001"), ("payment", "4002", "5001")),
        *(("transfer", "1002", "1002"), ("memo", "1002", "9001"), ("receipt", "4901", "1002")),
    ],
)
def test_money_goes_only_the_ways_there_are(told, kind, come_from, go_to):
    with pytest.raises(Refused):
        told.write(kind, told.move(come_from, go_to, 100))


def test_amount_words_and_day_are_asked_for(told):
    for moves, said in (
        ((), {}),
        ((told.move("4002", "1002", 0),), {}),
        ((told.move("4002", "1002", -5),), {}),
        ((told.move("4002", "1002", 5),), {"words": "  "}),
        ((told.move("4002", "1002", 5),), {"day": datetime.date(2026, 11, 26)}),
        ((told.move("4002", "1002", 5),), {"day": datetime.date(2026, 8, 31)}),
    ):
        with pytest.raises(Refused):
            told.write("receipt", *moves, **said)
    assert not Entry.objects.exists()


def test_accounts_of_another_school_are_not_reached(told, cast):
    cast.grant("outsider", "finance_checker", cast.other_school)
    open_books(cast.actor("outsider"), school=cast.other_school, month=DAY)
    foreign = Fund.objects.get(school=cast.other_school, memo=False)
    with pytest.raises(Refused):
        told.write("receipt", told.move("4002", "1002", 100, fund=foreign))
    assert not Entry.objects.visible_to(cast.actor("outsider")).filter(school=told.school).exists()


def test_a_form_sent_twice_is_one_entry(told):
    same = client_id()
    first = told.write("receipt", told.move("4002", "1002", 100), client_id=same)
    assert told.write("receipt", told.move("4002", "1002", 100), client_id=same) == first
    with pytest.raises(Refused, match="entered before"):
        told.write("receipt", told.move("4002", "1002", 200), client_id=same)


def test_one_source_makes_one_entry_until_it_is_taken_back(told):
    source = Source("donation", "12")
    first = told.write("receipt", told.move("4001", "1001", 100), source=source)
    assert told.write("receipt", told.move("4001", "1001", 100), source=source) == first
    with pytest.raises(Refused, match="entered before"):
        told.write("receipt", told.move("4001", "1001", 101), source=source)
    take_back(told.maker, entry=first)
    assert told.write("receipt", told.move("4001", "1001", 101), source=source) != first


def test_a_reversed_entry_leaves_its_source_to_another_once_the_reversal_counts(told):
    source, way = Source("donation", "12"), told.move("4001", "1001", 100)
    first = told.post("receipt", way, source=source)
    day = datetime.date(2026, 11, 3)
    wrong = reverse(told.maker, entry=first, day=day, reason="记错", client_id=client_id())
    assert told.write("receipt", way, source=source) == first
    check(told.checker, entry=wrong)
    second = told.post("receipt", way, source=source)
    assert second != first and told.write("receipt", way, source=source) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=second.pk).update(source_turn=1)
    assert told.balance("1001") == 100 and complaints() == []


def test_checked_twice_it_has_one_number(told):
    entry = told.write("receipt", told.move("4002", "1002", 100))
    assert check(told.checker, entry=entry) == check(told.checker, entry=entry)
    assert told.balance("1002") == 100


def test_its_maker_takes_it_back_and_a_checker_sends_it_back_with_a_reason(told, cast):
    own = told.write("receipt", told.move("4002", "1002", 100))
    assert take_back(told.maker, entry=own).ended_by == cast.users["finance_maker"]
    other = told.write("receipt", told.move("4002", "1002", 100))
    with pytest.raises(Refused, match="what should be different"):
        take_back(told.checker, entry=other)
    assert take_back(told.checker, entry=other, reason="日期应为收据上的").ended_reason == "日期应为收据上的"
    with pytest.raises(Refused, match="written anew"):
        check(told.checker, entry=other)
    with pytest.raises(NotAllowed):
        take_back(cast.actor("coordinator"), entry=other)


def test_what_stands_is_reversed_not_taken_back(told):
    entry = told.received(10_000)
    with pytest.raises(Refused, match="reversed"):
        take_back(told.maker, entry=entry)
    back = reverse(told.maker, entry=entry, day=DAY, reason="金额写错", client_id=client_id())
    assert told.balance("1002") == 10_000
    check(told.checker, entry=back)
    assert told.balance("1002") == told.balance("4002") == 0
    with pytest.raises(Refused, match="reversed already"):
        reverse(told.maker, entry=entry, day=DAY, reason="再来", client_id=client_id())
    with pytest.raises(Refused, match="not reversed"):
        reverse(told.maker, entry=back, day=DAY, reason="再来", client_id=client_id())
    assert complaints() == []


def test_a_receipt_whose_money_is_spent_is_not_reversed(told):
    entry = told.received(10_000)
    check(told.checker, entry=told.pays(9_000))
    back = reverse(told.maker, entry=entry, day=DAY, reason="写错", client_id=client_id())
    with pytest.raises(Refused, match="missing"):
        check(told.checker, entry=back)


def test_what_does_not_stand_yet_is_not_reversed(told):
    waiting = told.write("receipt", told.move("4002", "1002", 100))
    with pytest.raises(Refused, match="taken back"):
        reverse(told.maker, entry=waiting, day=DAY, reason="写错", client_id=client_id())


def test_a_promise_is_paid_later_and_never_more_than_it(told):
    told.received(10_000)
    told.post("promise", told.move("2201", "5001", 6_000, "生活补助"))
    assert Fund.objects.get(pk=told.fund.pk).balance == 4_000
    with pytest.raises(Refused, match="promised"):
        check(told.checker, entry=told.write("payment", told.move("1002", "2201", 6_001)))
    told.post("payment", told.move("1002", "2201", 6_000))
    assert (told.balance("2201"), told.balance("1002")) == (0, 4_000)
    assert complaints() == []


def test_a_payment_that_came_back_is_owed_again_and_a_gift_can_be_given_back(told):
    told.received(10_000)
    told.post("promise", told.move("2201", "5001", 6_000, "生活补助"))
    paid = told.post("payment", told.move("1002", "2201", 6_000))
    told.post("returned", told.move("2201", "1002", 2_000), about=paid)
    assert told.balance("2201") == -2_000
    told.post("refund", told.move("1002", "4002", 1_000))
    assert (told.balance("1002"), told.balance("4002")) == (5_000, -9_000)
    assert complaints() == []


def test_a_payment_of_which_some_came_back_is_not_reversed_as_a_whole(told):
    told.received(10_000)
    paid = told.post("payment", told.move("1002", "5001", 6_000, "生活补助"))
    back = told.move("5001", "1002", 2_000, "生活补助")
    returned = told.post("returned", back, about=paid)
    with pytest.raises(Refused, match="came back already"):
        reverse(told.maker, entry=paid, day=DAY, reason="写错", client_id=client_id())
    check(
        told.checker, entry=reverse(told.maker, entry=returned, day=DAY, reason="写错", client_id=client_id())
    )
    wrong = reverse(told.maker, entry=paid, day=DAY, reason="写错", client_id=client_id())
    for _waiting_then_checked in range(2):
        with pytest.raises(Refused, match="reversed already, or"):
            told.write("returned", back, about=paid)
        check(told.checker, entry=wrong)
    assert (told.balance("5001"), told.balance("1002")) == (0, 10_000) and complaints() == []


def test_money_moves_between_bank_and_cash_and_between_funds(told):
    other = add_fund(told.checker, school=told.school, name="图书", terms="", purposes="")
    told.received(10_000)
    told.post("transfer", told.move("1002", "1001", 3_000))
    told.post("reallocation", told.move("1002", "5901", 2_000), told.move("4901", "1002", 2_000, fund=other))
    assert (told.balance("1001"), told.balance("1002")) == (3_000, 7_000)
    assert Fund.objects.get(pk=other.pk).balance == 2_000
    assert complaints() == []


def test_numbers_follow_each_other_in_each_month(told):
    told.received(100, day=datetime.date(2026, 10, 9))
    told.received(100, day=DAY)
    told.received(100, day=datetime.date(2026, 10, 8))
    numbers = Posting.objects.order_by("pk").values_list("period__starts_on__month", "number")
    assert list(numbers) == [(10, 1), (11, 1), (10, 2)]


def test_a_paper_is_kept_with_its_entry_and_opened_only_by_who_may_see_the_books(told, cast):
    entry = told.received(100)
    found = attach(told.maker, entry=entry, contents=[picture()])[0]
    content, kind = open_file(told.checker, found=found)
    assert kind == "image/jpeg" and content.startswith(b"\xff\xd8")
    with pytest.raises(NotAllowed):
        open_file(cast.actor("coordinator"), found=found)
    with pytest.raises(Refused):
        attach(told.maker, entry=entry, contents=[b"MZ this is a program"])


def test_every_step_leaves_its_row_without_words(told):
    entry = told.write("receipt", told.move("4002", "1002", 100), words="给某个班的")
    check(told.checker, entry=entry)
    rows = AuditEntry.objects.filter(subject="entry", subject_id=entry.pk)
    assert [row.action for row in rows.order_by("pk")] == ["ledger.write", "ledger.check"]
    assert "给某个班的" not in str(list(rows.values()))
