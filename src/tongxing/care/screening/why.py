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
