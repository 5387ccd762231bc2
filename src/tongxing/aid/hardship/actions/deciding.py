"""Deciding, making public, filing, adjusting: from an opinion to what holds."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.circumstances import hold_recognised
from tongxing.ground.people.models import Student
from tongxing.ground.publicity import actions as publicity
from tongxing.ground.publicity.models import Notice, Objection

from ..models import Application, Level, Recognition, Review, Round
from ..models_applications import REASON
from ..models_rounds import DECIDE, MANAGE
from .applications import go_to, held_now, may_speak, stays_out
from .rounds import person

Change = Recognition.Change
DAY = datetime.timedelta(days=1)
LONGEST_REASON, ENDED_REASON = 300, 200


@transaction.atomic
def decide(actor: Actor, *, application: Application, level: Level | None, reason: str) -> Recognition:
    """After both reviews, by somebody who did not write the school's review. `level` none: not recognised."""
    user_id = person(actor, DECIDE, application.school_id, application.student_id)
    application = held_now(application)
    if application.state != Application.State.SCHOOL_SEEN:
        raise Refused(_("Both reviews come before the decision."))
    may_speak(actor, application.round, stays_out(application.round, application.student))
    written = application.reviews.standing().filter(step=Review.Step.SCHOOL, written_by=user_id)
    if written.exists():
        raise Refused(
            _("Whoever wrote the school's review does not decide. Somebody else who may decide does.")
        )
    made = _decided(application.round, application.student, level, reason, user_id, application)
    go_to(application, Application.State.DECIDED)
    _log(actor, "hardship.decide", made)
    return made


@transaction.atomic
def adjust(
    actor: Actor, *, recognition: Recognition, round: Round, level: Level | None, reason: str
) -> Recognition:
    """What was recognised changes within the year: more, less, or (`level` none) no longer needed."""
    user_id = person(actor, DECIDE, recognition.school_id, recognition.student_id)
    recognition = _of(recognition)
    if round.school_id != recognition.school_id or round.closed_at:
        raise Refused(_("A change belongs into an open round: open an adjustment first."))
    if recognition.ended_on or not recognition.filed_at:
        raise Refused(_("This recognition no longer holds."))
    if recognition.round.year_id != round.year_id or recognition.has_lapsed(clock.today()):
        raise Refused(
            _("It held for its school year. In another one the family applies, and it is recognised anew.")
        )
    may_speak(actor, round, stays_out(round, recognition.student))
    if level == recognition.level:
        raise Refused(_("This is the level it has already."), field="level")
    made = _decided(round, recognition.student, level, reason, user_id, None)
    _log(actor, "hardship.adjust", made, {"before": recognition.pk})
    return made


def _decided(
    round: Round,
    student: Student,
    level: Level | None,
    reason: str,
    user_id: int,
    application: Application | None,
) -> Recognition:
    """What holds without a notice (no recognition, or its end) is filed at once."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(
            _("Please write down the reason, at most %(n)s characters.") % {"n": LONGEST_REASON},
            field="reason",
        )
    if level is not None and (level.school_id != round.school_id or level.ended_on):
        raise Refused(_("Please choose one of the levels."), field="level")
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    if Recognition.objects.waiting().filter(student=student).exists():
        raise Refused(_("A decision about this child waits already, to be made public or filed."))
    before = _holding(student)
    made = Recognition(
        school_id=round.school_id, round=round, student=student, application=application, level=level,
        change=change_of(before, level), reason_sealed=seal(student.key, reason, REASON), decided_by_id=user_id,
        decided_at=clock.now(),
    )  # fmt: skip
    if level is None:
        _file(made, before, user_id)
    made.save()
    return made


def change_of(before: Recognition | None, level: Level | None) -> Change:
    if level is None:
        return Change.END if before else Change.NO
    if before is None or before.level is None:
        return Change.NEW
    if before.level_id == level.pk:
        return Change.KEPT
    return Change.UP if level.from_points > before.level.from_points else Change.DOWN


def _holding(student: Student) -> Recognition | None:
    return (
        Recognition.objects.holding().filter(student=student).select_related("level", "student__key").first()
    )


@transaction.atomic
def drop(actor: Actor, *, recognition: Recognition, reason: str) -> None:
    """Take a decision back before it is filed: an objection was right, or it was a slip. It is decided anew."""
    person(actor, DECIDE, recognition.school_id, recognition.student_id)
    recognition = _of(recognition)
    reason = " ".join(reason.split())[:ENDED_REASON]
    if recognition.filed_at:
        raise Refused(_("This is filed already: it is changed by an adjustment."))
    if not reason:
        raise Refused(_("Please write down the reason."), field="reason")
    if recognition.dropped_at:
        return
    recognition.dropped_at, recognition.ended_reason = clock.now(), reason
    recognition.save(update_fields=["dropped_at", "ended_reason"])
    if recognition.application:
        go_to(recognition.application, Application.State.SCHOOL_SEEN)
    if recognition.notice:
        publicity.leave_out(actor, notice=recognition.notice, student=recognition.student)
    _log(actor, "hardship.drop", recognition)


@transaction.atomic
def make_public(actor: Actor, *, round: Round, said: publicity.Said, client_id: UUID) -> Notice:
    """One notice with everybody of this round who was recognised and stands on none, or on one that was taken down."""
    person(actor, MANAGE, round.school_id)
    waiting = Recognition.objects.select_for_update(of=("self",)).select_related("level")
    found = list(waiting.to_publish().filter(round=round).order_by("pk"))
    twin = Notice.objects.filter(school_id=round.school_id, client_id=client_id).first()
    if twin is not None:
        return twin
    notice = publicity.publish(
        actor, school=round.school, kind=Notice.Kind.HARDSHIP, said=said,
        levels={one.student_id: one.level.name if one.level else "" for one in found}, client_id=client_id,
    )  # fmt: skip
    Recognition.objects.filter(pk__in=[one.pk for one in found]).update(notice=notice)
    audit.record(
        actor, "hardship.publish", school_id=round.school_id, subject=("round", round.pk),
        detail={"notice": notice.pk, "students": len(found)},
    )  # fmt: skip
    return notice


@dataclass(frozen=True, slots=True)
class Filed:
    """How many were filed, and how many wait: for the notice's last day, or for an objection."""

    filed: int
    waiting: int


