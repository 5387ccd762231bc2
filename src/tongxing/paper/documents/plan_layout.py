"""A form on one A4 page, as PDF and as Word: a title, lines of label and value, tables, places to sign.

Invariants:
- one page, whatever was written: the letters shrink until everything fits (PDF: measured; Word: reckoned from the
  widths, with room to spare);
- an empty value reads “no records”: nothing is made up.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .pdf import compile_pdf
from .word import (
    FANGSONG,
    HEI,
    LATIN,
    MADE,
    SONG,
    TITLE,
    add_run,
    element,
    name_fallback_fonts,
    same_every_time,
)

#: The page inside its margins, in mm; letters from the usual to the smallest that is still read, in pt.
WIDTH, HEIGHT, MARGIN = 178, 265, 16
SIZES = (12, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
PT_IN_MM = 25.4 / 72
LABEL = 36  # mm of a label's column
LINE = 1.3  # lines are this much higher than letters
TITLE_MM = 14


@dataclass(frozen=True, slots=True)
class Lines:
    """Label and value, one below the other, or two beside each other where they are short."""

    rows: tuple[tuple[str, str], ...]
    two: bool = False
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `widths` are shares of the page."""

    title: str
    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs: the name below which there is room, and what is known already."""

    places: tuple[tuple[str, str], ...]
    kind: str = "signatures"


Part = Lines | Grid | Signatures


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    parts: tuple[Part, ...]
    foot: str


def form_file(form: Form, kind: str) -> bytes:
    """`kind`: pdf or docx."""
    return form_pdf(form) if kind == "pdf" else form_word(form)


def form_pdf(form: Form) -> bytes:
    return compile_pdf("plan.typ", asdict(form) | {"none": _("no records"), "sizes": SIZES})


def form_word(form: Form) -> bytes:
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.left_margin = section.right_margin = Mm(MARGIN)
    section.footer_distance = Mm(7)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(2)  # the lines between tables take no room
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    name_fallback_fonts(word)
    size = letters(form)
    head = word.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.space_after = Pt(6)
    add_run(head, form.title, TITLE, Pt(17))
    for grid in tables(form):
        _table(word, grid, size)
        word.add_paragraph()
    add_run(section.footer.paragraphs[0], form.foot, FANGSONG, Pt(8))
    word.core_properties.title = form.title
    word.core_properties.author = word.core_properties.comments = ""
    word.core_properties.created = word.core_properties.modified = MADE
    target = io.BytesIO()
    word.save(target)
    return same_every_time(target)


@dataclass(frozen=True, slots=True)
class Table:
    """What a part is in Word. `widths` in mm; the columns named in `labels` are set like headings."""

    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: frozenset[int] = frozenset()
    head: bool = False

    def height(self, size: float) -> float:
        """mm, reckoned from how many letters fit into a cell."""
        return sum(self._height(row, size) for row in self.rows) + 2

    def _height(self, row: tuple[str, ...], size: float) -> float:
        letter = size * PT_IN_MM
        lines = max(
            sum(
                max(1, math.ceil(len(line) / max(1, int((width - 4.2) / letter))))
                for line in cell.split("\n")
            )
            for cell, width in zip(row, self.widths, strict=True)
        )
        return lines * letter * LINE + 0.8


def tables(form: Form) -> Iterator[Table]:
    for part in form.parts:
        if isinstance(part, Lines):
            yield _of_lines(part)
        elif isinstance(part, Grid):
            if part.title:
                yield Table((WIDTH,), ((part.title,),), head=True)
            unit = WIDTH / sum(part.widths)
            rows = part.rows or ((_("no records"), *[""] * (len(part.header) - 1)),)
            yield Table(tuple(unit * one for one in part.widths), (part.header, *rows), head=True)
        else:
            share = WIDTH / len(part.places)
            texts = tuple(f"{label}\n{known}\n" for label, known in part.places)
            yield Table((share,) * len(texts), (texts,))


def _of_lines(part: Lines) -> Table:
    rows = [(label, value or _("no records")) for label, value in part.rows]
    if not part.two:
        return Table((LABEL, WIDTH - LABEL), tuple(rows), frozenset({0}))
    half = WIDTH / 2
    rows += [("", "")] * (len(rows) % 2)
    pairs = tuple((*rows[n], *rows[n + 1]) for n in range(0, len(rows), 2))
    return Table((LABEL, half - LABEL, LABEL, half - LABEL), pairs, frozenset({0, 2}))


def letters(form: Form) -> float:
    """The largest letters with which everything stands on one page."""
    found = list(tables(form))
    room = HEIGHT - TITLE_MM
    return next((size for size in SIZES if sum(one.height(size) for one in found) <= room), SIZES[-1])


def _table(word: Any, table: Table, size: float) -> None:
    grid = word.add_table(rows=len(table.rows), cols=len(table.widths), style="Table Grid")
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(width)
    for number, texts in enumerate(table.rows):
        for place, (cell, text, width) in enumerate(
            zip(grid.rows[number].cells, texts, table.widths, strict=True)
        ):
            cell.width = Mm(width)
            line = cell.paragraphs[0]
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            line.paragraph_format.line_spacing = Pt(size * LINE)
            line._p.pPr.find(qn("w:spacing")).addprevious(element("w:snapToGrid", val=0))
            is_label = place in table.labels or (table.head and number == 0)
            add_run(line, text, HEI if is_label else SONG, Pt(size))
