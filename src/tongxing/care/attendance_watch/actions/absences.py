"""An absence until somebody knows where the child is: told, called, gone there, come to school after all.

Whoever follows up the student may do this; whoever only marks a class may say that a child came after all.
"""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Guardian, Staff

from .. import rules
from ..models import Absence, AbsenceStep
from ..models_absence import FOLLOW, MARK, Reason
from ..queries.days import is_school_day
from ..thresholds import thresholds
from .roll import add_step, leads, tell

Kind = AbsenceStep.Kind
LONGEST = 500
WHERE = (Reason.LEAVE, Reason.ILL, Reason.NO_LEAVE)
FEWEST_GOERS = 2
NOBODY_KNOWS = gettext_lazy("Nobody knows yet where a child is. Please see to it today.")


@transaction.atomic
def tell_reason(
    actor: Actor,
    *,
    absence: Absence,
    reason: str,
    words: str,
    client_id: UUID,
    guardian: Guardian | None = None,
    back_on: datetime.date | None = None,
) -> AbsenceStep:
    """Somebody told where the child is: the family in a call (`guardian`), or whoever brought a note (`words`)."""
    absence = _held(actor, absence)
    words = _words(words)
    if reason not in WHERE:
        raise Refused(_("Please choose what is known."), field="reason")
    if not words and guardian is None:
        raise Refused(_("Please write down who told it, and what."), field="words")
    if back_on and back_on <= absence.day:
        raise Refused(_("The child is back on a later day."), field="back_on")
    _check_guardian(absence, guardian)

    def make() -> AbsenceStep:
        absence.reason, absence.back_on, absence.next_at = reason, back_on, None
        absence.save(update_fields=["reason", "back_on", "next_at"])
        kind = Kind.REACHED if guardian else Kind.TOLD
        return _noted(actor, absence, kind, words, client_id, guardian=guardian)

    return once(lambda: _sent_before(absence, client_id), make)


@transaction.atomic
def note_try(
    actor: Actor,
    *,
    absence: Absence,
    client_id: UUID,
    next_at: datetime.datetime | None = None,
    goers: Collection[Staff] = (),
    guardian: Guardian | None = None,
    words: str = "",
) -> AbsenceStep:
    """Nobody was reached: when it is tried again, or which two colleagues go there. It stays open."""
    absence = _held(actor, absence)
    words = _words(words)
    if not absence.is_open:
        raise Refused(_("It is known by now where the child is."))
    if next_at is None and not goers:
        raise Refused(_("Please say when it is tried again, or who goes there."), field="next_at")
    if next_at and next_at <= clock.now():
        raise Refused(_("This time has passed. Please choose a later one."), field="next_at")
    check_goers(goers, absence.school_id)
    _check_guardian(absence, guardian)

    def make() -> AbsenceStep:
        absence.next_at = next_at
        absence.save(update_fields=["next_at"])
        kind = Kind.GOING if goers else Kind.TRIED
        step = _noted(actor, absence, kind, words, client_id, guardian=guardian, next_at=next_at)
        step.goers.set(goers)
        _tell_goers(actor, absence, goers, f"go{step.pk}")
        return step

    return once(lambda: _sent_before(absence, client_id), make)


GO = gettext_lazy("You are asked to go to a child’s home today, together with a colleague.")
GO_ALONG = gettext_lazy("You are asked to go along to a child’s home today; your colleague knows to whom.")


def _tell_goers(actor: Actor, absence: Absence, goers: Collection[Staff], key: str) -> None:
    """Whoever follows the child finds the page; whoever only goes along learns the rest from the colleague."""
    ids = {"school_id": absence.school_id, "student_id": absence.student_id}
    for staff in goers:
        if staff.user_id == actor.user_id:
            continue
        follows = actor_for(staff.user).may(FOLLOW, **ids)
        tell(absence, staff.user, GO if follows else GO_ALONG, key, opens=follows)


