"""Rows that cannot be taken over yet, with their cells to correct, as the page shows them. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from .content import Content
from .kinds import SAME
from .lines import SECRET, Line, Reading
from .mapping import SUBJECT, VOCABULARY
from .recognise import Table


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is empty for what is not spelt out (phones, ID numbers, addresses)."""

    code: str
    label: str
    value: str
    secret: bool
    others: tuple[str, ...] = ()  # student numbers, where the question is whose entry the row is


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts from 0. `wrong`: the cells that the reasons speak of; `others`: the rest of the row."""

    place: int
    line: int
    file: str
    sheet: str
    who: str
    reasons: tuple[str, ...]
    wrong: tuple[Cell, ...]
    others: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """The same word that is not understood in several rows of a column."""

    place: int
    code: str
    written: str
    label: str
    message: str
    rows: int


def rows_to_mend(content: Content, problems: Iterable[dict]) -> list[Row]:
    """One entry per row, in the order of the files; the given problems say what is wrong."""
    by_row: dict[tuple[int, int], list[dict]] = {}
    for problem in problems:
        by_row.setdefault((problem["place"], problem["line"] - 1), []).append(problem)
    tables = _tables(content)
    return [_row(tables[place], line, wrong) for (place, line), wrong in by_row.items() if place in tables]


def rows_left_out(content: Content, most: int) -> list[Row]:
    tables = _tables(content)
    out = [(place, line) for place, one in content.corrections.items() for line in one.left_out]
    return [_row(tables[place], line, []) for place, line in out[:most] if place in tables]


def words_to_explain(problems: Sequence[dict]) -> list[Word]:
    """Words of a small vocabulary that stop more than one row, the most frequent first."""
    found = [one for one in problems if _word_field(one["code"]) and one["value"]]
    counted = Counter((one["place"], _word_field(one["code"]), one["value"]) for one in found)
    first = {(one["place"], _word_field(one["code"]), one["value"]): one for one in reversed(found)}
    return [
        Word(*key, first[key]["heading"], first[key]["message"], rows)
        for key, rows in counted.most_common(20)
        if rows > 1
    ]


def _word_field(code: str) -> str:
    """The field whose vocabulary a cell belongs to; subjects' columns share that of results."""
    code = "points" if code.startswith(SUBJECT) else code
    return code if code in VOCABULARY else ""


def shown_value(content: Content, place: int, line: int, code: str) -> str:
    """What the page showed in a cell, so that only what a person changed is kept as a correction."""
    table = _tables(content).get(place)
    return _cell(_line(table, line), code).value if table else ""


def _tables(content: Content) -> dict[int, Table]:
    """The table of each sheet that says most about its rows."""
    return {table.sheet.place: table for table in content.tables()}


def _line(table: Table, line: int) -> Line:
    return Line(table, line, Reading())


def _row(table: Table, place: int, problems: list[dict]) -> Row:
    line = _line(table, place)
    wrong = list(dict.fromkeys(one["code"] for one in problems if one["code"]))
    others = [
        code for code in (*table.columns, *(SUBJECT + one for one in table.subjects)) if code not in wrong
    ]
    known = {one.code for one in table.kind.fields} | {SUBJECT + one for one in table.subjects}
    return Row(
        table.sheet.place,
        place,
        table.sheet.file,
        table.sheet.name,
        line.raw("name") if "name" in table.columns else "",
        tuple(dict.fromkeys(pgettext("between", ": ").join(filter(None, (one["heading"], one["message"]))) for one in problems)),
        tuple(_with_others(_cell(line, code), problems) for code in wrong if code in known),
        tuple(_cell(line, code) for code in others),
    )  # fmt: skip


def _with_others(cell: Cell, problems: list[dict]) -> Cell:
    asked = next((one["value"] for one in problems if one["code"] == SAME), "") if cell.code == SAME else ""
    return replace(cell, others=tuple(filter(None, asked.split("|")))) if asked else cell


def _cell(line: Line, code: str) -> Cell:
    if code.startswith(SUBJECT):
        subject = code.removeprefix(SUBJECT)
        return Cell(code, subject, line.subject(subject, line.table.subjects.get(subject, 10_000)), False)
    secret = code in SECRET
    return Cell(code, line.table.heading_of(code), "" if secret else line.raw(code), secret)
