"""A form as a Word file, for whoever must go on writing in it: the same tables as in the PDF, on one A4 page.

Word has no way to ask how high a text will be, so that is reckoned from the widths, with room to spare.
"""

import io
import math
from dataclasses import dataclass
from typing import Any

import docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from .forms import HEIGHT, SIZES, WIDTH, Box, Form, Table, cut, longer, more_of, tables
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

TOP, SIDE = 17, 18  # margins in mm
PT_IN_MM = 25.4 / 72
TWIPS_IN_MM = 1440 / 25.4
LINE = 1.3  # lines are this much higher than letters
CELL_SIDE, CELL_TOP = 1.9, 0.06  # white in a cell: mm; above and below mm for each pt of its letters
TITLE_MM, OVER_MM, BETWEEN_MM = 11, 7, 1.5
SIGNED_MM = 11
SPARE = 0.96  # of the page: other fonts run a little wider
LONGEST, WIDEST_PAD = 4000, 3.5  # signs of a text; mm more for a line of a form without long answers


@dataclass(frozen=True, slots=True)
class Fit:
    """How a form stands on its page: letters in pt, the most signs of one text, mm more for a line or a long answer."""

    size: float
    most: int | None
    pad: float
    extra: float


def form_word(form: Form) -> bytes:
    found, fit = list(tables(form)), fit_of(form)
    word = _document(form)
    _centred(word, form.title, TITLE, 16, after=2)
    if form.over:
        _centred(word, form.over, SONG, 9.5, after=4)
    for table in found:
        _table(word, table, fit)
        word.add_paragraph()
    _continue(word, form, longer(form, fit.most))
    target = io.BytesIO()
    word.save(target)
    return same_every_time(target)


def _document(form: Form) -> Any:
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(297 - TOP - HEIGHT)
    section.left_margin = section.right_margin = Mm(SIDE)
    section.footer_distance = Mm(8)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(2)  # the lines between tables take no room
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1
    name_fallback_fonts(word)
    add_run(section.footer.paragraphs[0], form.foot, FANGSONG, Pt(8))
    word.core_properties.title = form.title
    word.core_properties.author = word.core_properties.comments = ""
    word.core_properties.created = word.core_properties.modified = MADE
    return word


def fit_of(form: Form) -> Fit:
    """The largest letters with which everything stands on one page; else the most of each text at the smallest."""
    found = list(tables(form))
    room = HEIGHT * SPARE - TITLE_MM - (OVER_MM if form.over else 0) - BETWEEN_MM * len(found)
    size = next((size for size in SIZES if height(found, size, None) <= room), SIZES[-1])
    most = None if height(found, size, None) <= room else _most(found, size, room)
    left = max(0.0, room - height(found, size, most))
    rows = [row for table in found for row in table.rows]
    answers = sum(any(box.long for box in row) for row in rows)
    if answers:
        return Fit(size, most, 0, left / answers)
    return Fit(size, most, min(WIDEST_PAD, left / len(rows)), 0)


def _most(found: list[Table], size: float, room: float) -> int:
    low, high = 0, LONGEST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if height(found, size, middle) <= room else (low, middle - 1)
    return low


def height(found: list[Table], size: float, most: int | None) -> float:
    """mm of these tables, reckoned from how many letters fit into each box."""
    return sum(row_height(table, row, size, most) for table in found for row in table.rows)


def row_height(table: Table, row: tuple[Box, ...], size: float, most: int | None) -> float:
    letter, place, tallest = size * PT_IN_MM, 0, 0.0
    for box in row:
        in_line = max(1, int((_width(table, place, box) - 2 * CELL_SIDE - 0.4) / letter))
        text = box.text if box.label else cut(box.text, most)
        lines = sum(max(1, math.ceil(len(one) / in_line)) for one in text.split("\n"))
        needed = lines * letter * LINE
        tallest = max(tallest, needed + (SIGNED_MM - letter * LINE if box.signed else 0))
        place += box.span
    return tallest + 2 * CELL_TOP * size + 0.3


def _width(table: Table, place: int, box: Box) -> float:
    return WIDTH * sum(table.shares[place : place + box.span]) / sum(table.shares)


def _table(word: Any, table: Table, fit: Fit) -> None:
    grid = word.add_table(rows=0, cols=len(table.shares), style="Table Grid")
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    margins = element("w:tblCellMar")
    top = CELL_TOP * fit.size
    for side, white in (("top", top), ("left", CELL_SIDE), ("bottom", top), ("right", CELL_SIDE)):
        margins.append(element(f"w:{side}", w=round(white * TWIPS_IN_MM), type="dxa"))
    grid._tbl.tblPr.append(margins)
    for column, share in zip(grid.columns, table.shares, strict=True):
        column.width = Mm(WIDTH * share / sum(table.shares))
    for boxes in table.rows:
        row = grid.add_row()
        stretched = fit.extra if any(box.long for box in boxes) else fit.pad
        row.height = Mm(row_height(table, boxes, fit.size, fit.most) + stretched)
        row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        spare, place = list(row._tr.tc_lst), 0
        for box in boxes:
            tc = spare.pop(0)
            tc.grid_span, tc.width = box.span, Mm(_width(table, place, box))
            _fill(_Cell(tc, grid), box, fit)
            place += box.span
        for tc in spare:
            row._tr.remove(tc)


def _fill(cell: _Cell, box: Box, fit: Fit) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = Pt(fit.size * LINE)
    line._p.pPr.find(qn("w:spacing")).addprevious(element("w:snapToGrid", val=0))
    if box.label:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill="F5F5F5"))
    cell.vertical_alignment = WD_ALIGN_VERTICAL.TOP if box.long else WD_ALIGN_VERTICAL.CENTER
    text = box.text if box.label else cut(box.text, fit.most)
    add_run(line, text, HEI if box.label else SONG, Pt(fit.size))


def _continue(word: Any, form: Form, rest: list[tuple[str, str]]) -> None:
    """What was cut, in full on a page after the form."""
    if not rest:
        return
    head = word.add_paragraph()
    head.paragraph_format.page_break_before = True
    head.paragraph_format.space_after = Pt(8)
    add_run(head, more_of(form.title), HEI, Pt(12))
    for label, text in rest:
        above = word.add_paragraph()
        above.paragraph_format.keep_with_next = True
        above.paragraph_format.space_before = Pt(9)
        add_run(above, label, HEI, Pt(10))
        add_run(word.add_paragraph(), text, SONG, Pt(9.5))


def _centred(word: Any, text: str, font: str, size: float, *, after: float) -> None:
    line = word.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(after)
    add_run(line, text, font, Pt(size))
