"""A register as a file: Excel to go on with, PDF to print and sign, Word to edit. All three are made of the same sheets."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tongxing.ground.kernel import money

from .pdf import compile_pdf
from .sheets import Cell, Sheet, workbook
from .word import HEI, LATIN, MADE, SONG, add_run, element, name_fallback_fonts, same_every_time

KINDS = ("xlsx", "pdf", "docx")
SHORT, LONG, MARGIN = 210, 297, 15  # mm of A4
TITLE, NOTE, CELL = 16, 9, 9  # pt
SMALLEST, WIDE = 7, 150  # pt; characters of all columns from which letters grow smaller


def table_file(kind: str, *sheets: Sheet) -> bytes:
    """`kind`: one of `KINDS`."""
    if kind == "xlsx":
        return workbook(*sheets)
    return table_pdf(sheets) if kind == "pdf" else table_word(sheets)


def table_pdf(sheets: Sequence[Sheet]) -> bytes:
    """Each sheet begins on a page of its own; its header stands on every page."""
    return compile_pdf("tables.typ", {"sheets": [_told(sheet) for sheet in sheets]})


def _told(sheet: Sheet) -> dict[str, object]:
    return {
        "title": sheet.title,
        "note": sheet.note,
        "landscape": sheet.landscape,
        "size": letters(sheet),
        "header": [column.heading for column in sheet.columns],
        "widths": [column.width for column in sheet.columns],
        "aligns": [column.align for column in sheet.columns],
        "rows": [[printed(cell) for cell in row] for row in sheet.rows],
    }


def letters(sheet: Sheet) -> float:
    """pt: many columns are read in smaller letters."""
    wide = sum(column.width for column in sheet.columns)
    return max(SMALLEST, min(CELL, round(CELL * WIDE / wide, 1)))


def printed(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str | int):
        return str(cell)
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else money.yuan(int(cell * 100))


def table_word(sheets: Sequence[Sheet]) -> bytes:
    word = docx.Document()
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(CELL)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    name_fallback_fonts(word)
    for number, sheet in enumerate(sheets):
        section = word.add_section() if number else word.sections[0]
        _lay_out(section, sheet)
        _above(word, sheet)
        _grid(word, sheet)
    word.core_properties.title = sheets[0].title
    word.core_properties.author = word.core_properties.comments = ""
    word.core_properties.created = word.core_properties.modified = MADE
    target = io.BytesIO()
    word.save(target)
    return same_every_time(target)


def _lay_out(section: Any, sheet: Sheet) -> None:
    wide, high = (LONG, SHORT) if sheet.landscape else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if sheet.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(MARGIN)


def _above(word: Any, sheet: Sheet) -> None:
    for text, font, size, side in (
        (sheet.title, HEI, TITLE, WD_ALIGN_PARAGRAPH.CENTER),
        (sheet.note, SONG, NOTE, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = word.add_paragraph()
        line.alignment = side
        line.paragraph_format.space_after = Pt(4)
        add_run(line, text, font, Pt(size))


def _grid(word: Any, sheet: Sheet) -> None:
    grid = word.add_table(rows=1 + len(sheet.rows), cols=len(sheet.columns), style="Table Grid")
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    room = (LONG if sheet.landscape else SHORT) - 2 * MARGIN
    unit, size = room / sum(column.width for column in sheet.columns), Pt(letters(sheet))
    for column, told in zip(grid.columns, sheet.columns, strict=True):
        column.width = Mm(unit * told.width)
    lines = [
        [column.heading for column in sheet.columns],
        *([printed(one) for one in row] for row in sheet.rows),
    ]
    for number, (row, texts) in enumerate(zip(grid.rows, lines, strict=True)):
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, text, column in zip(row.cells, texts, sheet.columns, strict=True):
            cell.width = Mm(unit * column.width)
            line = cell.paragraphs[0]
            add_run(line, text, HEI if number == 0 else SONG, size)
            if number == 0 or column.align == "center":
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    grid.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
