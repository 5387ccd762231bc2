"""One class as its teacher goes through it: who waits comes first, then who is decided, then who is seen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student

from .models import ClassDone, Looked, Round
from .queries import Candidate, candidate_of, levels_on_register


@dataclass(frozen=True, slots=True)
class Child:
    """One student of the class. `candidate`: with reasons, where someone or some record named the student."""

    student: Any
    state: str
    """unseen, pending, decided or seen."""
    candidate: Candidate | None
    joined: date | None
    """The day the student came to the school, if that was after the round was opened."""


@dataclass(frozen=True, slots=True)
class ClassSheet:
    school_class: SchoolClass
    children: tuple[Child, ...]
    done: ClassDone | None

    def of(self, *states: str) -> list[Child]:
        return [child for child in self.children if child.state in states]

    @property
    def waiting(self) -> list[Child]:
        """The unlooked first."""
        return self.of("unseen") + self.of("pending")

    @property
    def is_through(self) -> bool:
        return self.done is not None and not self.waiting


def classes_of(actor: Actor, school_id: int) -> list[SchoolClass]:
    """Today's classes of the school that this actor goes through."""
    mine = ClassMembership.objects.on(clock.today()).filter(
        actor.students_where("screening.nominate"), school_id=school_id
    )
    return list(SchoolClass.objects.filter(pk__in=mine.values("school_class")))


def class_sheet(actor: Actor, round: Round, school_class: SchoolClass) -> ClassSheet:
    """The class in this round, as far as the actor decides about its students. Five queries."""
    today = clock.today()
    members = ClassMembership.objects.on(today).filter(
        actor.students_where("screening.nominate"), school_class=school_class
    )
    students = Student.objects.visible_to(actor).enrolled().filter(pk__in=members.values("student"))
    students = students.with_class(today).order_by("pinyin", "code")
    looked = Looked.objects.visible_to(actor).filter(round=round, student__in=members.values("student"))
    rows = {row.student_id: row for row in looked.select_related("decided_by")}
    levels = levels_on_register(actor, round.school_id, today)
    children = [
        _child(actor, round, student, rows.get(student.pk), levels.get(student.pk, ""))
        for student in students
    ]
    done = ClassDone.objects.visible_to(actor).filter(round=round, school_class=school_class)
    return ClassSheet(school_class, tuple(children), done.select_related("by").first())


def _child(actor: Actor, round: Round, student: Any, row: Looked | None, registered: str) -> Child:
    joined = student.enrolled_on
    if joined is not None and joined <= clock.day_of(round.opened_at):
        joined = None
    if row is None:
        return Child(student, "unseen", None, joined)
    if row.outcome == Looked.Outcome.CLEARED:
        return Child(student, "seen", None, joined)
    state = "decided" if row.is_decided else "pending"
    return Child(student, state, candidate_of(actor, row, student, registered), joined)
