"""What is half written outlives going back, a call and a crash; it is its writer's alone, and never what is for the counsellor."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.promised import talk as written
from tongxing.care.contacts.models import Contact, Visibility

from .conftest import session_cookie, until
from .test_day_offline import killed, take_along
from .test_offline import DUMP, ready

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

BEGUN = "他说弟弟病了，这周想早点回"
OTHERS = "老师另外写的一句"
LINE = "您刚才写的还在"
THOUGHTS = "[name=thoughts]"
HOW_MANY = """async (wanted) => {
  const db = await new Promise((done) => { const asked = indexedDB.open("tongxing"); asked.onsuccess = () => done(asked.result); });
  const count = (name) => new Promise((done) => { const asked = db.transaction(name).objectStore(name).count(); asked.onsuccess = () => done(asked.result); });
  const number = await count("halves");
  db.close();
  return number === wanted;
}"""


def talk(cast) -> str:
    return f"{reverse('record-new', args=[cast.students.key.pk])}?kind=talk"


def kept(page: Page, number: int = 1) -> None:
    until(page, HOW_MANY, number)


def begin(page: Page, cast, words: str = BEGUN) -> None:
    page.goto(talk(cast))
    page.locator(THOUGHTS).fill(words)  # at once: what counts the halves does not know how far one has come
    kept(page)


def test_a_reload_in_mid_sentence_costs_nothing(promised, open_as, look):
    page = open_as("helper")
    begin(page, promised)
    page.reload()
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    expect(page.get_by_text(LINE)).to_be_visible()
    look(page, "half-back")


def test_an_app_killed_in_mid_sentence_finds_it_again_and_my_week_names_it(promised, open_as, look):
    page = open_as("helper")
    begin(page, promised)
    page = killed(page)
    page.goto(reverse("week"))
    named = page.locator("[data-halves]")
    expect(named).to_contain_text("写了一半")
    look(page, "half-week")
    named.get_by_role("link", name="周晓禾 · 谈心").click()
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)


def test_without_a_network_neither_the_bar_nor_a_kill_costs_a_word(promised, open_as):
    page = open_as("helper")
    take_along(page)
    page.context.set_offline(True)
    begin(page, promised)
    page.locator(".tabs").get_by_role("link", name="本周").click()
    expect(page.locator("[data-halves]")).to_contain_text("周晓禾 · 谈心")
    page.go_back()
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    page = killed(page)
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    page.locator("button[name=switch][value=call]").click()
    page.locator("button[name=switch][value=talk]").click()
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    page.context.set_offline(False)
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)


def test_what_is_saved_is_half_written_no_longer(promised, open_as):
    page, before = open_as("helper"), Contact.objects.count()
    begin(page, promised)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    kept(page, 0)
    assert Contact.objects.count() == before + 1
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_have_value("")


def test_what_the_rules_refuse_is_kept_on(promised, open_as):
    page = open_as("helper")
    begin(page, promised)
    page.evaluate("document.querySelector('[name=when][value=earlier]').click()")
    page.fill("[name=day]", "2026-12-24")  # still to come
    page.click(".save-bar .btn.main")
    expect(page.locator("[data-warning]")).to_be_visible()
    kept(page)
    page = killed(page)
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    expect(page.locator("[name=when][value=earlier]")).to_be_checked()


def test_kept_for_later_at_the_school_it_leaves_the_device(promised, open_as):
    page = open_as("helper")
    begin(page, promised)
    page.get_by_role("button", name="存草稿").click()
    page.wait_for_url("**" + reverse("week"))
    kept(page, 0)


def test_beginning_anew_is_taken_back_with_one_tap(promised, open_as):
    page = open_as("helper")
    begin(page, promised)
    page.reload()
    page.get_by_role("button", name="从头写").click()
    expect(page.locator(THOUGHTS)).to_have_value("")
    kept(page, 0)
    page.get_by_role("button", name="撤回").click()
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    kept(page)


def test_another_kind_of_record_takes_the_words_along_and_back(promised, open_as):
    page = open_as("helper")
    begin(page, promised)
    page.locator("button[name=switch][value=call]").click()
    expect(page.locator("h1")).to_contain_text("通话")
    page = killed(page)
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_have_value("")
    page.goto(talk(promised).replace("talk", "call"))
    page.locator("button[name=switch][value=talk]").click()
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)


def test_another_person_on_the_same_phone_sees_nothing_of_it(promised, open_as, live_server):
    page = open_as("helper")
    begin(page, promised)
    page.context.add_cookies([session_cookie(promised.client("class_teacher"), live_server.url)])
    page.goto(reverse("waiting"))
    expect(page.get_by_role("heading", name="都已经送到了")).to_be_visible()
    page.goto(talk(promised))
    page.locator(THOUGHTS).press_sequentially(OTHERS)
    kept(page, 2)
    expect(page.locator(THOUGHTS)).to_have_value(OTHERS)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    kept(page, 1)
    page.evaluate("document.querySelector('.frame-forms [data-sign-out]').requestSubmit()")
    page.wait_for_url("**" + reverse("sign-in"))
    page.context.add_cookies([session_cookie(promised.client("helper"), live_server.url)])
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)


def test_signing_out_destroys_it_after_a_warning(promised, open_as):
    page = open_as("helper")
    begin(page, promised)
    page.evaluate("document.querySelector('.frame-forms [data-sign-out]').requestSubmit()")
    page.wait_for_url("**/waiting/?leaving")
    expect(page.locator("#half-written")).to_contain_text("周晓禾 · 谈心")
    page.get_by_text("删掉并退出").first.click()
    page.get_by_role("button", name="删掉没发出的内容，退出").click()
    page.wait_for_url("**" + reverse("sign-in"))
    kept_now = page.evaluate(DUMP)
    assert BEGUN not in kept_now
    kept(page, 0)


def test_what_is_for_the_counsellor_alone_is_never_kept(promised, open_as):
    page = open_as("helper")
    take_along(page)
    begin(page, promised)
    page.locator("input[name=visibility][value=counsellor]").check(force=True)
    kept(page, 0)
    page.locator(THOUGHTS).press_sequentially("，一个人回去")
    page.context.set_offline(True)
    page.click(".save-bar .btn.main")
    expect(page.locator("[data-warning]")).to_contain_text("不会存在任何设备上")
    expect(page.locator("#offline-words")).to_have_attribute("data-waiting", "0")
    kept(page, 0)
    page.context.set_offline(False)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.click(".save-bar .btn.main")
    assert "offline" not in sent.value.url, "it went to the school's computer, not by way of the device"
    page.wait_for_url("**" + reverse("week"))
    assert Contact.objects.latest("pk").visibility == Visibility.COUNSELLOR


def test_what_was_typed_in_the_counsellor_s_own_form_is_kept_in_no_other_form_either(promised, open_as):
    page = open_as("counsellor")
    page.goto(talk(promised).replace("talk", "counselling"))
    page.locator("[name=heard]").press_sequentially(BEGUN)
    page.locator("button[name=switch][value=talk]").click()
    page.locator(THOUGHTS).press_sequentially(OTHERS)
    until(page, "async () => performance.now() > 2000")  # long enough for a draft
    kept(page, 0)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.click(".save-bar .btn.main")
    assert "offline" not in sent.value.url


def test_a_form_that_was_taken_along_does_not_offer_the_counsellor_alone(promised, open_as):
    page = open_as("helper")
    take_along(page)
    ready(page)
    page.context.set_offline(True)
    page.goto(talk(promised))
    expect(page.locator(THOUGHTS)).to_be_visible()
    expect(page.locator("[name=visibility]")).to_have_count(0)
    expect(page.get_by_text("请在有网络时写")).to_be_visible()


def test_a_plan_of_the_term_is_kept_until_it_is_taken_in(promised, open_as):
    page = open_as("class_teacher")
    address = reverse("student-term-plan", args=[promised.students.key.pk])
    page.goto(address)
    page.fill("[name$=habits]", BEGUN)
    kept(page)
    page = killed(page)
    page.goto(address)
    expect(page.locator("[name$=habits]")).to_have_value(BEGUN)
    page.locator("[name$=until]").first.fill("2020-01-01")
    page.click(".save-bar .btn.main")
    expect(page.locator(".field.wrong").first).to_be_visible()
    kept(page)  # refused: nothing is gone
    page.goto(address)
    page.get_by_role("button", name="从头写").click()
    page.fill("[name$=habits]", BEGUN)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**/plans/*/")
    kept(page, 0)


def test_a_correction_is_kept_until_it_is_taken_in(promised, open_as):
    page, contact = open_as("helper"), written(promised, promised.students.key)
    address = reverse("record-correct", args=[contact.pk])
    page.goto(address)
    page.fill(THOUGHTS, BEGUN)
    kept(page)
    page = killed(page)
    page.goto(address)
    expect(page.locator(THOUGHTS)).to_have_value(BEGUN)
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("record", args=[contact.pk]))
    kept(page, 0)
