"""From an empty folder to a school that signs in, and back to silence: the command as a person meets it."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tongxing.doors.web.firstrun import suggestion
from tongxing.ground.kernel import clock

SRC = Path(__file__).resolve().parents[4]
PASSWORD = "a path beside the river"


def command(*arguments: object) -> dict:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TONGXING_", "DJANGO_"))
    }
    return {
        "args": [sys.executable, "-m", "tongxing.doors.cli", *map(str, arguments)],
        "env": {**kept, "PYTHONPATH": str(SRC), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"},
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        **command("up", "--data", tmp_path / "data", "--port", port), start_new_session=True
    )
    patience = threading.Timer(240, process.kill)
    patience.start()
    yield process
    patience.cancel()
    process.kill()
    process.wait()


def read_until(process: subprocess.Popen, pattern: str) -> str:
    seen = ""
    assert process.stdout is not None
    for line in process.stdout:
        seen += line
        if found := re.search(pattern, seen):
            return found.group()
    raise AssertionError(f"ended without {pattern!r}:\n{seen}")


def set_up_school(link: str) -> str:
    """Fill in the first page as a browser does; returns the text of the page that follows."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(link).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {
        "csrfmiddlewaretoken": token.group(1),
        "name": "山前初级中学",
        "stage": "junior",
        "administrator": "孟宇航",
        "login": "meng",
        "password": PASSWORD,
        "again": PASSWORD,
        **suggestion(clock.today()),
    }
    return browser.open(link, urllib.parse.urlencode(form).encode()).read().decode()


def test_a_new_school_is_set_up_by_its_link_and_everything_ends_on_ctrl_c(up, port, tmp_path):
    link = read_until(up, r"http://127\.0\.0\.1:\d+/first-run/\S+")
    assert "孟宇航" in set_up_school(link)
    taken = subprocess.run(**command("up", "--data", tmp_path / "data", "--port", port), timeout=30)
    assert taken.returncode == 1
    assert f"Port {port} is taken" in taken.stdout

    up.send_signal(signal.SIGINT)
    started = time.monotonic()
    assert up.wait(timeout=10) == 0
    assert time.monotonic() - started < 6
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))

    check = ("check", "--data", tmp_path / "data")
    sound = subprocess.run(**command(*check), timeout=30)
    assert (sound.returncode, sound.stdout.count("✓")) == (0, 4), sound.stdout
    damage(tmp_path / "data" / "tongxing.db")
    broken = subprocess.run(**command(*check), timeout=30)
    assert broken.returncode == 1
    assert "✗" in broken.stdout
    assert "Traceback" not in broken.stdout


def damage(database: Path) -> None:
    """Change some bytes in the middle, as a failing disk does."""
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // 2)
        file.write(b"\0" * 64)
