"""What school and family agreed: who does what, until when; done, or let go with the reason.

The school writes it down. A guardian ticks what the family, the child or all together do; what is the school's to do,
the school ticks.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Student

from .messages import check_text, log, own_guardian
from .models import AGREEMENT, LET_GO, STAFF, Agreement

By, Outcome = Agreement.By, Agreement.Outcome


@transaction.atomic
def agree(
    actor: Actor,
    *,
    student: Student,
    by: str,
    text: str,
    client_id: uuid.UUID,
    due_on: datetime.date | None = None,
) -> Agreement:
    """Write down what was agreed; `student` with its key."""
    actor.require(STAFF, school_id=student.school_id, student_id=student.pk)
    if by not in By:
        raise Refused(_("Please choose who does it."), field="by")
    if due_on is not None and due_on < clock.today():
        raise Refused(_("This day is over. Please choose a later one."), field="due_on")
    text = check_text(text)
    return once(
        lambda: Agreement.objects.filter(client_id=client_id, student=student).first(),
        lambda: _made(actor, student, by, text, due_on, client_id),
    )


def _made(
    actor: Actor, student: Student, by: str, text: str, due_on: datetime.date | None, client_id: uuid.UUID
) -> Agreement:
    made = Agreement.objects.create(
        school_id=student.school_id,
        student=student,
        by=by,
        text_sealed=seal(student.key, text, AGREEMENT),
        due_on=due_on,
        made_by_id=actor.user_id,
        made_at=clock.now(),
        client_id=client_id,
    )
    log(actor, "family.agree", student, {"agreement": made.pk})
    look_for_danger(actor, student=student, text=text)
    return made


@transaction.atomic
def keep(actor: Actor, *, agreement: Agreement) -> None:
    """It is done."""
    held = _held(actor, agreement)
    if held.outcome == Outcome.KEPT:
        return  # a second tap
    if held.ended_at is not None:
        raise Refused(_("This was let go already."))
    _end(actor, held, Outcome.KEPT)
    log(actor, "family.keep", held.student, {"agreement": held.pk})


@transaction.atomic
def let_go(actor: Actor, *, agreement: Agreement, reason: str) -> None:
    """It no longer fits; the reason stays with it."""
    actor.require(STAFF, school_id=agreement.school_id, student_id=agreement.student_id)
    held = _held(actor, agreement)
    if not reason.strip():
        raise Refused(_("Please say in a few words why."), field="reason")
    if held.ended_at is not None:
        return
    held.let_go_sealed = seal(held.student.key, check_text(reason, "reason"), LET_GO)
    _end(actor, held, Outcome.LET_GO)
    log(actor, "family.let-go", held.student, {"agreement": held.pk})


@transaction.atomic
def take_up(actor: Actor, *, agreement: Agreement) -> None:
    """The way back of one's own tick while the moment lasts."""
    held = _held(actor, agreement)
    if held.ended_at is None:
        return
    if held.ended_by_id != actor.user_id or not is_recent(held.ended_at):
        raise Refused(_("This was ticked a while ago. Please write it to the other side instead."))
    held.outcome, held.ended_at, held.ended_by, held.let_go_sealed = "", None, None, b""
    held.save(update_fields=["outcome", "ended_at", "ended_by", "let_go_sealed"])
    log(actor, "family.take-up", held.student, {"agreement": held.pk})


def _end(actor: Actor, held: Agreement, outcome: str) -> None:
    held.outcome, held.ended_at, held.ended_by_id = outcome, clock.now(), actor.user_id
    held.save(update_fields=["outcome", "ended_at", "ended_by", "let_go_sealed"])


def _held(actor: Actor, agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("student__key")
    held = rows.get(pk=agreement.pk)
    if not actor.may(STAFF, school_id=held.school_id, student_id=held.student_id):
        own_guardian(actor, held.student)
        if held.by == By.SCHOOL:
            raise NotAllowed(STAFF)
    return held


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement with its words; `state` for its chip."""

    agreement: Agreement
    text: str
    let_go: str

    @property
    def state(self) -> str:
        if self.agreement.ended_at:
            return "done" if self.agreement.outcome == Outcome.KEPT else "rest"
        late = self.agreement.due_on is not None and self.agreement.due_on < clock.today()
        return "due" if late else "later"


def agreements_of(actor: Actor, student: Student) -> list[Agreed]:
    """Those that stand first, the nearest day before the others; then the ended ones. One query."""
    found = Agreement.objects.visible_to(actor).filter(student=student).select_related("made_by")
    far = datetime.date.max
    rows = sorted(found, key=lambda one: (one.ended_at is not None, one.due_on or far, -one.pk))
    return [
        Agreed(
            one,
            unseal(student.key, one.text_sealed, AGREEMENT),
            unseal(student.key, one.let_go_sealed, LET_GO),
        )
        for one in rows
    ]
