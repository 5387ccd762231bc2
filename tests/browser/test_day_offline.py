"""A day in the villages: the app is opened without a network, forty records of all kinds are written, nothing is lost."""

import itertools
import threading

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.promised import pair
from tongxing.care.activities.models import Part
from tongxing.care.activities.tests.school import given, offered, wished
from tongxing.care.attendance_watch.models import Absence, RollCall
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Contact
from tongxing.care.peers.models import GoodDeed
from tongxing.care.requests.models import HelpRequest
from tongxing.care.screening.models import ClassVisit
from tongxing.doors.web import week

from .conftest import until
from .test_offline import DUMP, WAITING, all_sent, ready

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

#: All that is written, and what of it is no record: a roll call, two requests, a visit, a group, a good deed.
WRITTEN, BESIDE = 40, 6
RECORDS = WRITTEN - BESIDE
KEPT = [kind for kind in KINDS.values() if not kind.restricted and kind.code != "highlight"]
TAKEN = "async () => { const db = await new Promise((done) => { const asked = indexedDB.open('tongxing'); asked.onsuccess = () => done(asked.result); }); const rows = await new Promise((done) => { const asked = db.transaction('packs').objectStore('packs').count(); asked.onsuccess = () => done(asked.result); }); db.close(); return rows > 0; }"


def take_along(page: Page) -> None:
    """Open my week once with a network; what it takes along is there afterwards."""
    with page.expect_response("**" + reverse("pack"), timeout=30_000):
        page.goto(reverse("week"))
    ready(page)
    until(page, TAKEN)


def killed(page: Page) -> Page:
    """The app is closed and opened anew, still without a network."""
    window = page.context
    page.close()
    return window.new_page()


