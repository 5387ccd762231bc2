"""Who could come in at a child's door, who has, and who holds a slip that still works."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Guardian, SchoolClass, Student

from .invitations import CAN, can_be_asked
from .models import Invitation


@dataclass(frozen=True, slots=True)
class Door:
    """`guardian` None: the student's own. `last` is the newest invitation."""

    student: Student
    guardian: Guardian | None
    is_open: bool
    last: Invitation | None
    can_be_asked: bool

    @property
    def key(self) -> str:
        """How a form names it: g12 or s7."""
        return f"g{self.guardian.pk}" if self.guardian else f"s{self.student.pk}"

    @property
    def slip(self) -> Invitation | None:
        """The slip that still works."""
        waits = self.last is not None and self.last.ended_at is None and not self.run_out
        return self.last if waits else None

    @property
    def run_out(self) -> bool:
        return self.last is not None and self.last.ended_at is None and self.last.expires_at <= clock.now()

    @property
    def locked(self) -> bool:
        return self.last is not None and self.last.ended_as == Invitation.End.LOCKED and not self.is_open


def doors_of(actor: Actor, student: Student) -> list[Door]:
    """The doors of one child: of every guardian, then the child's own. Two queries."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    return _doors(actor, [student])


def doors_of_class(actor: Actor, school_class: SchoolClass, on: datetime.date) -> list[Door]:
    """The doors of a class, child by child. Three queries."""
    mine = Student.objects.visible_to(actor).filter(actor.students_where(CAN, student="pk")).with_class(on)
    students = mine.enrolled().filter(class_id=school_class.pk).order_by("pinyin", "name", "pk")
    return _doors(actor, list(students))


def _doors(actor: Actor, students: Iterable[Student]) -> list[Door]:
    by_id = {student.pk: student for student in students}
    last: dict[tuple[int, int | None], Invitation] = {}
    made = Invitation.objects.visible_to(actor).filter(student__in=by_id).order_by("made_at", "pk")
    for invitation in made:
        last[invitation.student_id, invitation.guardian_id] = invitation
    guardians: dict[int, list[Guardian]] = {}
    for guardian in Guardian.objects.present().filter(student__in=by_id):
        guardians.setdefault(guardian.student_id, []).append(guardian)
    found = []
    for student in by_id.values():
        for whose in (*guardians.get(student.pk, []), None):
            is_open = (whose or student).user_id is not None
            newest = last.get((student.pk, whose.pk if whose else None))
            found.append(Door(student, whose, is_open, newest, can_be_asked(student, whose)))
    return found
