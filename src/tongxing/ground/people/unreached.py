"""Families whom a written message does not reach: nobody at home who reads has a telephone.

Not read about: nobody said so. Only a guardian who is known not to read, or has no number, counts as not reached.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor

from .models import Guardian, SchoolClass, Student

CAN = "family.write"


@dataclass(frozen=True, slots=True)
class Unreached:
    """A child whose family a message does not reach; `whom`: (guardian, why not), in the order of calling."""

    student: Student
    whom: tuple[tuple[Guardian, str], ...]

    @property
    def may_be_called(self) -> Guardian | None:
        """Somebody with a telephone to whom it can be read out."""
        return next((one for one, _why in self.whom if one.phone_masked), None)


def unreached(actor: Actor, students: Iterable[Student]) -> list[Unreached]:
    """Of these students, in their order, those whose family a message does not reach. One query."""
    students = list(students)
    by_student: dict[int, list[Guardian]] = {student.pk: [] for student in students}
    for guardian in Guardian.objects.visible_to(actor).filter(student__in=by_student):
        by_student[guardian.student_id].append(guardian)
    return [
        Unreached(student, tuple((one, why_not(one)) for one in by_student[student.pk]))
        for student in students
        if all(why_not(one) for one in by_student[student.pk])
    ]


def why_not(guardian: Guardian) -> str:
    """Why a message does not reach this guardian; empty: it does."""
    if guardian.reads is False and not guardian.phone_masked:
        return _("no telephone, cannot read")
    if not guardian.phone_masked:
        return _("no telephone")
    return _("cannot read messages") if guardian.reads is False else ""


@transaction.atomic
def print_slips(actor: Actor, *, school_class: SchoolClass, students: Sequence[Student]) -> None:
    """Slips go home with these children. It is logged by their number and is no contact: nobody was reached yet."""
    for student in students:
        actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    audit.record(
        actor,
        "family.slips",
        school_id=school_class.school_id,
        subject=("class", school_class.pk),
        detail={"slips": len(students)},
    )
