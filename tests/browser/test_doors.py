"""The family's and the student's door in a browser: read aloud by the device's own voice, left at once by a key."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

#: Chromium without a loudspeaker has no voices: this one keeps what it is given to say. `late`: voices that load later.
VOICE = """
(([language, late]) => {
  window.said = [];
  const voices = late ? [] : [{ lang: language }];
  let speaking = false;
  let heard = () => {};
  const stub = {
    getVoices: () => voices,
    get speaking() { return speaking; },
    addEventListener: (name, told) => { if (name === "voiceschanged") heard = told; },
    cancel: () => { if (speaking) window.said.push("(silence)"); speaking = false; },
    speak: (one) => { speaking = true; window.said.push(`${one.lang} ${one.rate}: ${one.text}`); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: stub });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  window.voicesArrive = () => { voices.push({ lang: language }); heard(); };
})"""


def with_voice(page: Page, language: str = "zh-CN", *, late: bool = False) -> Page:
    page.add_init_script(f"{VOICE}(['{language}', {str(late).lower()}])")
    return page


def said(page: Page) -> list[str]:
    return page.evaluate("window.said")


@pytest.fixture
def consents(cast) -> str:
    return reverse("family-consents", args=[cast.students.key.pk])


def test_what_a_page_says_is_read_aloud_and_a_second_tap_is_silence(cast, open_as, consents):
    page = with_voice(open_as("guardian"))
    page.goto(consents)
    button = page.locator("[data-read]").first
    expect(button).to_be_visible()
    written = page.locator(f"#{button.get_attribute('data-read')}").inner_text()
    button.click()
    assert said(page) == [f"zh-CN 0.9: {written}"] and len(written) > 20
    button.click()
    assert said(page)[1:] == ["(silence)"]


def test_the_button_waits_for_a_voice_that_loads_later(cast, open_as, consents):
    page = with_voice(open_as("guardian"), late=True)
    page.goto(consents)
    expect(page.locator("[data-read]").first).to_be_hidden()
    page.evaluate("window.voicesArrive()")
    expect(page.locator("[data-read]").first).to_be_visible()


def test_without_a_voice_for_the_language_or_without_scripts_no_button_promises_one(cast, open_as, consents):
    foreign = with_voice(open_as("guardian"), "en-US")
    bare = open_as("guardian", scripts=False)
    for page in (foreign, bare):
        page.goto(consents)
        expect(page.locator("[data-read]").first).to_be_hidden()


def test_esc_leaves_the_childs_page_at_once_and_the_step_back_does_not_lead_there(cast, open_as):
    page = open_as("student")
    page.goto(reverse("sign-in"))
    page.goto(reverse("mine"))
    expect(page.get_by_text("周晓禾").first).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{reverse('away')}")
    assert "周晓禾" not in page.content()
    page.go_back()
    expect(page.get_by_text("周晓禾")).to_have_count(0)
    page.goto(reverse("mine"))
    assert reverse("mine") not in page.url.partition("?")[0], "signed out by leaving"


def test_esc_leaves_while_something_is_being_typed(cast, open_as):
    page = open_as("student")
    page.goto(reverse("mine"))
    page.locator("form textarea, form input[type=text]").first.fill("想学好数学")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{reverse('away')}")
    assert "想学好数学" not in page.content()


def test_without_scripts_the_way_out_is_a_link_that_signs_out_as_well(cast, open_as):
    page = open_as("student", scripts=False)
    page.goto(reverse("mine"))
    page.keyboard.press("Escape")
    assert page.url.endswith(reverse("mine")), "a key does nothing without scripts"
    page.locator("[data-leave]").click()
    page.wait_for_url(f"**{reverse('away')}")
    page.goto(reverse("mine"))
    assert reverse("mine") not in page.url.partition("?")[0]


def test_the_familys_door_has_no_such_key(cast, open_as, consents):
    page = open_as("guardian")
    page.goto(consents)
    page.keyboard.press("Escape")
    assert page.url.endswith(consents)
    expect(page.locator("[data-leave]")).to_have_count(0)
