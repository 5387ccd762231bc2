"""Walking through a table's rows: cells by field, and what is wrong with them in words. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from .mapping import SUBJECT
from .recognise import Table
from .values import NotUnderstood, number_text, tidy

Value = TypeVar("Value")
Row = TypeVar("Row")

#: Lines under a table that are remarks, not people.
REMARKS = ("合计", "总计", "备注", "注:", "说明", "填表", "制表", "审核")
#: Columns whose content is not repeated in messages.
SECRET = {
    *(
        "id_number",
        "phone",
        "address",
        "national_code",
        "guardian_phone",
        "guardian1_phone",
        "guardian2_phone",
    ),
    *("household", "health", "income", "aid", "trait_health"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do. `line` counts as the spreadsheet program does; 0: the whole sheet."""

    file: str
    sheet: str
    line: int
    heading: str
    value: str
    message: str
    place: int = 0  # of the sheet among those handed in
    code: str = ""  # the field


@dataclass(slots=True)
class Reading(Generic[Row]):
    """What a table says: rows, problems that stop the import, and rows that are left out for a named reason."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    repeated: int = 0
    nobody: int = 0
    outside: int = 0
    left_out: int = 0


class Line:
    """One row of a table, read field by field; whatever cannot be read becomes a problem."""

    def __init__(self, table: Table, place: int, reading: Reading) -> None:
        self.table, self.place, self.reading = table, place, reading
        self.cells = table.sheet.rows[place]
        self.fine = True

    @property
    def number(self) -> int:
        return self.place + 1

    def raw(self, code: str) -> str:
        """The cell, or the profile's constant, as the profile's value map means it."""
        corrections = self.table.corrections
        given = corrections.cells.get(self.place, {}).get(code)
        if given is not None:
            return given
        text = self._written(code)
        return corrections.words.get(code, {}).get(text, text)

    def subject(self, subject: str, column: int) -> str:
        """What stands in the column of a subject."""
        given = self.table.corrections.cells.get(self.place, {}).get(SUBJECT + subject)
        if given is not None:
            return given
        text = self.cells[column].strip() if column < len(self.cells) else ""
        return self.table.corrections.words.get("points", {}).get(text, text)

    def _written(self, code: str) -> str:
        plan, position = self.table.plan, self.table.columns.get(code)
        text = self.cells[position].strip() if position is not None and position < len(self.cells) else ""
        if plan is None:
            return text
        text = text or plan.constants.get(code, "")
        meant = plan.values.get(code)
        return meant.get(text, meant.get(_short(text), text)) if meant and text else text

    def text(self, code: str) -> str:
        return self._fits(code, tidy(self.raw(code)))

    def take(self, code: str, read: Callable[[str], Value], default: Any = None) -> Value | Any:
        """The cell as `read` understands it; `default` where it is empty or wrong."""
        raw = self.raw(code)
        if not raw:
            return default
        try:
            value = read(raw)
        except NotUnderstood as error:
            self.wrong(code, str(error))
            return default
        return self._fits(code, value) if isinstance(value, str) else value

    def number_text(self, code: str) -> str:
        return self.take(code, number_text, "")

    def _fits(self, code: str, value: Any) -> Any:
        most = self.table.kind.field(code).most
        if len(value) > most:
            self.wrong(code, _("This is too long; %(most)s signs fit.") % {"most": most})
            return value[:most]
        return value

    def wrong(self, code: str, message: str, value: str | None = None, subject: str = "") -> None:
        self.fine = False
        shown = "***" if code in SECRET else self.raw(code)[:40] if value is None else value
        self.reading.problems.append(
            Problem(
                self.table.sheet.file,
                self.table.sheet.name,
                self.number,
                self.table.heading_of(code) if code else "",
                shown if code else "",
                message,
                self.table.sheet.place,
                SUBJECT + subject if subject else code,
            )
        )

    def must(self) -> bool:
        """Whether the cells that may not stay empty are filled; says which are not."""
        for code in self.table.kind.must:
            if not self.raw(code):
                self.wrong(code, _("This may not stay empty."))
        return self.fine


def lines(table: Table, reading: Reading) -> Iterator[Line]:
    """The rows below the headings that hold anything but a remark."""
    for place in range(table.heading + 1, len(table.sheet.rows)):
        filled = [cell for cell in table.sheet.rows[place] if cell]
        if place in table.corrections.left_out:
            reading.left_out += 1
            continue
        if not filled or (len(filled) <= 2 and tidy(filled[0]).startswith(REMARKS)):
            continue
        reading.read += 1
        yield Line(table, place, reading)


def _short(text: str) -> str:
    """-2.0 → -2, so that a value map need not know how a file writes its numbers."""
    head, dot, tail = text.partition(".")
    return head if dot and not tail.strip("0") else text
