"""What a roster says a child likes and can do. Planned in a Book beside the row it stands in."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.people.book import Book
from tongxing.ground.people.models import Student
from tongxing.ground.people.roster import StudentRow

from .models import WORDS, Trait


def traits_beside(
    actor: Actor, book: Book, rows: Sequence[StudentRow]
) -> Callable[[Student, StudentRow], bool]:
    """For `plan_students`: plans the traits of a row that are not there yet; says whether there were any. One query."""
    codes = {row.code for row in rows if row.traits}
    pks = [student.pk for code in codes if (student := book.students.get(code)) and student.pk]
    there: dict[int, set[tuple[str, str]]] = {}
    for trait in Trait.objects.current().filter(student__in=pks).select_related("student__key"):
        words = unseal(trait.student.key, trait.words_sealed, WORDS)
        there.setdefault(trait.student_id, set()).add((trait.kind, words))
    planned: set[tuple[str, str, str]] = set()

    def plan(student: Student, row: StudentRow) -> bool:
        held = there.get(student.pk, set()) if student.pk else set()
        new = [(kind, words) for kind, words in row.traits if (kind, words) not in held]
        new = [one for one in new if (row.code, *one) not in planned]
        for kind, words in new:
            planned.add((row.code, kind, words))
            _plan(actor, book, student, kind, words)
        return bool(new)

    return plan


def _plan(actor: Actor, book: Book, student: Student, kind: str, words: str) -> None:
    book.pending.add(
        Trait(
            school=book.school,
            student=student,
            kind=kind,
            words_sealed=seal(student.key, words, WORDS),
            noted_by_id=actor.user_id,
            noted_at=clock.now(),
            client_id=uuid4(),
        )
    )
    book.then(lambda: look_for_danger(actor, student=student, text=words))
