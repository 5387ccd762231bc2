"""The pages of giving: in the right hands, in plain words, without names and without pressure."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.aid.donations.actions import gifts, money
from tongxing.aid.donations.actions.money import Row
from tongxing.aid.donations.models import (
    Campaign,
    Gift,
    Goods,
    HandingOver,
    HelpOffer,
    Honour,
)
from tongxing.aid.donations.tests.school import giving, more_students
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.tests.books import client_id
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import SchoolClass

from .test_ledger import text


@pytest.fixture
def told(cast):
    cache.clear()
    return giving(cast)


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


def test_somebody_from_outside_is_thanked_once_asked(told, cast):
    browser, address = cast.client("coordinator"), reverse("donation-thank", args=[told.campaign.pk])
    sent = {"client_id": client_id(), "who": "guest", "guest": "石秀兰阿姨", "story": "每周三来教竹编"}
    answer = browser.post(address, sent)
    assert answer.status_code == 422 and "石秀兰阿姨" in answer.content.decode()
    assert browser.post(address, sent | {"asked": "on", "guest": ""}).status_code == 422
    assert browser.post(address, sent | {"asked": "on"}).status_code == 302
    assert "石秀兰阿姨" in text(cast.client("helper"), "donation-campaign", told.campaign.pk)
    card = browser.get(reverse("donation-cards", args=[told.campaign.pk]))
    assert card.content.startswith(b"%PDF")


def test_a_class_meeting_names_its_class(told, cast):
    browser, address = cast.client("coordinator"), reverse("donation-step", args=[told.campaign.pk])
    sent = {"client_id": client_id(), "kind": "class_meeting", "day": "2026-10-14", "words": "我能帮上什么"}
    other = SchoolClass.objects.exclude(school=cast.school).first()
    assert browser.post(address, sent | {"school_class": other.pk}).status_code == 422
    assert browser.post(address, sent | {"school_class": cast.class_one.pk}).status_code == 302
    assert told.campaign.steps.get().school_class == cast.class_one
    page = text(browser, "donation-campaign", told.campaign.pk)
    assert "初一(1)班 · " in page and "我能帮上什么" in page


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
