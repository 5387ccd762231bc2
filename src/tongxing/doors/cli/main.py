"""The `tongxing` command: one parser for all of it; each command is a module of this folder with `run(options)`.

A command's module is imported after the settings are chosen and Django is ready, so it may import models.
"""

import argparse
import datetime
import importlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from pathlib import Path

from tongxing import __version__
from tongxing.ground.kernel.keyring import Keyring

from .supervisor import end_with_supervisor

#: command → (module, what it says of itself)
COMMANDS = {
    "up": ("up", "start Tongxing for your school; the first time, a one-time link leads to its first page"),
    "demo": ("up", "start the demo school 和风镇中心初中 with its made-up data"),
    "try": ("trial", "try everything on a folder of your own spreadsheets; nothing is kept but the results"),
    "check": ("check", "verify the database, the audit chain and the keys"),
    "web": ("web", "only the pages (`up` starts this)"),
    "worker": ("worker", "only the background work (`up` starts this)"),
    "schedule": ("schedule", "only the daily jobs (`up` starts this)"),
}
SERVING = {"up", "demo", "web"}
#: What `up` starts: with --watched their standard input is the supervisor's pipe.
WATCHED = {"web", "worker", "schedule"}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="tongxing", description="Tongxing 同行: nobody missed, no promise forgotten."
    )
    top.add_argument("--version", action="version", version=f"tongxing {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_module, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if name == "try":
            _trial_arguments(command)
            continue
        command.add_argument("--data", type=Path, help=f"data folder (default: {default_data(name)})")
        if name in SERVING:
            command.add_argument(
                "--host",
                help="address to listen on (default: 127.0.0.1; with --lan every address of this machine)",
            )
            command.add_argument(
                "--port", type=_port, default=8000, help="port to listen on (default: %(default)s)"
            )
            _lan_arguments(command)
        if name in WATCHED:
            command.add_argument("--watched", action="store_true", help=argparse.SUPPRESS)
    return top


def _lan_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lan",
        action="store_true",
        help="serve the school's network over HTTPS, with a certificate authority of the school's own",
    )
    command.add_argument(
        "--first-visit-port",
        type=_port,
        metavar="PORT",
        help="with --lan: port of the page where a phone learns to trust this server (default: the next port)",
    )


def _trial_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, help="folder with xlsx, xls or csv files")
    command.add_argument("--out", type=Path, required=True, help="folder for the report and the documents")
    command.add_argument(
        "--profile", type=Path, help="TOML file that explains the files (docs/trying-with-your-files.md)"
    )
    command.add_argument(
        "--as-of", type=_day, metavar="DATE", help="the day to try it on, like 2026-11-25 (default: today)"
    )


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day: it is written like 2026-11-25") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"“{text}” is no port: a number from 1 to 65535 is needed")
    return int(text)


def default_data(command: str) -> Path:
    """Where this system keeps a user's data; the demo has a folder of its own."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / ("tongxing-demo" if command == "demo" else "tongxing")


def settle(options: argparse.Namespace) -> None:
    """Choose the settings for this command and make Django ready."""
    data = options.data or os.environ.get("TONGXING_DATA") or default_data(options.command)
    options.data = Path(data).expanduser().resolve()
    check_keys(options)
    os.environ["TONGXING_DATA"] = str(options.data)
    if options.command == "demo":
        os.environ["TONGXING_MODE"] = "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongxing.config.settings")
    import django
    from django.utils import translation

    options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if options.command == "web":
        return  # its own processes make Django ready, each for itself
    django.setup()
    translation.activate(_language())


@contextmanager
def thrown_away() -> Iterator[Path]:
    """A data folder that is gone afterwards, also when the command is told to stop; never the school's database."""
    os.environ.pop("TONGXING_DATABASE_URL", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="tongxing-try-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def check_keys(options: argparse.Namespace) -> None:
    """Never make new keys beside an old database: they would not open it, and would hide that the old are lost."""
    database, keys = options.data / "tongxing.db", options.data / "keys"
    if options.command == "check" and not options.data.exists():
        raise SystemExit(f"tongxing: there is no data folder {options.data}")
    lost = [key.name for key in fields(Keyring) if not (keys / f"{key.name}.key").exists()]
    if database.exists() and lost:
        raise SystemExit(
            f"tongxing: {database} is there, but {', '.join(f'{name}.key' for name in lost)} in {keys} is missing.\n"
            "Put the keys folder back from its backup; without it nobody can read this database."
        )


def _language() -> str:
    """The terminal's language: Chinese or English."""
    chosen = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh-hans" if chosen.lower().startswith("zh") else "en"


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if getattr(options, "watched", False):
        end_with_supervisor()
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        with thrown_away() if options.command == "try" else nullcontext(options.data) as options.data:
            settle(options)
            module = importlib.import_module(f"tongxing.doors.cli.{COMMANDS[options.command][0]}")
            return module.run(options)
    except KeyboardInterrupt:
        return 130
    except (ImproperlyConfigured, DatabaseError) as error:
        return _stop(str(error))
    except OSError as error:
        return _stop(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")


def _stop(reason: str) -> int:
    print(f"tongxing: {reason}", file=sys.stderr)
    return 1