def check_goers(goers: Collection[Staff], school_id: int, field: str = "goers") -> None:
    """Whoever goes to a family goes in twos, and has the check that the law asks for (未成年人保护法 62)."""
    if goers and len({one.pk for one in goers}) < FEWEST_GOERS:
        raise Refused(_("Please go in twos: choose a second colleague."), field=field)
    if any(one.school_id != school_id for one in goers):
        raise Refused(_("This colleague belongs to another school."), field=field)
    if unchecked := [one.name for one in goers if one.offence_check_on is None]:
        raise Refused(
            _("First the offence-record check is noted: %(names)s.") % {"names": "、".join(unchecked)},
            field=field,
        )


@transaction.atomic
def came(actor: Actor, *, absence: Absence, late: bool = True) -> Absence:
    """The child came after all (`late`), or was there all along: noted by mistake."""
    absence = _held(actor, absence, MARK, FOLLOW)
    reason = Reason.LATE if late else Reason.MISTAKE
    if absence.reason == reason:
        return absence
    absence.reason, absence.next_at, absence.back_on = reason, None, None
    absence.save(update_fields=["reason", "next_at", "back_on"])
    add_step(actor, absence, Kind.CAME if late else Kind.MISTAKE, student=absence.student)
    _log(actor, "attendance.came", absence, {"reason": str(reason)})
    return absence


@transaction.atomic
def not_there(actor: Actor, *, absence: Absence) -> Absence:
    """The way back of `came`: as it was known before."""
    absence = _held(actor, absence, MARK, FOLLOW)
    if absence.reason not in (Reason.LATE, Reason.MISTAKE):
        return absence
    before = absence.steps.exclude(reason__in=(Reason.LATE, Reason.MISTAKE)).last()
    absence.reason = before.reason if before else Reason.UNKNOWN
    absence.save(update_fields=["reason"])
    add_step(actor, absence, Kind.NOTED, student=absence.student)
    _log(actor, "attendance.not-there", absence)
    return absence


def ask_further(now: datetime.datetime) -> int:
    """Ask coordinator and head about every child of whom nobody knows after the hours of the school; each later school
    morning all of them again. Safe to run at any moment and again."""
    asked = 0
    for pk in Absence.objects.open().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            asked += _ask(_held(SYSTEM, Absence(pk=pk)), now)
    return asked


def _ask(absence: Absence, now: datetime.datetime) -> int:
    known, school, today = thresholds(absence.school, absence.day), absence.school, clock.day_of(now)
    if not absence.is_open or not rules.asks_further(
        absence.noted_at, now, known, lambda day: is_school_day(school, day)
    ):
        return 0
    if absence.level == 0:
        absence.level = 1
        absence.save(update_fields=["level"])
        add_step(SYSTEM, absence, Kind.ASKED, student=absence.student)
        _log(SYSTEM, "attendance.ask", absence)
    elif today == absence.day or now.astimezone(clock.SCHOOL_TIME).time() < known.opens:
        return 0
    people = leads(school)
    for user in people:
        tell(absence, user, NOBODY_KNOWS, f"asked{today.isoformat() if today > absence.day else ''}")
    return len(people)


def _noted(
    actor: Actor, absence: Absence, kind: str, words: str, client_id: UUID, **facts: object
) -> AbsenceStep:
    step = add_step(actor, absence, kind, student=absence.student, text=words, client_id=client_id, **facts)
    _log(actor, "attendance.step", absence, {"kind": str(kind), "reason": absence.reason})
    look_for_danger(actor, student=absence.student, text=words)
    return step


def _held(actor: Actor, absence: Absence, *abilities: str) -> Absence:
    held = Absence.objects.select_for_update(of=("self",)).select_related("student__key", "school")
    found = held.get(pk=absence.pk)
    ids = {"school_id": found.school_id, "student_id": found.student_id}
    if not any(actor.may(ability, **ids) for ability in abilities or (FOLLOW,)):
        raise NotAllowed(FOLLOW)
    return found


def _words(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST}, field="words")
    return words


def _check_guardian(absence: Absence, guardian: Guardian | None) -> None:
    if guardian and guardian.student_id != absence.student_id:
        raise Refused(_("This person belongs to another child."), field="guardian")


def _sent_before(absence: Absence, client_id: UUID) -> AbsenceStep | None:
    return AbsenceStep.objects.filter(absence=absence, client_id=client_id).first()


def _log(actor: Actor, action: str, absence: Absence, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=absence.school_id,
        subject=("absence", absence.pk),
        detail=detail or {},
    )
