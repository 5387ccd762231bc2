"""Registers and tables as Excel files: title, frozen header, widths, ready to print on A4.

Every text is written as text (leading zeros stay) and neutralised: no cell is ever a formula.
"""

import datetime
import io
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

from tongxing.paper.exchange.safe_cells import safe_cell

#: A Decimal is an amount in yuan.
Cell = str | int | Decimal | datetime.date | None
SONG, HEI = "宋体", "黑体"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters of the default font."""

    heading: str
    width: float = 12
    align: Literal["left", "center"] = "left"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`note` stands under the title: what was counted, until when, what is masked."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    landscape: bool = True


def workbook(*sheets: Sheet) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        for sheet in sheets:
            _write(book, sheet)
    return target.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name[:31])
    last = len(sheet.columns) - 1
    page.merge_range(0, 0, 0, last, safe_cell(sheet.title), _format(book, font=HEI, size=16, align="center"))
    page.merge_range(1, 0, 1, last, safe_cell(sheet.note), _format(book, size=10, wrap=True))
    page.set_row(0, 30)
    page.set_row(1, 15 * max(2, _lines_of(sheet.note, sum(column.width for column in sheet.columns))))
    heading = _format(book, font=HEI, size=11, align="center", border=1, wrap=True)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(2, number, column.heading, heading)
    _write_rows(book, page, sheet)
    _set_up_print(page, sheet, last)


def _write_rows(book: Any, page: Any, sheet: Sheet) -> None:
    cells = {align: _format(book, align=align, border=1, wrap=True) for align in ("left", "center")}
    days = _format(book, align="center", border=1, number="yyyy-mm-dd")
    amounts = _format(book, align="right", border=1, number="#,##0.00")
    for number, row in enumerate(sheet.rows, start=3):
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if isinstance(value, datetime.date):
                page.write_datetime(number, place, value, days)
            elif isinstance(value, Decimal):
                page.write_number(number, place, value, amounts)
            elif isinstance(value, int):
                page.write_number(number, place, value, cells["center"])
            else:
                page.write_string(number, place, safe_cell(value or ""), cells[column.align])
        page.set_row(number, 16 * _lines(row, sheet.columns))


def _lines(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> int:
    """How many lines the fullest cell needs, with room for broken words: not every program fits the row's height by itself."""
    needed = (
        _lines_of(value, column.width)
        for value, column in zip(row, columns, strict=True)
        if isinstance(value, str)
    )
    return max(1, *needed)


def _lines_of(text: str, width: float) -> int:
    """A wide character takes the room of two."""
    return math.ceil(sum(2 if character > "\u2e7f" else 1 for character in text) / (width - 2))


def _set_up_print(page: Any, sheet: Sheet, last: int) -> None:
    page.freeze_panes(3, 0)
    page.set_paper(9)  # A4
    if sheet.landscape:
        page.set_landscape()
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)  # inches
    page.repeat_rows(0, 2)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")
    if sheet.rows:
        page.autofilter(2, 0, 2 + len(sheet.rows), last)


def _format(
    book: Any,
    *,
    font: str = SONG,
    size: float = 11,
    align: str = "left",
    border: int = 0,
    wrap: bool = False,
    number: str = "",
) -> Any:
    style = {"font_name": font, "font_size": size, "align": align, "valign": "vcenter", "border": border}
    return book.add_format(
        style | ({"text_wrap": True} if wrap else {}) | ({"num_format": number} if number else {})
    )
