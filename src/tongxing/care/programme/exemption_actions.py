"""Letting a promise rest for a student, a class or the whole school for a while.

Who may: `programme.exempt` for each of the students. A helper alone cannot: nobody excuses themselves.
"""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, Registration, SchoolClass, Student

from .models import Commitment, Exemption
from .versions import DAY, need_reason


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
    _check(student.school_id, reason, commitment, starts_on, until)
    if not Registration.objects.filter(student=student).exclude(ends_on__lt=starts_on).exists():
        raise Refused(_("%(name)s is not on the support register.") % {"name": student.name})
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


@transaction.atomic
def exempt_together(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    reason: str,
    starts_on: datetime.date,
    until: datetime.date | None,
    commitment: str = "",
    school_class: SchoolClass | None = None,
) -> int:
    """Let a promise, or (empty) every promise, rest for all registered students of a class or of the school, until a
    day that is said: exams, a sports week. The same `client_id` again changes nothing. Returns for how many."""
    actor.require("programme.exempt", school_id=school.pk)
    reason = reason.strip()
    _check(school.pk, reason, commitment, starts_on, until)
    if until is None:
        raise Refused(_("For so many the last day is needed."), field="until")
    Organisation.objects.select_for_update(no_key=True).get(pk=school.pk)
    if count := Exemption.objects.filter(school=school, together=client_id).count():
        return count
    entries = Registration.objects.filter(school=school, starts_on__lte=until).exclude(ends_on__lt=starts_on)
    if school_class:
        members = ClassMembership.objects.on(starts_on).filter(school=school, school_class=school_class)
        entries = entries.filter(student__in=members.values("student"))
    students = sorted(set(entries.values_list("student_id", flat=True)))
    for student in students:
        actor.require("programme.exempt", school_id=school.pk, student_id=student)
    if not students:
        raise Refused(_("Nobody of them is on the support register."))
    facts = {"commitment": commitment, "starts_on": starts_on, "until": until, "reason": reason}
    Exemption.objects.bulk_create(
        Exemption(
            school=school,
            student_id=student,
            together=client_id,
            recorded_at=clock.now(),
            recorded_by_id=actor.user_id,
            **facts,
        )
        for student in students
    )
    audit.record(
        actor,
        "programme.exempt",
        school_id=school.pk,
        subject=("school_class", school_class.pk) if school_class else ("school", school.pk),
        detail={"commitment": commitment, "days": (until - starts_on).days + 1, "students": len(students)},
    )
    return len(students)


@transaction.atomic
def end_together(actor: Actor, *, school: Organisation, together: UUID) -> int:
    """Ask all of them again from today on; the days until yesterday stay exempt. Returns for how many."""
    actor.require("programme.exempt", school_id=school.pk)
    standing = Exemption.objects.select_for_update().standing(clock.today())
    held = list(standing.filter(school=school, together=together))
    for one in held:
        actor.require("programme.exempt", school_id=school.pk, student_id=one.student_id)
    if not held:
        raise Refused(_("This exemption is over already."))
    for one in held:
        one.ended_on, one.ended_at = clock.today() - DAY, clock.now()
    Exemption.objects.bulk_update(held, ["ended_on", "ended_at"])
    audit.record(actor, "programme.end-exemption", school_id=school.pk, detail={"students": len(held)})
    return len(held)


def _check(
    school_id: int, reason: str, commitment: str, starts_on: datetime.date, until: datetime.date | None
) -> None:
    need_reason(reason)
    if until and until < starts_on:
        raise Refused(_("The last day lies before the first."), field="until")
    if commitment and not Commitment.objects.filter(school=school_id, code=commitment).exists():
        raise Refused(_("Choose what is not to be asked for."), field="commitment")
