"""From a wish to an agreed time, once or regularly; then it took place, or somebody called it off."""

import datetime
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import current_term, term_calendar

from .. import rules
from ..models import Appointment, ClosedDay, Referral, Series
from ..models_asked import WISH
from .asking import tell_asker
from .checking import held, note, require_keeper

State, CalledOff, Origin = Appointment.State, Appointment.CalledOff, Appointment.Origin
A_TIME = gettext_lazy("There is a time for your talk.")
ANOTHER_TIME = gettext_lazy("Your talk has another time.")
NO_TIME_YET = gettext_lazy("Your talk does not take place then. You will be told a new time.")
SHORTEST, LONGEST = 10, 180  # minutes
DOORS = {Appointment.Whom.STUDENT: "counselling-ask", Appointment.Whom.GUARDIAN: "counselling-talk"}
ASKERS = {Appointment.Whom.STUDENT: "counselling.ask", Appointment.Whom.GUARDIAN: "counselling.talk"}


@dataclass(frozen=True, slots=True)
class Plan:
    """When and where. `every`: 0 once, 1 or 2 weeks with `until`. `away`: teachers may know of the absence."""

    at: datetime.datetime
    minutes: int = 40
    place: str = ""
    away: bool = False
    every: int = 0
    until: datetime.date | None = None


@transaction.atomic
def agree(actor: Actor, *, appointment: Appointment, plan: Plan) -> Appointment:
    """A wish gets its time; whoever asked through a door is told that there is one."""
    user_id = require_keeper(actor, appointment.student)
    found = held(Appointment.objects.visible_to(actor), appointment.pk)
    if found.state != State.WISHED:
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    _check(plan, user_id, found.school_id)
    found.state, found.counsellor_id = State.AGREED, user_id
    _set(found, plan)
    found.series = _series(actor, found, plan)
    found.save()
    note(actor, "agree", found)
    _tell(found, A_TIME, f"time:{plan.at.isoformat()}")
    return found


@transaction.atomic
def move(actor: Actor, *, appointment: Appointment, at: datetime.datetime, place: str) -> Appointment:
    """Another time for what is agreed: whoever asked through a door learns of it. Of a regular talk this one alone."""
    user_id = require_keeper(actor, appointment.student)
    found = _still_to_come(actor, appointment)
    _check(Plan(at, found.minutes), user_id, found.school_id, but=found.pk)
    found.at, found.place = at, place.strip()
    found.save(update_fields=["at", "place"])
    note(actor, "move", found)
    _tell(found, ANOTHER_TIME, f"moved:{at.isoformat()}")
    return found


@transaction.atomic
def put_off(actor: Actor, *, appointment: Appointment) -> Appointment:
    """There is no other time yet: the wish waits again, so that nobody is forgotten, and whoever asked is told.
    Of a regular talk this one meeting is left out and the next one stands."""
    require_keeper(actor, appointment.student)
    found = _still_to_come(actor, appointment)
    was = found.at or clock.now()
    if found.series_id is not None:
        _settle(actor, found, State.DID_NOT, CalledOff.COUNSELLOR)
    else:
        found.state, found.at = State.WISHED, None
        found.save(update_fields=["state", "at"])
        note(actor, "put-off", found)
    _tell(found, NO_TIME_YET, f"put-off:{was.isoformat()}")
    return found


def _still_to_come(actor: Actor, appointment: Appointment) -> Appointment:
    found: Appointment = held(Appointment.objects.visible_to(actor), appointment.pk)
    if found.state != State.AGREED or found.at is None or found.at < clock.now():
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    return found


def _tell(found: Appointment, words: Promise, key: str) -> None:
    """Whoever asked through a door; of those who asked on paper or in person nobody has an account."""
    if found.asked_by:
        door = DOORS[Appointment.Whom(found.whom)]
        tell_asker(found.asked_by, found.student.school, (door, []), f"counselling.{key}:{found.pk}", words)


