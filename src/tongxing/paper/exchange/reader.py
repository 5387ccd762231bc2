"""Spreadsheet files (.xlsx, .xls, .csv) → sheets of text cells, parsed in a limited process of its own.

What a file is, its content says, never its name. Every way of failing has its sentence.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongxing.ground.kernel.errors import Refused

MAX_BYTES = 20 * 1024 * 1024  # a year of attendance of a large school has about 3 MB
SECONDS = 9.0

REASONS = {
    "empty": gettext_noop("%(file)s is empty."),
    "password": gettext_noop("%(file)s has a password. Please save it without one and try again."),
    "damaged": gettext_noop("%(file)s is damaged. Please open it in WPS or Excel and save it again."),
    "too-large": gettext_noop("%(file)s is too large. Please split it, one class or one month at a time."),
    "too-many-rows": gettext_noop("%(file)s has more than 200,000 rows or 300 columns. Please split it."),
    "web-page": gettext_noop(
        "%(file)s is a web page in disguise. Please open it in WPS or Excel and save as xlsx."
    ),
    "not-a-table": gettext_noop("%(file)s is no spreadsheet. Please choose an xlsx, xls or csv file."),
    "encoding": gettext_noop("The characters of %(file)s cannot be read. Please save it as xlsx."),
    "too-slow": gettext_noop("%(file)s took too long to read. Please split it, or save it again as csv."),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `rows` are lists of text cells, "" where a cell is empty."""

    file: str
    name: str
    rows: list[list[str]]
    place: int = 0  # among the sheets handed in together


def read(name: str, data: bytes, *, seconds: float = SECONDS) -> list[Sheet]:
    """The sheets of a file that hold anything. Raises Refused with a sentence, after `seconds` at the latest."""
    if len(data) > MAX_BYTES:
        raise _refused("too-large", name)
    with tempfile.TemporaryDirectory(prefix="tongxing-import-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        sheets = _parse(name, path, seconds)
    found = [Sheet(name, sheet["name"], sheet["rows"]) for sheet in sheets if any(map(any, sheet["rows"]))]
    if not found:
        raise _refused("empty", name)
    return found


def _parse(name: str, path: Path, seconds: float) -> list[dict]:
    # -I: no environment, no user packages, no current folder
    command = [sys.executable, "-I", str(Path(__file__).with_name("parse_child.py")), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise _refused("too-slow", name) from error
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.returncode == 3:
        raise _refused(json.loads(done.stdout), name)
    # killed: by the clock (SIGXCPU) or for want of memory
    raise _refused("too-slow" if done.returncode == -24 else "too-large", name)


def _refused(reason: str, name: str) -> Refused:
    return Refused(_(REASONS[reason]) % {"file": name}, field="uploads")
