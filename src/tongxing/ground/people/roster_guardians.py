"""Taking over guardians. A phone is sealed under the student's own key."""

from collections.abc import Sequence

from django.db import transaction

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.masking import mask_phone

from .actions import GUARDIAN_PHONE
from .models import Guardian, Student
from .roster import Changes, GuardianRow

PLAIN = ("relation_text", "away_place", "best_time", "lives_with")
BATCH = 500


@transaction.atomic
def save_guardians(
    actor: Actor, *, school: Organisation, rows: Sequence[tuple[Student, GuardianRow]]
) -> Changes:
    """Add or update guardians, recognised by student, name and relation."""
    actor.require("import.run", school_id=school.pk)
    students = {student.pk for student, _row in rows}
    known = {
        (g.student_id, g.name, g.relation): g
        for g in Guardian.objects.filter(school=school, student__in=students)
    }
    changes = Changes()
    new: dict[tuple, Guardian] = {}
    changed: list[Guardian] = []
    for student, row in rows:
        key = (student.pk, row.name, row.relation)
        guardian = known.get(key) or new.get(key)
        if guardian is None:
            new[key] = guardian = Guardian(
                school=school, student=student, name=row.name, relation=row.relation, order=row.order
            )
            _fill(guardian, student, row)
            changes.new += 1
            continue
        differs = _fill(guardian, student, row)
        if differs and key in known:
            changed.append(guardian)
        changes.count("changed" if differs else "same")
    Guardian.objects.bulk_create(new.values(), batch_size=BATCH)
    Guardian.objects.bulk_update(changed, [*PLAIN, "phone_sealed", "phone_masked"], batch_size=100)
    changes.students = {guardian.student_id for guardian in (*new.values(), *changed)}
    if changes.touched:
        audit.record(
            actor,
            "roster.guardians",
            school_id=school.pk,
            detail={"new": changes.new, "changed": changes.changed},
        )
    return changes


def _fill(guardian: Guardian, student: Student, row: GuardianRow) -> bool:
    """Put what the row says into the guardian; returns whether anything differs."""
    differs = False
    for name in PLAIN:
        value = getattr(row, name)
        if value not in (None, "") and value != getattr(guardian, name):
            setattr(guardian, name, value)
            differs = True
    if row.phone and unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE) != row.phone:
        guardian.phone_sealed = seal(student.key, row.phone, GUARDIAN_PHONE)
        guardian.phone_masked = mask_phone(row.phone)
        differs = True
    return differs