@transaction.atomic
def arrange(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    plan: Plan,
    whom: str = Appointment.Whom.STUDENT,
    referral: Referral | None = None,
    words: str = "",
) -> Appointment:
    """An appointment agreed in person, or after a colleague's referral."""
    user_id = require_keeper(actor, student)
    if referral is not None:
        referral = held(Referral.objects.visible_to(actor).filter(student=student), referral.pk)

    def make() -> Appointment:
        _check(plan, user_id, student.school_id)
        now = clock.now()
        made = Appointment(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            whom=whom,
            origin=Origin.REFERRAL if referral else Origin.COUNSELLOR,
            asked_at=now,
            recorded_at=now,
            wish_sealed=seal(student.key, words.strip(), WISH),
            state=State.AGREED,
            counsellor_id=user_id,
            referral=referral,
        )
        _set(made, plan)
        made.series = _series(actor, made, plan)
        made.save(force_insert=True)
        note(actor, "agree", made)
        return made

    same = Appointment.objects.filter(school_id=student.school_id, client_id=client_id, student=student)
    return once(same.first, make)


def _set(appointment: Appointment, plan: Plan) -> None:
    appointment.at, appointment.minutes = plan.at, plan.minutes
    appointment.place, appointment.away = plan.place.strip(), plan.away


def _check(plan: Plan, user_id: int, school_id: int, *, but: int | None = None) -> None:
    """`but`: the appointment that is moved, which is in nobody's way."""
    if plan.at < clock.now():
        raise Refused(_("This time is over already."), field="at")
    if ClosedDay.objects.of(user_id).filter(school=school_id, day=clock.day_of(plan.at)).exists():
        raise Refused(_("You keep this day free. Please choose another one, or open it again."), field="day")
    if not SHORTEST <= plan.minutes <= LONGEST:
        raise Refused(
            _("Between %(few)s and %(many)s minutes.") % {"few": SHORTEST, "many": LONGEST}, field="minutes"
        )
    if plan.every and (plan.until is None or plan.until <= clock.day_of(plan.at)):
        raise Refused(_("Until which day? It lies after the first talk."), field="until")
    if busy_at(plan, user_id, but=but):
        raise Refused(_("Somebody else comes at that time."), field="at")


def busy_at(plan: Plan, user_id: int, *, but: int | None = None) -> bool:
    """Whether this counsellor has agreed another talk that shares a moment with it."""
    around = datetime.timedelta(minutes=LONGEST)
    near = Appointment.objects.agreed().filter(
        counsellor_id=user_id, at__gt=plan.at - around, at__lt=plan.at + around
    )
    near = near.exclude(pk=but)
    return any(rules.overlap(one, plan) for one in near)


def _series(actor: Actor, first: Appointment, plan: Plan) -> Series | None:
    """The further meetings of a regular appointment; a day without school, kept free or taken is left out."""
    if not plan.every or plan.until is None:
        return None
    series = Series.objects.create(
        school_id=first.school_id,
        student=first.student,
        counsellor_id=first.counsellor_id,
        every_weeks=plan.every,
        first_at=plan.at,
        until=plan.until,
        recorded_at=clock.now(),
    )
    closed = set(ClosedDay.objects.of(first.counsellor_id).values_list("day", flat=True))
    for day in further_days(first.student, plan):
        meeting = replace(plan, at=plan.at + (day - clock.day_of(plan.at)))
        if day not in closed and not busy_at(meeting, first.counsellor_id or 0):
            _repeat(first, meeting, series)
    note(actor, "series", series, every=plan.every)
    return series


def further_days(student: Student, plan: Plan) -> tuple[datetime.date, ...]:
    """The days after the first on which a regular appointment takes place."""
    first = clock.day_of(plan.at)
    term = current_term(student.school, first)
    is_school_day = term_calendar(term).is_school_day if term else (lambda day: day.weekday() < 5)
    found = rules.series_days(first, plan.every, plan.until or first, is_school_day)
    return tuple(day for day in found.held if day != first)


def _repeat(first: Appointment, plan: Plan, series: Series) -> None:
    one = Appointment(
        school_id=first.school_id,
        client_id=uuid5(first.client_id, plan.at.isoformat()),
        student=first.student,
        whom=first.whom,
        origin=first.origin,
        asked_at=first.asked_at,
        recorded_at=clock.now(),
        state=State.AGREED,
        counsellor_id=first.counsellor_id,
        series=series,
    )
    _set(one, plan)
    one.save(force_insert=True)


