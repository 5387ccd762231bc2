"""A class gone through in one sitting, by its class teacher or whoever decides for the whole school."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student

from ..models import ClassDone, Looked, Nomination, Round
from .decisions import cleared, decide
from .holding import LEVELS, hold, reopen
from .nominations import Said, take, write

CHOICES = {"as_proposed", "normal", "key", "not_now", "seen"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one student; `words` are needed for “not now” and to name whom no record named."""

    choice: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """What came of it: how many were answered, how many of the class still wait."""

    answered: int
    waiting: int


@transaction.atomic
def go_through(
    actor: Actor, *, round: Round, school_class: SchoolClass, answers: Mapping[int, Answer]
) -> Gone:
    """Answer for the students of a class, all or none; the class is through when nobody in it waits any more.

    Who is left out stays as they were. What is decided after the approval asks for a new one.
    """
    students = _students(actor, round, school_class)
    if not answers.keys() <= students.keys():
        raise Refused(_("The list has changed in the meantime. Please look again."))
    hold(round)
    looked = Looked.objects.select_for_update().filter(round=round, student__in=students)
    rows = {row.student_id: row for row in looked}
    decided = [pk for pk, given in answers.items() if _answer(actor, round, students[pk], rows, given)]
    if decided:
        reopen(round)
    waiting = sum(pk not in rows or rows[pk].decision == Looked.Decision.PENDING for pk in students)
    if not waiting:
        ClassDone.objects.update_or_create(
            round=round,
            school_class=school_class,
            defaults={"school_id": round.school_id, "by_id": actor.user_id, "at": clock.now()},
        )
    audit.record(
        actor,
        "screening.go-through",
        school_id=round.school_id,
        subject=("class", school_class.pk),
        detail={"round": round.pk, "students": sorted(answers), "waiting": waiting},
    )
    return Gone(len(answers), waiting)


def _students(actor: Actor, round: Round, school_class: SchoolClass) -> dict[int, Student]:
    """Today's students of the class, every one of them within the actor's reach."""
    actor.require("screening.nominate", school_id=round.school_id)
    members = ClassMembership.objects.on(clock.today()).filter(
        school_class=school_class, school_id=round.school_id, student__status=Student.Status.ENROLLED
    )
    students = {member.student_id: member.student for member in members.select_related("student")}
    for student_id in students:
        actor.require("screening.nominate", school_id=round.school_id, student_id=student_id)
    return students


def _answer(actor: Actor, round: Round, student: Student, rows: dict[int, Looked], given: Answer) -> bool:
    """Put one answer into its row; tells whether it was a decision."""
    if given.choice not in CHOICES:
        raise Refused(_("Please choose normal or key support."), field=f"choice-{student.pk}")
    row = rows.get(student.pk)
    if given.choice == "seen":
        if row is None:
            rows[student.pk] = row = cleared(actor, round, student, given.words)
            row.save()
        return False
    if row is None or row.outcome == Looked.Outcome.CLEARED:
        row = rows[student.pk] = _named(actor, round, student, given)
    if given.choice == "not_now":
        _need_words(student, given)
        decide(row, actor, Looked.Decision.SET_ASIDE, note=given.words)
    else:
        level = (row.level or "normal") if given.choice == "as_proposed" else given.choice
        decide(row, actor, LEVELS[level], note="")
    return True


def _named(actor: Actor, round: Round, student: Student, given: Answer) -> Looked:
    """Someone whom no record named: the words are written down like any other nomination."""
    _need_words(student, given)
    level = "key" if given.choice == "key" else "normal"
    said = Said(given.words, level, source=Nomination.Source.CLASS_TEACHER)
    (row,) = take(actor, round, [write(actor, student, said)])
    return row


def _need_words(student: Student, given: Answer) -> None:
    if len(given.words.strip()) < 2:
        raise Refused(
            _("Please write a word about %(name)s, so that others understand it later.")
            % {"name": student.name},
            field=f"words-{student.pk}",
        )
