"""Leaving well: what helped, the last day with everything that ends on it, and where the child went."""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.pairing.actions import end_pair
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.models import PlanItem
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people import student_actions
from tongxing.ground.people.models import Student

from ..models import Departure, LeavingReview
from ..models_leaving import HELPED, NEXT

REVIEW = "contact.write"
LONGEST = 1500


@transaction.atomic
def review(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    helped: str,
    next_teachers: str,
    with_child: bool,
    with_family: bool,
) -> LeavingReview:
    """What helped and what the next teachers should know; said with the child and the family, not about them."""
    actor.require(REVIEW, school_id=student.school_id, student_id=student.pk)
    if not helped.strip():
        raise Refused(_("Please write what helped this child."), field="helped")
    for name, text in (("helped", helped), ("next_teachers", next_teachers)):
        if len(text.strip()) > LONGEST:
            raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST}, field=name)
    if next_teachers.strip() and not with_child:
        raise Refused(_("What others shall read is talked through with the child first."), field="with_child")

    def make() -> LeavingReview:
        made = LeavingReview.objects.create(
            school_id=student.school_id,
            student=student,
            client_id=client_id,
            helped_sealed=seal(student.key, helped.strip(), HELPED),
            next_sealed=seal(student.key, next_teachers.strip(), NEXT),
            with_child=with_child,
            with_family=with_family,
            recorded_at=clock.now(),
            recorded_by_id=actor.user_id,
        )
        _log(actor, "leaving.review", student, {"review": made.pk})
        look_for_danger(actor, student=student, text=f"{helped}\n{next_teachers}")
        return made

    return once(lambda: LeavingReview.objects.filter(client_id=client_id, student=student).first(), make)


@transaction.atomic
def leave(actor: Actor, *, student: Student, on: datetime.date) -> None:
    """The last day of a student: class and register end with it, and so do pairs and the child's own plan."""
    student_actions.leave_school(actor, student=student, on=on)
    end_with_the_day(actor, student=student, on=on)


@transaction.atomic
def end_with_the_day(actor: Actor, *, student: Student, on: datetime.date) -> None:
    """Pairs and the child's own plan end; what was promised stays readable."""
    for pair in Pair.objects.open().filter(student=student):
        end_pair(actor, pair=pair, reason=Pair.Ended.STUDENT_LEFT, ends_on=max(on, pair.starts_on))
    plans = PlanItem.objects.open().filter(student=student)
    ended = list(plans.values_list("pk", flat=True))
    if ended:
        plans.update(
            ends_on=on,
            ended_at=clock.now(),
            ended_by_id=actor.user_id,
            ended_reason=_("left the school"),
        )
        _log(actor, "leaving.end-plan", student, {"plans": ended})


@transaction.atomic
def note_departure(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    kind: str,
    to_school: str = "",
    confirmed_on: datetime.date | None = None,
) -> Departure:
    """Where a child went who has left; told again, the later word counts."""
    actor.require(student_actions.CAN, school_id=student.school_id, student_id=student.pk)
    if student.status != Student.Status.LEFT or student.left_on is None:
        raise Refused(_("Please note the last day first."), field="kind")
    if kind not in Departure.Kind.values:
        raise Refused(_("Please choose where the child went."), field="kind")
    if kind == Departure.Kind.TRANSFER and not to_school.strip():
        raise Refused(_("Please write which school takes the child in."), field="to_school")
    if confirmed_on and confirmed_on > clock.today():
        raise Refused(_("This day has not come yet."), field="confirmed_on")
    left_on = student.left_on

    def make() -> Departure:
        made = Departure.objects.create(
            school_id=student.school_id,
            student=student,
            client_id=client_id,
            left_on=left_on,
            kind=kind,
            to_school=to_school.strip() if kind == Departure.Kind.TRANSFER else "",
            confirmed_on=confirmed_on if kind == Departure.Kind.TRANSFER else None,
            recorded_at=clock.now(),
            recorded_by_id=actor.user_id,
        )
        _log(actor, "leaving.where-to", student, {"departure": made.pk, "kind": kind})
        return made

    return once(lambda: Departure.objects.filter(client_id=client_id, student=student).first(), make)


def _log(actor: Actor, action: str, student: Student, detail: dict[str, object]) -> None:
    audit.record(actor, action, school_id=student.school_id, subject=("student", student.pk), detail=detail)
