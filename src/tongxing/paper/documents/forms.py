"""A form on one A4 page: labelled fields in lines, the empty ones to be filled in by hand. Pure.

Invariants:
- the form itself is always exactly the first page; every field stands on it, filled or not;
- letters grow smaller, down to 8 pt, before anything gives way; what still does not fit is cut where it stands and
  printed in full on a following page. Nothing is lost and no field disappears.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .pdf import compile_pdf

TICKED, OPEN = "■", "□"


@dataclass(frozen=True, slots=True)
class Cell:
    """`long`: its text may take several lines; what is left of the page goes to these."""

    label: str
    text: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """`lines`: one to three cells each; `over`: what stands under the title; `foot`: at the foot of every page."""

    title: str
    over: str
    lines: tuple[tuple[Cell, ...], ...]
    foot: str

    @property
    def labels(self) -> list[str]:
        return [cell.label for line in self.lines for cell in line]


def line(*pairs: tuple[object, str]) -> tuple[Cell, ...]:
    return tuple(Cell(str(label), text) for label, text in pairs)


def long_line(label: object, text: str) -> tuple[Cell, ...]:
    return (Cell(str(label), text, long=True),)


def boxes(options: Iterable[tuple[object, str | Promise]], chosen: object) -> str:
    """■ 走读 □ 住校: the recorded one is ticked; nothing recorded leaves every box to the pen."""
    return "  ".join(f"{TICKED if code == chosen else OPEN} {label}" for code, label in options)


def yes_no(known: bool | None) -> str:
    return boxes([(True, _("yes")), (False, _("no"))], known)


def form_pdf(forms: Sequence[Form]) -> bytes:
    """One PDF; each form begins on a page of its own."""
    words = {"continued": _("(continued on the next page)"), "more": _("Continued")}
    return compile_pdf("form.typ", {"forms": [asdict(form) for form in forms], "words": words})
