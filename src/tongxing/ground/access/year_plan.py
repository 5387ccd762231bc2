"""What the move to the next school year would do, before it is done.

Invariants:
- every enrolled student of the year's classes rises, repeats or leaves: nobody is missed;
- the classes of the school's last grade leave; every other class is called as the year after says.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.people.class_names import risen
from tongxing.ground.people.models import ClassMembership, SchoolClass, SchoolYear, Student

from .models import YearMove

#: What can be decided for one student: repeats the grade, or leaves with the end of the year.
Other = Literal["repeats", "leaves"]
LAST_GRADE = {
    Organisation.Stage.PRIMARY: 6,
    Organisation.Stage.JUNIOR: 9,
    Organisation.Stage.NINE_YEAR: 9,
    Organisation.Stage.SENIOR: 12,
    Organisation.Stage.VOCATIONAL: 12,
}


@dataclass(frozen=True, slots=True)
class Rising:
    """One class: `name` next year, or None where its students leave the school."""

    school_class: SchoolClass
    name: str | None
    students: int
    repeating: int
    leaving: int

    @property
    def going_along(self) -> int:
        return self.students - self.repeating - self.leaving


@dataclass(frozen=True, slots=True)
class Plan:
    from_year: SchoolYear
    to_year: SchoolYear | None
    last_grade: int
    classes: tuple[Rising, ...]
    why_not: str  # why it cannot be done today, or ""

    @property
    def leaving(self) -> int:
        return sum(one.students - one.repeating if one.name is None else one.leaving for one in self.classes)

    @property
    def staying(self) -> int:
        return sum(one.students for one in self.classes) - self.leaving


def next_year(year: SchoolYear) -> SchoolYear | None:
    return SchoolYear.objects.filter(school=year.school_id, starts_on__gt=year.ends_on).first()


def members(year: SchoolYear) -> QuerySet[ClassMembership]:
    """The open places in this year's classes of students who are at school."""
    return ClassMembership.objects.filter(
        school=year.school_id,
        school_class__year=year,
        ends_on=None,
        student__status=Student.Status.ENROLLED,
    )


def last_grade_of(school: Organisation, year: SchoolYear) -> int:
    """The grade after which students leave this type of school; elsewhere the highest there is."""
    highest = SchoolClass.objects.filter(year=year).order_by("-grade").values_list("grade", flat=True).first()
    return LAST_GRADE.get(Organisation.Stage(school.stage), highest or 0) if school.stage else highest or 0


def plan(
    school: Organisation, year: SchoolYear, others: Mapping[int, Other], last_grade: int | None = None
) -> Plan:
    """In five queries, whatever the size of the school."""
    last = last_grade or last_grade_of(school, year)
    counts: dict[int, dict[str, int]] = {}
    for class_id, student_id in members(year).values_list("school_class_id", "student_id"):
        count = counts.setdefault(class_id, {"all": 0, "repeats": 0, "leaves": 0})
        count["all"] += 1
        if student_id in others:
            count[others[student_id]] += 1
    classes = tuple(
        Rising(
            one,
            None if one.grade >= last else risen(one.name),
            counts.get(one.pk, {}).get("all", 0),
            counts.get(one.pk, {}).get("repeats", 0),
            counts.get(one.pk, {}).get("leaves", 0),
        )
        for one in SchoolClass.objects.filter(year=year)
    )
    following = next_year(year)
    return Plan(year, following, last, classes, why_not(year, following, bool(classes)))


def why_not(year: SchoolYear, following: SchoolYear | None, has_classes: bool) -> str:
    """Why the move cannot be made today, in a sentence; empty if it can."""
    if following is None:
        return _("The next school year is not in the calendar yet. Please add it first.")
    if YearMove.objects.filter(to_year=following, undone_at=None).exists():
        return _("The move to %(year)s has been made already.") % {"year": following.name}
    if not has_classes:
        return _("This school year has no classes.")
    if clock.today() <= year.ends_on - datetime.timedelta(days=7):
        return _("It can be done from a week before the last day of the year on, %(day)s.") % {
            "day": year.ends_on.isoformat()
        }
    return ""
