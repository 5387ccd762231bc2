"""Letting a promise rest for a student, a class or the whole school for a while.

Who may: `programme.exempt` for each of the students. A helper alone cannot: nobody excuses themselves.
"""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, Student

from .models import Commitment, Exemption

DAY = datetime.timedelta(days=1)


@transaction.atomic
def exempt(
    actor: Actor,
    *,
    student: Student,
    reason: str,
    commitment: str = "",
    starts_on: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Exemption:
    """Let one promise, or (empty) every promise, rest for a student. The same exemption twice is one."""
    actor.require("programme.exempt", school_id=student.school_id, student_id=student.pk)
    starts_on, reason = starts_on or clock.today(), reason.strip()
    if not reason:
        raise Refused(_("Please say why, so that others understand it later."), field="reason")
    if until and until < starts_on:
        raise Refused(_("The last day lies before the first."), field="until")
    if not Registration.objects.filter(student=student).exclude(ends_on__lt=starts_on).exists():
        raise Refused(_("%(name)s is not on the support register.") % {"name": student.name})
    if commitment and not Commitment.objects.filter(school=student.school_id, code=commitment).exists():
        raise Refused(_("Choose what is not to be asked for."), field="commitment")
    Student.objects.select_for_update(no_key=True).get(
        pk=student.pk
    )  # a second click waits and finds the first
    found, made = Exemption.objects.get_or_create(
        school_id=student.school_id,
        student=student,
        commitment=commitment,
        starts_on=starts_on,
        until=until,
        ended_at=None,
        defaults={"reason": reason, "recorded_at": clock.now(), "recorded_by_id": actor.user_id},
    )
    if made:
        detail = {
            "student": student.pk,
            "commitment": commitment,
            "days": (until - starts_on).days + 1 if until else None,
        }
        audit.record(
            actor,
            "programme.exempt",
            school_id=student.school_id,
            subject=("exemption", found.pk),
            detail=detail,
        )
    return found


@transaction.atomic
def end_exemption(actor: Actor, *, exemption: Exemption) -> None:
    """Ask again from today on; the days until yesterday stay exempt."""
    actor.require("programme.exempt", school_id=exemption.school_id, student_id=exemption.student_id)
    held = Exemption.objects.select_for_update().get(pk=exemption.pk)
    if held.ended_at or (held.until and held.until < clock.today()):
        raise Refused(_("This exemption is over already."))
    held.ended_on, held.ended_at = clock.today() - DAY, clock.now()
    held.save(update_fields=["ended_on", "ended_at"])
    audit.record(
        actor,
        "programme.end-exemption",
        school_id=held.school_id,
        subject=("exemption", held.pk),
        detail={"student": held.student_id},
    )
