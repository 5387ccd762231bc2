"""Web, worker and schedule under one roof: a child that dies is started again, all end together.

Invariants:
- each child leads a process group of its own, so that ending it ends what it started;
- each child reads a pipe that only the supervisor holds open: when the supervisor is gone, even by SIGKILL,
  the pipe ends and the child ends its group. So no orphan keeps the port.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType

#: Seconds before a child that died is started again: the first, doubled each time, up to the last.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A child that lived this long starts again without a pause.
STEADY = 60.0
#: Seconds a child has to end by itself.
PATIENCE = 4.0
#: Tells a child that its standard input is the supervisor's pipe.
WATCHED = "--watched"


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*self.command, WATCHED], stdin=subprocess.PIPE, start_new_session=True
        )
        self.started = time.monotonic()

    def kill_group(self) -> None:
        """End at once whatever is left of this child and of what it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def revive(self) -> None:
        """Start again when it has died and its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.again_at:
                self.start()
        elif self.process.poll() is not None:
            self.kill_group()
            self.pause = FIRST_PAUSE if now - self.started > STEADY else min(self.pause * 2, LONGEST_PAUSE)
            print(
                f"tongxing: {self.name} ended ({self.process.returncode}); again in {self.pause:g} s",
                file=sys.stderr,
                flush=True,
            )
            self.process, self.again_at = None, now + self.pause


class Supervisor:
    """The first command starts at once, the others a moment later, so that the pages answer soon."""

    def __init__(self, commands: dict[str, Sequence[str]], moment: float = 2.0) -> None:
        later = time.monotonic() + moment
        self.children = [Child(name, command, again_at=later) for name, command in commands.items()]
        self.children[0].again_at = 0.0
        self.stopping = threading.Event()

    def run(self) -> None:
        """Keep the children alive until Ctrl-C, TERM or HUP, then end them all."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.stopping.is_set():
                for child in self.children:
                    child.revive()
                self.stopping.wait(0.2)
        finally:
            self.end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def end(self) -> None:
        running = [(child, child.process) for child in self.children if child.process is not None]
        for _child, process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for child, process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.05, deadline - time.monotonic()))
            child.kill_group()
            process.wait()


def end_with_supervisor() -> None:
    """In a child: end this process group when the supervisor's pipe ends."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 64):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(PATIENCE)
    os.killpg(0, signal.SIGKILL)
