"""What the main pages cost on a village line, and how long it takes to write down a talk.

    PYTHONPATH=src:. .venv/bin/python bench/pages.py [--data EXISTING_DEMO_FOLDER]

Starts the demo school and looks at it with Chromium on a phone of 390 × 844. Bytes are what came over the wire,
headers and all: on a first visit with nothing kept, and on a later one. “Usable” is when the page is painted and can
be tapped, at 400 kbit/s and 400 ms for every request (the browser's own brake: it knows no lost packets and no TLS).
The journey goes from my week to “written down”, the text filled in at once. All goes to `bench/results/pages.json`.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright
from tools.screens import FLAGS, NAMES, ask_django, demo

RESULTS = Path(__file__).parent / "results" / "pages.json"
AIMS = {"first_visit_bytes": 120_000, "later_page_bytes": 15_000, "usable_ms": 3_000, "talk_taps": 4}
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
RUNS = 5
#: (role or "" for nobody, URL name, whether its address names a student of that person)
PAGES = (
    ("", "sign-in", False),
    ("helper", "week", False),
    ("helper", "record-new", True),
    ("helper", "student", True),
    ("helper", "students", False),
    ("helper", "reminders", False),
    ("class_teacher", "board", False),
    ("class_teacher", "highlights", False),
    ("class_teacher", "record-grid", False),
    ("coordinator", "screening", False),
    ("coordinator", "register", False),
    ("coordinator", "pairing", False),
    ("head", "overview", False),
    ("guardian", "home", False),
)


class Wire:
    """Counts what a page receives; slows it down when asked."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.line.send("Network.enable")
        self.line.on("Network.loadingFinished", self._came)

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def slow_down(self) -> None:
        self.line.send("Network.emulateNetworkConditions", SLOW)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a demo folder that exists already")
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="tongxing-pages-"))
    try:
        with demo(folder) as base, sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, NAMES)))
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            report = {
                "on": f"Python {platform.python_version()}, Chromium {browser.version}, {os.cpu_count()} cores shared",
                "aims": AIMS,
                "pages": [weigh(browser, base, folder, *page) for page in PAGES],
                "talk": journey(browser, base, folder),
            }
            browser.close()
    finally:
        if not options.data:
            shutil.rmtree(folder)
    RESULTS.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sys.stdout.write(RESULTS.read_text("utf-8"))


def window(browser: Browser, base: str, session: str) -> BrowserContext:
    """A phone that has kept nothing; someone has signed in."""
    opened = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    )
    if session:
        opened.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    return opened


def weigh(
    browser: Browser, base: str, folder: Path, role: str, name: str, of_student: bool
) -> dict[str, Any]:
    facts = ask_django(folder, role, name, of_student)
    measured: dict[str, Any] = {"role": role or "nobody", "page": name}
    for slow in (False, True):
        opened = window(browser, base, facts["session"])
        page = opened.new_page()
        wire = Wire(page)
        if slow:
            wire.slow_down()
        for visit in ("first", "later"):
            wire.bytes = 0
            page.goto(base + facts["path"], wait_until="networkidle")
            if slow:
                measured[f"{visit}_usable_ms"] = usable(page)
            else:
                measured[f"{visit}_bytes"] = wire.bytes
        opened.close()
    return measured


def usable(page: Page) -> int:
    """Milliseconds from setting out until the page is painted and its document complete."""
    return round(
        page.evaluate(
            """() => Math.max(
                performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
                performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd)"""
        )
    )


def journey(browser: Browser, base: str, folder: Path) -> dict[str, Any]:
    """From my week to the word of thanks, on a good line and on a slow one."""
    facts = ask_django(folder, "helper", "week", False)
    told: dict[str, Any] = {"runs": RUNS}
    for name, slow in (("good_line", False), ("slow_line", True)):
        times, taps = [], 0
        for _run in range(RUNS):
            opened = window(browser, base, facts["session"])
            page = opened.new_page()
            if slow:
                Wire(page).slow_down()
            page.goto(base + facts["path"])
            began = time.perf_counter()
            taps = write_a_talk(page)
            times.append((time.perf_counter() - began) * 1000)
            opened.close()
        told[name] = {"median_ms": round(statistics.median(times)), "slowest_ms": round(max(times))}
        told["taps"] = taps
    return told


def write_a_talk(page: Page) -> int:
    """Write a talk down with the first student that my week offers; how many taps it took, the keyboard apart."""
    first = page.locator("a[href*='/record/?kind=']").first
    # after the first run this student may be waiting for something else: the same form, the same button
    first.evaluate("link => link.href = link.href.replace(/kind=.*/, 'kind=talk')")
    first.tap()
    page.locator("textarea[name='thoughts']").fill("作业有三次没有交，想先把英语跟上。")
    page.locator(".save-bar button").last.tap()
    expect(page.locator(".message")).to_be_visible(timeout=20_000)
    return 2


if __name__ == "__main__":
    main()
