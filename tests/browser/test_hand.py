"""Speed of hand, on a phone of 390 × 844: my week answers “what now” without scrolling, a talk is a few taps."""

import datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.promised import pair, talk
from tongxing.care.contacts.drafts import keep
from tongxing.care.contacts.models import Contact
from tongxing.care.contacts.thanks import thank
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.oversight.inspection import actions as inspection

from .conftest import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

MOST_TAPS = 4
LAST_WEEK = datetime.datetime(2026, 11, 18, 15, 40, tzinfo=SCHOOL_TIME)


def bottom(found: Locator) -> float:
    box = found.bounding_box()
    return box["y"] + box["height"]


def seen_without_scrolling(page: Page, *what: Locator) -> None:
    page.wait_for_load_state()
    bar = page.locator(".tabs").bounding_box()["y"]
    for found in what:
        assert bottom(found) <= bar, f"{found} ends at {bottom(found)}, the bar begins at {bar}"


@pytest.fixture
def helper_of_four(promised):
    """Four students wait for 林岚; two drafts, two things to see to and a thank-you came besides."""
    cast = promised
    others = [cast.add_student(name, cast.class_one, "key") for name in ("赵小满", "钱立夏", "孙秋分")]
    for student in others:
        pair(cast, student, "helper")
        cast.grant("helper", "helper", student=student)
    for student in (cast.students.key, others[0]):
        contact = talk(cast, student, happened_at=LAST_WEEK)
        keep(cast.actor("helper"), student=student, kind="talk", typed={"thoughts": ["想再聊聊"]})
    thank(cast.actor("class_teacher"), contact=contact, words="辛苦了")
    head, due = cast.actor("head"), datetime.date(2026, 12, 4)
    month = inspection.open_month(head, school=cast.school, month=datetime.date(2026, 11, 1))
    inspection.say_thanks(head, inspection=month, thanks="记录写得细")
    for text in ("补上家访照片", "补上电话记录"):
        inspection.ask(
            head, inspection=month, client_id=uuid4(), text=text, person=cast.staff["helper"], due_on=due
        )
    return cast


def test_my_week_answers_what_now_without_scrolling(helper_of_four, open_as, look):
    page = open_as("helper")
    page.goto("/week/")
    first = page.locator("section.student").first
    seen_without_scrolling(page, page.locator("h1"), first.locator(".name"), first.locator(".btn").first)
    look(page, "hand-week")


def test_what_else_came_is_named_above_and_read_below(helper_of_four, open_as):
    page = open_as("helper")
    page.goto("/week/")
    seen_without_scrolling(page, page.get_by_text("写了一半：2"))
    page.get_by_text("写了一半：2").click()
    expect(page.locator("#notes .notice").first).to_be_in_viewport()


def test_a_talk_takes_few_taps_from_my_week(helper_of_four, open_as, look):
    page, taps = open_as("helper"), []

    def tap(found: Locator) -> None:
        found.click()
        taps.append(found)

    page.goto("/week/")
    tap(page.locator("section.student").filter(has_text="周晓禾").locator(".btn").first)
    expect(page.locator(".last-time")).to_contain_text("周五前补交")  # what was promised last time
    tap(page.locator(".starters").first.get_by_text("担心的事"))
    page.get_by_label("近期思想动态", exact=True).fill("数学跟不上")
    tap(page.get_by_text("下周一", exact=False).first)
    look(page, "hand-talk")
    tap(page.get_by_role("button", name="保存").last)
    expect(page.get_by_text("周晓禾的这一次记下了")).to_be_visible()
    assert len(taps) <= MOST_TAPS
    assert Contact.objects.latest("pk").made


def test_the_save_bar_covers_no_field_when_the_keyboard_is_open(helper_of_four, open_as):
    page = open_as("helper")
    page.set_viewport_size({"width": PHONE[0], "height": 420})
    page.goto(f"/students/{helper_of_four.students.key.pk}/record/?kind=talk")
    for field in page.locator("textarea:visible, input[type=text]:visible").all():
        field.focus()
        covered = field.evaluate(
            """field => { field.scrollIntoView({block: "nearest"}); const box = field.getBoundingClientRect();
            const there = document.elementFromPoint(box.left + 20, box.bottom - 6);
            return there === field ? "" : `${field.name} ${box.top}–${box.bottom} of ${innerHeight}: ${there?.outerHTML}` }"""
        )
        assert not covered


def test_the_save_button_is_within_reach_of_the_thumb(helper_of_four, open_as):
    page = open_as("helper")
    page.goto(f"/students/{helper_of_four.students.key.pk}/record/?kind=talk")
    save = page.locator(".save-bar").get_by_role("button", name="保存").bounding_box()
    assert (
        save["y"] > PHONE[1] / 2 and save["y"] + save["height"] <= page.locator(".tabs").bounding_box()["y"]
    )
    assert save["height"] >= 44


def test_a_slip_is_taken_back_with_one_tap(helper_of_four, open_as, look):
    page, written = open_as("helper"), Contact.objects.standing().count()
    page.goto(f"/students/{helper_of_four.students.key.pk}/record/?kind=talk")
    thoughts = page.get_by_label("近期思想动态", exact=True)
    expect(thoughts).to_have_value("想再聊聊")
    page.get_by_role("button", name="重新写").click()
    expect(thoughts).to_have_value("")
    page.get_by_role("button", name="撤回").click()
    expect(thoughts).to_have_value("想再聊聊")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("周晓禾的这一次记下了")).to_be_visible()
    look(page, "hand-saved")
    page.get_by_role("button", name="撤回").click()
    expect(thoughts).to_have_value("想再聊聊")
    expect(page.get_by_label("刚刚")).to_be_checked()
    assert Contact.objects.standing().count() == written
