"""The file for the next school: an encrypted ZIP with `tongxing-transfer.json` and a PDF of the same words.

Version 1 of the JSON: `format`, `version`, `made_on` (day), `school`, `student` {name, sex, born, national_code,
class_name}, `parts` [{code, title, lines}], `pdf_sha256`. A reader refuses a version it does not know; a new field is a
new version. See docs/leaving.md.
"""

import dataclasses
import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongxing.ground.kernel.errors import Refused

from . import sealed_zip

FORMAT, VERSION = "tongxing-transfer", 1
JSON, PDF = "tongxing-transfer.json", "转学资料.pdf"
#: Limits of what is taken over from another school's file.
MOST_PARTS, MOST_LINES, LONGEST_LINE = 20, 200, 2000


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    sex: str = ""
    born: str = ""
    national_code: str = ""
    class_name: str = ""

    @property
    def birth_date(self) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(self.born)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Transfer:
    school: str
    made_on: datetime.date
    child: Child
    parts: tuple[Part, ...]
    version: int = VERSION


def as_json(transfer: Transfer, pdf: bytes = b"") -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "version": transfer.version,
            "made_on": transfer.made_on.isoformat(),
            "school": transfer.school,
            "student": dataclasses.asdict(transfer.child),
            "parts": [dataclasses.asdict(part) for part in transfer.parts],
            "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
        },
        ensure_ascii=False,
    )


def write(transfer: Transfer, pdf: bytes, passphrase: str) -> bytes:
    if len(sealed_zip.digits_of(passphrase)) != sealed_zip.DIGITS:
        raise Refused(_("The passphrase has %(n)s digits.") % {"n": sealed_zip.DIGITS}, field="passphrase")
    return sealed_zip.pack({JSON: as_json(transfer, pdf).encode(), PDF: pdf}, passphrase)


def read(archive: bytes, passphrase: str) -> Transfer:
    """What a file from another school says. Refused: a wrong passphrase, a damaged file, a version not known here."""
    try:
        files = sealed_zip.unpack(archive, passphrase)
        told = json.loads(files[JSON])
        if hashlib.sha256(files[PDF]).hexdigest() != told["pdf_sha256"]:
            raise ValueError
    except sealed_zip.WrongPassphrase:
        raise Refused(
            _("This passphrase does not open the file. Please have it read out once more."),
            field="passphrase",
        ) from None
    except (sealed_zip.Unreadable, KeyError, TypeError, ValueError, RecursionError):
        raise Refused(
            _("This is no file for the next school, or it was damaged on the way. Please ask for it again."),
            field="file",
        ) from None
    return from_json(told)


def from_json(told: Any) -> Transfer:
    damaged = Refused(_("This is no file for the next school, or it was damaged on the way."), field="file")
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise damaged
    if told.get("version") != VERSION:
        raise Refused(
            _("This file was written by a newer version. Please bring this school’s Tongxing up to date."),
            field="file",
        )
    try:
        return Transfer(
            _line(told["school"]),
            datetime.date.fromisoformat(told["made_on"]),
            Child(**{field.name: _line(told["student"][field.name]) for field in dataclasses.fields(Child)}),
            tuple(_part(part) for part in told["parts"][:MOST_PARTS]),
        )
    except (KeyError, TypeError, ValueError):
        raise damaged from None


def _part(told: Any) -> Part:
    lines = tuple(_line(line) for line in told["lines"][:MOST_LINES])
    return Part(_line(told["code"]), _line(told["title"]), lines)


def _line(text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError
    return "".join(sign for sign in text[:LONGEST_LINE] if sign.isprintable() or sign == "\n")
