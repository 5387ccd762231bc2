"""Files of giving: the register says what the books say, the appeal that giving is voluntary, a card no amount."""

import datetime
import io

import pytest
from pypdf import PdfReader

from tongxing.aid.donations.actions import box, gifts
from tongxing.aid.donations.actions.money import Row
from tongxing.aid.donations.queries.became import became, funds_of_gifts
from tongxing.aid.donations.tests.school import giving
from tongxing.aid.ledger.actions.entries import check
from tongxing.aid.ledger.models import Entry, Line
from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel import money
from tongxing.ground.kernel.errors import NotAllowed

from .. import donations as files
from ..ledger import Fen


@pytest.fixture
def told(cast):
    return giving(cast)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def given(told, cast) -> None:
    told.hand_over("finance_maker", Row(cast.class_one, 2, 1_234), Row(told.departments[0], 2, 20_050))
    outside = gifts.FromOutside(
        "firm",
        "供销社",
        300_000,
        datetime.date(2026, 11, 5),
        told.fund,
        "县慈善会",
        "C-1",
        campaign=told.campaign,
    )
    gifts.take_gift(cast.actor("finance_maker"), school=cast.school, client_id=client_id(), told=outside)
    for entry in Entry.objects.waiting():
        check(told.books.checker, entry=entry)


def test_the_register_adds_up_to_what_the_books_hold(told, cast):
    given(told, cast)
    report = files.register_report(cast.actor("finance_checker"), told.campaign)
    lines = Line.objects.posted().filter(fund=told.fund, account__kind="income")
    assert report.total[3] == Fen(-sum(lines.values_list("amount", flat=True))) == Fen(321_284)
    assert {row[1] for row in report.rows} == {"初一(1)班", "教务处", "校外，经县慈善会"}
    assert all(row[5] for row in report.rows)  # each with the number of its entry
    for role in ("head", "coordinator", "class_teacher"):
        with pytest.raises(NotAllowed):
            files.register_report(cast.actor(role), told.campaign)


def test_what_waits_for_the_second_look_has_no_number_yet(told, cast):
    told.hand_over("finance_maker", Row(cast.class_one, 2, 1_234))
    report = files.register_report(cast.actor("finance_maker"), told.campaign)
    assert report.rows[0][5] == ""


def test_every_appeal_ends_with_the_words_that_giving_is_voluntary(told, cast):
    words = text_of(files.appeal_file(cast.actor("helper"), campaign=told.campaign, kind="pdf"))
    assert "全凭自愿" in words and "愿意的同学" in words
    with pytest.raises(NotAllowed):
        files.appeal_file(cast.actor("guardian"), campaign=told.campaign, kind="pdf")


def test_the_sheet_for_the_board_says_the_ledger_s_amounts_without_class_or_name(told, cast):
    given(told, cast)
    found = became(funds_of_gifts(cast.school))
    words = text_of(files.board_file(cast.actor("helper"), school=cast.school, found=found))
    assert all(money.yuan(amount) in words for _name, amount in found[0].sources)
    assert money.yuan(found[0].left) in words and "初一(1)班" not in words and "供销社" not in words


def test_the_protocol_says_both_counts_and_why_they_differ(told, cast):
    head = cast.actor("head")
    facts = {"place": "教学楼一楼", "fund": told.fund, "since": datetime.date(2026, 9, 1)}
    hung = box.hang_up(head, school=cast.school, client_id=client_id(), **facts)
    people = cast.staff["head"], cast.staff["helper"]
    counts = box.Counts(datetime.date(2026, 11, 6), *people, 8_650, 8_600, "B-7", 8_650, "一张五角粘住了")
    opening = box.note_opening(head, box=hung, client_id=client_id(), counts=counts)
    words = text_of(files.protocol_file(head, box=hung, opening=opening, kind="pdf"))
    assert all(
        word in words
        for word in ("86.50", "86.00", "捌拾陆元伍角整", "一张五角粘住了", "B-7", "顾言", "林岚")
    )
    assert "86.50" not in text_of(files.protocol_file(head, box=hung, opening=None, kind="pdf"))


def test_a_card_says_to_whom_and_no_amount(told, cast):
    words = files.usual_thanks(datetime.date(2026, 11, 5))
    card = text_of(files.thanks_cards(cast.actor("head"), school=cast.school, cards=[("九八届校友", words)]))
    assert "九八届校友" in card and "2026年11月" in card and "元" not in card.replace("2026年", "")
