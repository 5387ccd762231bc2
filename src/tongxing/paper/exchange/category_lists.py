"""Lists of other offices: which column means what is data (`category_list_profiles.toml`).

Invariants:
- every row that is not understood is named with its line and what to do; with one of them nothing is taken over;
- a message about a row never repeats a number of a person; names, addresses and cards are not read.
"""

import datetime
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongxing.aid.hardship.actions.lists import ListRow, take_list
from tongxing.aid.hardship.models import OfficialList
from tongxing.aid.hardship.models_rounds import MANAGE
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.id_numbers import is_id_number

from . import values
from .reader import Sheet, read
from .statements import SEARCHED, SUMS, Wrong, columns_of

PROFILES = Path(__file__).with_name("category_list_profiles.toml")
LONG_TERM = ("长期", "永久")


@cache
def profile() -> dict[str, Any]:
    return tomllib.loads(PROFILES.read_text("utf-8"))


@dataclass(slots=True)
class Understood:
    rows: list[ListRow] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def hand_in(
    actor: Actor,
    *,
    school: Organisation,
    office: str,
    as_of: datetime.date,
    category: str,
    name: str,
    content: bytes,
) -> OfficialList | list[Wrong]:
    """Take a list over, or say which rows are not understood. `category`: of the whole list, or empty."""
    actor.require(MANAGE, school_id=school.pk)
    found = understand(read(name, content), category)
    if found.wrong:
        return found.wrong
    return take_list(
        actor,
        school=school,
        office=office,
        as_of=as_of,
        file_name=name,
        sha256=hashlib.sha256(f"{office}{category}".encode() + content).hexdigest(),
        rows=found.rows,
    )


def understand(sheets: Sequence[Sheet], category: str = "") -> Understood:
    """The rows of the first sheet whose headings fit."""
    for sheet in sheets:
        for line, row in enumerate(sheet.rows[:SEARCHED]):
            columns = columns_of(row, profile()["columns"])
            if "id_number" in columns and (category or "category" in columns):
                return _rows(sheet, line, columns, category)
    raise Refused(
        _(
            "No line of headings was found. There has to be a column of ID numbers such as 身份证号, and one of categories such as 类别, or choose the category above."
        ),
        field="upload",
    )


def _rows(sheet: Sheet, heading: int, columns: dict[str, int], category: str) -> Understood:
    found = Understood()
    heads = sheet.rows[heading]
    for line, row in enumerate(sheet.rows[heading + 1 :], start=heading + 2):
        cells = {code: row[place].strip() if place < len(row) else "" for code, place in columns.items()}
        if not any(cells.values()) or any(cell.strip().startswith(SUMS) for cell in row):
            continue
        code = "id_number"
        try:
            number = _number(cells["id_number"])
            code = "category"
            said = _category(cells.get("category", "")) if cells.get("category") else category
            if not said:
                raise values.NotUnderstood(_("This row does not say which category it is."))
            code = "valid_until"
            until = _until(cells.get("valid_until", ""))
        except values.NotUnderstood as error:
            shown = "" if code == "id_number" else cells.get(code, "")
            head = heads[columns[code]] if code in columns else ""
            found.wrong.append(Wrong(line, head, shown, str(error)))
            continue
        found.rows.append(ListRow(line, number, said, until))
    return found


def _number(text: str) -> str:
    number = values.number_text(text).upper().replace(" ", "")
    if not is_id_number(number):
        raise values.NotUnderstood(_("This is no ID number: a figure is missing or mistyped."))
    return number


def _category(text: str) -> str:
    word = values.tidy(text)
    for code, known in profile()["categories"].items():
        if any(one in word for one in known):
            return code
    raise values.NotUnderstood(
        _("This category is not known. Use one of the usual words, such as 低保 or 孤儿.")
    )


def _until(text: str) -> datetime.date | None:
    return values.date(text) if text and not values.tidy(text).startswith(LONG_TERM) else None
