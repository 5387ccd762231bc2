"""Before and in a break: the safety lesson, who had it later, who calls whom instead."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Student

from ..models import Break, CallPutOff, CallSwap, Lesson, MissedLesson
from ..models_absence import MANAGE, MARK
from ..models_breaks import Topic
from ..rules import Gap

WRITE, DAY = "contact.write", datetime.timedelta(days=1)


def _kept(school: Organisation, gap: Gap) -> Break:
    return Break.objects.update_or_create(
        school=school,
        starts_on=gap.starts_on,
        defaults={"ends_on": gap.ends_on, "season": gap.season, "name": gap.name},
        create_defaults={
            "ends_on": gap.ends_on,
            "season": gap.season,
            "name": gap.name,
            "recorded_at": clock.now(),
        },
    )[0]


@transaction.atomic
def note_lesson(
    actor: Actor,
    *,
    school_class: SchoolClass,
    gap: Gap,
    held_on: datetime.date,
    topics: Collection[str],
    missed: Collection[int],
) -> Lesson:
    """The lesson was held; `missed`: the students who were not there. Noted again, it is corrected: whoever has had
    it since keeps that."""
    _check(actor, school_class, gap, held_on, topics, missed)
    recess = _kept(school_class.school, gap)
    lesson, _new = Lesson.objects.update_or_create(
        recess=recess,
        school_class=school_class,
        defaults={
            "school_id": school_class.school_id,
            "held_on": held_on,
            "topics": [topic for topic in Topic.values if topic in topics],
            "recorded_at": clock.now(),
            "recorded_by_id": actor.user_id,
        },
    )
    waiting = lesson.missed.filter(caught_up_on=None, taken_back_at=None)
    waiting.exclude(student__in=missed).update(taken_back_at=clock.now())
    lesson.missed.filter(student__in=missed).update(taken_back_at=None)
    there = set(lesson.missed.values_list("student_id", flat=True))
    MissedLesson.objects.bulk_create(
        MissedLesson(school_id=lesson.school_id, lesson=lesson, student_id=one)
        for one in missed
        if one not in there
    )
    audit.record(
        actor,
        "break.lesson",
        school_id=lesson.school_id,
        subject=("class", school_class.pk),
        detail={"lesson": lesson.pk, "missed": len(missed)},
    )
    return lesson


def _check(
    actor: Actor,
    school_class: SchoolClass,
    gap: Gap,
    held_on: datetime.date,
    topics: Collection[str],
    missed: Collection[int],
) -> None:
    """The class is this actor's, the day has come and lies before the break's end, and the names are of this class."""
    rows = ClassMembership.objects.on(held_on).filter(school_class=school_class)
    members = set(rows.values_list("student_id", flat=True))
    actor.require(MARK, school_id=school_class.school_id)
    for student_id in members:
        actor.require(MARK, school_id=school_class.school_id, student_id=student_id)
    if held_on > clock.today():
        raise Refused(_("This day has not come yet."), field="held_on")
    if held_on > gap.ends_on:
        raise Refused(_("The break is over on this day."), field="held_on")
    if not topics or not set(topics) <= set(Topic.values):
        raise Refused(_("Please choose what it was about."), field="topics")
    if set(missed) - members:
        raise Refused(_("Somebody chosen is not in this class. Please look again."), field="missed")


@transaction.atomic
def caught_up(actor: Actor, *, missed: MissedLesson, undone: bool = False) -> None:
    """Somebody went through it with the child, today; `undone`: the way back."""
    actor.require(MARK, school_id=missed.school_id, student_id=missed.student_id)
    held = MissedLesson.objects.select_for_update().get(pk=missed.pk)
    if undone == (held.caught_up_on is None):
        return  # a second tap
    held.caught_up_on = None if undone else clock.today()
    held.caught_up_by_id = None if undone else actor.user_id
    held.save(update_fields=["caught_up_on", "caught_up_by"])
    audit.record(
        actor,
        "break.caught-up",
        school_id=held.school_id,
        subject=("student", held.student_id),
        detail={"lesson": held.lesson_id, "undone": undone},
    )


@transaction.atomic
def swap_caller(
    actor: Actor, *, student: Student, gap: Gap, week: int, caller: Staff | None
) -> CallSwap | None:
    """Somebody else calls the child in that week of the break. The same caller again changes nothing."""
    actor.require(MANAGE, school_id=student.school_id, student_id=student.pk)
    if caller is not None:
        if caller.school_id != student.school_id:
            raise Refused(_("This colleague belongs to another school."), field="caller")
        if caller.offence_check_on is None:
            raise Refused(
                _("First the offence-record check is noted: %(names)s.") % {"names": caller.name},
                field="caller",
            )
        if caller.ends_on and caller.ends_on < gap.starts_on:
            raise Refused(_("This colleague has left the school by then."), field="caller")
    recess = _kept(student.school, gap)
    latest = CallSwap.objects.filter(recess=recess, student=student, week=week).last()
    if latest and latest.caller_id == (caller.pk if caller else None):
        return latest
    swap = CallSwap.objects.create(
        school_id=student.school_id,
        recess=recess,
        student=student,
        week=week,
        caller=caller,
        at=clock.now(),
        by_id=actor.user_id,
    )
    audit.record(
        actor,
        "break.swap",
        school_id=student.school_id,
        subject=("student", student.pk),
        detail={"week": week, "caller": caller.pk if caller else None},
    )
    return swap


@transaction.atomic
def put_off(actor: Actor, *, student: Student, gap: Gap) -> CallPutOff:
    """Today does not suit: the child is called tomorrow instead. Nothing was tried, so nothing is recorded."""
    actor.require(WRITE, school_id=student.school_id, student_id=student.pk)
    tomorrow = clock.today() + DAY
    if not gap.starts_on <= tomorrow <= gap.ends_on:
        raise Refused(_("The break ends today: please call today, or talk at school."))
    made = CallPutOff.objects.create(
        school_id=student.school_id,
        recess=_kept(student.school, gap),
        student=student,
        to=tomorrow,
        at=clock.now(),
        by_id=actor.user_id,
    )
    _log_put_off(actor, "break.put-off", made)
    return made


@transaction.atomic
def not_put_off(actor: Actor, *, put_off: CallPutOff) -> None:
    """The way back, for a moment."""
    actor.require(WRITE, school_id=put_off.school_id, student_id=put_off.student_id)
    if put_off.taken_back_at is not None:
        return
    if put_off.by_id != actor.user_id or not is_recent(put_off.at):
        raise Refused(_("This can no longer be taken back."))
    put_off.taken_back_at = clock.now()
    put_off.save(update_fields=["taken_back_at"])
    _log_put_off(actor, "break.put-off-back", put_off)


def _log_put_off(actor: Actor, action: str, put_off: CallPutOff) -> None:
    audit.record(
        actor,
        action,
        school_id=put_off.school_id,
        subject=("student", put_off.student_id),
        detail={"put_off": put_off.pk},
    )
