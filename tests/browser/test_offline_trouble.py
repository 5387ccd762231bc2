"""What goes wrong on the way: a new version, a full device, a sign-in that has run out, a refusal that comes late."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tongxing.care.contacts.models import Attachment, Contact
from tongxing.doors.web import offline
from tongxing.ground.access.models import Grant
from tongxing.ground.files.tests.pictures import from_a_phone
from tongxing.ground.kernel import clock

from .conftest import session_cookie, until
from .test_offline import THOUGHTS, WAITING, address, all_sent, ready, takes_nothing_along, write

NEXT_TRY = """async () => {
  const db = await new Promise((done) => { const asked = indexedDB.open("tongxing"); asked.onsuccess = () => done(asked.result); });
  const rows = await new Promise((done) => { const asked = db.transaction("items").objectStore("items").getAll(); asked.onsuccess = () => done(asked.result); });
  db.close();
  return rows.map((row) => [row.tries, row.next - Date.now()]);
}"""
FULL = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, key) {
  if (this.name === "items") throw new DOMException("full", "QuotaExceededError");
  return put.call(this, value, key);
};"""


def busy(request, item):
    raise OperationalError("busy")


def waits(page: Page, cast, monkeypatch) -> None:
    """One record waits on the device, though there is a network: the school's computer is busy."""
    monkeypatch.setitem(offline.TAKES, "record", busy)
    takes_nothing_along(page)
    page.goto(address(cast))
    ready(page)
    page.fill("[name=thoughts]", THOUGHTS)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    expect(page.locator(WAITING)).to_have_text("1")
    until(
        page, f"async () => (await ({NEXT_TRY})())[0][0] >= 1"
    )  # the first try has its answer: none is under way


def no_longer_busy(monkeypatch) -> None:
    monkeypatch.setitem(offline.TAKES, "record", offline._record)


def test_a_new_version_of_the_app_takes_over_with_what_waits(open_as, cast, monkeypatch):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    before = page.evaluate("caches.keys()")
    monkeypatch.setattr(offline, "__version__", "99.0")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    until(
        page,
        "async (old) => { const now = await caches.keys(); return now.length === 1 && now[0] !== old[0]; }",
        before,
    )
    page.goto(reverse("waiting"))
    expect(page.locator("#not-sent li")).to_contain_text(THOUGHTS)
    no_longer_busy(monkeypatch)
    page.goto(reverse("week"))
    all_sent(page)
    assert Contact.objects.get().revisions.get().body["thoughts"] == THOUGHTS


def test_a_full_device_says_so_and_leaves_the_words_in_the_form(open_as, cast):
    page = open_as("helper")
    page.add_init_script(FULL)
    write(page, cast)
    expect(page.locator("[data-warning]")).to_contain_text("存满了")
    expect(page.locator("[name=thoughts]")).to_have_value(THOUGHTS)
    page.context.set_offline(False)
    page.click(".save-bar .btn.main")  # with a network it goes the plain way
    page.wait_for_url("**" + reverse("week"))
    assert Contact.objects.count() == 1


def test_what_was_written_after_the_sign_in_ran_out_goes_out_after_the_next_one(open_as, cast, live_server):
    page = open_as("helper")
    takes_nothing_along(page)
    page.goto(address(cast))
    ready(page)
    Session.objects.all().delete()
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=thoughts]", THOUGHTS)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("sign-in") + "**")
    expect(page.locator(WAITING)).to_have_text("1")
    page.context.add_cookies([session_cookie(cast.client("class_teacher"), live_server.url)])
    page.goto(reverse("week"))
    all_sent(page)  # what somebody else wrote stays sealed, and unsent
    assert not Contact.objects.exists()
    page.context.add_cookies([session_cookie(cast.client("helper"), live_server.url)])
    with page.expect_response("**/offline/send/"):
        page.goto(reverse("week"))
    all_sent(page)
    assert Contact.objects.get().staff == cast.staff["helper"]


def test_after_each_failure_the_device_waits_longer_and_a_network_that_is_back_is_used_at_once(
    open_as, cast, monkeypatch
):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    ((first, pause),) = page.evaluate(NEXT_TRY)
    with page.expect_request("**/offline/send/"):
        page.evaluate("dispatchEvent(new Event('online'))")
    until(page, f"async () => (await ({NEXT_TRY})())[0][0] > {first}")
    ((_second, longer),) = page.evaluate(NEXT_TRY)
    assert longer > pause > 0
    no_longer_busy(monkeypatch)
    page.evaluate("dispatchEvent(new Event('online'))")
    all_sent(page)
    assert Contact.objects.count() == 1


