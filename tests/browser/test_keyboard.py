"""Without a mouse: every step is reached with the Tab key, is seen when it is reached, and lies under nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.models import Looked
from tongxing.ground.accounts.models import User
from tongxing.ground.people.models import Registration, Staff
from tongxing.ground.records.models import Exam, Score

from .conftest import DESKTOP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

MOST_STOPS = 120
SECRET = "sunny-river-42-meadow"
#: What is wrong with the place where the keyboard is now; "" when it can be seen.
SEEN = """() => {
  const here = document.activeElement;
  if (here === document.body) return "nowhere";
  const shown = [here, here.closest("label"), here.closest(".find"), here.matches("input[type=radio], input[type=checkbox]") && here.nextElementSibling].filter(Boolean);
  const ring = (one) => { const look = getComputedStyle(one); return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2; };
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


def sign_in(page: Page, user: User) -> None:
    user.set_password(SECRET)
    user.save()
    page.goto(reverse("sign-in"))
    tab_to(page, page.locator("[name=login]"))
    page.keyboard.type(user.login)
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: reverse("sign-in") not in address)


@pytest.mark.parametrize("width", [390, DESKTOP[0]])
def test_a_helper_signs_in_and_writes_a_talk_down_without_a_mouse(promised, open_window, width):
    page = open_window(width=width)
    sign_in(page, promised.users["helper"])

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


def test_a_coordinator_looks_at_every_child_without_a_mouse_and_the_head_approves(promised, open_window):
    plain = promised.students.plain
    exam = Exam.objects.create(
        school=promised.school, term=promised.term, name="期中考试", kind="mid_term", held_on="2026-11-11"
    )
    for subject in ("语文", "数学"):
        Score.objects.create(
            school=promised.school, exam=exam, student=plain, subject=subject, grade="待合格"
        )
    page = open_window(width=DESKTOP[0])
    sign_in(page, promised.users["coordinator"])
    press(page, page.locator(f".side a[href='{reverse('screening')}']"))
    page.wait_for_url("**" + reverse("screening"))
    press(page, page.locator(f"form[action='{reverse('screening-run')}'] button"))
    expect(page.locator(".message.success")).to_be_visible()
    press(page, page.locator(f"main a.btn.main[href='{reverse('screening-candidates')}?decision=pending']"))

    def one(student):
        return page.locator(f"#student-{student.pk}")

    press(page, one(plain).locator("button[value$=':key']"))
    expect(one(plain)).to_have_count(0)
    for student in (promised.students.key, promised.students.normal):
        press(page, one(student).locator("summary"))
        tab_to(page, one(student).locator("[name=reason]"))
        page.keyboard.type("已经有人陪着，这一轮先这样")
        page.keyboard.press("Enter")
        expect(one(student)).to_have_count(0)
    assert not Looked.objects.filter(decision="pending").exists()

    page = open_window(width=DESKTOP[0])
    sign_in(page, promised.users["head"])
    press(page, page.locator(f".side a[href='{reverse('screening')}']"))
    press(page, page.locator(f"form[action='{reverse('screening-approve')}'] button"))
    page.wait_for_url("**" + reverse("register"))
    assert Registration.objects.filter(student=plain, level="key", ends_on=None).exists()
