"""Tests in a real Chromium, against the product on its encrypted database, with the cast of `tests/cast.py`.

    page = open_as("helper")                  a phone in which 林岚 has signed in
    page = open_as("head", width=1280)        a desktop
    page.goto(live_server.url + reverse("week"))
    look(page, "week")                        pictures into the folder that SCREENS names (else nothing)
    check_axe(page)                           fails on what a screen reader or a weak eye would stumble over

The server lives in the test's process, so the clock that `cast` sets is its clock too.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tools import chinese_fonts

from tests.cast import NOW

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE, DESKTOP = (390, 844), (1280, 860)
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker("browser")


def until(page: Page, asked: str, given: object = None, *, patience: int = 20_000) -> None:
    """Wait (milliseconds) for what only a promise can tell: `wait_for_function` takes the promise itself for a yes."""
    page.evaluate(
        f"""async (given) => {{
          for (const end = performance.now() + {patience}; performance.now() < end; await new Promise(requestAnimationFrame))
            if (await ({asked})(given)) return;
          throw new Error("it did not become true within {patience} ms");
        }}""",
        given,
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("No Chromium found. On Debian: apt-get install chromium")
    chinese_fonts.offer()
    # Playwright leaves its event loop running in this thread, which Django would take for an async view
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_window(chromium: Browser, live_server) -> Iterator[Open]:
    """Open a window in which nobody has signed in; what goes wrong in its console fails the test."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(*, width: int = PHONE[0], scripts: bool = True, dark: bool = False) -> Page:
        size = PHONE if width == PHONE[0] else (width, DESKTOP[1])
        window = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for window in windows:
        window.close()
    real = [text for text in complaints if "Failed to load resource" not in text]
    assert not real, f"the browser complained: {real}"


@pytest.fixture
def open_as(open_window: Open, live_server, cast) -> Open:
    """Open a window for one of the cast, or for nobody."""

    def opened(role: str = "", **look: Any) -> Page:
        page = open_window(**look)
        page.context.clock.set_system_time(NOW)  # the phone's day is the school's
        if role:
            page.context.add_cookies([session_cookie(cast.client(role), live_server.url)])
        return page

    return opened


def session_cookie(client, address: str) -> dict[str, str]:
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture(scope="session")
def look() -> Callable[[Page, str], None]:
    """Pictures of the page at 390 and 1,280 px, light and dark, into the folder named by SCREENS."""
    folder = os.environ.get("SCREENS")

    def take(page: Page, name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state()
        before = page.viewport_size
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width, height in (PHONE, DESKTOP):
                page.set_viewport_size({"width": width, "height": height})
                content = page.evaluate("document.documentElement.scrollHeight")  # what sticks, sticks below
                page.set_viewport_size({"width": width, "height": max(height, content)})
                page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
        page.set_viewport_size(before)

    return take


@pytest.fixture(scope="session")
def check_axe() -> Callable[[Page], None]:
    def check(page: Page) -> None:
        problems = axe_problems(page)
        assert not problems, "\n".join(problems)

    return check


def axe_problems(page: Page) -> list[str]:
    """What axe finds on this page, one line per rule with the first elements it concerns."""
    page.wait_for_load_state()
    before, height = page.viewport_size, page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(
        {"width": before["width"], "height": max(before["height"], height)}
    )  # bars cover nothing
    found = Axe().run(page, options=AXE).response["violations"]
    page.set_viewport_size(before)
    return [
        f"{page.url} {rule['id']}: {rule['help']} – "
        + "; ".join(
            f"{node['html'][:140]} ({node['any'][0]['message'][:160] if node['any'] else ''})"
            for node in rule["nodes"][:3]
        )
        for rule in found
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window, once it is all there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
