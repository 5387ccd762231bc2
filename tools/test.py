#!/usr/bin/env python3
"""Everything that must hold, one step after the other, one summary at the end. `make test` and CI run this.

    test.py                       all steps
    test.py --only static         some of: static sqlite postgres, or long: what takes too long for every day
    test.py -- -k pairing         the rest goes to pytest

Random order, two at a time, no network. Chromium and PostgreSQL, for the long ones LibreOffice, are taken from Debian's
packages when they are missing and may be installed (root and apt-get); otherwise one line says what to install.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import messages
import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STEPS = ("static", "sqlite", "postgres")


@dataclass
class Result:
    name: str
    ok: bool
    seconds: float
    output: str = ""


def environment(**extra: str) -> dict[str, str]:
    """The caller's environment without the product's own settings: the suite chooses those itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGXING_")}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "tests.settings", **extra}


def quiet(name: str, command: list[object]) -> Result:
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Result(name, done.returncode == 0, time.monotonic() - started, done.stdout)


def static() -> list[Result]:
    """The checks that read the sources, two at a time."""
    messages.compile_all()
    checks: list[tuple[str, list[object]]] = [
        ("types (mypy)", [BIN / "mypy", "--no-error-summary"]),
        ("lint (ruff)", [BIN / "ruff", "check", "--quiet", "."]),
        ("format (ruff)", [BIN / "ruff", "format", "--quiet", "--diff", "."]),
        ("pages (djlint)", [BIN / "djlint", "src/tongxing/doors/web/templates", "--lint", "--quiet"]),
        ("imports go down (import-linter)", [BIN / "lint-imports", "--no-cache"]),
        (
            "every model has its migration",
            [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        ),
        ("every sentence has its Chinese", [sys.executable, "tools/messages.py", "--check"]),
    ]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda check: quiet(*check), checks))
    for result in results:
        report(result)
        if not result.ok:
            print(result.output)
    return results


def run_pytest(name: str, arguments: list[str], **extra: str) -> Result:
    """pytest in the open: its own closing lines stay visible."""
    started = time.monotonic()
    print(f"\n── {name}", flush=True)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "worksteal",
            "--durations",
            "5",
            *arguments,
        ],
        cwd=ROOT,
        env=environment(**extra),
    )
    result = Result(name, done.returncode == 0, time.monotonic() - started)
    report(result)
    return result


def sqlite(arguments: list[str]) -> list[Result]:
    name = "architecture, unit, scenarios, browser on encrypted SQLite"
    return [run_pytest(name, arguments)]


def on_postgres(arguments: list[str]) -> list[Result]:
    """Unit tests and scenarios again; architecture, browser and pure rules do not depend on the database."""
    with postgres.private_postgres() as url:
        chosen = [
            "-m",
            "not browser and not long",
            "--ignore",
            "tests/architecture",
            "--ignore",
            "tests/browser",
            *(word for name in ("rules", "rules_*") for word in ("--ignore-glob", f"*/tests/test_{name}.py")),
            *arguments,
        ]
        return [run_pytest("unit, scenarios on PostgreSQL", chosen, TONGXING_DATABASE_URL=url)]


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def long(arguments: list[str]) -> list[Result]:
    return [
        run_pytest(
            "every role on every page, papers in LibreOffice, a million operations",
            ["-m", "long", *arguments],
        )
    ]


def office() -> bool:
    """LibreOffice with what loads documents and what loads sheets."""
    parts = Path("/usr/lib/libreoffice/program")
    return bool(shutil.which("soffice")) and all((parts / f"lib{one}lo.so").exists() for one in ("sw", "sc"))


def missing(steps: list[str]) -> list[str]:
    """The Debian packages this machine lacks."""
    needed = {"chromium": browser(), "postgresql": postgres.binaries(), "git": shutil.which("git")}
    if "long" in steps:
        needed |= dict.fromkeys(("libreoffice-writer-nogui", "libreoffice-calc-nogui"), office())
    return [package for package, found in needed.items() if not found]


def install_missing(steps: list[str]) -> None:
    packages = missing(steps)
    if not packages:
        return
    by_hand = (
        f"tongxing: the tests need {' and '.join(packages)}. On Debian: apt install {' '.join(packages)}"
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(by_hand)
    print(f"tongxing: installing {', '.join(packages)} from the system's packages …", flush=True)
    no_cluster = Path("/etc/postgresql-common/createcluster.conf")
    if "postgresql" in packages and not no_cluster.exists():
        no_cluster.parent.mkdir(parents=True, exist_ok=True)
        no_cluster.write_text("create_main_cluster = false\n")
    apt = ["apt-get", "-qq", "-o", "Dpkg::Options::=--force-confold", "-o", "Dpkg::Use-Pty=0"]
    debian = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        if subprocess.run(command, env=debian, stdout=subprocess.DEVNULL).returncode:
            sys.exit(by_hand)
    if missing(steps):
        sys.exit(by_hand)


def report(result: Result) -> None:
    print(f"{'ok    ' if result.ok else 'FAILED'} {result.seconds:6.1f} s  {result.name}", flush=True)


@contextmanager
def without_leftovers():
    """A folder for everything the tests put aside, removed at the end."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="tongxing-suite-", ignore_cleanup_errors=True) as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        yield


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=(*STEPS, "long"), default=list(STEPS), metavar="STEP")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    chosen = parser.parse_args()
    if chosen.only != ["static"]:
        install_missing(chosen.only)
    steps = {
        "static": static,
        "sqlite": lambda: sqlite(chosen.pytest),
        "postgres": lambda: on_postgres(chosen.pytest),
        "long": lambda: long(chosen.pytest),
    }
    started = time.monotonic()
    with without_leftovers():
        results = [result for name in steps if name in chosen.only for result in steps[name]()]
    failed = [result for result in results if not result.ok]
    print(
        f"\n── summary: {len(results) - len(failed)} of {len(results)} steps hold, {time.monotonic() - started:.0f} s"
    )
    for result in results:
        report(result)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
