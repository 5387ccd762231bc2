"""A helper on a village road: the network goes, the app is closed, and nothing is lost or written twice."""

import io
import re

from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from tongxing.care.contacts.models import Attachment, Contact, OtherVersion
from tongxing.doors.web import files
from tongxing.ground.files.tests.pictures import from_a_phone

THOUGHTS = "在山路上写的：弟弟病了，这周想早点回家。"
WAITING = "#offline-words [data-number]"


def address(cast) -> str:
    return reverse("record-new", args=[cast.students.key.pk])


def ready(page: Page) -> None:
    """The service worker is installed and looks after this page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def takes_nothing_along(page: Page) -> None:
    page.add_init_script(
        "document.addEventListener('readystatechange', () => delete document.documentElement.dataset.pack)"
    )


def all_sent(page: Page) -> None:
    """The page has counted what waits, and nothing does."""
    expect(page.locator("#offline-words")).to_have_attribute("data-waiting", "0", timeout=30_000)


def write(page: Page, cast, words: str = THOUGHTS, *, gone: bool = True) -> None:
    takes_nothing_along(page)
    page.goto(address(cast))
    ready(page)
    page.fill("[name=thoughts]", words)
    page.context.set_offline(gone)
    page.click(".save-bar .btn.main")


def test_what_is_written_without_a_network_survives_the_app_and_arrives_once(open_as, cast, look):
    page = open_as("helper")
    write(page, cast)
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    expect(page.locator("#offline-said")).to_contain_text("已存在这台设备上")
    expect(page.locator(WAITING)).to_have_text("1")
    look(page, "offline-shell")
    page.close()

    after = page.context.new_page()
    after.goto(reverse("week"))  # still without a network: the page says so and what waits
    expect(after.locator(WAITING)).to_have_text("1")
    assert not Contact.objects.exists()
    after.context.set_offline(False)  # the page notices by itself
    expect(after.get_by_role("heading", name="现在没有网络")).to_be_hidden(timeout=15_000)
    all_sent(after)
    assert Contact.objects.get().revisions.get().body["thoughts"] == THOUGHTS


def test_with_a_network_it_is_sent_at_once_and_a_second_tap_writes_nothing_more(open_as, cast):
    page = open_as("helper")
    page.goto(address(cast))
    page.fill("[name=thoughts]", THOUGHTS)
    page.dblclick(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    expect(page.locator(".message.success")).to_have_text(re.compile("周晓禾.*谢谢"))
    assert Contact.objects.count() == 1


def test_what_the_rules_refuse_is_said_on_the_form_itself(open_as, cast):
    page = open_as("helper")
    page.goto(address(cast))
    page.click(".save-bar .btn.main")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.locator(".field.wrong .error").first).to_be_visible()
    page.fill("[name=thoughts]", THOUGHTS)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    assert Contact.objects.count() == 1


def test_signing_out_waits_for_what_was_not_sent_and_destroys_the_rest(open_as, cast, look, tmp_path):
    photo = tmp_path / "homework.jpg"
    photo.write_bytes(from_a_phone())
    page = open_as("helper")
    page.goto(address(cast))
    ready(page)
    page.fill("[name=thoughts]", THOUGHTS)
    page.locator("form.record details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.fill("[name=place]", "家")  # a word of one sign
    page.fill("[name=improvement]", "A+")
    page.set_input_files("#files", photo)
    page.route("**/offline/send/", lambda route: route.abort())
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/waiting/?leaving")
    expect(page.locator("[data-leaving]")).to_be_visible()
    expect(page.locator("#not-sent li")).to_contain_text(THOUGHTS)
    look(page, "waiting")
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成文件").click()
    written = saved.value.path().read_text().splitlines()
    assert written[0].startswith("周晓禾 · 谈心 · 2026/") and written[0].endswith("等网络")
    for said in (
        f"近期思想动态：{THOUGHTS}",
        "地点：家",
        "改进办法：A+",
        "时间：刚刚",
        "谁可以看：帮扶组",
        "照片或 PDF：homework.jpg",
    ):
        assert said in written
    page.unroute("**/offline/send/")
    page.get_by_role("button", name="现在发送").click()
    expect(page.get_by_role("heading", name="都已经送到了")).to_be_visible()
    assert Contact.objects.count() == 1
    page.evaluate("document.querySelector('.frame-forms [data-sign-out]').requestSubmit()")
    page.wait_for_url("**" + reverse("sign-in"))
    assert page.evaluate(ROWS) == 0, "no key, no text: what was sealed can never be read again"


def test_nothing_of_what_waits_can_be_read_on_the_device(open_as, cast):
    page = open_as("helper")
    write(page, cast)
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    expect(page.locator(WAITING)).to_have_text("1")
    kept = page.evaluate(DUMP)
    assert "items" in kept and cast.students.key.name not in kept and THOUGHTS not in kept


#: How many rows the app's database holds.
ROWS = """async () => {
  const db = await new Promise((done) => { const asked = indexedDB.open("tongxing"); asked.onsuccess = () => done(asked.result); });
  const count = (name) => new Promise((done) => { const asked = db.transaction(name).objectStore(name).count(); asked.onsuccess = () => done(asked.result); });
  const numbers = await Promise.all([...db.objectStoreNames].map(count));
  db.close();
  return numbers.reduce((sum, one) => sum + one, 0);
}"""

#: Everything that this origin keeps, as text: databases with their bytes, both storages, all caches.
DUMP = """async () => {
  const seen = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  const decode = (bytes) => new TextDecoder("utf-8", {fatal: false}).decode(bytes);
  const text = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? decode(value)
    : value && typeof value === "object" ? JSON.stringify(Object.entries(value).map(([name, one]) => [name, text(one)])) : String(value);
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
      seen.push(store, ...rows.map(text));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) seen.push(request.url, decode(await (await cache.match(request)).arrayBuffer()));
  }
  return seen.join("\\n");
}"""


def test_an_answer_that_is_lost_makes_no_second_record(open_as, cast):
    page, lost = open_as("helper"), []

    def lose_the_first_answer(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.goto(address(cast))
    page.route("**/offline/send/", lose_the_first_answer)
    page.fill("[name=thoughts]", THOUGHTS)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    page.goto(reverse("waiting"))
    expect(page.get_by_role("heading", name="都已经送到了")).to_be_visible()
    assert lost[0].ok and Contact.objects.count() == 1 and not OtherVersion.objects.exists()


def test_a_photo_leaves_its_place_and_its_size_behind_on_the_phone(open_as, cast, tmp_path, monkeypatch):
    came, read = [], files.read
    monkeypatch.setattr(files, "read", lambda sent: came.extend(read(sent)) or came)
    photo = tmp_path / "homework.jpg"
    photo.write_bytes(from_a_phone())
    assert b"SecretPhone" in photo.read_bytes()
    page = open_as("helper")
    page.goto(address(cast))
    page.fill("[name=thoughts]", THOUGHTS)
    page.locator("form.record details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.set_input_files("#files", photo)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    (shrunk,) = came
    assert b"Secret" not in shrunk and Image.open(io.BytesIO(shrunk)).size == (800, 1600)
    assert Attachment.objects.count() == 1
