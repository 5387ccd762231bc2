"""Cells that no spreadsheet program takes for a formula.

A text that starts like a formula (= + - @, tab, carriage return, or their full-width forms) is written
with an apostrophe in front, so that a name typed by anybody stays a name in every program that opens the
file, also after it was saved as CSV. Numbers, dates and None pass unchanged.
"""

from typing import TypeVar

STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

Cell = TypeVar("Cell")


def safe_cell(value: Cell) -> Cell | str:
    """`value`, or the same text with an apostrophe in front if it could be taken for a formula."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(STARTS_A_FORMULA):
        return "'" + value
    return value
