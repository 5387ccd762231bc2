"""The morning: who of a class is not there. Everybody else is."""

import datetime
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student
from tongxing.ground.records.models import AttendanceEvent

from ..models import Absence, AbsenceStep, RollCall
from ..models_absence import EXCUSED, MARK, TEXT, Reason
from ..queries.days import OF_EVENT, is_school_day

#: How far back somebody may still write down a morning.
BACK = datetime.timedelta(days=14)
IN_CLASS = gettext_lazy("A child of your class is not there. Please find out where the child is.")


@transaction.atomic
def call_roll(
    actor: Actor,
    *,
    school_class: SchoolClass,
    missing: Collection[int],
    day: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> list[Absence]:
    """`missing`: the students who are not there; all others are. Sent twice, it is noted once. Returns those added.

    `at`: when the names were tapped, where that arrives later: what became known since stays as it is.
    Whoever is on leave until a later day stays on leave: nobody says it twice.
    """
    at = at or clock.now()
    day = day or clock.day_of(at)
    members = {
        student.pk: student
        for student in Student.objects.enrolled()
        .filter(memberships__in=ClassMembership.objects.on(day).filter(school_class=school_class))
        .select_related("key", "school")
    }
    if not all(_may_mark(actor, student) for student in members.values()):
        raise NotAllowed(MARK)
    _check_day(actor, school_class, day, members)
    if set(missing) - members.keys():
        raise Refused(_("Somebody chosen is not in this class. Please look again."), field="missing")
    SchoolClass.objects.select_for_update(no_key=True).get(pk=school_class.pk)  # one after the other
    _looked_at(actor, school_class, day, at)
    added = note_away(actor, {members[one]: Reason.UNKNOWN for one in missing}, day, at=at)
    audit.record(
        actor,
        "attendance.roll",
        school_id=school_class.school_id,
        subject=("class", school_class.pk),
        detail={"day": day.isoformat(), "absences": [one.pk for one in added]},
    )
    return added


def _looked_at(actor: Actor, school_class: SchoolClass, day: datetime.date, at: datetime.datetime) -> None:
    """The latest look at the class stands."""
    call, _made = RollCall.objects.get_or_create(
        school_id=school_class.school_id,
        school_class=school_class,
        day=day,
        defaults={"taken_at": at, "taken_by_id": actor.user_id},
    )
    if call.taken_at < at:
        call.taken_at, call.taken_by_id = at, actor.user_id
        call.save(update_fields=["taken_at", "taken_by"])


def _may_mark(actor: Actor, student: Student) -> bool:
    return actor.may(MARK, school_id=student.school_id, student_id=student.pk)


def _check_day(
    actor: Actor, school_class: SchoolClass, day: datetime.date, members: Mapping[int, Student]
) -> None:
    actor.require(MARK, school_id=school_class.school_id)
    if not members:
        raise Refused(_("Nobody is in this class at the moment."))
    if day > clock.today() or day < clock.today() - BACK:
        raise Refused(_("Please choose a day of the last two weeks."), field="day")
    if not is_school_day(school_class.school, day):
        raise Refused(_("There is no school on this day."), field="day")


def note_away(
    actor: Actor, found: Mapping[Student, str], day: datetime.date, *, at: datetime.datetime | None = None
) -> list[Absence]:
    """Absences that are not there yet, with their first step; the class teacher learns of what somebody else noted.

    `at`: the moment of which this tells; who was seen at school after it is not called away again.
    """
    standing = {one.student_id: one for one in Absence.objects.filter(student__in=found, day=day)}
    seen_since = set(
        AbsenceStep.objects.filter(absence__in=standing.values(), at__gt=at).values_list(
            "absence__student", flat=True
        )
        if at and standing
        else ()
    )
    on_leave = _on_leave(found, day)
    added = []
    for student, said in found.items():
        earlier, known = on_leave.get(student.pk), standing.get(student.pk)
        reason = earlier.reason if earlier and said == Reason.UNKNOWN else said
        if known and (known.reason not in (Reason.MISTAKE, Reason.LATE) or student.pk in seen_since):
            continue
        absence = known or Absence(school_id=student.school_id, student=student, day=day)
        absence.reason, absence.noted_at, absence.noted_by_id = reason, clock.now(), actor.user_id
        absence.back_on = earlier.back_on if earlier else None
        absence.save()
        add_step(actor, absence, AbsenceStep.Kind.NOTED, student=student)
        added.append(absence)
    _tell_class_teachers(actor, [one for one in added if one.is_open], day)
    return added


def _on_leave(students: Collection[Student], day: datetime.date) -> dict[int, Absence]:
    """The latest leave of each student that reaches over this day."""
    rows = Absence.objects.filter(
        student__in=students, reason__in=EXCUSED, day__lt=day, back_on__gt=day
    ).order_by("day")
    return {one.student_id: one for one in rows}


def add_step(
    actor: Actor,
    absence: Absence,
    kind: str,
    *,
    student: Student,
    text: str = "",
    client_id: UUID | None = None,
    **facts: object,
) -> AbsenceStep:
    """One step of an absence as it stands now; `student` with its key."""
    return AbsenceStep.objects.create(
        school_id=absence.school_id,
        absence=absence,
        client_id=client_id,
        kind=kind,
        reason=absence.reason,
        at=clock.now(),
        by_id=actor.user_id,
        text_sealed=seal(student.key, text.strip(), TEXT),
        **facts,
    )


def _tell_class_teachers(actor: Actor, absences: Collection[Absence], day: datetime.date) -> None:
    for absence in absences:
        for user in class_teachers_of(absence.student_id, day):
            if user.pk != actor.user_id:
                tell(absence, user, IN_CLASS, "noted")


def class_teachers_of(student_id: int, day: datetime.date) -> list[User]:
    in_class = ClassMembership.objects.on(day).filter(student=student_id).values("school_class")
    grants = Grant.objects.on(day).filter(
        role=Role.CLASS_TEACHER, school_class__in=in_class, user__is_active=True
    )
    return [grant.user for grant in grants.select_related("user").order_by("pk")]


def leads(school: Organisation) -> list[User]:
    """Coordinators and heads of today."""
    grants = Grant.objects.on(clock.today()).filter(
        school=school, role__in=(Role.COORDINATOR, Role.HEAD), user__is_active=True
    )
    return [grant.user for grant in grants.select_related("user").order_by("pk")]


def tell(absence: Absence, user: User, words: str | Promise, key: str, *, opens: bool = True) -> None:
    """A message that names nobody and leads to the absence, for those it `opens` to."""
    send(
        to=user,
        school=absence.school,
        code="attendance.absence",
        subject=words,
        link=("attendance-absence", [absence.pk]) if opens else ("reminders", []),
        key=f"attendance:{absence.pk}:{key}",
        urgent=True,
    )


@transaction.atomic
def take_events(*, school: Organisation, day: datetime.date) -> int:
    """What a list of the gate says of this day and nobody has noted yet: absent, or on leave. For the schedule."""
    events = AttendanceEvent.objects.filter(
        school=school, kind__in=OF_EVENT, at__gte=clock.start_of(day), at__lt=clock.end_of(day)
    ).exclude(student__in=Absence.objects.filter(school=school, day=day).values("student"))
    kinds = dict(events.order_by("at").values_list("student_id", "kind"))
    students = Student.objects.enrolled().filter(pk__in=kinds).select_related("key", "school")
    found = {one: OF_EVENT[AttendanceEvent.Kind(kinds[one.pk])] for one in students}
    added = note_away(SYSTEM, found, day) if found else []
    if added:
        audit.record(
            SYSTEM,
            "attendance.events",
            school_id=school.pk,
            detail={"day": day.isoformat(), "absences": [one.pk for one in added]},
        )
    return len(added)
