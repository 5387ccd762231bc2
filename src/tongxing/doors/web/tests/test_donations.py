"""The pages of giving: in the right hands, in plain words, without names and without pressure."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.architecture.test_canaries import words_of

from tongxing.aid.donations.actions import gifts, money
from tongxing.aid.donations.actions.money import Row
from tongxing.aid.donations.models import (
    BoxOpening,
    Campaign,
    DonationBox,
    Gift,
    Goods,
    HandingOver,
    HelpOffer,
    Honour,
)
from tongxing.aid.donations.tests.school import giving, more_students
from tongxing.aid.ledger.actions.entries import check
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent


@pytest.fixture
def told(cast):
    cache.clear()
    return giving(cast)


def text(browser, name, *args, **query):
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def grid(told, **fields):
    staff = told.cast.staff
    usual = {
        "client_id": client_id(), "day": "2026-10-16", "first": staff["class_teacher"].pk,
        "second": staff["finance_maker"].pk, "receipt_number": "",
    }  # fmt: skip
    return usual | fields


def test_a_campaign_is_begun_with_its_appeal_and_the_words_that_it_is_voluntary(told, cast):
    browser = cast.client("coordinator")
    sent = {
        "client_id": client_id(), "name": "温暖过冬", "slogan": "一份心意", "appeal": "愿意的同学献一份心意。",
        "starts_on": "2026-11-20", "ends_on": "2026-12-05", "counted_on": "2026-11-24", "fund": told.fund.pk,
        "consent_from": "50", "departments": "教务处\n总务处\n政教处", "shows_share": "on",
    }  # fmt: skip
    answer = browser.post(reverse("donation-new"), sent | {"counted_on": "2026-12-24"})
    assert answer.status_code == 422 and "不在活动期间" in answer.content.decode()
    assert "一份心意" in answer.content.decode()
    address = browser.post(reverse("donation-new"), sent)["Location"]
    page = browser.get(address).content.decode()
    assert "全凭自愿" in page and "一份心意" in page
    assert "目标" not in page and "最低" not in page
    assert Campaign.objects.get(name="温暖过冬").consent_from == 5_000
    assert cast.client("class_teacher").get(reverse("donation-new")).status_code == 403


def test_the_appeal_is_downloaded_as_pdf_and_word(told, cast):
    browser = cast.client("helper")
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = browser.get(reverse("donation-appeal", args=[told.campaign.pk, kind]))
        assert answer.status_code == 200 and answer.content.startswith(begins)
    assert browser.get(reverse("donation-appeal", args=[told.campaign.pk, "xlsx"])).status_code == 404


def test_meetings_and_publicity_are_noted_and_taken_back_at_a_tap(told, cast):
    browser = cast.client("coordinator")
    address = reverse("donation-step", args=[told.campaign.pk])
    sent = {"client_id": client_id(), "kind": "radio", "day": "2026-10-13", "words": "午间广播"}
    assert browser.post(address, sent | {"day": "2027-01-01"}).status_code == 422
    assert browser.post(address, sent).status_code == 302
    assert "午间广播" in text(cast.client("helper"), "donation-campaign", told.campaign.pk)
    step = told.campaign.steps.get()
    browser.post(reverse("donation-step-back", args=[step.pk]))
    assert "午间广播" not in text(browser, "donation-campaign", told.campaign.pk)
    assert cast.client("helper").post(address, sent).status_code == 403


def test_a_class_teacher_enters_the_own_class_and_finance_receives_it(told, cast):
    teacher, maker = cast.client("class_teacher"), cast.client("finance_maker")
    address = reverse("donation-grid", args=[told.campaign.pk])
    page = teacher.get(address).content.decode()
    assert "初一(1)班" in page and "初一(2)班" not in page and "教务处" not in page
    key = f"c{cast.class_one.pk}-"
    answer = teacher.post(address, grid(told, **{f"{key}people": "9", f"{key}amount": "12.50"}))
    assert answer.status_code == 422 and "那天一共 2 人" in answer.content.decode()
    assert "12.50" in answer.content.decode()
    there = teacher.post(address, grid(told, **{f"{key}people": "2", f"{key}amount": "12.50"}))["Location"]
    assert "12.50" in teacher.get(there).content.decode()
    handed = HandingOver.objects.get()
    assert "12.50" in text(maker, "donations")
    assert maker.post(reverse("donation-receive", args=[handed.pk])).status_code == 302
    assert Entry.objects.get().lines.get(amount__gt=0).amount == 1_250
    assert teacher.post(reverse("donation-receive", args=[handed.pk])).status_code == 403


def test_what_was_just_entered_is_taken_back_at_a_tap(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 1, 100))
    browser = cast.client("class_teacher")
    assert browser.post(reverse("donation-handed-back", args=[handed.pk]), {"reason": ""}).status_code == 422
    browser.post(reverse("donation-handed-back", args=[handed.pk]), {"reason": "误填"})
    handed.refresh_from_db()
    assert handed.ended_reason == "误填"


def test_finance_enters_all_of_it_in_one_grid_and_puts_it_right(told, cast):
    browser = cast.client("finance_maker")
    first, office = f"c{cast.class_one.pk}-", f"d{told.departments[0].pk}-"
    sent = grid(
        told,
        **{f"{first}people": "2", f"{first}amount": "10", f"{office}people": "3", f"{office}amount": "150"},
    )
    there = browser.post(reverse("donation-grid", args=[told.campaign.pk]), sent)["Location"]
    assert "160.00" in browser.get(there).content.decode()
    handed = HandingOver.objects.get()
    correct = reverse("donation-correct", args=[handed.pk])
    assert "150.00" in browser.get(correct).content.decode()
    right = sent | {"client_id": client_id(), f"{office}amount": "155"}
    assert browser.post(correct, right).status_code == 422
    assert browser.post(correct, right | {"reason": "漏了五元"}).status_code == 302
    assert Entry.objects.get(ended_at=None).lines.get(amount__gt=0).amount == 16_500


def test_nobody_but_who_entered_it_and_finance_sees_a_class_s_figures(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 2, 123_456))
    pages = ["donations", "donation-became", "donation-boxes"]
    for role in (
        "head",
        "deputy",
        "coordinator",
        "other_class_teacher",
        "helper",
        "counsellor",
        "guardian",
        "student",
    ):
        browser = cast.client(role)
        assert browser.get(reverse("donation-handed", args=[handed.pk])).status_code in (403, 404)
        for address in [*map(reverse, pages), reverse("donation-campaign", args=[told.campaign.pk])]:
            answer = browser.get(address)
            assert "1,234.56" not in answer.content.decode()
        assert browser.get(reverse("donation-register", args=[told.campaign.pk, "xlsx"])).status_code == 403
    assert "1,234.56" in text(cast.client("class_teacher"), "donation-campaign", told.campaign.pk)
    money.receive(cast.actor("finance_maker"), handed=handed)
    assert "初一(1)班" not in text(cast.client("head"), "ledger-entry", Entry.objects.get().pk)


def test_participation_is_shown_for_the_whole_school_and_can_be_switched_off(told, cast):
    more_students(cast, cast.class_one, 17)
    told.hand_over("finance_maker", Row(cast.class_one, 15, 100))
    page = text(cast.client("helper"), "donation-campaign", told.campaign.pk)
    assert "每百名学生中" in page and ">75<" in page
    Campaign.objects.update(shows_share=False)
    assert "每百名学生中" not in text(cast.client("helper"), "donation-campaign", told.campaign.pk)


def test_a_child_who_wants_thanks_is_named_by_the_class_teacher_alone(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 2, 20_000))
    browser, child = cast.client("class_teacher"), cast.students.key
    address = reverse("donation-name", args=[handed.pk])
    sent = {"client_id": client_id(), "giver": f"s{child.pk}", "amount": "60", "wants_thanks": "on"}
    answer = browser.post(address, sent)
    assert answer.status_code == 422 and "先问监护人" in answer.content.decode()
    assert browser.post(address, sent | {"consent_by": "奶奶"}).status_code == 302
    assert child.name in text(browser, "donation-handed", handed.pk)
    assert Gift.objects.get().amount == 6_000
    undo = reverse("donation-gift-back", args=[Gift.objects.get().pk])
    assert browser.post(undo, {"reason": "误填"}).status_code == 302
    assert not Gift.objects.standing().exists()
    stranger = sent | {"client_id": client_id(), "giver": f"s{cast.students.plain.pk}"}
    assert browser.post(address, stranger).status_code == 422


def test_goods_come_and_go_without_names(told, cast):
    browser = cast.client("class_teacher")
    sent = {"client_id": client_id(), "what": "字典", "count": "12", "unit": "本", "day": "2026-10-16"}
    assert (
        browser.post(reverse("donation-goods", args=[told.campaign.pk]), sent | {"count": "0"}).status_code
        == 422
    )
    there = browser.post(reverse("donation-goods", args=[told.campaign.pk]), sent)["Location"]
    passed = {"client_id": client_id(), "to_whom": "初一住校生", "count": "13", "day": "2026-11-01"}
    assert browser.post(there, passed).status_code == 422
    assert browser.post(there, passed | {"count": "10"}).status_code == 302
    assert "初一住校生" in browser.get(there).content.decode()
    assert cast.client("other_class_teacher").get(there).status_code == 404
    assert Goods.objects.get().passed.get().count == 10


def test_a_story_of_thanks_tells_no_amount_and_becomes_a_card(told, cast):
    browser, address = cast.client("coordinator"), reverse("donation-thank", args=[told.campaign.pk])
    sent = {"client_id": client_id(), "who": f"c{cast.class_one.pk}", "story": "捐了 300 元"}
    answer = browser.post(address, sent)
    assert answer.status_code == 422 and "不写金额" in answer.content.decode()
    assert browser.get(reverse("donation-cards", args=[told.campaign.pk])).status_code == 422
    assert browser.post(address, sent | {"story": "雨天一起撑伞回家"}).status_code == 302
    assert "雨天一起撑伞回家" in text(cast.client("helper"), "donation-campaign", told.campaign.pk)
    card = browser.get(reverse("donation-cards", args=[told.campaign.pk]))
    assert card.content.startswith(b"%PDF")
    browser.post(reverse("donation-thanks-end", args=[Honour.objects.get().pk]))
    assert "雨天" not in text(browser, "donation-campaign", told.campaign.pk)


def test_a_child_can_be_chosen_for_thanks_once_the_family_agrees(told, cast):
    browser, child = cast.client("coordinator"), cast.students.key
    address, of_class = reverse("donation-thank", args=[told.campaign.pk]), {"class": cast.class_one.pk}
    assert child.name not in browser.get(address, of_class).content.decode()
    give_consent(
        cast.actor("class_teacher"), student=child, purpose="praise", given_by="奶奶", student_agreed=True
    )
    assert child.name in browser.get(address, of_class).content.decode()
    sent = {"client_id": client_id(), "who": f"s{child.pk}", "story": "教同桌背单词"}
    assert browser.post(f"{address}?class={cast.class_one.pk}", sent).status_code == 302
    assert child.name in text(cast.client("helper"), "donation-campaign", told.campaign.pk)


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


def test_the_second_person_s_signature_is_noted_by_the_first(told, cast):
    from tongxing.aid.donations.actions import box as actions

    box = actions.hang_up(
        cast.actor("head"), school=cast.school, client_id=client_id(), place="食堂", fund=told.fund,
        since=datetime.date(2026, 9, 1),
    )  # fmt: skip
    counts = actions.Counts(
        datetime.date(2026, 11, 6), cast.staff["coordinator"], cast.staff["other_teacher"], 100, 100, "B-9"
    )
    opening = actions.note_opening(cast.actor("coordinator"), box=box, client_id=client_id(), counts=counts)
    browser = cast.client("coordinator")
    assert "已在清点记录上签字" in text(browser, "donation-opening", opening.pk)
    assert browser.post(reverse("donation-opening-signed", args=[opening.pk])).status_code == 302
    assert "已在纸上签字" in text(browser, "donation-opening", opening.pk)
    back = reverse("donation-opening-back", args=[opening.pk])
    assert cast.client("finance_maker").post(back, {"reason": ""}).status_code == 422
    assert cast.client("finance_maker").post(back, {"reason": "写错"}).status_code == 302


def test_help_among_classmates_is_listed_by_kind_and_taken_off_without_a_question(cast):
    browser = cast.client("class_teacher")
    sent = {"class": cast.class_one.pk, "student": cast.students.key.pk, "kind": "umbrella"}
    assert browser.post(reverse("mutual-help"), sent | {"student": cast.students.plain.pk}).status_code == 422
    assert browser.post(reverse("mutual-help"), sent).status_code == 302
    assert "一起打伞" in text(browser, "mutual-help")
    offer = HelpOffer.objects.get()
    other = cast.client("other_class_teacher")
    assert other.post(reverse("mutual-help-end", args=[offer.pk])).status_code == 404
    assert cast.client("helper").get(reverse("mutual-help")).status_code == 403
    browser.post(reverse("mutual-help-end", args=[offer.pk]))
    assert not HelpOffer.objects.filter(ends_on=None).exists()


def test_a_campaign_is_closed_with_a_reason_and_takes_nothing_more(told, cast):
    browser = cast.client("head")
    address = reverse("donation-close", args=[told.campaign.pk])
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "活动结束"}).status_code == 302
    key = f"c{cast.class_one.pk}-"
    answer = cast.client("class_teacher").post(
        reverse("donation-grid", args=[told.campaign.pk]),
        grid(told, **{f"{key}people": "1", f"{key}amount": "1"}),
    )
    assert answer.status_code == 422


def test_audit_rows_of_giving_hold_no_names_amounts_or_words(told, cast):
    handed = told.hand_over("class_teacher", Row(cast.class_one, 2, 20_000))
    gifts.name_gift(
        cast.actor("class_teacher"), share=handed.shares.get(), client_id=client_id(),
        named=gifts.Named(cast.students.key, 1_234, wants_thanks=True, note="悄悄话"),
    )  # fmt: skip
    written = str(list(AuditEntry.objects.filter(action__startswith="donation").values("detail", "purpose")))
    assert (
        "1234" not in written
        and "20000" not in written
        and "悄悄话" not in written
        and "周晓禾" not in written
    )


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


@pytest.mark.parametrize("name", ["donations", "donation-campaign", "donation-outside", "donation-became"])
def test_more_of_everything_costs_no_more_queries(told, cast, name):
    args = [told.campaign.pk] if name == "donation-campaign" else []

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            text(cast.client("finance_maker"), name, *args)
        return len(found)

    more_students(cast, cast.class_one, 20)

    def one_more() -> None:
        told.hand_over("finance_maker", Row(cast.class_one, 1, 100), Row(told.departments[0], 1, 100))
        told.hand_over("coordinator", Row(cast.class_one, 1, 100))
        gifts.take_gift(
            cast.actor("finance_maker"), school=cast.school, client_id=client_id(),
            told=gifts.FromOutside("firm", "供销社", 100, datetime.date(2026, 11, 5), told.fund, "慈善会", str(client_id())[-6:]),
        )  # fmt: skip

    one_more()
    few = queries()
    for _ in range(4):
        one_more()
    assert queries() <= few
