"""Who is honoured: one office, class, colleague, pair of classmates or student; and who belongs to it today.

The members of an office are those who hold its post; the teachers of a class teach it this term or lead it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongxing.care.peers.models import Together
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.encryption import new_key
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import (
    ClassMembership,
    Responsibility,
    SchoolClass,
    Staff,
    Student,
    Teaching,
)

from . import rules

Post = Responsibility.Post
#: Posts that are held by an office, of one or several people.
OFFICES = (Post.COORDINATOR, Post.TEACHING_OFFICE, Post.GENERAL_OFFICE, Post.COUNSELLOR, Post.SAFETY)


@dataclass(frozen=True, slots=True)
class Whom:
    """Exactly one of them; under a scheme for groups a class means its teachers."""

    office: str = ""
    school_class: SchoolClass | None = None
    staff: Staff | None = None
    together: Together | None = None
    student: Student | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "office": self.office,
            "school_class": self.school_class,
            "staff": self.staff,
            "together": self.together,
            "student": self.student,
            "code": self.code,
        }

    @property
    def rows(self) -> list[Any]:
        return [one for one in (self.school_class, self.staff, self.together, self.student) if one]

    @property
    def code(self) -> str:
        """One value for whoever it is, so that the same is not proposed twice."""
        if self.office:
            return f"office {self.office}"
        return " ".join(f"{one._meta.model_name} {one.pk}" for one in self.rows)

    @property
    def students(self) -> tuple[Student, ...]:
        if self.together:
            return self.together.both
        return (self.student,) if self.student else ()

    def fits(self, kind: str, school_id: int) -> bool:
        """One of the kind that a scheme honours, of this school."""
        given = {
            rules.GROUP: bool(self.office) != bool(self.school_class),
            rules.COLLEAGUE: bool(self.staff),
            rules.CLASS: bool(self.school_class),
            rules.PARTNERS: bool(self.together),
            rules.PROGRESS: bool(self.student),
        }
        only = len(self.rows) + bool(self.office) == 1
        here = self.office in ("", *OFFICES) and all(one.school_id == school_id for one in self.rows)
        return given[kind] and only and here

    def key(self) -> SubjectKey:
        """What is written is sealed under the child's own key, of two classmates as what they reached is."""
        if self.students:
            return self.students[0].key
        made = new_key()
        made.save()
        return made


def label(one: Whom, kind: str) -> str:
    """How a row with these columns is called: on a page, a notice, a certificate."""
    if one.office:
        return str(Post(one.office).label)
    if one.school_class:
        name = one.school_class.name
        return _("Teachers of %(class)s") % {"class": name} if kind == rules.GROUP else name
    if one.together:
        return "、".join(student.name for student in one.together.both)
    return "、".join(person.name for person in (one.staff, one.student) if person)


def members(school: Organisation, one: Whom, kind: str, on: datetime.date) -> set[int]:
    """The colleagues who are this office, these teachers, this person; of classes and children: nobody."""
    if one.staff:
        return {one.staff.pk}
    if one.office:
        return _holding(school, on, post=one.office)
    if one.school_class and kind == rules.GROUP:
        lessons = Teaching.objects.filter(
            school_class=one.school_class, term__starts_on__lte=on, term__ends_on__gte=on
        )
        return {*lessons.values_list("staff_id", flat=True), *class_teachers([one.school_class.pk], on)}
    return set()


def _holding(school: Organisation, on: datetime.date, **what: Any) -> set[int]:
    posts = Responsibility.objects.on(on).filter(school=school, **what)
    return set(posts.values_list("staff_id", flat=True))


def class_teachers(classes: Iterable[int], on: datetime.date) -> set[int]:
    held = Grant.objects.on(on).filter(role=Role.CLASS_TEACHER, school_class__in=list(classes))
    return set(Staff.objects.filter(user__in=held.values("user")).values_list("pk", flat=True))


def classes_of(one: Whom, on: datetime.date) -> set[int]:
    """The classes it is about: itself, or those of the children."""
    if one.school_class:
        return {one.school_class.pk}
    placed = ClassMembership.objects.on(on).filter(student__in=[student.pk for student in one.students])
    return set(placed.values_list("school_class_id", flat=True))
