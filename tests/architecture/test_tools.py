"""What a developer's machine lacks is said in one line, and nothing is installed behind anybody's back."""

import subprocess
from pathlib import Path

import pytest
from tools import test as suite

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine without Chromium, PostgreSQL and LibreOffice; returns the commands that would have run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(suite, "browser", lambda: None)
    monkeypatch.setattr(suite.postgres, "binaries", lambda: None)
    monkeypatch.setattr(suite, "office", lambda: False)
    monkeypatch.setattr(suite.subprocess, "run", lambda command, **_: commands.append(command))
    return commands


def test_an_ordinary_user_is_told_what_to_install(bare_machine, monkeypatch):
    monkeypatch.setattr(suite.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt install chromium postgresql$"):
        suite.install_missing(["sqlite"])
    with pytest.raises(SystemExit, match="postgresql libreoffice-writer-nogui libreoffice-calc-nogui$"):
        suite.install_missing(["long"])
    assert bare_machine == []


def test_a_system_without_debian_s_packages_is_told_too(bare_machine, monkeypatch):
    monkeypatch.setattr(suite.os, "geteuid", lambda: 0)
    monkeypatch.setattr(suite.shutil, "which", lambda name: None if name == "apt-get" else f"/usr/bin/{name}")
    with pytest.raises(SystemExit, match="chromium and postgresql"):
        suite.install_missing(["sqlite"])
    assert bare_machine == []


@pytest.mark.parametrize("python", ["/bin/false", "/nonexistent"])
def test_an_old_python_is_said_in_words(tmp_path, python):
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "environment").write_bytes((ROOT / "tools" / "environment").read_bytes())
    done = subprocess.run(
        ["sh", tools / "environment", "run"],
        env={"PYTHON": python, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
