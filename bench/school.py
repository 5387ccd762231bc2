"""A demo school that runs as a school runs it, for the measurements that need one."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tongxing.config.settings",
        "TONGXING_DATA": str(folder),
        "TONGXING_MODE": "demo",
    }


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Its address, until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tongxing.doors.cli", "demo", "--data", str(folder), "--port", str(port)]
    settings = {name: text for name, text in environment(folder).items() if name != "DJANGO_SETTINGS_MODULE"}
    running = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"{base}/sign-in/", running)
        yield base
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


def ask(folder: Path, function: str, *arguments: Any) -> Any:
    """What `package.module:function` answers within the school's own software: values that JSON knows."""
    module, name = function.split(":")
    question = f"import json, sys, django; django.setup(); from {module} import {name}; "
    question += f"sys.stdout.write(json.dumps({name}(*json.load(sys.stdin))))"
    said = subprocess.run(
        [sys.executable, "-c", question],
        env=environment(folder),
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
    )
    if said.returncode:
        sys.exit(said.stderr)
    return json.loads(said.stdout.splitlines()[-1])
