"""Every page that somebody can open, found in the URL resolver: axe finds nothing, nothing is cut off, also enlarged."""

from collections.abc import Iterator
from itertools import islice

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.architecture.matrix import OBJECTS, pages, readers

from .conftest import DESKTOP, PHONE, axe_problems, overflow

#: One after the other; every day a page is looked at with the first of them who may open it.
ROLES = (
    *("coordinator", "helper", "class_teacher", "head", "system_admin", "counsellor", "finance_maker"),
    *("finance_checker", "county_supervisor", "county_aid_officer", "county_data_officer"),
    *("guardian", "student", "other_teacher", "nobody"),
)


#: The text of what is clipped: wider than its box, and no way to scroll there.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
  if (one.scrollWidth <= one.clientWidth + 1 || !one.clientWidth || !one.innerText?.trim()) return false;
  if (one.closest(".visually-hidden, select, input, progress, svg") || !one.checkVisibility()) return false;
  const style = getComputedStyle(one);
  return ["hidden", "clip"].includes(style.overflowX) && style.clipPath === "none";
}).slice(0, 3).map((one) => `cut off: ${one.innerText.slice(0, 60)}`)"""


def addresses(cast, *, most: int) -> list[tuple[str, str, str]]:
    """(role, page's name, address) for each page and the first `most` roles that get to read it."""
    browsers = {role: Client() if role == "nobody" else cast.client(role) for role in ROLES}
    for browser in browsers.values():
        browser.raise_request_exception = False
    found = []
    for page in pages():
        if set(page.parameters) - OBJECTS.keys():
            continue  # the permission matrix asks for its examples
        address = page.addresses(cast)["own"]
        read = (role for role, answer in readers(browsers, page, address) if _is_page(answer))
        found += [(role, page.name, address) for role in islice(read, most)]
    return found


def _is_page(answer) -> bool:
    return answer["Content-Type"].startswith("text/html") and not answer.has_header("Content-Disposition")


def enlarged(page: Page) -> Iterator[str]:
    """What is cut off or has to be scrolled sideways at 400 % (320 px) and with letters of double size (WCAG 1.4.4, 1.4.10)."""
    for said, width, letters in (("at 320 px", 320, ""), ("with letters of 200 %", PHONE[0], "200%")):
        page.set_viewport_size({"width": width, "height": PHONE[1]})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size }", letters)
        if wider := overflow(page):
            yield f"{page.url} is {wider} px wider than the window {said}"
        yield from (f"{page.url} {said}: {cut}" for cut in page.evaluate(CUT_OFF))
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


def problems_of(cast, open_as, look, size, *, dark: bool, most: int) -> list[str]:
    windows, problems = {}, []
    for role, name, address in addresses(cast, most=most):
        if role not in windows:
            windows[role] = open_as("" if role == "nobody" else role, width=size[0], dark=dark)
        page = windows[role]
        page.goto(address)
        page.evaluate(
            "dispatchEvent(new Event('input'))"
        )  # the page without a network stays for whoever writes
        problems += [f"{role}: {problem}" for problem in axe_problems(page)]
        if wider := overflow(page):
            problems.append(f"{role}: {address} is {wider} px wider than the window")
        if size == PHONE:
            look(page, f"{name}-{role}")
            problems += [f"{role}: {problem}" for problem in enlarged(page)]
    return problems


SCREENS = pytest.mark.parametrize(
    ("size", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "dark desktop"]
)


@SCREENS
def test_every_page_can_be_read_by_everyone(cast, open_as, look, settings, size, dark):
    settings.MODE = "demo"
    problems = problems_of(cast, open_as, look, size, dark=dark, most=1)
    assert not problems, "\n".join(problems)


@pytest.mark.long
@SCREENS
def test_every_page_can_be_read_in_every_role(cast, open_as, look, settings, size, dark):
    settings.MODE = "demo"
    problems = problems_of(cast, open_as, look, size, dark=dark, most=len(ROLES))
    assert not problems, "\n".join(problems)


def test_error_pages_can_be_read_by_everyone(open_as, settings, check_axe, look):
    settings.MODE = "demo"
    page = open_as()
    for kind in ("400", "403", "404", "500", "csrf"):
        page.goto(reverse("styleguide-error", args=[kind]))
        check_axe(page)
        look(page, f"error-{kind}")


def test_the_styleguide_shows_every_component(open_as, live_server, settings, check_axe, look):
    settings.MODE = "demo"
    page = open_as()
    for language in ("zh-hans", "en"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page.goto(reverse("styleguide"))
        check_axe(page)
        look(page, f"styleguide-{language}")


def test_on_paper_a_page_tells_school_and_moment_and_leaves_the_frame_out(cast, open_as):
    page = open_as("coordinator")
    page.goto(reverse("register"))
    printed = page.locator(".printed")
    expect(printed).to_be_hidden()
    page.emulate_media(media="print")
    expect(printed).to_have_text(
        f"{cast.school} · 打印人：{cast.users['coordinator'].name} · 11月25日 周三 16:00"
    )
    expect(printed).to_be_visible()
    expect(page.locator(".tabs")).to_be_hidden()


def test_with_the_readers_own_few_colours_what_can_be_tapped_has_a_line_and_the_chosen_stands_out(open_as):
    page = open_as("helper")
    page.emulate_media(forced_colors="active")
    page.goto(reverse("highlights"))
    for name, style in (("main .btn", "borderTopStyle"), (".tabs .on", "outlineStyle")):
        assert page.locator(name).first.evaluate(f"(one) => getComputedStyle(one).{style}") == "solid"


def test_the_theme_switch_works_without_scripts(open_as):
    page = open_as("head", scripts=False, width=DESKTOP[0])
    page.goto(reverse("password"))
    page.get_by_role("button", name="深色").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="浅色").click()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_the_styleguide_does_not_exist_in_a_school(db):
    assert settings.MODE == "school"
    assert Client().get(reverse("styleguide")).status_code == 404
