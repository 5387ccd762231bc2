"""Gifts from outside, what gifts became, and the donation box, as the pages show them."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.architecture.test_canaries import words_of

from tongxing.aid.donations.actions import box as boxes
from tongxing.aid.donations.actions import gifts, money
from tongxing.aid.donations.actions.money import Row
from tongxing.aid.donations.models import (
    BoxOpening,
    DonationBox,
    Gift,
)
from tongxing.aid.donations.tests.school import giving
from tongxing.aid.ledger.actions.entries import check
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.tests.books import client_id

from .test_ledger import text


@pytest.fixture
def told(cast):
    cache.clear()
    return giving(cast)


def outside(told, **said):
    usual = {
        "client_id": client_id(), "who": "alumni", "name": "九八届校友林某", "amount": "3000", "day": "2026-11-05",
        "through": "县教育基金会", "reference": "JJ-8", "fund": told.fund.pk, "wants_thanks": "on",
    }  # fmt: skip
    return usual | said


def test_a_gift_from_outside_is_noted_by_finance_with_account_and_number(told, cast):
    browser = cast.client("finance_maker")
    assert browser.post(reverse("donation-outside-new"), outside(told, reference="")).status_code == 422
    there = browser.post(reverse("donation-outside-new"), outside(told))["Location"]
    assert "九八届校友林某" in browser.get(there).content.decode()
    listed = text(browser, "donation-outside")
    assert "九**" in listed and "九八届校友林某" not in listed
    gift = Gift.objects.get()
    assert browser.get(reverse("donation-card", args=[gift.pk])).content.startswith(b"%PDF")
    for role in ("head", "coordinator", "class_teacher"):
        assert cast.client(role).get(there).status_code == 403
    assert browser.post(reverse("donation-gift-back", args=[gift.pk]), {"reason": "记错"}).status_code == 302
    assert Entry.objects.get().ended_at


def test_a_giver_sees_behind_the_own_address_what_gifts_became_and_nobody_else(
    told, cast, client, monkeypatch
):
    maker = cast.client("finance_maker")
    there = maker.post(reverse("donation-outside-new"), outside(told))["Location"]
    check(told.books.checker, entry=Entry.objects.get())
    gift = Gift.objects.get()
    maker.post(reverse("donation-link", args=[gift.pk]))
    token = gifts.token_of(gift.links.get(ended_at=None))
    assert token in maker.get(there).content.decode()
    answer = client.get(reverse("gift-became", args=[token]))
    page = answer.content.decode()
    assert answer.status_code == 200 and "3,000.00" in page and "林某" not in page
    assert answer["X-Robots-Tag"].startswith("noindex") and "no-store" in answer["Cache-Control"]
    assert client.get(reverse("gift-became", args=["x" * 27])).status_code == 404
    monkeypatch.setattr(gifts, "PER_LINK", 1)
    assert client.get(reverse("gift-became", args=[token])).status_code == 429
    cache.clear()
    maker.post(reverse("donation-link-end", args=[gift.pk]))
    assert client.get(reverse("gift-became", args=[token])).status_code == 404
    assert cast.client("head").post(reverse("donation-link", args=[gift.pk])).status_code == 403


def test_the_school_reads_from_the_total_to_what_it_became_and_strangers_sign_in(told, cast, client):
    told.hand_over("finance_maker", Row(cast.class_one, 2, 50_000))
    for role in ("helper", "guardian", "student"):
        assert "500.00" not in text(cast.client(role), "donation-became")
    check(told.books.checker, entry=Entry.objects.get())
    told.books.purposes |= {one.name: one for one in told.fund.purposes.all()}
    move = told.books.move("1001", "5005", 12_000, "学习用品", told.fund)
    told.books.post("payment", move, day=datetime.date(2026, 11, 3))
    for role in ("helper", "guardian", "student"):
        page = text(cast.client(role), "donation-became")
        assert "500.00" in page and "学习用品" in page and "380.00" in page and "初一(1)" not in page
    assert "500.00" not in cast.client("outsider").get(reverse("donation-became")).content.decode()
    assert "/sign-in/" in client.get(reverse("donation-became"))["Location"]
    assert cast.client("helper").get(reverse("donation-board")).content.startswith(b"%PDF")
    assert cast.client("guardian").get(reverse("donation-board")).status_code == 403


def test_the_register_holds_what_the_books_hold_and_is_for_finance_alone(told, cast):
    told.hand_over("finance_maker", Row(cast.class_one, 2, 50_000), Row(told.departments[0], 2, 1_234))
    check(told.books.checker, entry=Entry.objects.get())
    browser = cast.client("finance_checker")
    for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = browser.get(reverse("donation-register", args=[told.campaign.pk, kind]))
        assert answer.status_code == 200 and answer.content.startswith(begins)
    assert browser.get(reverse("donation-register", args=[told.campaign.pk, "docx"])).status_code == 404


def test_a_box_is_opened_by_two_confirmed_by_both_and_booked_once(told, cast):
    office, second, maker = (cast.client(role) for role in ("coordinator", "helper", "finance_maker"))
    sent = {"client_id": client_id(), "place": "教学楼一楼", "fund": told.fund.pk, "since": "2026-09-01"}
    there = office.post(reverse("donation-box-new"), sent)["Location"]
    box = DonationBox.objects.get()
    counts = {
        "client_id": client_id(), "day": "2026-11-06", "bag_number": "B-01", "first": cast.staff["coordinator"].pk,
        "second": cast.staff["coordinator"].pk, "first_count": "86.50", "second_count": "86", "agreed": "",
        "explanation": "",
    }  # fmt: skip
    address = reverse("donation-box-open", args=[box.pk])
    assert "两个不同的人" in office.post(address, counts).content.decode()
    counts["second"] = cast.staff["helper"].pk
    answer = office.post(address, counts)
    assert (
        answer.status_code == 422
        and "请写明原因" in answer.content.decode()
        and "86.50" in answer.content.decode()
    )
    assert (
        office.post(address, counts | {"explanation": "一张五角粘住了", "agreed": "86.50"}).status_code == 302
    )
    opening = BoxOpening.objects.get()
    book = reverse("donation-opening-book", args=[opening.pk])
    assert maker.post(book).status_code == 422
    assert "教学楼一楼" in text(second, "donations")
    assert second.post(reverse("donation-opening-confirm", args=[opening.pk])).status_code == 302
    assert "教学楼一楼" in text(maker, "donations")
    assert maker.post(book).status_code == 302 and maker.post(book).status_code == 302
    assert Entry.objects.get().lines.get(amount__gt=0).account.code == "1009"
    assert "86.50" not in text(cast.client("head"), "donation-box", box.pk)
    assert cast.client("class_teacher").get(reverse("donation-opening", args=[opening.pk])).status_code == 404
    for name, pk in (("donation-protocol", opening.pk), ("donation-blank-protocol", box.pk)):
        assert office.get(reverse(name, args=[pk, "pdf"])).content.startswith(b"%PDF")
        assert office.get(reverse(name, args=[pk, "docx"])).content.startswith(b"PK")
        assert office.get(reverse(name, args=[pk, "xlsx"])).status_code == 404
    assert office.post(reverse("donation-box-down", args=[box.pk]), {"reason": ""}).status_code == 422
    assert office.post(reverse("donation-box-down", args=[box.pk]), {"reason": "学期结束"}).status_code == 302
    assert "学期结束" in office.get(there).content.decode()


def test_the_second_person_s_signature_is_noted_by_finance(told, cast):
    box = boxes.hang_up(
        cast.actor("head"), school=cast.school, client_id=client_id(), place="食堂", fund=told.fund,
        since=datetime.date(2026, 9, 1),
    )  # fmt: skip
    counts = boxes.Counts(
        datetime.date(2026, 11, 6), cast.staff["coordinator"], cast.staff["other_teacher"], 100, 100, "B-9"
    )
    opening = boxes.note_opening(cast.actor("coordinator"), box=box, client_id=client_id(), counts=counts)
    first, address = cast.client("coordinator"), reverse("donation-opening-signed", args=[opening.pk])
    assert address not in text(first, "donation-opening", opening.pk)
    assert first.post(address).status_code == 403
    browser = cast.client("finance_maker")
    assert "已在清点记录上签字" in text(browser, "donation-opening", opening.pk)
    assert browser.post(reverse("donation-opening-signed", args=[opening.pk])).status_code == 302
    assert "已在纸上签字" in text(browser, "donation-opening", opening.pk)
    back = reverse("donation-opening-back", args=[opening.pk])
    assert cast.client("finance_maker").post(back, {"reason": ""}).status_code == 422
    assert cast.client("finance_maker").post(back, {"reason": "写错"}).status_code == 302


CANARIES = ("金丝雀甲", "金丝雀乙", "金丝雀丙", "金丝雀丁", "金丝雀戊", "金丝雀己", "13800001111")


def test_words_about_givers_reach_no_page_or_file_of_anybody_else(told, cast, client):
    """Planted where a giver is spoken of: the name, a note, who agreed, the number of a receipt, of an account."""
    teacher, maker = cast.actor("class_teacher"), cast.actor("finance_maker")
    handed = told.hand_over("class_teacher", Row(cast.class_one, 2, 20_000))
    named = gifts.Named(
        cast.students.key,
        9_000,
        "金丝雀甲",
        wants_thanks=True,
        consent_by="金丝雀乙",
        note="金丝雀丙13800001111",
    )
    gifts.name_gift(teacher, share=handed.shares.get(), client_id=client_id(), named=named)
    outside_gift = gifts.FromOutside(
        "alumni", "金丝雀丁", 5_000, datetime.date(2026, 11, 5), told.fund, "县慈善会", "JJ-1", "金丝雀戊",
        wants_thanks=True, note="金丝雀己",
    )  # fmt: skip
    gift = gifts.take_gift(maker, school=cast.school, client_id=client_id(), told=outside_gift)
    money.receive(maker, handed=handed)
    for entry in Entry.objects.waiting():
        check(told.books.checker, entry=entry)
    token = gifts.token_of(gifts.open_link(maker, gift=gift))
    of_campaign = reverse("donation-campaign", args=[told.campaign.pk])
    addresses = [
        *map(reverse, ("donations", "donation-became", "donation-boxes", "donation-board")),
        of_campaign,
    ]
    addresses += [reverse("donation-appeal", args=[told.campaign.pk, kind]) for kind in ("pdf", "docx")]
    answers = [client.get(reverse("gift-became", args=[token]))]
    for role in (
        "head",
        "coordinator",
        "other_class_teacher",
        "helper",
        "guardian",
        "student",
        "county_aid_officer",
    ):
        answers += [cast.client(role).get(address) for address in addresses]
    answers += [
        cast.client("head").get(reverse("ledger-entries")),
        cast.client("head").get(reverse("ledger")),
    ]
    assert sum(answer.status_code == 200 for answer in answers) > 20
    assert not [word for answer in answers for word in CANARIES if word in words_of(answer)]
    assert "金丝雀丙" in words_of(
        cast.client("class_teacher").get(reverse("donation-handed", args=[handed.pk]))
    )
    assert "金丝雀丁" in words_of(cast.client("finance_maker").get(reverse("donation-gift", args=[gift.pk])))
