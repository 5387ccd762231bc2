"""Without a mouse: every step is reached with the Tab key, is seen when it is reached, and lies under nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.ground.people.models import Staff

from .conftest import DESKTOP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

MOST_STOPS = 120
SECRET = "sunny-river-42-meadow"
#: What is wrong with the place where the keyboard is now; "" when it can be seen.
SEEN = """() => {
  const here = document.activeElement;
  if (here === document.body) return "nowhere";
  const shown = [here, here.closest("label"), here.closest(".find"), here.matches("input[type=radio], input[type=checkbox]") && here.nextElementSibling].filter(Boolean);
  const ring = (one) => { const look = getComputedStyle(one); return look.outlineStyle !== "none" || look.boxShadow !== "none"; };
  if (!shown.some(ring)) return "no ring: " + here.outerHTML.slice(0, 200);
  const box = (here.closest("label") ?? here).getBoundingClientRect();
  const there = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + box.height / 2);
  if (!there) return "outside: " + here.outerHTML.slice(0, 200);
  return (here.closest("label") ?? here).contains(there) || there.contains(here) ? "" : "under " + there.outerHTML.slice(0, 120) + ": " + here.outerHTML.slice(0, 200);
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Go on with Tab until the keyboard is at this element; each stop on the way can be seen."""
    expect(target).to_be_attached()
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        page.wait_for_function("() => document.activeElement !== document.body")
        problem = page.evaluate(SEEN)
        assert not problem, f"{page.url}: {problem}"
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{page.url}: not reached within {MOST_STOPS} stops: {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)


@pytest.mark.parametrize("width", [390, DESKTOP[0]])
def test_a_helper_signs_in_and_writes_a_talk_down_without_a_mouse(promised, open_window, width):
    helper = promised.users["helper"]
    helper.set_password(SECRET)
    helper.save()
    page = open_window(width=width)
    page.goto(reverse("sign-in"))
    tab_to(page, page.locator("[name=login]"))
    page.keyboard.type(helper.login)
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("week"))

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")  # past the frame
    press(page, page.locator("section.student .btn").first)
    page.wait_for_url("**/record/?kind=*")
    tab_to(page, page.locator("[name=thoughts]"))
    page.keyboard.type("想先把英语跟上。")
    tab_to(page, page.locator("[name=next]:checked"))
    page.keyboard.press("ArrowLeft")
    press(page, page.locator(".save-bar .btn.main"))
    page.wait_for_url("**" + reverse("week"))
    expect(page.locator(".message.success")).to_contain_text("记下了")
    assert Contact.objects.get().next_on


def test_a_coordinator_pairs_a_student_without_a_mouse(promised, open_as):
    Staff.objects.filter(school=promised.school).update(offence_check_on="2026-09-01")
    page = open_as("coordinator", width=DESKTOP[0])
    page.goto(reverse("students"))
    press(page, page.locator(f".side a[href='{reverse('pairing')}']"))
    page.wait_for_url("**" + reverse("pairing"))
    press(page, page.locator(f"form[action='{reverse('pairing-propose')}'] button").first)
    proposed = page.locator("button[name=proposal]").first
    press(page, proposed)
    expect(page.locator(".message.success")).to_be_visible()
    assert Pair.objects.exclude(student=promised.students.key).filter(confirmed_at__isnull=False).exists()
