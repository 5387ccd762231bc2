"""What is fixed before anything is proposed: pins, vetoes, wishes for visits, a helper's room, the weights.

Reasons are asked for and kept; only those who manage pairing read them.
"""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.audit import record
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff, Student

from . import rules
from .models import Exclusion, Pair, Pin, Proposal, VisitWish, Weighting

ABILITY = "pairing.manage"
MOST_STUDENTS = 20


@transaction.atomic
def exclude(actor: Actor, *, student: Student, helper: Staff, reason: str) -> Exclusion:
    """These two are not to be paired."""
    _check(actor, student, helper, reason)
    if Pair.objects.open().filter(student=student, helper=helper).exists():
        raise Refused(_("These two are a pair now. Please end the pair first."), field="helper")
    if Pin.objects.filter(student=student, helper=helper).exists():
        raise Refused(_("These two are fixed as a pair. Please undo that first."), field="helper")
    found, created = Exclusion.objects.get_or_create(
        student=student, helper=helper, defaults=_written(actor, student, reason)
    )
    if created:
        drop_proposals(student, helper)
        _record(actor, "pairing.exclude", student, helper.pk)
    return found


@transaction.atomic
def allow_again(actor: Actor, *, exclusion: Exclusion) -> None:
    """Lift an exclusion."""
    actor.require(ABILITY, school_id=exclusion.school_id, student_id=exclusion.student_id)
    _record(actor, "pairing.allow", exclusion.student, exclusion.helper_id)
    exclusion.delete()


@transaction.atomic
def pin(actor: Actor, *, student: Student, helper: Staff, reason: str) -> Pin:
    """This student goes with this helper, whatever the weights say. A pin to another helper is replaced."""
    _check(actor, student, helper, reason)
    if Exclusion.objects.filter(student=student, helper=helper).exists():
        raise Refused(
            _("%(helper)s has been ruled out for this student.") % {"helper": helper.name}, field="helper"
        )
    found, _created = Pin.objects.update_or_create(
        student=student, defaults=_written(actor, student, reason) | {"helper": helper}
    )
    drop_proposals(student)
    _record(actor, "pairing.pin", student, helper.pk)
    return found


@transaction.atomic
def unpin(actor: Actor, *, pin: Pin) -> None:
    """The weights decide again about this student."""
    actor.require(ABILITY, school_id=pin.school_id, student_id=pin.student_id)
    _record(actor, "pairing.unpin", pin.student, pin.helper_id)
    drop_proposals(pin.student)
    pin.delete()


@transaction.atomic
def wish_visits(actor: Actor, *, student: Student, reason: str) -> VisitWish:
    """The family or the student asked for home visits by somebody of the same sex. Asked twice is one wish."""
    actor.require(ABILITY, school_id=student.school_id, student_id=student.pk)
    if not reason.strip():
        raise Refused(_("Please write down who asked, and why, in a few words."), field="reason")
    if not student.sex:
        raise Refused(_("The student's sex is not recorded, so nobody can be found by it."))
    found, created = VisitWish.objects.get_or_create(
        student=student,
        ends_on=None,
        defaults={
            "school": student.school,
            "reason": reason.strip(),
            "starts_on": clock.today(),
            "recorded_by_id": actor.user_id,
            "recorded_at": clock.now(),
        },
    )
    if created:
        _record(actor, "pairing.wish", student)
    return found


@transaction.atomic
def end_wish(actor: Actor, *, wish: VisitWish) -> None:
    """The wish holds no longer; that it was there stays."""
    actor.require(ABILITY, school_id=wish.school_id, student_id=wish.student_id)
    if wish.ends_on is None:
        wish.ends_on = max(clock.today() - datetime.timedelta(days=1), wish.starts_on)
        wish.save(update_fields=["ends_on"])
        _record(actor, "pairing.end-wish", wish.student)


@transaction.atomic
def set_helper(actor: Actor, *, helper: Staff, capacity: int, dormitory: str = "") -> None:
    """How many students a colleague can take, and which dormitory is in their care."""
    actor.require(ABILITY, school_id=helper.school_id)
    if not 0 <= capacity <= MOST_STUDENTS:
        raise Refused(
            _("Please choose a number from 0 to %(most)d.") % {"most": MOST_STUDENTS}, field="capacity"
        )
    helper.pairing_capacity, helper.dormitory = capacity, dormitory.strip()
    helper.save(update_fields=["pairing_capacity", "dormitory"])
    record(
        actor,
        "pairing.helper",
        school_id=helper.school_id,
        subject=("staff", helper.pk),
        detail={"capacity": capacity},
    )


@transaction.atomic
def set_weights(actor: Actor, *, school: Organisation, points: Mapping[str, int]) -> None:
    """Change how much the reasons count for this school; only what differs from the defaults is kept."""
    actor.require(ABILITY, school_id=school.pk)
    try:
        rules.Weights.of(points)
    except ValueError as error:
        raise Refused(_("Each weight is a whole number from 0 to 1000.")) from error
    defaults = rules.Weights()
    changed = {name: value for name, value in points.items() if value != getattr(defaults, name)}
    Weighting.objects.update_or_create(
        school=school,
        defaults={"points": changed, "changed_by_id": actor.user_id, "changed_at": clock.now()},
    )
    record(
        actor,
        "pairing.weights",
        school_id=school.pk,
        subject=("school", school.pk),
        detail={"points": changed},
    )


def drop_proposals(student: Student, helper: Staff | None = None) -> None:
    """Open proposals for this student that a decision has overtaken."""
    rows = Proposal.objects.open().filter(student=student)
    if helper is not None:
        rows = rows.filter(helper=helper)
    rows.update(state=Proposal.State.DROPPED)


def _check(actor: Actor, student: Student, helper: Staff, reason: str) -> None:
    actor.require(ABILITY, school_id=student.school_id, student_id=student.pk)
    if not reason.strip():
        raise Refused(_("Please write down why, in a few words."), field="reason")
    if helper.school_id != student.school_id:
        raise Refused(_("This belongs to another school."), field="helper")


def _written(actor: Actor, student: Student, reason: str) -> dict[str, object]:
    return {
        "school": student.school,
        "reason": reason.strip(),
        "created_by_id": actor.user_id,
        "created_at": clock.now(),
    }


def _record(actor: Actor, action: str, student: Student, helper_id: int | None = None) -> None:
    detail = {"helper": helper_id} if helper_id else {}
    record(actor, action, school_id=student.school_id, subject=("student", student.pk), detail=detail)
