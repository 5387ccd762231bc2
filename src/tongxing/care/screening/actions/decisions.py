"""What people decide in a round: confirm, set aside, look in person."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.rules import danger_words
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from ..models import Looked, Round, weigh
from .holding import BATCH, LEVELS, hold, reopen
from .nominations import about_one_child, without_danger


@transaction.atomic
def confirm(actor: Actor, *, round: Round, levels: Mapping[int, str]) -> int:
    """Confirm candidates: `levels` names normal or key per student id. One student or a whole class list."""
    actor.require("screening.manage", school_id=round.school_id)
    if not levels:
        raise Refused(_("Please choose at least one student."))
    if set(levels.values()) - set(LEVELS):
        raise Refused(_("Please choose normal or key support."), field="level")
    hold(round)
    rows = _candidates(round, levels)
    for row in rows:
        decide(row, actor, LEVELS[levels[row.student_id]], note="")
    return _decided(actor, "screening.confirm", round, rows)


@transaction.atomic
def set_aside(actor: Actor, *, round: Round, student: Student, reason: str) -> None:
    """No support for now, with the reason why. Nobody leaves the register by this."""
    actor.require("screening.manage", school_id=round.school_id, student_id=student.pk)
    if len(reason.strip()) < 2:
        raise Refused(_("Please write down why, so that others understand it later."), field="reason")
    hold(round)
    rows = _candidates(round, [student.pk])
    decide(rows[0], actor, Looked.Decision.SET_ASIDE, note=reason)
    _decided(actor, "screening.set-aside", round, rows)


@transaction.atomic
def look_at(actor: Actor, *, round: Round, students: Iterable[Student], note: str = "") -> int:
    """Someone looked in person at students of whom the records say nothing, and needs nothing more."""
    actor.require("screening.manage", school_id=round.school_id)
    wanted = list(students)
    if not wanted:
        raise Refused(_("Please choose at least one student."))
    for student in wanted:
        _check_enrolled(round, student)
    if len(wanted) != 1 and danger_words(note):
        raise Refused(about_one_child(), field="note")
    hold(round)
    seen = set(Looked.objects.filter(round=round, student__in=wanted).values_list("student_id", flat=True))
    rows = [cleared(actor, round, student, note) for student in wanted if student.pk not in seen]
    Looked.objects.bulk_create(rows, batch_size=BATCH)
    _log(actor, "screening.look", round, len(rows))
    return len(rows)


def cleared(actor: Actor, round: Round, student: Student, note: str) -> Looked:
    return Looked(
        round=round,
        school_id=round.school_id,
        student=student,
        outcome=Looked.Outcome.CLEARED,
        origin=Looked.Origin.PERSON,
        looked_at=clock.now(),
        note=without_danger(actor, student, note)[:200],
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )


def _check_enrolled(round: Round, student: Student) -> None:
    if student.school_id != round.school_id or student.status != Student.Status.ENROLLED:
        raise Refused(_("Only students who are enrolled can be registered."), field="student")


def _candidates(round: Round, student_ids: Iterable[int]) -> list[Looked]:
    wanted = set(student_ids)
    rows = list(
        Looked.objects.select_for_update().filter(
            round=round, student__in=wanted, outcome=Looked.Outcome.CANDIDATE
        )
    )
    if len(rows) != len(wanted):
        raise Refused(_("The list has changed in the meantime. Please look again."))
    return rows


def decide(row: Looked, actor: Actor, decision: str, note: str) -> None:
    row.decision, row.decided_by_id, row.decided_at = decision, actor.user_id, clock.now()
    row.weighed = weigh(row.reasons)
    if note:
        row.note = without_danger(actor, row.student, note)[:200]
    row.save(update_fields=["decision", "decided_by", "decided_at", "weighed", "note"])


def _decided(actor: Actor, action: str, round: Round, rows: list[Looked]) -> int:
    reopen(round)
    _log(actor, action, round, len(rows), [row.student_id for row in rows])
    return len(rows)


def _log(actor: Actor, action: str, round: Round, count: int, students: list[int] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=round.school_id,
        subject=("round", round.pk),
        detail={"count": count, "students": students or []},
    )