def ready_to_file(round: Round, today: datetime.date) -> list[Recognition]:
    """Those whose notice stood its whole time, and about whom no objection is open or was right."""
    waiting = Recognition.objects.waiting().filter(round=round, notice__isnull=False)
    over = [
        one
        for one in waiting.select_related("notice", "student__key", "level", "round__year")
        if one.notice and one.notice.is_over(today)
    ]
    against = Objection.objects.filter(notice__in={one.notice_id for one in over})
    against = against.exclude(outcome=Objection.Outcome.STANDS)
    held = {(one.notice_id, one.student_id) for one in against.only("notice_id", "student_id")}
    return [one for one in over if held.isdisjoint({(one.notice_id, one.student_id), (one.notice_id, None)})]


@transaction.atomic
def file_round(actor: Actor, *, round: Round) -> Filed:
    """What was public for its days and stands, holds from today."""
    user_id = person(actor, MANAGE, round.school_id)
    Round.objects.select_for_update().get(pk=round.pk)
    found = ready_to_file(round, clock.today())
    before = {
        one.student_id: one
        for one in Recognition.objects.holding()
        .filter(student__in=[one.student_id for one in found])
        .select_related("level")
    }
    for one in found:
        _file(one, before.get(one.student_id), user_id)
        one.save(update_fields=["filed_at", "filed_by", "starts_on", "ends_on"])
    left = Recognition.objects.waiting().filter(round=round).count()
    if found:
        audit.record(
            actor, "hardship.file", school_id=round.school_id, subject=("round", round.pk),
            detail={"recognitions": sorted(one.pk for one in found)},
        )  # fmt: skip
    return Filed(len(found), left)


def _file(one: Recognition, before: Recognition | None, user_id: int) -> None:
    """From today; the one before ends the day before. The child's circumstances say the same."""
    today = clock.today()
    if before is not None:
        last = today - DAY
        if before.starts_on and last < before.starts_on:
            raise Refused(_("Filed today, it can change from tomorrow on."))
        before.ended_on = min(last, before.ends_on or last)
        before.ended_reason = str(Change(one.change).label)
        before.save(update_fields=["ended_on", "ended_reason"])
    one.filed_at, one.filed_by_id, one.starts_on = clock.now(), user_id, today
    one.ends_on = one.round.year.ends_on if one.level else today
    source = f"{one.round.year.name} {one.level.name}" if one.level else ""
    if one.level or before:
        hold_recognised(one.student, source=source, since=today, valid_until=one.ends_on)


def _of(recognition: Recognition) -> Recognition:
    held = Recognition.objects.select_for_update(of=("self",))
    return held.select_related("student__key", "level", "application", "notice", "round__year").get(
        pk=recognition.pk
    )


def _log(actor: Actor, action: str, one: Recognition, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor, action, school_id=one.school_id, subject=("student", one.student_id),
        detail={"recognition": one.pk, **(detail or {})},
    )  # fmt: skip
