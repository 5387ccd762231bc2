"""The school opens the family's door: invitations for guardians and students, taken back, and doors closed again.

Invariants:
- whoever looks after the child invites; nobody is invited whom nothing can be asked (date of birth or phone on record);
- a new invitation ends the person's older one; the same batch again gives the same codes, as long as none was used;
- an old PIN holds until the new invitation is used, so that a sheet for a whole class locks nobody out;
- a closed door ends the right, the account's link to the child and, where nothing else is left, the account.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongxing.ground.accounts import start_codes
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .models import Grant, Invitation
from .roles import Role

CAN = "family.door"
LIVES = datetime.timedelta(days=30)
DAY = datetime.timedelta(days=1)
#: Each batch gives a guardian and a student of the same number different codes.
SPACE = {True: UUID(int=1), False: UUID(int=2)}


@dataclass(frozen=True, slots=True)
class Slip:
    """`guardian` None: the student's own."""

    student: Student
    guardian: Guardian | None
    code: str
    expires_at: datetime.datetime


def fingerprint(code: str) -> str:
    return blind_index(start_codes.tidy(code), "access_invitation.code")


@transaction.atomic
def invite(
    actor: Actor,
    *,
    school: Organisation,
    guardians: Sequence[Guardian] = (),
    students: Sequence[Student] = (),
    batch: UUID,
) -> list[Slip]:
    """An invitation for each of these guardians (with `student`) and for each of these students' own door."""
    whom: list[tuple[Student, Guardian | None]] = [(one.student, one) for one in guardians]
    whom += [(student, None) for student in students]
    if not whom:
        raise Refused(_("Please choose at least one person."), field="whom")
    for student, guardian in whom:
        actor.require(CAN, school_id=school.pk, student_id=student.pk)
        _check(school, student, guardian)
    expires = clock.now() + LIVES
    slips = [Slip(student, guardian, _code(batch, student, guardian), expires) for student, guardian in whom]
    made = list(Invitation.objects.filter(fingerprint__in=[fingerprint(slip.code) for slip in slips]))
    if made:
        return _again(slips, made)
    _open_of(whom).update(ended_at=clock.now(), ended_as=Invitation.End.REPLACED, ended_by=actor.user_id)
    Invitation.objects.bulk_create(_row(actor, school, slip) for slip in slips)
    audit.record(
        actor,
        "door.invite",
        school_id=school.pk,
        subject=("student", whom[0][0].pk if len(whom) == 1 else None),
        detail={
            "guardians": sorted(one.pk for one in guardians),
            "students": sorted(one.pk for one in students),
        },
    )
    return slips


def _row(actor: Actor, school: Organisation, slip: Slip) -> Invitation:
    return Invitation(
        school=school,
        student=slip.student,
        guardian=slip.guardian,
        fingerprint=fingerprint(slip.code),
        made_at=clock.now(),
        made_by_id=actor.user_id,
        expires_at=slip.expires_at,
    )


def _code(batch: UUID, student: Student, guardian: Guardian | None) -> str:
    space = uuid5(batch, SPACE[guardian is None].hex)
    return start_codes.code_for(space, guardian.pk if guardian else student.pk)


def _check(school: Organisation, student: Student, guardian: Guardian | None) -> None:
    if student.school_id != school.pk:
        raise Refused(_("This belongs to another school."))
    if guardian is not None and guardian.ends_on is not None:
        raise Refused(_("This person is no guardian any more."), field="whom")
    if not can_be_asked(student, guardian):
        raise Refused(
            _(
                "The door asks for %(name)s's date of birth or a phone number, and neither is on record yet. Please enter one first."
            )
            % {"name": student.name},
            field="whom",
        )


def can_be_asked(student: Student, guardian: Guardian | None) -> bool:
    """Whether there is anything this person knows and the school has on record."""
    return student.birth_date is not None or bool((guardian or student).phone_sealed)


def _open_of(whom: Sequence[tuple[Student, Guardian | None]]) -> QuerySet[Invitation]:
    guardians = [guardian.pk for _student, guardian in whom if guardian]
    students = [student.pk for student, guardian in whom if guardian is None]
    mine = Q(guardian__in=guardians) | Q(guardian=None, student__in=students)
    return Invitation.objects.filter(mine, ended_at=None)


def _again(slips: list[Slip], made: list[Invitation]) -> list[Slip]:
    """The page was loaded twice: the same slips, or none if one of them no longer holds."""
    if len(made) < len(slips) or any(one.ended_at or one.expires_at <= clock.now() for one in made):
        raise Refused(_("These slips have been used or replaced. Please make new ones."), field="whom")
    return [Slip(slip.student, slip.guardian, slip.code, made[0].expires_at) for slip in slips]


@transaction.atomic
def take_back(actor: Actor, *, invitation: Invitation) -> None:
    """Nobody comes in with it any more; whoever has come in already stays (see `close_door`)."""
    actor.require(CAN, school_id=invitation.school_id, student_id=invitation.student_id)
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.ended_at is not None:
        return  # a second tap
    held.ended_at, held.ended_as = clock.now(), Invitation.End.TAKEN_BACK
    held.ended_by_id = actor.user_id
    held.save(update_fields=["ended_at", "ended_as", "ended_by"])
    _log(actor, "door.take-back", held.student, held.guardian_id)


@transaction.atomic
def close_door(actor: Actor, *, student: Student, guardian: Guardian | None) -> None:
    """Whoever came in for this child is outside from this moment, and so is an invitation that still waits."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    whose: Guardian | Student = guardian or student
    whose = type(whose)._default_manager.select_for_update().get(pk=whose.pk)
    _open_of([(student, guardian)]).update(
        ended_at=clock.now(), ended_as=Invitation.End.TAKEN_BACK, ended_by=actor.user_id
    )
    user_id = whose.user_id
    if user_id is None:
        return  # a second tap
    whose.user = None
    whose.save(update_fields=["user"])
    _end_rights(user_id, student, Role.GUARDIAN if guardian else Role.STUDENT)
    _log(actor, "door.close", student, guardian.pk if guardian else None)


def _end_rights(user_id: int, student: Student, role: Role) -> None:
    """The right to this child ends; an account that holds nothing else is closed with its sessions."""
    held = Grant.objects.filter(user=user_id, role=role, student=student)
    held.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today())).update(ends_on=clock.today() - DAY)
    left = Grant.objects.filter(user=OuterRef("pk")).filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()))
    User.objects.filter(~Exists(left), pk=user_id, staff=None).update(is_active=False)


def _log(actor: Actor, action: str, student: Student, guardian_id: int | None) -> None:
    audit.record(
        actor,
        action,
        school_id=student.school_id,
        subject=("student", student.pk),
        detail={"guardian": guardian_id},
    )
