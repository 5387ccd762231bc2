"""The monthly inspection on paper (月督查表): thanks, what was asked and done, what is to be improved.

Invariants:
- the figures are the frozen ones; what was recorded later is not mixed into them;
- thanks stand before everything else; every point names who sees to it and until when.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.inspection.figures import MonthFigures
from tongxing.oversight.inspection.models import MANAGE, Finding, Inspection

from .content import Block, Document, Heading, Paragraph, Table, in_chinese, moment_text
from .inspection_around import around
from .sheets import Cell, Column, Sheet, workbook
from .writers import WRITERS

#: What is looked at beside the promises: (code of what is asked, code of what is done).
COVERAGE = (
    ("enrolled", "looked_at"),
    ("registered", "paired"),
    ("home_visits_asked", "home_visits_done"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form. `asked` and `done` None: the line is a point that belongs to no figure."""

    item: str
    asked: int | None = None
    done: int | None = None
    problem: str = ""
    person: str = ""
    until: datetime.date | None = None
    again: str = ""


@transaction.atomic
def inspection_sheet(actor: Actor, inspection: Inspection) -> bytes:
    """The form as an Excel file: the points on the first sheet, asked and done by class on the second."""
    figures, rows = _told(actor, inspection, "xlsx")
    by_class = [_by_class(inspection, figures)] if figures.promises else []
    return workbook(_form(inspection, figures, rows), *by_class)


@transaction.atomic
def inspection_paper(actor: Actor, inspection: Inspection, kind: str) -> bytes:
    """The form with what was seen and drawn, as a Word file or PDF (`kind`: docx, pdf)."""
    if kind not in WRITERS:
        raise Refused(_("There is no such form."))
    figures, rows = _told(actor, inspection, kind)
    return WRITERS[kind](inspection_document(inspection, figures, rows, around(actor, inspection)))


def _told(actor: Actor, inspection: Inspection, kind: str) -> tuple[MonthFigures, tuple[Row, ...]]:
    actor.require(MANAGE, school_id=inspection.school_id)
    findings = list(inspection.findings.standing().select_related("person"))
    rows = tuple(form_rows(inspection.frozen, findings))
    audit.record(
        actor,
        "document.make",
        school_id=inspection.school_id,
        subject=("inspection", inspection.pk),
        detail={"kind": f"inspection.{kind}", "rows": len(rows)},
    )
    return inspection.frozen, rows


def form_rows(figures: MonthFigures, findings: Iterable[Finding]) -> Iterator[Row]:
    """Coverage, then the promises, each with the points found about it; then points about nothing counted."""
    of_item: dict[str, list[Finding]] = {}
    for one in findings:
        of_item.setdefault(one.item.partition(".")[0], []).append(one)
    for asked, done in COVERAGE:
        about = [one for code in dict.fromkeys((asked, done)) for one in of_item.pop(code, [])]
        yield from _lines(label(figures, done), _value(figures, asked), _value(figures, done), 0, about)
    for code, name in figures.promises:
        asked_, done_, missing = (_value(figures, f"{code}.{part}") for part in ("asked", "done", "missing"))
        yield from _lines(name, asked_, done_, missing or 0, of_item.pop(code, []))
    for about in of_item.values():
        for one in about:
            yield _row(label(figures, one.item) or pgettext("inspection", "Other"), None, None, one)


def label(figures: MonthFigures, code: str) -> str:
    found = figures.get(code)
    return found.label if found else ""


def _value(figures: MonthFigures, code: str) -> int | None:
    found = figures.get(code)
    return found.value if found else None


def _lines(
    item: str, asked: int | None, done: int | None, missing: int, about: list[Finding]
) -> Iterator[Row]:
    if not about:
        words = ngettext("%(n)s not written down yet", "%(n)s not written down yet", missing) % {"n": missing}
        yield Row(item, asked, done, words if missing else "")
    for number, one in enumerate(about):
        yield _row(item if number == 0 else "", *((asked, done) if number == 0 else (None, None)), one)


