"""The monthly table of bringing children back (控辍保学台账): counted by class as of a moment, frozen once.

Invariants:
- every figure is a set of ids: what stands on the page is what the records hold, and each opens its children;
- as of a moment: what was written down, or judged otherwise, after it has not happened yet;
- classes stand in the school's order, never in that of a figure.
"""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass
from tongxing.ground.people.queries import current_term

from .models import CaseStep, MonthTable, ReturnCase
from .models_absence import MANAGE
from .models_cases import State
from .queries.days import days_away

#: (code, label, how it is counted). The first counts days, the others children.
FIGURES: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    (
        "days",
        gettext_lazy("Days without leave"),
        gettext_lazy("School days of this month on which a child was away and nobody gave leave."),
    ),
    ("children", gettext_lazy("Children"), gettext_lazy("Children with at least one such day.")),
    (
        "suspected",
        pgettext_lazy("month", "To be looked into"),
        gettext_lazy("Somebody or a rule noticed it; not looked into yet."),
    ),
    (
        "checked",
        pgettext_lazy("month", "Looked into"),
        gettext_lazy("Somebody has found out how it stands."),
    ),
    (
        "bringing",
        pgettext_lazy("month", "Being brought back"),
        gettext_lazy("Visited by two colleagues; not back yet."),
    ),
    (
        "closed",
        pgettext_lazy("month", "Waiting for a second look"),
        gettext_lazy("Closed by one person, not yet seen by another."),
    ),
    (
        "returned",
        pgettext_lazy("month", "Back at school"),
        gettext_lazy("Came back in this month, and a second person agreed."),
    ),
    (
        "elsewhere",
        pgettext_lazy("month", "Lawfully elsewhere"),
        gettext_lazy("Another school that confirmed it, illness, or another lawful reason, from this month."),
    ),
)
CODES = tuple(code for code, _label, _what in FIGURES)
NO_CLASS = 0


@dataclass(frozen=True, slots=True)
class Row:
    """`ids`: by figure, the children; for days one id for each day."""

    class_id: int
    name: str
    ids: dict[str, list[int]]

    def count(self, code: str) -> int:
        return len(self.ids[code])


@dataclass(frozen=True, slots=True)
class Table:
    month: datetime.date
    as_of: datetime.datetime
    rows: tuple[Row, ...]
    is_frozen: bool = False

    def total(self, code: str) -> int:
        return sum(row.count(code) for row in self.rows)

    def ids(self, code: str, class_id: int | None = None) -> list[int]:
        return [one for row in self.rows if class_id in (None, row.class_id) for one in row.ids.get(code, ())]


def last_of(month: datetime.date) -> datetime.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def count(school: Organisation, month: datetime.date, as_of: datetime.datetime) -> Table:
    """The table as it stood at that moment. The number of queries does not grow with the children."""
    last = min(last_of(month), clock.day_of(as_of))
    found: defaultdict[str, list[int]] = defaultdict(list)
    for student_id, days in days_away(school, month, last, as_of=as_of).items():
        found["days"] += [student_id] * len(days.unexcused())
        found["children"] += [student_id] if days.unexcused() else []
    for student_id, code in _cases(school, month, as_of):
        found[code].append(student_id)
    classes = _classes({one for ids in found.values() for one in ids}, last)
    term = current_term(school, last)
    known = SchoolClass.objects.filter(school=school, year=term.year_id if term else None)
    names = {one.pk: one.name for one in known.order_by("grade", "number", "name")}
    if any(classes.get(one, NO_CLASS) not in names for ids in found.values() for one in ids):
        names[NO_CLASS] = _("left, or not in a class")
    rows = []
    for class_id, name in names.items():
        ids = {
            code: sorted(one for one in found[code] if _place(classes, names, one) == class_id)
            for code in CODES
        }
        rows.append(Row(class_id, name, ids))
    return Table(month, as_of, tuple(rows))


def _place(classes: dict[int, int], names: dict[int, str], student_id: int) -> int:
    found = classes.get(student_id, NO_CLASS)
    return found if found in names else NO_CLASS


def _classes(students: set[int], day: datetime.date) -> dict[int, int]:
    rows = ClassMembership.objects.on(day).filter(student__in=students)
    return dict(rows.values_list("student_id", "school_class_id"))


def _cases(school: Organisation, month: datetime.date, as_of: datetime.datetime) -> list[tuple[int, str]]:
    """(student, figure) of every case as it stood at the end of the month, or at that moment."""
    until = min(clock.end_of(last_of(month)), as_of)
    latest: dict[int, tuple[int, str]] = {}
    steps = CaseStep.objects.filter(school=school, at__lte=until).order_by("at", "pk")
    for case_id, student_id, state in steps.values_list("case_id", "case__student_id", "state"):
        latest[case_id] = (student_id, state)
    found = [(student_id, state) for student_id, state in latest.values() if state != State.DONE]
    done = [case_id for case_id, (_student, state) in latest.items() if state == State.DONE]
    ended = ReturnCase.objects.filter(pk__in=done, ended_on__range=(month, last_of(month)))
    for student_id, outcome in ended.values_list("student_id", "outcome"):
        if outcome == ReturnCase.Outcome.BACK:
            found.append((student_id, "returned"))
        elif outcome != ReturnCase.Outcome.NOT_SO:
            found.append((student_id, "elsewhere"))
    return found


def table(actor: Actor, school: Organisation, month: datetime.date) -> Table:
    """The frozen table of a month, or as it stands now."""
    actor.require(MANAGE, school_id=school.pk)
    kept = MonthTable.objects.visible_to(actor).filter(school=school, month=month).first()
    return _read(kept) if kept else count(school, month, clock.now())


def _read(kept: MonthTable) -> Table:
    rows = tuple(Row(class_id, name, ids) for class_id, name, ids in kept.figures["rows"])
    return Table(kept.month, kept.as_of, rows, is_frozen=True)


def started(school: Organisation, today: datetime.date) -> list[datetime.date]:
    """The months of the school year that have begun, the latest first."""
    term = current_term(school, today)
    if term is None:
        return []
    month, found = term.year.starts_on.replace(day=1), []
    while month <= min(today, term.year.ends_on):
        found.append(month)
        month = last_of(month) + datetime.timedelta(days=1)
    return found[::-1]


@transaction.atomic
def freeze(actor: Actor, *, school: Organisation, month: datetime.date) -> MonthTable:
    """Keep the month as it stands now; the same month again is the table that is there."""
    actor.require(MANAGE, school_id=school.pk)
    if month not in started(school, clock.today()):
        raise Refused(_("This month has not begun yet."), field="month")
    if kept := MonthTable.objects.filter(school=school, month=month).first():
        return kept
    found = count(school, month, clock.now())
    figures: dict[str, Any] = {"rows": [[row.class_id, row.name, row.ids] for row in found.rows]}
    kept, made = MonthTable.objects.get_or_create(
        school=school,
        month=month,
        defaults={"as_of": found.as_of, "figures": figures, "made_by_id": actor.user_id},
    )
    if made:
        audit.record(
            actor,
            "return.freeze",
            school_id=school.pk,
            subject=("month_table", kept.pk),
            detail={"month": month.isoformat()},
        )
    return kept
