"""Sheets that leave for the person who imports: empty templates, and the list of rows to correct."""

import csv
import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from .kinds import KINDS, Kind
from .models import ImportBatch
from .safe_cells import safe_cell

ROWS = 2000  # of a template are formatted as text, so that leading zeros and long numbers stay


def template(kind: Kind) -> bytes:
    """An empty sheet with the headings of a kind; what must be filled carries a star, the examples are hints."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(str(kind.name)[:31])
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E3F0EB"})
        text = book.add_format({"num_format": "@"})
        fields = [kind.field(code) for code in kind.in_template]
        headings = [f"{field}{'*' if field.code in kind.must else ''}" for field in fields]
        hints = [field.example for field in fields]
        if kind.code == "wide_scores":
            headings, hints = [*headings, "语文", "数学", "英语"], [*hints, "85", "优", "缺考"]
        for column, (heading, hint) in enumerate(zip(headings, hints, strict=True)):
            page.write_string(0, column, heading, head)
            page.set_column(column, column, max(10, 2 * len(heading)), text)
            if hint:
                _hint(page, column, hint)
        page.freeze_panes(1, 0)
    return target.getvalue()


def _hint(page: Any, column: int, example: str) -> None:
    page.data_validation(
        1,
        column,
        ROWS,
        column,
        {"validate": "any", "input_title": _("For example"), "input_message": example},
    )


def _rows(batch: ImportBatch) -> list[list[str]]:
    heads = [_("File"), _("Sheet"), _("Line"), _("Column"), _("Written there"), _("What to do")]
    found = [
        [p["file"], p["sheet"], str(p["line"]), p["heading"], p["value"], p["message"]]
        for p in batch.problems
    ]
    return [heads, *([str(safe_cell(cell)) for cell in row] for row in found)]


def problems_xlsx(batch: ImportBatch) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for line, row in enumerate(_rows(batch)):
            for column, cell in enumerate(row):
                page.write_string(line, column, cell)
        for column, width in enumerate((24, 12, 8, 16, 20, 60)):
            page.set_column(column, column, width)
    return target.getvalue()


def problems_csv(batch: ImportBatch) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheet programs expect it."""
    target = io.StringIO()
    csv.writer(target).writerows(_rows(batch))
    return target.getvalue().encode("utf-8-sig")


def kind_named(code: str) -> Kind | None:
    return KINDS.get(code)
