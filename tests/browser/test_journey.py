"""The first three minutes of a new user in the demo school: a helper writes a talk down on a phone, the head sees it."""

import datetime
import re
from pathlib import Path

import docx
import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page, expect

from tongxing.care.contacts.models import Contact
from tongxing.care.programme.queries import my_week
from tongxing.doors.cli.demo import load
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.models import Staff
from tongxing.ground.people.queries import current_term

from .conftest import DESKTOP, overflow, session_cookie

pytestmark = pytest.mark.django_db(transaction=True)

THURSDAY = datetime.datetime(2026, 11, 26, 16, 30, tzinfo=SCHOOL_TIME)
THOUGHTS = "作业有三次没有交，想先把英语跟上。"
PROMISED = "每天读一段，星期四一起看"


@pytest.fixture
def demo_school(settings):
    settings.MODE = "demo"
    with time_machine.travel(THURSDAY):
        yield load()


def come_in(page: Page, role: str) -> Page:
    """One click on the demo's first page."""
    page.goto("/")
    page.get_by_role("button", name=re.compile(f"^{role}")).first.click()
    expect(page.locator("body.with-frame")).to_be_visible()
    return page


def another_helper(school, besides: str) -> Staff:
    """Somebody else with a student who would like a talk this week."""
    term = current_term(school, THURSDAY.date())
    helpers = Staff.objects.filter(pairs__ends_on=None, pairs__student__registrations__level="key")
    for helper in helpers.exclude(name=besides).distinct().order_by("pk"):
        waiting = my_week(actor_for(helper.user), helper, term, THURSDAY).waiting
        if any(card.wants_talk for card in waiting):
            return helper
    raise AssertionError("nobody waits for a talk in the demo school")


def talks_done(head: Page) -> int:
    """What the head's overview says of this week's talks with key students."""
    head.goto("/overview/")
    told = head.get_by_role("link").filter(has_text="本周谈心").inner_text()
    return int(re.search(r"(\d+)\s*/", told)[1])


def write_a_talk(page: Page, look, name: str) -> None:
    """From my week to the record and back: a duty that waited is done."""
    page.goto("/week/")
    card = page.locator("section.student").filter(has_text="该聊聊了").first
    who = card.locator(".name").inner_text()
    look(page, f"{name}-1-week")
    card.get_by_role("link", name="记一次谈心").click()
    page.get_by_label("近期思想动态").fill(THOUGHTS)
    page.get_by_label("答应的事").fill(PROMISED)
    look(page, f"{name}-2-record")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text(f"{who}的这一次记下了")).to_be_visible()
    expect(page.locator("section.student").filter(has_text=who)).to_have_count(0)
    expect(page.locator(".duties li").filter(has_text=who)).to_contain_text(PROMISED)
    look(page, f"{name}-3-done")


def download_summary(head: Page, folder: Path, look) -> str:
    """From the overview to the Word file; its text."""
    head.goto("/overview/")
    head.get_by_role("link", name="生成学期总结").click()
    look(head, "head-2-preview")
    head.get_by_role("button", name="生成总结").click()
    look(head, "head-3-issued")
    with head.expect_download() as waiting:
        head.get_by_role("link", name="下载 Word").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_a_talk_written_on_a_phone_turns_the_duty_done_and_reaches_the_summary(
    demo_school, open_window, live_server, look, tmp_path
):
    head = come_in(open_window(width=DESKTOP[0]), "校长")
    before = talks_done(head)
    phone = come_in(open_window(), "帮扶")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("等您聊聊")
    assert overflow(phone) <= 0
    write_a_talk(phone, look, "phone")
    assert talks_done(head) == before + 1
    look(head, "head-1-overview")

    helper = Contact.objects.latest("pk").staff
    assert Contact.objects.latest("pk").made
    plain = open_window(scripts=False)
    client = Client()
    client.force_login(another_helper(demo_school, besides=helper.name).user)
    plain.context.add_cookies([session_cookie(client, live_server.url)])
    write_a_talk(plain, look, "plain")
    assert talks_done(head) == before + 2

    told = download_summary(head, tmp_path, look)
    assert "和风镇中心初中" in told
    assert re.search(r"登记需要帮扶的\D*66人，其中重点\D*27人", told)