@transaction.atomic
def took_place(actor: Actor, *, appointment: Appointment) -> Appointment:
    require_keeper(actor, appointment.student)
    found = held(Appointment.objects.visible_to(actor), appointment.pk)
    if found.state == State.TOOK_PLACE:
        return found
    if found.state != State.AGREED:
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    if found.at > clock.now():
        raise Refused(_("This talk is still to come."))
    return _settle(actor, found, State.TOOK_PLACE, "")


@transaction.atomic
def did_not(actor: Actor, *, appointment: Appointment, called_off_by: str) -> Appointment:
    """It did not take place, or a wish is laid aside: who called it off is noted, nobody is blamed."""
    require_keeper(actor, appointment.student)
    found = held(Appointment.objects.visible_to(actor), appointment.pk)
    if called_off_by not in CalledOff.values:
        raise Refused(_("Please choose who called it off."), field="called_off_by")
    if found.state not in (State.WISHED, State.AGREED):
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    found.counsellor_id = found.counsellor_id or actor.user_id
    return _settle(actor, found, State.DID_NOT, called_off_by)


@transaction.atomic
def call_off(actor: Actor, *, appointment: Appointment) -> Appointment:
    """Whoever asked through a door changes their mind; nobody asks why."""
    student = appointment.student
    ability = ASKERS[Appointment.Whom(appointment.whom)]
    actor.require(ability, school_id=student.school_id, student_id=student.pk)
    found = held(Appointment.objects.asked_by_me(actor, ability), appointment.pk)
    if found.state == State.DID_NOT:
        return found
    if found.state == State.TOOK_PLACE or (found.at and found.at < clock.now()):
        raise Refused(_("This talk has been already."))
    by = CalledOff.CHILD if found.whom == Appointment.Whom.STUDENT else CalledOff.FAMILY
    return _settle(actor, found, State.DID_NOT, by)


def _settle(actor: Actor, found: Appointment, state: str, called_off_by: str) -> Appointment:
    found.state, found.called_off_by = state, called_off_by
    found.settled_at, found.settled_by_id = clock.now(), actor.user_id
    found.save()
    note(actor, "settle", found, state=state)
    return found


@transaction.atomic
def take_back(actor: Actor, *, appointment: Appointment) -> Appointment:
    """A slip of the finger: what one has just settled is open again."""
    require_keeper(actor, appointment.student)
    found = held(Appointment.objects.visible_to(actor), appointment.pk)
    if found.settled_at is None:
        return found
    if found.settled_by_id != actor.user_id or not is_recent(found.settled_at):
        raise Refused(_("That was a while ago; please agree a new time."))
    if found.at and busy_at(Plan(found.at, found.minutes), found.counsellor_id or 0):
        raise Refused(_("Somebody else comes at that time."))
    found.state = State.AGREED if found.at else State.WISHED
    found.called_off_by, found.settled_at, found.settled_by_id = "", None, None
    found.save()
    note(actor, "take-back", found)
    return found


@transaction.atomic
def end_series(actor: Actor, *, series: Series, called_off_by: str) -> int:
    """No further meetings: those to come are called off. Returns how many."""
    user_id = require_keeper(actor, series.student)
    if called_off_by not in CalledOff.values:
        raise Refused(_("Please choose who called it off."), field="called_off_by")
    series = held(Series.objects.visible_to(actor), series.pk)
    if series.ended_at is not None:
        return 0
    series.ended_at, series.ended_by_id, series.ended_because = clock.now(), user_id, called_off_by
    series.save(update_fields=["ended_at", "ended_by", "ended_because"])
    coming = Appointment.objects.agreed().filter(series=series, at__gt=clock.now())
    number = coming.update(
        state=State.DID_NOT, called_off_by=called_off_by, settled_at=clock.now(), settled_by_id=user_id
    )
    note(actor, "series-end", series, meetings=number)
    return number
