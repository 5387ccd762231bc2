#!/usr/bin/env python3
"""Pictures of the main pages, 390 and 1,280 px wide, light and dark, from a fresh demo school: `make screens`.

    screens.py                    into docs/screens/
    screens.py --out DIR --only week,overview --data EXISTING_DEMO_FOLDER

Starts the demo on a free port and a temporary folder, signs in as one person of each role, ends everything again.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
SIZES = ((390, 844), (1280, 860))
#: (role or "" for nobody, URL name, whether its address names a student of that person)
PAGES = (
    ("", "sign-in", False),
    ("", "styleguide", False),
    ("helper", "week", False),
    ("helper", "student", True),
    ("helper", "record-new", True),
    ("helper", "reminders", False),
    ("class_teacher", "board", False),
    ("class_teacher", "highlights", False),
    ("class_teacher", "record-grid", False),
    ("", "start", False),
    ("coordinator", "setup", False),
    ("coordinator", "students", False),
    ("coordinator", "screening-classes", False),
    ("coordinator", "screening-rounds", False),
    ("coordinator", "screening-visits", False),
    ("coordinator", "pairing-weights", False),
    ("coordinator", "pairing-fixed", False),
    ("coordinator", "exports", False),
    ("coordinator", "slips", False),
    ("coordinator", "staff", False),
    ("coordinator", "classes", False),
    ("coordinator", "year-move", False),
    ("coordinator", "settings-commitment-new", False),
    ("coordinator", "exemptions", False),
    ("coordinator", "screening", False),
    ("coordinator", "register", False),
    ("coordinator", "pairing", False),
    ("coordinator", "import", False),
    ("coordinator", "settings", False),
    ("coordinator", "settings-calendar", False),
    ("coordinator", "settings-accounts", False),
    ("coordinator", "settings-add-colleague", False),
    ("coordinator", "settings-commitments", False),
    ("coordinator", "screening-rules", False),
    ("head", "overview", False),
    ("head", "inspections", False),
    ("head", "safety", False),
    ("head", "settings-safety", False),
    ("counsellor", "restricted", False),
    ("head", "documents", False),
    ("head", "summary-new", False),
    ("head", "settings-audit", False),
    ("guardian", "home", False),
    ("county_supervisor", "county", False),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--only", default="", help="URL names, comma-separated")
    parser.add_argument("--data", type=Path, help="a demo folder that exists already")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    options.out.mkdir(parents=True, exist_ok=True)
    folder = options.data or Path(tempfile.mkdtemp(prefix="tongxing-screens-"))
    try:
        with demo(folder) as base, sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, NAMES)))
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            for role, name, of_student in PAGES:
                if not only or name in only:
                    for path in pictures(browser, base, folder, role, name, of_student, options.out):
                        print(path)
            browser.close()
    finally:
        if not options.data:
            shutil.rmtree(folder)


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The demo school on a free port, until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tongxing.doors.cli", "demo", "--data", str(folder), "--port", str(port)]
    running = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"{base}/sign-in/", running)
        yield base
    finally:
        running.terminate()
        running.wait(20)


def wait_for(address: str, running: subprocess.Popen, seconds: int = 180) -> None:
    for _ in range(seconds * 4):
        if running.poll() is not None:
            sys.exit("the demo ended before it answered")
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  # our own address
            return
        except OSError:
            time.sleep(0.25)
    sys.exit("the demo did not answer")


def pictures(
    browser: Browser, base: str, folder: Path, role: str, name: str, of_student: bool, out: Path
) -> Iterator[Path]:
    facts = ask_django(folder, role, name, of_student)
    for scheme in ("light", "dark"):
        for width, height in SIZES:
            window = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )
            if facts["session"]:
                window.add_cookies([{"name": "sessionid", "value": facts["session"], "url": base}])
            page = window.new_page()
            page.goto(base + facts["path"])
            path = out / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path)
            window.close()
            yield path


def ask_django(folder: Path, role: str, name: str, of_student: bool) -> dict[str, Any]:
    """A session of one person with that role and the page's address, asked of the product in its own process."""
    question = f"from tools.screens import answer; answer({role!r}, {name!r}, {of_student!r})"
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tongxing.config.settings",
        "TONGXING_DATA": str(folder),
        "TONGXING_MODE": "demo",
    }
    said = subprocess.run([sys.executable, "-c", question], env=environment, capture_output=True, text=True)
    if said.returncode:
        sys.exit(said.stderr)
    session, path = said.stdout.splitlines()[-2:]
    return {"session": session.removeprefix("session:"), "path": path}


def answer(role: str, name: str, of_student: bool) -> None:
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from tongxing.ground.access.models import Grant
    from tongxing.ground.kernel import clock
    from tongxing.ground.people.models import Registration

    session, arguments = "", []
    if role:
        grant = Grant.objects.filter(role=role, ends_on=None, user__is_active=True).order_by("pk").first()
        if of_student and role == "helper":
            key = Registration.objects.on(clock.today()).filter(level="key").values("student")
            grant = Grant.objects.filter(role=role, ends_on=None, student__in=key).order_by("pk").first()
            arguments = [grant.student_id]
        client = Client()
        client.force_login(get_user_model().objects.get(pk=grant.user_id))
        session = client.cookies["sessionid"].value
    print(f"session:{session}")
    print(reverse(name, args=arguments))


if __name__ == "__main__":
    main()
