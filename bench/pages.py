"""What the main pages cost on a village line, and how long it takes to write down a talk.

    PYTHONPATH=src:. .venv/bin/python bench/pages.py [--data EXISTING_DEMO_FOLDER]

Starts the demo school and looks at it with Chromium on a phone of 390 × 844, over `bench/village_line.py`. A first visit
is one with nothing kept; its bytes are all that came until the line fell quiet: the page and its files, the service
worker with the page it keeps for times without a network, and what is taken along for such times. A later visit is the same
page again. “Usable” is when the page is painted and can be read and tapped (all works without scripts); “ready” when
its scripts run too. The journey goes from my week to “written down”, the text filled in at once. All goes to
`bench/results/pages.json`.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bench.village_line import Line
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tools.screens import FLAGS, NAMES, ROOT

RESULTS = Path(__file__).parent / "results" / "pages.json"
AIMS = {"first_bytes": 120_000, "later_bytes": 15_000, "usable_ms": 3_000, "talk_taps": 4}
KBIT, MILLISECONDS = 400, 400
RUNS = 5
QUIET = 1.5  # seconds without a byte: nothing more comes
#: (role or "" for nobody, what the page is called here, its address)
PAGES = (
    ("", "sign-in", "/sign-in/"),
    ("helper", "week", "/week/"),
    ("helper", "record-new", "/students/{student}/record/?kind=talk"),
    ("helper", "student", "/students/{student}/"),
    ("helper", "students", "/students/"),
    ("helper", "reminders", "/reminders/"),
    ("class_teacher", "board", "/board/"),
    ("class_teacher", "highlights", "/highlights/"),
    ("class_teacher", "record-grid", "/records/grid/"),
    ("coordinator", "screening", "/screening/"),
    ("coordinator", "register", "/register/"),
    ("coordinator", "pairing", "/pairing/"),
    ("head", "overview", "/overview/"),
    ("head", "figure-looked-at", "/overview/looked_at/"),
    ("head", "figure-enrolled", "/overview/enrolled/"),
    ("coordinator", "inspection-looked-at", "/inspection/1/figures/looked_at/"),
    ("coordinator", "inspection-enrolled", "/inspection/1/figures/enrolled/"),
    ("coordinator", "break-calls", "/breaks/{break}/calls/"),
    ("guardian", "home", "/"),
)
#: Families' pages take nothing along and install nothing.
INSTALLED = (
    """() => document.documentElement.dataset.pack ? navigator.serviceWorker.ready.then(() => true) : true"""
)
TO_A_RECORD = "a[href*='/record/?kind=']"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a demo folder that exists already")
    options = parser.parse_args()
    folder = options.data or Path(tempfile.mkdtemp(prefix="tongxing-pages-"))
    try:
        with demo(folder) as base, sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, NAMES)))
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            people = {
                role: sign_in(browser, base, role) for role in dict.fromkeys(role for role, *_page in PAGES)
            }
            report = {
                "on": f"Python {platform.python_version()}, Chromium {browser.version}, {os.cpu_count()} cores",
                "line": {"kbit_per_second": KBIT, "round_trip_ms": MILLISECONDS},
                "aims": AIMS,
                "pages": [weigh(browser, base, people[role], *page) for role, *page in PAGES],
                "talk": journey(browser, base, people["helper"]),
            }
            report["over"] = over(report)
            browser.close()
    finally:
        if not options.data:
            shutil.rmtree(folder)
    RESULTS.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sys.stdout.write(RESULTS.read_text("utf-8"))


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The demo school as its own processes on a free port, until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tongxing.doors.cli", "demo", "--data", str(folder), "--port", str(port)]
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    running = subprocess.Popen(
        command, env=own | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/sign-in/", running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(20)


def wait_for(address: str, running: subprocess.Popen[bytes], seconds: int = 180) -> None:
    for _ in range(seconds * 4):
        if running.poll() is not None:
            sys.exit("the demo ended before it answered")
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  # our own address
            return
        except OSError:
            time.sleep(0.25)
    sys.exit("the demo did not answer")


def sign_in(browser: Browser, base: str, role: str) -> dict[str, Any]:
    """The cookies of one person with this role, and a student of theirs where my week names one."""
    person: dict[str, Any] = {"cookies": [], "student": "", "break": ""}
    if not role:
        return person
    with window(browser, base, person) as opened:
        page = opened.new_page()
        page.goto(f"{base}/sign-in/")
        page.locator(f"form[action='/demo/{role}/'] button").first.click()
        page.wait_for_load_state()
        person["cookies"] = opened.cookies()
        if role == "helper":
            page.goto(f"{base}/week/")
            person["student"] = str(page.locator(TO_A_RECORD).first.get_attribute("href")).split("/")[2]
        if role == "coordinator":
            page.goto(f"{base}/attendance/")
            person["break"] = str(page.locator("a[href^='/breaks/']").first.get_attribute("href")).split("/")[
                2
            ]
    return person


@contextmanager
def window(browser: Browser, base: str, person: dict[str, Any]) -> Iterator[BrowserContext]:
    """A phone that has kept nothing but who is signed in."""
    opened = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True
    )
    opened.set_default_timeout(60_000)
    opened.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": base} for one in person["cookies"]]
    )
    yield opened
    opened.close()


def weigh(browser: Browser, base: str, person: dict[str, Any], name: str, address: str) -> dict[str, Any]:
    measured: dict[str, Any] = {"page": name}
    for slow in (False, True):
        line = Line(base)
        if slow:
            line.slow(kbit=KBIT, milliseconds=MILLISECONDS)
        with window(browser, line.base, person) as opened:
            page = opened.new_page()
            for visit in ("first", "later"):
                before = line.bytes.copy()
                page.goto(line.base + address.format(**person))
                if slow:
                    measured |= {f"{visit}_{what}": ms for what, ms in times(page).items()}
                page.evaluate(INSTALLED)
                settle(page, line)
                came = line.bytes - before
                if not slow:
                    measured[f"{visit}_bytes"] = sum(came.values())
                if not slow and visit == "first":
                    measured["of_which"] = {
                        "worker": sum(came[path] for path in ("/sw.js", "/offline/")),
                        "taken_along": came["/offline/pack/"],
                    }
    return measured


def settle(page: Page, line: Line) -> None:
    while line.quiet_for() < QUIET:
        page.wait_for_timeout(200)


def times(page: Page) -> dict[str, int]:
    """Milliseconds from setting out."""
    found = page.evaluate(
        """() => {
            const way = performance.getEntriesByType("navigation")[0];
            const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
            return [Math.max(painted, way.domInteractive), Math.max(painted, way.domContentLoadedEventEnd)];
        }"""
    )
    return dict(zip(("usable_ms", "ready_ms"), map(round, found), strict=True))


def journey(browser: Browser, base: str, person: dict[str, Any]) -> dict[str, Any]:
    """From my week to the word of thanks, on a good line and on a slow one; the phone has been here before."""
    told: dict[str, Any] = {"runs": RUNS}
    for name, slow in (("good_line", False), ("slow_line", True)):
        spent, taps = [], 0
        for _run in range(RUNS):
            line = Line(base)
            with window(browser, line.base, person) as opened:
                page = opened.new_page()
                page.goto(f"{line.base}/week/")
                settle(page, line)
                if slow:
                    line.slow(kbit=KBIT, milliseconds=MILLISECONDS)
                began = time.perf_counter()
                taps = write_a_talk(page)
                spent.append((time.perf_counter() - began) * 1000)
        told[name] = {"median_ms": round(statistics.median(spent)), "slowest_ms": round(max(spent))}
        told["taps"] = taps
    return told


def write_a_talk(page: Page) -> int:
    """Write a talk down with the first student that my week offers; how many taps it took, the keyboard apart."""
    first = page.locator(TO_A_RECORD).first
    # after the first run this student may be waiting for something else: the same form, the same button
    first.evaluate("link => link.href = link.href.replace(/kind=.*/, 'kind=talk')")
    first.tap()
    page.locator("textarea[name='thoughts']").tap()
    page.locator("textarea[name='thoughts']").fill("作业有三次没有交，想先把英语跟上。")
    page.locator(".save-bar button").last.tap()
    expect(page.locator(".message.success")).to_be_visible(timeout=30_000)
    return 3


def over(report: dict[str, Any]) -> list[str]:
    """Where an aim is missed."""
    aims = {"first_bytes": "first_bytes", "later_bytes": "later_bytes"}
    aims |= {"first_usable_ms": "usable_ms", "later_usable_ms": "usable_ms"}
    missed = [
        f"{page['page']}: {what} {page[what]}"
        for page in report["pages"]
        for what, aim in aims.items()
        if page[what] > AIMS[aim]
    ]
    return missed + [f"talk: {report['talk']['taps']} taps"] * (report["talk"]["taps"] > AIMS["talk_taps"])


if __name__ == "__main__":
    main()
