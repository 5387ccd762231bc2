"""A form as an Excel sheet: the same tables as in the PDF and in Word, on one A4 page, to be copied from or gone on in.

Every cell is text, none a formula; what does not fit a cell is still whole in it.
"""

import io
import math
from functools import reduce
from typing import Any

import xlsxwriter

from tongxing.paper.exchange.safe_cells import safe_cell

from .forms import Box, Form, Table, tables
from .sheets import HEI, SONG

LETTERS = 90  # of a sheet's width, in characters of its font
LINE = 15  # pt
SIGNED_LINES, LONG_LINES = 2, 2
TALLEST = 400  # pt: Excel's rows end at 409


def form_excel(form: Form) -> bytes:
    found = list(tables(form))
    columns = reduce(math.lcm, (sum(table.shares) for table in found))
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(_sheet_name(form.title))
        edges = _edges(found, columns)
        for number, (first, last) in enumerate(zip(edges, edges[1:], strict=False)):
            page.set_column(number, number, LETTERS * (last - first) / columns)
        _head(book, page, form, len(edges) - 2)
        line = 2
        for table in found:
            line = _table(book, page, table, line, edges, columns)
        _set_up_print(page, form)
    return target.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\")[:31]


def _edges(found: list[Table], columns: int) -> list[int]:
    """Where any cell of any table begins or ends: these and no others are the columns of the sheet."""
    edges = {0, columns}
    for table in found:
        for row in table.rows:
            edges.update(_places(table, row, columns))
    return sorted(edges)


def _places(table: Table, row: tuple[Box, ...], columns: int) -> list[int]:
    """The edges of the boxes of a line, the last box up to the end of the page."""
    unit, place, found = columns // sum(table.shares), 0, [0]
    for box in row:
        place += box.span
        found.append(unit * sum(table.shares[:place]))
    return [*found[:-1], columns]


def _head(book: Any, page: Any, form: Form, last: int) -> None:
    middle = {"align": "center", "valign": "vcenter"}
    title = book.add_format(middle | {"font_name": HEI, "font_size": 16})
    _across(page, 0, 0, last, form.title, title)
    over = book.add_format(middle | {"font_name": SONG, "font_size": 10})
    _across(page, 1, 0, last, form.over, over)
    page.set_row(0, 30)


def _across(page: Any, line: int, first: int, last: int, text: str, how: Any) -> None:
    """A text in one cell or over several."""
    if first == last:
        page.write_string(line, first, safe_cell(text), how)
    else:
        page.merge_range(line, first, line, last, safe_cell(text), how)


def _table(book: Any, page: Any, table: Table, line: int, edges: list[int], columns: int) -> int:
    """Returns the line after it."""
    style: dict[str, Any] = {
        "font_size": 10.5,
        "border": 1,
        "text_wrap": True,
        "valign": "vcenter",
        "num_format": "@",
    }
    label = book.add_format(style | {"font_name": HEI, "align": "center", "bg_color": "#F5F5F5"})
    plain = book.add_format(style | {"font_name": SONG})
    long = book.add_format(style | {"font_name": SONG, "valign": "top"})
    for row in table.rows:
        places, tallest = _places(table, row, columns), 1
        for box, first, last in zip(row, places, places[1:], strict=False):
            first_column, last_column = edges.index(first), edges.index(last) - 1
            how = label if box.label else long if box.long else plain
            _across(page, line, first_column, last_column, box.text, how)
            tallest = max(tallest, _lines(box, LETTERS * (last - first) / columns))
        page.set_row(line, min(TALLEST, LINE * tallest + 6))
        line += 1
    return line


def _lines(box: Box, width: float) -> int:
    """A wide sign takes the room of two."""
    needed = sum(
        max(1, math.ceil(sum(2 if sign > "\u2e7f" else 1 for sign in one) / max(1.0, width - 2)))
        for one in box.text.split("\n")
    )
    return needed + (LONG_LINES if box.long else 0) + (SIGNED_LINES if box.signed else 0)


def _set_up_print(page: Any, form: Form) -> None:
    page.set_paper(9)  # A4
    page.set_margins(left=0.7, right=0.7, top=0.7, bottom=0.7)  # inches
    page.fit_to_pages(1, 1)
    page.center_horizontally()
    page.set_footer("&L&8" + form.foot.replace("&", "&&")[:200])