def _row(item: str, asked: int | None, done: int | None, one: Finding) -> Row:
    again = str(one.get_outcome_display()) if one.outcome else ""
    again = _("%(what)s: %(more)s") % {"what": again, "more": one.evidence} if one.evidence else again
    return Row(item, asked, done, one.text, one.person.name, one.due_on, again.strip("：: "))


def month_name(month: datetime.date) -> str:
    """2026年11月 / November 2026."""
    return f"{month.year}年{month.month}月" if in_chinese() else f"{month:%B %Y}"


def _title(inspection: Inspection) -> str:
    return _("%(school)s: inspection of %(month)s") % {
        "school": inspection.school.name,
        "month": month_name(inspection.month),
    }


def _note(figures: MonthFigures) -> str:
    return _("Figures as recorded up to %(moment)s.") % {"moment": moment_text(figures.as_of)}


def _form(inspection: Inspection, figures: MonthFigures, rows: tuple[Row, ...]) -> Sheet:
    columns = (
        Column(pgettext("inspection", "What was looked at"), 22),
        Column(pgettext("inspection", "Asked"), 7, "center"),
        Column(pgettext("inspection", "Done"), 7, "center"),
        Column(pgettext("inspection", "What is to be improved"), 34),
        Column(pgettext("inspection", "Who sees to it"), 9),
        Column(pgettext("inspection", "Until"), 12, "center"),
        Column(pgettext("inspection", "Looked at again"), 28),
    )
    return Sheet(
        pgettext("inspection", "Inspection"), _title(inspection),
        " ".join([*inspection.thanks.split(), _note(figures)]), columns,
        tuple((r.item, r.asked, r.done, r.problem, r.person, r.until, r.again) for r in rows),
    )  # fmt: skip


def _by_class(inspection: Inspection, figures: MonthFigures) -> Sheet:
    """Done / asked, in the school's own order of classes."""
    rows: list[tuple[Cell, ...]] = []
    for class_id, name in figures.classes:
        pairs = [
            (figures.get(f"{code}.done", class_id), figures.get(f"{code}.asked", class_id))
            for code, _name in figures.promises
        ]
        cells = (
            f"{done.text} / {asked.text}" if done and asked and asked.value else "" for done, asked in pairs
        )
        rows.append((name, *cells))
    columns = (Column(_("Class"), 11), *(Column(name, 14, "center") for _code, name in figures.promises))
    note = _("Each cell: done / asked.") + " " + _note(figures)
    return Sheet(pgettext("inspection", "By class"), _title(inspection), note, columns, tuple(rows))


def inspection_document(
    inspection: Inspection, figures: MonthFigures, rows: tuple[Row, ...], seen: tuple[Block, ...] = ()
) -> Document:
    asked = tuple(
        (row.item, _text(row.asked), _text(row.done), row.problem if not row.person else "")
        for row in rows
        if row.item and row.asked is not None
    )
    points = tuple(
        (row.problem, row.person, row.until.isoformat() if row.until else "", row.again)
        for row in rows
        if row.person
    )
    heads = (
        pgettext("inspection", "What was looked at"), pgettext("inspection", "Asked"), pgettext("inspection", "Done"),
        pgettext("inspection", "Remark"),
    )  # fmt: skip
    point_heads = (
        pgettext("inspection", "What is to be improved"), pgettext("inspection", "Who sees to it"),
        pgettext("inspection", "Until"), pgettext("inspection", "Looked at again"),
    )  # fmt: skip
    improved = Table(point_heads, points, (7, 3, 4, 6)) if points else Paragraph(_("Nothing this month."))
    return Document(
        _title(inspection).replace("：", "\n"),
        (
            Heading(_("Thank you")),
            Paragraph(inspection.thanks.strip() or _("no records")),
            Heading(_("What was asked and what was done")),
            Paragraph(_note(figures)),
            Table(heads, asked, (8, 3, 3, 6)),
            *seen,
            Heading(_("What is to be improved")),
            improved,
        ),
        inspection.school.name,
        day_of(inspection.closed_at or inspection.as_of),
    )


def _text(value: int | None) -> str:
    return _("no records") if value is None else str(value)
