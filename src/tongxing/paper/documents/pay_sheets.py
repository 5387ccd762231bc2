"""A table of people and amounts as a file: to pay by (xlsx), or for everybody to sign (pdf)."""

from tongxing.ground.kernel import clock, money

from .content import Document, Paragraph, Table
from .pdf import pdf_file
from .sheets import Cell, Column, Sheet, workbook

KINDS = ("xlsx", "pdf")


def sheet_file(
    school: str,
    title: str,
    note: str,
    heads: list[str],
    widths: list[int],
    rows: list[list[str | int]],
    kind: str,
) -> bytes:
    """An integer is an amount in fen."""
    if kind == "xlsx":
        columns = tuple(Column(*both) for both in zip(heads, widths, strict=True))
        cells: tuple[tuple[Cell, ...], ...] = tuple(
            tuple(money.decimal(value) if isinstance(value, int) else value for value in row) for row in rows
        )
        return workbook(Sheet(title[:31], f"{school} {title}", note, columns, cells))
    blocks = (Paragraph(note), money_table(heads, widths, rows))
    return pdf_file(Document(f"{school}\n{title}", blocks, issuer=school, dated=clock.today()))


def money_table(heads: list[str], widths: list[int], rows: list[list[str | int]]) -> Table:
    printed = tuple(
        tuple(money.yuan(value) if isinstance(value, int) else value for value in row) for row in rows
    )
    return Table(tuple(heads), printed, tuple(widths))
