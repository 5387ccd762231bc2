"""The command itself: where data lives, and what it says when something is not as it should be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tongxing.doors.cli import main

SRC = Path(__file__).resolve().parents[4]


def tongxing(*arguments: object, **settings: str) -> subprocess.CompletedProcess:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TONGXING_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "tongxing.doors.cli", *map(str, arguments)],
        env={**kept, "PYTHONPATH": str(SRC), "LANG": "C.UTF-8", **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused_in_words(port, capsys):
    with pytest.raises(SystemExit):
        main.parser().parse_args(["up", f"--port={port}"])
    assert "a number from 1 to 65535 is needed" in capsys.readouterr().err


def test_the_demo_never_shares_the_school_s_folder():
    assert main.default_data("demo") != main.default_data("up")


def test_a_missing_data_folder_is_not_made_by_a_check(tmp_path):
    done = tongxing("check", "--data", tmp_path / "none")
    assert done.returncode == 1
    assert "there is no data folder" in done.stderr
    assert not (tmp_path / "none").exists()


def test_lost_keys_are_named_and_never_replaced(tmp_path):
    (tmp_path / "tongxing.db").write_bytes(b"something encrypted")
    done = tongxing("check", "--data", tmp_path)
    assert done.returncode == 1
    assert "database.key" in done.stderr
    assert not (tmp_path / "keys").exists()


def test_an_unknown_setting_stops_the_start_in_one_line(tmp_path):
    done = tongxing("check", "--data", tmp_path, TONGXING_COLOUR="red")
    assert done.returncode == 1
    assert "TONGXING_COLOUR" in done.stderr
    assert "Traceback" not in done.stderr
