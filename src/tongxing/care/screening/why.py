"""Why this child: one function for every page and document that tells it."""

from collections.abc import Iterable
from datetime import date

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration, Student, Term

from .models import Looked
from .queries import told


def why(
    actor: Actor, term: Term, students: Iterable[Student], on: date | None = None
) -> dict[int, tuple[str, ...]]:
    """student id → the reasons in words, as far as this reader may know; who has none is left out. Two queries.

    What someone wrote at the register entry of that day; else what the newest round found that found anything,
    of this term or an earlier one. “On the register already” is no reason of its own.
    """
    placed = {student.pk: student for student in students}
    entries = Registration.objects.visible_to(actor).on(on or clock.today()).filter(student__in=placed)
    found: dict[int, tuple[str, ...]] = {
        one: (words,) for one, words in entries.values_list("student_id", "reason") if words
    }
    rows = Looked.objects.visible_to(actor).filter(
        student__in=placed.keys() - found.keys(), round__term__starts_on__lte=term.starts_on
    )
    newest = rows.order_by("-round__term__starts_on", "-round__number")
    for student_id, reasons in newest.values_list("student_id", "reasons"):
        own = [reason for reason in reasons if reason["code"] != "registered"]
        if own and student_id not in found:
            found[student_id] = tuple(one.sentence for one in told(actor, placed[student_id], own))
    return {student: sentences for student, sentences in found.items() if sentences}


def subjects_of(actor: Actor, student: Student, term: Term) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The subjects in which the first and the newest round of the term found that a hand is needed; one query.

    For whoever sees the student's results, as the sentences of `why` are; nothing for others.
    """
    if not actor.sees("academic", school_id=student.school_id, student_id=student.pk):
        return (), ()
    rows = Looked.objects.filter(student=student, round__term=term).order_by("round__number")
    found = [
        tuple(
            dict.fromkeys(subject for reason in reasons for subject in reason["figures"].get("subjects", ()))
        )
        for reasons in rows.values_list("reasons", flat=True)
    ]
    return (found[0], found[-1]) if found else ((), ())
