"""What takes a while says that it is at work, and is not sent a second time meanwhile."""

from django.urls import reverse
from playwright.sync_api import expect

WORDS = "正在办，请别关掉这一页"
#: As if the answer took for ever: what the page lets through is counted and goes nowhere.
HOLD = """() => {
  window.sent = 0;
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) window.sent += 1;
    event.preventDefault();
  });
}"""


def test_a_second_tap_on_a_long_import_sends_nothing_and_the_page_says_it_is_at_work(
    open_as, look, check_axe
):
    page = open_as("coordinator")
    page.goto(reverse("import"))
    page.set_input_files("input[type=file]", {"name": "名册.csv", "mimeType": "", "buffer": b"a"})
    page.wait_for_load_state()
    page.evaluate(HOLD)
    form = page.locator("form[enctype]")
    form.get_by_role("button", name="先看一看").click()
    expect(form.get_by_text(WORDS)).to_be_visible()
    look(page, "at-work")
    check_axe(page)
    form.get_by_role("button", name="先看一看").dispatch_event("click")
    form.evaluate("(form) => form.requestSubmit()")
    assert page.evaluate("window.sent") == 1


def test_after_a_download_its_form_can_be_sent_again(open_as):
    page = open_as("coordinator")
    page.goto(reverse("documents"))
    form = page.locator("main form").first
    for _ in range(2):
        form.get_by_label("用途").fill("家长会前核对")
        with page.expect_download():
            form.get_by_role("button").click()
        expect(form).not_to_have_attribute("aria-busy", "true")
        assert form.locator("[name=arrives]").count() == 0


def test_a_refused_form_comes_back_open_and_a_search_is_not_held(open_as):
    page = open_as("coordinator")
    page.goto(reverse("settings-add-colleague"))
    page.locator("main form").evaluate("(form) => { form.noValidate = true; form.requestSubmit() }")
    page.get_by_role("alert").first.wait_for()
    assert page.locator("form[aria-busy]").count() == 0
    page.goto(reverse("register"))
    page.wait_for_load_state()
    page.evaluate(HOLD)
    search = page.locator("form[role=search]")
    search.evaluate("(form) => { form.requestSubmit(); form.requestSubmit() }")
    assert page.evaluate("window.sent") == 2