def test_what_is_refused_later_stays_with_its_reason_and_can_be_corrected(open_as, cast, tmp_path):
    photo = tmp_path / "homework.jpg"
    photo.write_bytes(from_a_phone())
    page = open_as("helper")
    takes_nothing_along(page)
    page.goto(address(cast))
    ready(page)
    page.fill("[name=promise]", "周五前交作业")
    page.locator("form.record details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.set_input_files("#files", photo)
    page.evaluate("document.querySelector('[name=when][value=earlier]').click()")
    page.fill("[name=day]", (clock.today().replace(day=1)).isoformat())
    page.evaluate("document.querySelector('[name=day]').removeAttribute('max')")
    page.fill("[name=day]", "2026-12-24")  # still to come
    page.context.set_offline(True)
    page.click(".save-bar .btn.main")
    no_network = page.get_by_role("heading", name="现在没有网络")
    expect(no_network).to_be_visible()
    expect(page.locator(WAITING)).to_have_text("1")
    page.context.set_offline(False)
    expect(no_network).to_be_hidden(timeout=15_000)  # the page notices by itself
    page.goto(reverse("waiting"))
    item = page.locator("#not-sent li")
    expect(item).to_contain_text("没有收下")
    expect(item.locator("[data-said]")).not_to_be_empty()
    item.get_by_role("button", name="再看一看").click()
    expect(page.locator("[name=promise]")).to_have_value("周五前交作业")
    page.evaluate("document.querySelector('[name=when][value=now]').click()")
    page.fill("[name=thoughts]", THOUGHTS)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    assert Contact.objects.get().revisions.get().body["promise"] == "周五前交作业"
    assert Attachment.objects.count() == 1, "the photo came along"
    page.goto(reverse("waiting"))
    expect(page.get_by_role("heading", name="都已经送到了")).to_be_visible()


def test_a_student_one_no_longer_looks_after_is_named_and_the_words_are_not_lost(open_as, cast, monkeypatch):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    Grant.objects.filter(user=cast.users["helper"], student=cast.students.key).update(ends_on="2026-11-20")
    no_longer_busy(monkeypatch)
    page.goto(reverse("waiting"))
    page.get_by_role("button", name="现在发送").click()
    expect(page.locator("#not-sent li")).to_contain_text("政教处")
    expect(page.locator("#not-sent li")).to_contain_text(THOUGHTS)
    assert not Contact.objects.exists()


def test_what_cannot_be_sent_can_be_deleted_from_the_device(open_as, cast, monkeypatch):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    page.goto(reverse("waiting"))
    page.locator("#not-sent li details summary").click()
    with page.expect_response("**/offline/send/"):
        page.evaluate("dispatchEvent(new Event('online'))")  # still busy: what was opened stays open
    page.get_by_role("button", name="从这台设备上删掉").click()
    expect(page.get_by_role("heading", name="都已经送到了")).to_be_visible()
    assert not Contact.objects.exists()


def test_after_a_long_time_without_a_network_one_busy_moment_makes_nobody_wait_long(
    open_as, cast, monkeypatch
):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    page.context.set_offline(True)
    for tries in range(2, 8):
        page.evaluate(
            "dispatchEvent(new Event('online'))"
        )  # the phone believes so, the school is not reached
        until(page, f"async () => (await ({NEXT_TRY})())[0][0] >= {tries}")
    ((_tries, long),) = page.evaluate(NEXT_TRY)
    page.context.set_offline(False)  # the phone says that it is back, and meets a busy moment
    until(page, f"async () => (await ({NEXT_TRY})())[0][0] === 3")
    ((_tries, pause),) = page.evaluate(NEXT_TRY)
    assert pause < 30_000 < long


def test_each_item_says_how_it_stands_and_send_now_what_came_of_it(open_as, cast, monkeypatch, look):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    page.goto(reverse("waiting"))
    item, outcome = page.locator("#not-sent li"), page.locator("[data-outcome]")
    expect(item.locator("[data-state=busy]")).to_be_visible()
    expect(item.locator("[data-said]")).to_have_text("学校的电脑正忙，过一会儿会再发一次。")
    expect(item.locator("[data-at]")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(page.locator("#offline-words")).to_be_hidden()  # the list says it
    look(page, "waiting-busy")
    page.context.set_offline(True)
    page.get_by_role("button", name="现在发送").click()
    expect(outcome).to_contain_text("学校的电脑现在联系不上")
    expect(item.locator("[data-state=waiting]")).to_be_visible()
    page.context.set_offline(False)
    held: list[Route] = []
    page.route("**/offline/send/", lambda route: held.append(route))
    page.get_by_role("button", name="现在发送").click()
    expect(outcome).to_contain_text("正在发送")
    expect(item.locator("[data-state=sending]")).to_be_visible()
    Grant.objects.filter(user=cast.users["helper"], student=cast.students.key).update(ends_on="2026-11-20")
    no_longer_busy(monkeypatch)
    for route in held:
        route.continue_()
    expect(item.locator("[data-state=refused]")).to_be_visible()
    expect(item.locator("[data-said]")).to_contain_text("政教处")
    expect(outcome).to_contain_text("没有收下的，旁边写着原因")


def test_two_windows_of_one_device_send_once(open_as, cast, monkeypatch):
    page = open_as("helper")
    waits(page, cast, monkeypatch)
    no_longer_busy(monkeypatch)
    other = page.context.new_page()
    other.goto(reverse("week"))
    page.evaluate("dispatchEvent(new Event('online'))")
    all_sent(other)
    all_sent(page)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_without_https_the_form_says_that_nothing_can_be_kept(open_as, cast, live_server, language):
    page = open_as("helper")
    page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { value: false })")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(address(cast))
    expect(page.locator("[data-only-https]")).to_be_visible()