def write(page: Page, student, kind, words: str) -> None:
    """A record of this kind from the form that was taken along: every question is answered."""
    page.goto(f"{reverse('record-new', args=[student.pk])}?kind={kind.code}")
    expect(page.locator("h1")).to_contain_text(f"{student.name} · {kind.label}")
    page.locator("form.record details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    if kind.families:
        page.locator("input[name=reached]").last.check(force=True)
    for question in kind.questions:
        field = page.locator(f"[name={question.code}]")
        if field.count():
            field.fill(f"{words}·{question.code}")
    page.locator(".save-bar .btn.main").click()
    expect(page.locator("#offline-said")).to_contain_text("已存在这台设备上")


def test_forty_of_all_kinds_in_a_day_without_a_network_arrive_as_forty(promised, at_school, open_as, look):
    cast = promised
    others = [cast.add_student(name, cast.class_one, "key") for name in ("赵小满", "钱立夏", "孙秋分")]
    for student in others:
        pair(cast, student, "helper")
        cast.grant("helper", "helper", student=student)
    students = [cast.students.key, *others]
    offer = in_charge(cast, at_school)
    page = open_as("helper")
    take_along(page)
    page.context.set_offline(True)
    page = killed(page)
    page.goto("/")
    expect(page.get_by_text("现在没有网络，内容截至")).to_be_visible()
    expect(page.get_by_role("link", name="钱立夏").first).to_be_visible()
    look(page, "taken-week")
    page.get_by_role("link", name="钱立夏").first.click()
    expect(page.get_by_role("heading", name="钱立夏")).to_be_visible()
    look(page, "taken-student")

    plan = zip(range(RECORDS - 3), itertools.cycle(KEPT), itertools.cycle(students), strict=False)
    for number, kind, student in plan:
        if number in (13, 26):
            page = killed(page)
        if number == 20:
            write_beside(page, cast, offer, look)
        write(page, student, kind, f"第{number}条")
        if number == 1:
            look(page, "taken-after")
    keep_two_rows(page, students)
    note_a_bright_moment(page, cast.students.key)
    expect(page.locator(WAITING)).to_have_text(str(WRITTEN))
    assert not Contact.objects.exists() and not RollCall.objects.exists()

    page.goto(reverse("week"))
    page.context.set_offline(False)
    expect(page.get_by_text("现在没有网络")).to_be_hidden(timeout=40_000)
    all_sent(page)
    assert Contact.objects.count() == RECORDS
    assert set(Contact.objects.values_list("kind", flat=True)) == {kind.code for kind in KEPT} | {"highlight"}
    written = {f"第{number}条" for number in range(RECORDS - 3)}
    texts = [str(contact.revisions.get().body) for contact in Contact.objects.all()]
    assert all(sum(f"{words}·" in text for text in texts) == 1 for words in written)
    arrived_beside(cast, offer)


def in_charge(cast, at_school):
    """林岚 has charge of 初一(1), answers for all classes, and leads a group in which two have a place."""
    cast.grant("helper", "class_teacher", school_class=cast.class_one)
    cast.grant("helper", "coordinator")
    offer = offered(cast, leader="helper", places=5)
    wished(offer, cast.students.key, cast.students.normal)
    given(cast, offer, at_school)
    return offer


def write_beside(page: Page, cast, offer, look) -> None:
    """All that is no record, from my week."""
    saved = page.locator(".save-bar .btn.main")
    kept = page.locator("#offline-said")

    page.goto(reverse("week"))
    page.locator("main .chips").get_by_role("link", name="今天谁没到").click()
    look(page, "taken-roll-classes")
    page.locator("main").get_by_role("link", name="初一(1)班").click()
    page.get_by_text("孟宇航").click()
    look(page, "taken-roll")
    saved.click()
    expect(kept).to_contain_text("已存在这台设备上")

    for topic, words in (("studying", "数学跟不上，想有人带一带"), ("hurt", "放学路上有人打他")):
        page.goto(reverse("request-for", args=[cast.students.normal.pk]))
        page.locator(f"a[href='?about={topic}']").click()
        page.fill("[name=text]", words)
        look(page, f"taken-request-{topic}")
        saved.click()
        expect(kept).to_contain_text("已存在这台设备上")

    page.goto(reverse("screening-visits"))
    page.locator("main").get_by_role("link", name="初一(2)班").click()
    page.locator("[name=visitors]").first.check(force=True)
    page.locator("[name=asked]").first.check(force=True)
    page.fill("[name=noticed]", "后排两扇窗关不严")
    look(page, "taken-visit")
    saved.click()
    expect(kept).to_contain_text("已存在这台设备上")

    page.goto(reverse("activities"))
    page.locator("main").get_by_role("link", name=offer.name).click()
    page.locator(f"[name=state-{cast.students.key.pk}][value=absent]").check(force=True)
    look(page, "taken-group")
    saved.click()
    expect(kept).to_contain_text("已存在这台设备上")

    page.goto(reverse("deeds"))
    page.get_by_role("button", name="周晓禾").click()
    expect(kept).to_contain_text("已存在这台设备上")


def arrived_beside(cast, offer) -> None:
    """Each once, and its words sealed."""
    assert RollCall.objects.get().school_class == cast.class_one
    assert Absence.objects.get().student == cast.students.normal
    assert sorted(HelpRequest.objects.values_list("topic", "in_safety")) == [
        ("hurt", True),
        ("studying", False),
    ]
    assert not any("打他".encode() in bytes(one.text_sealed) for one in HelpRequest.objects.all())
    assert ClassVisit.objects.get().school_class == cast.class_two
    came = dict(Part.objects.filter(event__offer=offer).values_list("student__name", "state"))
    assert came == {"周晓禾": "absent", "孟宇航": "present"}
    assert GoodDeed.objects.get().student == cast.students.key


def keep_two_rows(page: Page, students) -> None:
    page.goto(f"{reverse('record-grid')}?all=1")
    expect(page.locator("fieldset.entry-row").first).to_be_visible()
    for row, student in zip(page.locator("fieldset.entry-row").all(), students[:2], strict=False):
        row.locator("select[name$=student]").select_option(str(student.pk))
        row.locator("textarea[name$=words]").fill(f"和{student.name}聊了几句")
    page.locator(".save-bar .btn.main").click()
    expect(page.locator(WAITING)).to_have_text(str(WRITTEN - 1))


def note_a_bright_moment(page: Page, student) -> None:
    page.goto(reverse("student", args=[student.pk]))
    page.locator("form.tap button[name=phrase]").first.click()
    expect(page.locator("#offline-said")).to_contain_text("已存在这台设备上")


def test_who_was_written_about_is_marked_until_it_is_sent(promised, open_as, look):
    page = open_as("helper")
    take_along(page)
    page.context.set_offline(True)
    write(page, promised.students.key, KINDS["talk"], "聊了聊")
    card = page.locator("section.student").filter(has_text="周晓禾")
    expect(card.locator(".chips > .chip").first).to_have_text("写好了，还没发出")
    expect(page.locator("[data-taken-count]")).to_have_text("1 条还没发出")
    expect(page.locator("#offline-words")).to_be_hidden()  # said once
    page.goto(reverse("waiting"))
    expect(page.locator("#not-sent li")).to_contain_text("聊了聊")
    expect(page.locator("main .notice:visible")).to_have_count(1)
    expect(page.locator(".notice:visible a:visible")).to_have_text(["一次记几条"])
    look(page, "waiting-offline")


def test_a_line_that_answers_nothing_counts_as_no_network(promised, open_as, monkeypatch):
    page, answers = open_as("helper"), threading.Event()
    take_along(page)
    shown = week.shown
    monkeypatch.setattr(week, "shown", lambda request: answers.wait(20) and shown(request))
    page.goto(reverse("week"))
    expect(page.get_by_text("现在没有网络，内容截至")).to_be_visible()
    answers.set()
    expect(page.get_by_text("现在没有网络，内容截至")).to_be_hidden()


def test_another_kind_is_chosen_without_a_network_and_the_words_stay(promised, open_as):
    page = open_as("helper")
    take_along(page)
    page.context.set_offline(True)
    page.goto(f"{reverse('record-new', args=[promised.students.key.pk])}?kind=talk")
    page.fill("[name=promise]", "周五前交作业")
    page.locator("button[name=switch][value=call]").click()
    expect(page.locator("h1")).to_contain_text("通话")
    expect(page.locator("[name=promise]")).to_have_value("周五前交作业")


def test_a_page_that_was_not_taken_along_says_so_and_leads_back(promised, open_as, look):
    page = open_as("helper")
    take_along(page)
    page.context.set_offline(True)
    page.goto(reverse("students"))
    expect(page.get_by_role("heading", name="这一页没有带上")).to_be_visible()
    look(page, "not-taken")
    page.locator("main").get_by_role("link", name="本周").click()
    expect(page.get_by_text("现在没有网络，内容截至")).to_be_visible()


def test_what_was_taken_along_cannot_be_read_from_the_device_and_goes_with_signing_out(promised, open_as):
    page = open_as("helper")
    take_along(page)
    kept = page.evaluate(DUMP)
    assert "packs" in kept and promised.students.key.name not in kept
    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    page.wait_for_url("**" + reverse("sign-in"))
    page.context.set_offline(True)
    page.goto(reverse("week"))
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    assert promised.students.key.name not in page.content()


def test_who_signs_out_without_a_network_is_signed_out_once_there_is_one(promised, open_as):
    page = open_as("helper")
    take_along(page)
    page.context.set_offline(True)
    page.goto(reverse("week"))
    expect(page.get_by_text("现在没有网络，内容截至")).to_be_visible()
    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    page.context.set_offline(False)
    page.goto(reverse("week"))
    page.wait_for_url("**" + reverse("sign-in"))
