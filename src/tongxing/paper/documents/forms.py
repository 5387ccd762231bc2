"""What a form is: labelled fields in lines, lists, places to sign; and the tables of boxes that every file of it is made of.

Invariants:
- the form itself is always exactly the first page; every field stands on it, filled or not;
- letters grow smaller, down to 7 pt, before anything gives way; what still does not fit is cut where it stands and
  told in full on a following page. Nothing is lost and no field disappears.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

TICKED, OPEN = "■", "□"
#: The page inside its margins, in mm; letters from the usual to the smallest that is still read, in pt.
WIDTH, HEIGHT = 174, 262
SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7)
#: A line is twelve columns: each label takes two, its text what is left, shared by one to three cells.
COLUMNS, LABEL = 12, 2


@dataclass(frozen=True, slots=True)
class Cell:
    """`long`: its text may take several lines; what is left of the page goes to these. `signed`: room to sign."""

    label: str
    text: str = ""
    long: bool = False
    signed: bool = False


Line = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A list with its header; `widths` are shares of the page."""

    title: str
    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """`parts`: lines of one to three cells, and lists; `over`: what stands under the title; `foot`: at the foot of every page."""

    title: str
    over: str
    parts: tuple[Line | Grid, ...]
    foot: str

    @property
    def cells(self) -> list[Cell]:
        return [cell for part in self.parts if not isinstance(part, Grid) for cell in part]


def line(*pairs: tuple[object, str]) -> Line:
    return tuple(Cell(str(label), text) for label, text in pairs)


def long_line(label: object, text: str) -> Line:
    return (Cell(str(label), text, long=True),)


def signatures(*pairs: tuple[object, str]) -> Line:
    """Who signs, with what is known already."""
    return tuple(Cell(str(label), text, signed=True) for label, text in pairs)


def boxes(options: Iterable[tuple[object, str | Promise]], chosen: object) -> str:
    """■ 走读 □ 住校: the recorded one is ticked; nothing recorded leaves every box to the pen."""
    return "  ".join(f"{TICKED if code == chosen else OPEN} {label}" for code, label in options)


def yes_no(known: bool | None) -> str:
    return boxes([(True, _("yes")), (False, _("no"))], known)


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of a table, `span` columns wide. `under`: the label of what may have to be continued."""

    text: str
    span: int = 1
    label: bool = False
    long: bool = False
    signed: bool = False
    under: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`shares`: how wide the columns are, as shares of the page."""

    shares: tuple[int, ...]
    rows: tuple[tuple[Box, ...], ...]


def tables(form: Form) -> Iterator[Table]:
    """The form as it is set: lines that follow each other are one table, each list is one."""
    for is_grid, parts in groupby(form.parts, lambda part: isinstance(part, Grid)):
        if is_grid:
            yield from (_of_grid(part) for part in parts if isinstance(part, Grid))
        else:
            lines = [part for part in parts if not isinstance(part, Grid)]
            yield Table((1,) * COLUMNS, tuple(tuple(_of_line(one)) for one in lines))


def _of_line(cells: Line) -> Iterator[Box]:
    room = COLUMNS // len(cells) - LABEL
    for cell in cells:
        yield Box(cell.label, LABEL, label=True)
        yield Box(cell.text, room, long=cell.long, signed=cell.signed, under=cell.label)


def _of_grid(grid: Grid) -> Table:
    head = tuple(Box(text, label=True) for text in grid.header)
    rows = tuple(
        tuple(Box(text, under=under) for text, under in zip(row, grid.header, strict=True))
        for row in grid.rows
    )
    title = ((Box(grid.title, len(grid.widths), label=True),),) if grid.title else ()
    return Table(grid.widths, (*title, head, *rows))


def cut(text: str, most: int | None) -> str:
    """As much of a text as stands on the form; how it ends says where the rest is."""
    return text if most is None or len(text) <= most else f"{text[:most]}… {continued()}"


def continued() -> str:
    return _("(continued on the next page)")


def more_of(title: str) -> str:
    return " · ".join([_("Continued"), title])


def longer(form: Form, most: int | None) -> list[tuple[str, str]]:
    """What is cut at that length, in full, by its label."""
    found = [box for table in tables(form) for row in table.rows for box in row]
    return [
        (box.under, box.text) for box in found if not box.label and most is not None and len(box.text) > most
    ]
