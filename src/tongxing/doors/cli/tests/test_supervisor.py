"""All end together, a child that dies comes back, and nobody is left behind even when the supervisor is killed."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SLEEPER = textwrap.dedent("""
    import os, pathlib, subprocess, sys, time
    sys.path.insert(0, {src!r})
    from tongxing.doors.cli.supervisor import end_with_supervisor
    end_with_supervisor()
    below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.DEVNULL)
    with open({notes!r}, "a") as notes:
        notes.write(f"{{os.getpid()}} {{below.pid}}\\n")
    time.sleep(60)
""")
ROOF = textwrap.dedent("""
    import sys
    sys.path.insert(0, {src!r})
    from tongxing.doors.cli.supervisor import Supervisor
    Supervisor({{"sleeper": [sys.executable, {script!r}]}}).run()
""")
SRC = str(Path(__file__).resolve().parents[4])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[subprocess.Popen, Path]]:
    """A supervisor with one child, which has started a process of its own."""
    notes, script = tmp_path / "notes", tmp_path / "sleeper.py"
    script.write_text(SLEEPER.format(src=SRC, notes=str(notes)))
    roof = subprocess.Popen(
        [sys.executable, "-c", ROOF.format(src=SRC, script=str(script))],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    yield roof, notes
    roof.kill()
    roof.wait()
    for pid in started(notes):
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def started(notes: Path) -> list[int]:
    return [int(pid) for pid in notes.read_text().split()] if notes.exists() else []


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(condition, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_quickly(house, number):
    roof, notes = house
    assert until(lambda: len(started(notes)) == 2)
    roof.send_signal(number)
    assert roof.wait(timeout=6) == 0
    assert until(lambda: not any(map(is_alive, started(notes))))


def test_a_killed_supervisor_leaves_no_orphan(house):
    roof, notes = house
    assert until(lambda: len(started(notes)) == 2)
    roof.kill()
    roof.wait()
    assert until(lambda: not any(map(is_alive, started(notes))))


def test_a_killed_child_comes_back_and_takes_its_own_children_along(house):
    roof, notes = house
    assert until(lambda: len(started(notes)) == 2)
    first, below = started(notes)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: len(started(notes)) == 4)
    assert not is_alive(below)
    assert roof.poll() is None
