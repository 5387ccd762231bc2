"""Statements beside the books: differences until somebody has spoken, payments of the county noted once."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.ground.kernel.errors import NotAllowed, Refused

from ..actions.books import close_month
from ..actions.entries import check, reverse, take_back
from ..actions.statements import ReadRow, note_county, settle, take_statement, undo_statement
from ..auditor import complaints
from ..models import Entry, Fund, Settled, Statement
from ..queries.statements import open_differences, read
from .books import client_id

OCTOBER = datetime.date(2026, 10, 1)
pytestmark = pytest.mark.usefixtures("english")


def day(n: int) -> datetime.date:
    return OCTOBER + datetime.timedelta(days=n - 1)


def take(told, *rows: ReadRow, code: str = "1002", sha: str = "a") -> Statement:
    return take_statement(
        told.maker,
        account=told.accounts[code],
        profile="bank",
        file_name="对账单.xlsx",
        sha256=sha,
        rows=rows,
    )


@pytest.fixture
def october(told):
    """Three entries in the books and a statement that differs in two."""
    told.received(50_000, day=day(3), reference="B1")
    told.received(20_000, day=day(5), reference="B2")
    check(told.checker, entry=told.pays(3_000, day=day(9)))
    return take(
        told,
        ReadRow(1, day(3), 50_000, "B1", "拨款"),
        ReadRow(2, day(6), 25_000, "B2", "拨款"),
        ReadRow(3, day(11), -3_000, "", "代发"),
        ReadRow(4, day(21), 37, "B9", "利息"),
    )


def test_what_fits_is_matched_and_each_difference_is_named(october):
    found = read(october)
    assert found.matched == 2
    assert sorted((one.why, one.row.row) for one in found.open) == [("amount", 2), ("only_statement", 4)]


def test_a_difference_is_settled_by_words_of_a_person(told, october, cast):
    interest = next(one for one in read(october).open if one.why == "only_statement")
    with pytest.raises(Refused, match="what is behind it"):
        settle(told.maker, statement=october, row=interest.row, line=None, words=" ")
    with pytest.raises(NotAllowed):
        settle(cast.actor("coordinator"), statement=october, row=interest.row, line=None, words="利息")
    settle(told.maker, statement=october, row=interest.row, line=None, words="利息，下月入账")
    assert [one.why for one in read(october).open] == ["amount"]
    with pytest.raises(Refused, match="no longer open"):
        settle(told.maker, statement=october, row=interest.row, line=None, words="再说一次")


def test_two_that_belong_together_are_tied(told, october):
    unlike = next(one for one in read(october).open if one.why == "amount")
    settle(told.maker, statement=october, row=unlike.row, line=unlike.line, words="两笔合成一笔到账")
    assert [one.why for one in read(october).open] == ["only_statement"]
    assert [one.settled.words for one in read(october).settled] == ["两笔合成一笔到账"]


def test_a_statement_taken_back_and_taken_anew_is_tied_anew(told, october):
    unlike = next(one for one in read(october).open if one.why == "amount")
    settle(told.maker, statement=october, row=unlike.row, line=unlike.line, words="少到五十元")
    rows = [ReadRow(r.row, r.day, r.amount, r.reference, r.text) for r in october.lines.all()]
    undo_statement(told.maker, statement=october)
    anew = take(told, *rows, sha="b")
    unlike = next(one for one in read(anew).open if one.why == "amount")
    settled = settle(told.maker, statement=anew, row=unlike.row, line=unlike.line, words="少到五十元")
    assert [one.why for one in read(anew).open] == ["only_statement"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Settled.objects.create(
            school=told.school, statement=anew, line=unlike.line, words="又一次", by=settled.by, at=settled.at
        )


def test_entering_what_was_missing_makes_the_difference_disappear(told, october):
    told.post("receipt", told.move("4008", "1002", 37), day=day(21), reference="B9")
    assert [one.why for one in read(october).open] == ["amount"]


def test_an_entry_and_its_reversal_are_as_if_nothing_had_been_written(told, october):
    wrong = told.received(9_900, day=day(12))
    assert "only_books" in {one.why for one in read(october).open}
    check(
        told.checker,
        entry=reverse(told.maker, entry=wrong, day=day(13), reason="重复录入", client_id=client_id()),
    )
    assert "only_books" not in {one.why for one in read(october).open}


def test_a_month_waits_until_somebody_has_said_what_is_behind(told, october):
    close_month(told.checker, school=told.school, month=datetime.date(2026, 9, 1))
    with pytest.raises(Refused, match="statement differs"):
        close_month(told.checker, school=told.school, month=OCTOBER)
    for one in read(october).open:
        settle(told.maker, statement=october, row=one.row, line=one.line, words="已向银行问清")
    assert open_differences(told.school) == 0
    assert close_month(told.checker, school=told.school, month=OCTOBER).closed_at


def test_the_same_sheet_is_taken_once_and_can_be_taken_back(told, october):
    assert take(told, ReadRow(1, day(3), 1)) == october
    undo_statement(told.maker, statement=october)
    assert open_differences(told.school) == 0
    assert take(told, ReadRow(1, day(3), 1)) != october


def test_a_payment_that_the_bank_sees_days_later_fits_across_statements(told):
    told.received(100, day=datetime.date(2026, 10, 31))
    first = take(told, ReadRow(1, day(1), 5), sha="1")
    second = take(told, ReadRow(1, datetime.date(2026, 11, 2), 100), sha="2")
    assert [one.why for one in read(first).open] == ["only_statement"]
    assert read(second).open == [] and read(second).matched == 1


def test_long_numbers_are_not_kept(told):
    taken = take(told, ReadRow(1, day(3), 5, "B1", "代发 6222021234567890123 张某 13812345678"))
    assert taken.lines.get().text == "代发 *** 张某 ***"


@pytest.fixture
def county(told):
    return take(
        told,
        ReadRow(1, day(15), 12_500_00, "YKT-1", "义务教育生活补助 10 人"),
        ReadRow(2, day(16), 6_250_00, "", "营养改善"),
        code="9001",
        sha="c",
    )


def test_payments_of_the_county_are_noted_once_and_never_touch_the_schools_money(told, county):
    first = note_county(told.maker, statement=county)
    assert len(first) == 2 and note_county(told.maker, statement=county) == []
    for entry in first:
        check(told.checker, entry=entry)
    assert (told.balance("9001"), told.balance("9002")) == (1_875_000, -1_875_000)
    assert told.balance("1002") == Fund.objects.get(pk=told.fund.pk).balance == 0
    assert read(county).open == [] and complaints() == []


def test_the_same_payment_in_another_sheet_is_noted_once(told, county):
    note_county(told.maker, statement=county)
    again = take(told, ReadRow(7, day(15), 12_500_00, "YKT-1", "义务教育生活补助"), code="9001", sha="d")
    assert note_county(told.maker, statement=again) == []
    assert Entry.objects.filter(kind="memo").count() == 2


def alike(first: int, last: int) -> list[ReadRow]:
    """Rows of one batch: one day, one number, one amount, only the words differ."""
    return [ReadRow(n, day(15), 625_00, "PC20261015", f"生活补助 {n % 2}") for n in range(first, last + 1)]


def test_thirty_equal_payments_of_one_batch_are_thirty_notes(told):
    batch = take(told, *alike(1, 30), code="9001", sha="30")
    for entry in note_county(told.maker, statement=batch):
        check(told.checker, entry=entry)
    assert told.balance("9001") == 30 * 625_00 and Entry.objects.filter(kind="memo").count() == 30
    assert note_county(told.maker, statement=batch) == []
    found = read(batch)
    assert (found.matched, found.open) == (30, [])


def test_a_sheet_that_overlaps_notes_only_what_the_first_did_not_have(told):
    note_county(told.maker, statement=take(told, *alike(1, 30), code="9001", sha="30"))
    longer = take(told, *alike(8, 39), ReadRow(40, day(16), 625_00, "PC20261015", ""), code="9001", sha="33")
    assert (
        len(note_county(told.maker, statement=longer)) == 3
    )  # 32 of that day, 30 noted; one of the next day
    assert note_county(told.maker, statement=longer) == []


def test_a_note_that_was_sent_back_or_reversed_is_noted_anew_and_its_sheet_can_be_taken_back(told, county):
    sent_back, reversed_ = note_county(told.maker, statement=county)
    take_back(told.checker, entry=sent_back, reason="先核对")
    check(told.checker, entry=reversed_)
    wrong = reverse(told.maker, entry=reversed_, day=day(20), reason="记错", client_id=client_id())
    assert [one.source_id for one in note_county(told.maker, statement=county)] == [sent_back.source_id]
    check(told.checker, entry=wrong)
    (again,) = note_county(told.maker, statement=county)
    assert (again.source_id, again.source_turn) == (reversed_.source_id, 2)
    check(told.checker, entry=again)
    assert told.balance("9001") == 6_250_00
    for entry in Entry.objects.waiting():
        take_back(told.maker, entry=entry)
    wrong = reverse(told.maker, entry=again, day=day(21), reason="记错", client_id=client_id())
    with pytest.raises(Refused, match="noted from this sheet"):
        undo_statement(told.maker, statement=county)
    check(told.checker, entry=wrong)
    undo_statement(told.maker, statement=county)
    assert complaints() == []


def test_a_number_of_the_county_that_was_reversed_no_longer_stops_a_payment(told, county):
    note = note_county(told.maker, statement=county)[0]
    check(told.checker, entry=note)
    wrong = reverse(told.maker, entry=note, day=day(20), reason="记错", client_id=client_id())
    check(told.checker, entry=wrong)
    told.received(2_000_000)
    assert told.pays(12_500_00, reference="YKT-1").is_waiting


def test_what_the_county_has_paid_is_not_paid_again(told, county):
    note_county(told.maker, statement=county)
    told.received(2_000_000)
    with pytest.raises(Refused, match="county has paid"):
        told.pays(12_500_00, reference="YKT-1")


def test_a_noted_sheet_is_taken_back_only_after_its_entries(told, county):
    note_county(told.maker, statement=county)
    with pytest.raises(Refused, match="noted from this sheet"):
        undo_statement(told.maker, statement=county)


def test_only_payments_of_the_county_are_noted_this_way(told, october):
    with pytest.raises(Refused, match="Only payments by the county"):
        note_county(told.maker, statement=october)
