"""A school's roster as it would stand: what is on record, and what is planned on top of it.

Read once, whatever the number of rows; `write` writes what is planned and its audit rows.
"""

import datetime
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Model

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor

from .class_names import parse
from .models import (
    Circumstance,
    ClassMembership,
    Guardian,
    OtherNumber,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
)
from .pending import Pending, Written
from .roster import ClassRef

GuardianKey = tuple[str, str, str]  # student number, name, relation


class Book:
    """Students, guardians and memberships are known by the student's number, so that planned ones count too."""

    def __init__(self, school: Organisation, codes: Collection[str] | None = None) -> None:
        self.school, self.codes = school, codes
        self.pending = Pending()
        self._notes: list[tuple[str, str, Model | None, dict[str, object]]] = []
        self._afterwards: list[Callable[[], object]] = []
        self.kept: dict[Hashable, Any] = {}  # what was read or planned once, so that a second table finds it
        self._circumstances: dict[datetime.date, set[tuple[str, str]]] = {}

    @cached_property
    def students(self) -> dict[str, Student]:
        found = Student.objects.filter(school=self.school).select_related("key")
        if self.codes is not None:
            found = found.filter(code__in=self.codes)
        return {student.code: student for student in found}

    @cached_property
    def _code_of(self) -> dict[int, str]:
        return {student.pk: code for code, student in self.students.items() if student.pk}

    def _of_these(self, rows: Any) -> Any:
        return rows.filter(student__in=self._code_of) if self.codes is not None else rows

    @cached_property
    def _classes_by_id(self) -> dict[int, SchoolClass]:
        return SchoolClass.objects.filter(school=self.school).in_bulk()

    @cached_property
    def _classes(self) -> dict[tuple[int, str], SchoolClass]:
        """By school year and key: equal for two spellings of one class."""
        return {(one.year_id, class_key(one)): one for one in self._classes_by_id.values()}

    @cached_property
    def memberships(self) -> dict[str, ClassMembership]:
        """The open membership of each student."""
        rows = self._of_these(ClassMembership.objects.filter(school=self.school, ends_on=None))
        found = {}
        for row in rows:
            row.school_class = self._classes_by_id[row.school_class_id]
            found[self._code_of[row.student_id]] = row
        return found

    @cached_property
    def guardians(self) -> dict[GuardianKey, Guardian]:
        rows = self._of_these(Guardian.objects.filter(school=self.school))
        return {(self._code_of[row.student_id], row.name, row.relation): row for row in rows}

    @cached_property
    def other_numbers(self) -> dict[str, str]:
        """Numbers under which other sheets know a student → the student's own."""
        rows = self._of_these(OtherNumber.objects.filter(school=self.school))
        return {code: self._code_of[pk] for pk, code in rows.values_list("student_id", "code")}

    @cached_property
    def staff(self) -> dict[str, Staff]:
        return {
            staff.code: staff for staff in Staff.objects.filter(school=self.school).select_related("user")
        }

    def circumstances(self, on: datetime.date) -> set[tuple[str, str]]:
        """(student number, category) that hold on that day."""
        if on not in self._circumstances:
            rows = self._of_these(Circumstance.objects.filter(school=self.school)).valid_on(on)
            found = rows.values_list("student_id", "category")
            self._circumstances[on] = {(self._code_of[pk], category) for pk, category in found}
        return self._circumstances[on]

    def school_class(self, year: SchoolYear, ref: ClassRef) -> SchoolClass:
        """The class a roster names; planned if the year does not have it yet."""
        key = (year.pk, ref.key)
        if key not in self._classes:
            facts = {"grade": ref.grade, "number": ref.number, "name": ref.name, "code": ref.code}
            self._classes[key] = self.pending.add(SchoolClass(school=self.school, year=year, **facts))
        return self._classes[key]

    def log(
        self, action: str, detail: Mapping[str, object], subject: str = "", about: Model | None = None
    ) -> None:
        """The audit row that `write` leaves."""
        self._notes.append((action, subject, about, dict(detail)))

    def then(self, what: Callable[[], object]) -> None:
        """What has to be done once the rows are there, in the same transaction."""
        self._afterwards.append(what)

    def write(self, actor: Actor) -> Written:
        """Must run inside the action's transaction."""
        written = self.pending.write()
        for action, subject, about, detail in self._notes:
            told = (subject, about.pk if about else None)
            audit.record(actor, action, school_id=self.school.pk, subject=told, detail=detail)
        for what in self._afterwards:
            what()
        return written


def class_key(school_class: SchoolClass) -> str:
    name = parse(school_class.name, school_class.grade)
    return name.key if name else school_class.name
