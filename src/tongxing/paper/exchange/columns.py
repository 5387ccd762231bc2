"""The choice of a sheet's kind, heading line and columns, as the page shows it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .by_values import columns_by_values, is_a_person
from .content import Content
from .kinds import KINDS, SAME, STUDENTS, Kind
from .lines import SECRET
from .mapping import SUBJECT, Mapping, lacking
from .reader import Sheet
from .recognise import SEARCHED_LINES, guess

SAMPLES = 3
NUMBERS = re.compile(r"\d{11,}[\dXx]?")


@dataclass(frozen=True, slots=True)
class Column:
    """`field`: a field's code, SUBJECT for results of a subject, "" for not used."""

    number: int
    letter: str
    heading: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page shows: the mapping as it stands, and what it still lacks in words."""

    sheet: Sheet
    mapping: Mapping
    columns: tuple[Column, ...]
    lines: tuple[tuple[int, str], ...]
    fields: tuple[tuple[str, Any], ...]
    lacking: tuple[str, ...]

    @property
    def is_about_an_exam(self) -> bool:
        return self.mapping.kind in {"scores", "wide_scores"}


def choice(content: Content, place: int, kind: str | None, line: int | None) -> Choice:
    """The choice for a sheet: as asked for (`kind`, `line`), else as it is read at present."""
    sheet = content.sheets[place]
    now = _as_read(content, sheet)
    if kind is not None and (kind, line) != (now.kind, now.heading):
        line = now.heading if line is None else line
        now = _proposed(sheet, guess(sheet, KINDS[kind], line)) if kind in KINDS else Mapping("", line)
    return of_mapping(sheet, now)


def of_mapping(sheet: Sheet, mapping: Mapping) -> Choice:
    kind = KINDS.get(mapping.kind)
    return Choice(
        sheet,
        mapping,
        tuple(_columns(sheet, mapping)) if kind else (),
        tuple((line, _first_words(row)) for line, row in enumerate(sheet.rows[:SEARCHED_LINES]) if any(row)),
        tuple((one.code, one.label) for one in kind.fields if one.code != SAME) if kind else (),
        tuple(lacking(kind, mapping.columns, mapping.subjects)) if kind else (),
    )


def _as_read(content: Content, sheet: Sheet) -> Mapping:
    if chosen := content.chosen.get(sheet.place):
        return chosen
    if tables := content.tables_of(sheet, content.handed_in_profile):
        table = tables[-1]
        return Mapping(table.kind.code, table.heading, table.columns, table.subjects)
    fullest = max(
        range(min(SEARCHED_LINES, len(sheet.rows))), key=lambda line: sum(map(bool, sheet.rows[line]))
    )
    likely_first = sorted(KINDS.values(), key=lambda kind: kind is not STUDENTS)
    guesses = [guess(sheet, kind, fullest) for kind in likely_first]
    best = max(guesses, key=lambda one: len(one.columns) + len(one.subjects))
    first = next((line for line, row in enumerate(sheet.rows) if any(row)), 0)
    if fullest == first and not best.columns and is_a_person(sheet.rows[fullest]):
        best = guess(sheet, STUDENTS, -1)
    return _proposed(sheet, best)


def _proposed(sheet: Sheet, mapping: Mapping) -> Mapping:
    """What the headings say, and where they say nothing what the cells look like."""
    more = columns_by_values(sheet, KINDS[mapping.kind], mapping.heading, mapping.columns)
    free = {code: column for code, column in more.items() if column not in mapping.subjects.values()}
    return replace(mapping, columns=mapping.columns | free)


def _columns(sheet: Sheet, mapping: Mapping) -> list[Column]:
    fields = {column: code for code, column in mapping.columns.items()}
    fields |= dict.fromkeys(mapping.subjects.values(), SUBJECT)
    heads = sheet.rows[mapping.heading] if mapping.heading >= 0 else []
    below = [row for row in sheet.rows[mapping.heading + 1 :] if any(row)][:SAMPLES]
    width = max(map(len, sheet.rows[: SEARCHED_LINES + SAMPLES]), default=0)
    found = []
    for number in range(width):
        code = fields.get(number, "")
        samples = tuple(
            sample(row[number], code) for row in below if number < len(row) and row[number].strip()
        )
        heading = heads[number] if number < len(heads) else ""
        if heading or samples:
            found.append(Column(number, letter(number), heading, samples, code))
    return found


def sample(text: str, code: str) -> str:
    """A cell as an example; long numbers and addresses are not spelt out."""
    if code in SECRET:
        return text[:2] + "***"
    return NUMBERS.sub(lambda found: found.group()[:2] + "***", text)[:30]


def letter(number: int) -> str:
    """A, B … Z, AA: how spreadsheet programs name a column."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _first_words(row: Sequence[str]) -> str:
    words = [NUMBERS.sub("***", cell[:12]) for cell in row if cell]
    return " · ".join(words[:6])


def subject_named(sheet: Sheet, mapping_kind: Kind, line: int, column: int) -> str:
    """The subject whose results stand in a column: known by its heading, else the heading itself."""
    known = {place: subject for subject, place in guess(sheet, mapping_kind, line).subjects.items()}
    row = sheet.rows[line] if 0 <= line < len(sheet.rows) else []
    heading = row[column].strip() if column < len(row) else ""
    return known.get(column) or heading[:30] or letter(column)
