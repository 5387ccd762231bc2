"""The monthly table of bringing children back (控辍保学台账) as a file: figures by class, and case by case.

The figures are those of the page: frozen, or as of the moment the file is made.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.care.attendance_watch import months
from tongxing.care.attendance_watch.models import CaseStep, ReturnCase
from tongxing.care.attendance_watch.models_absence import MANAGE
from tongxing.care.attendance_watch.months import FIGURES, Table, last_of
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership

from .content import moment_text
from .inspection import month_name
from .sheets import Cell, Column, Sheet
from .table_file import table_file

Kind = CaseStep.Kind


@transaction.atomic
def month_file(actor: Actor, *, school: Organisation, month: datetime.date, kind: str = "xlsx") -> bytes:
    """控辍保学台账 of a month: by class, and case by case. `kind`: one of `table_file.KINDS`."""
    actor.require(MANAGE, school_id=school.pk)
    table = months.table(actor, school, month)
    rows = _case_rows(school, table)
    audit.record(
        actor,
        "document.make",
        school_id=school.pk,
        subject=("return_month", None),
        detail={"kind": f"return.{kind}", "month": month.isoformat(), "rows": len(rows)},
    )
    return table_file(kind, _figures(school, table), _cases(school, table, rows))


def _title(school: Organisation, table: Table) -> str:
    return _("%(school)s: bringing children back to school, %(month)s") % {
        "school": school.name,
        "month": month_name(table.month),
    }


def _note(table: Table) -> str:
    return _("Figures as recorded up to %(moment)s.") % {"moment": moment_text(table.as_of)}


def _figures(school: Organisation, table: Table) -> Sheet:
    columns = (Column(_("Class"), 14), *(Column(str(label), 11, "center") for _code, label, _how in FIGURES))
    rows: list[tuple[Cell, ...]] = [
        (row.name, *(row.count(code) for code, *_rest in FIGURES)) for row in table.rows
    ]
    total: tuple[Cell, ...] = (_("Whole school"), *(table.total(code) for code, *_rest in FIGURES))
    return Sheet(pgettext("return", "By class"), _title(school, table), _note(table), columns, (*rows, total))


def _case_rows(school: Organisation, table: Table) -> list[tuple[Cell, ...]]:
    """Every case that was open in this month, or ended in it, as it stood at the table's moment, the earliest first."""
    until = min(table.as_of, clock.end_of(last_of(table.month)))
    cases = list(
        ReturnCase.objects.filter(school=school, opened_at__lte=until)
        .exclude(ended_on__lt=table.month)
        .select_related("student")
        .order_by("opened_at", "pk")
    )
    classes = dict(
        ClassMembership.objects.on(min(last_of(table.month), clock.day_of(table.as_of)))
        .filter(student__in=[case.student_id for case in cases])
        .values_list("student_id", "school_class__name")
    )
    steps: dict[int, dict[str, datetime.date]] = {}
    states: dict[int, str] = {}
    for step in CaseStep.objects.filter(case__in=cases, at__lte=until).order_by("at", "pk"):
        steps.setdefault(step.case_id, {})[step.kind] = step.on
        states[step.case_id] = str(step.get_state_display())
    return [
        (
            classes.get(case.student_id, ""),
            case.student.name,
            str(case.get_origin_display()),
            *(steps.get(case.pk, {}).get(kind) for kind in (Kind.OPENED, Kind.CHECKED, Kind.VISIT)),
            case.ended_on if Kind.CLOSED in steps.get(case.pk, {}) else None,
            str(case.get_outcome_display()) if Kind.CLOSED in steps.get(case.pk, {}) else "",
            states.get(case.pk, ""),
        )
        for case in cases
    ]


def _cases(school: Organisation, table: Table, rows: list[tuple[Cell, ...]]) -> Sheet:
    columns = (
        Column(_("Class"), 12),
        Column(_("Name"), 10),
        Column(pgettext("return", "Noticed because"), 22),
        Column(pgettext("return", "Noticed on"), 12, "center"),
        Column(pgettext("return", "Looked into on"), 12, "center"),
        Column(pgettext("return", "Last visit"), 12, "center"),
        Column(pgettext("return", "Ended on"), 12, "center"),
        Column(pgettext("return", "How it ended"), 22),
        Column(pgettext("return", "How it stands"), 16),
    )
    return Sheet(
        pgettext("return", "Case by case"), _title(school, table), _note(table), columns, tuple(rows)
    )
