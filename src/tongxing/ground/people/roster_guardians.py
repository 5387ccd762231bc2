"""Taking over guardians. A phone is sealed under the student's own key."""

from collections.abc import Sequence
from typing import Any

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.masking import mask_phone

from .actions import GUARDIAN_PHONE
from .book import Book
from .models import Guardian, Student
from .roster import Changes, GuardianRow

PLAIN = ("relation_text", "away_place", "best_time", "lives_with", "workplace", "reads")


def plan_guardians(
    actor: Actor, book: Book, *, rows: Sequence[tuple[Student, GuardianRow]]
) -> tuple[Changes, set[str]]:
    """Add or update guardians, recognised by student, name and relation; also says whose they are, by number."""
    actor.require("import.run", school_id=book.school.pk)
    changes, touched = Changes(), set()
    for student, row in rows:
        key = (student.code, row.name, row.relation)
        guardian = book.guardians.get(key)
        if guardian is None:
            facts: dict[str, Any] = {"name": row.name, "relation": row.relation, "order": row.order}
            guardian = Guardian(school=book.school, student=student, **facts)
            _fill(guardian, student, row)
            book.guardians[key] = book.pending.add(guardian)
            changes.new += 1
            touched.add(student.code)
            continue
        before = _fill(guardian, student, row)
        book.pending.note(guardian, before)
        changes.count("changed" if before else "same")
        touched |= {student.code} if before else set()
    if changes.touched:
        book.log("roster.guardians", {"new": changes.new, "changed": changes.changed})
    return changes, touched


def _fill(guardian: Guardian, student: Student, row: GuardianRow) -> dict[str, Any]:
    """Put what the row says into the guardian; returns the earlier values of what differs."""
    before = {}
    for name in PLAIN:
        value, held = getattr(row, name), getattr(guardian, name)
        if value not in (None, "") and value != held:
            before[name] = held
            setattr(guardian, name, value)
    if row.phone and unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE) != row.phone:
        before |= {"phone_sealed": guardian.phone_sealed, "phone_masked": guardian.phone_masked}
        guardian.phone_sealed = seal(student.key, row.phone, GUARDIAN_PHONE)
        guardian.phone_masked = mask_phone(row.phone)
    return before
