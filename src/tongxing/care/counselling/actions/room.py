"""Keeping the room: when it is open, what a child is told first, and which questionnaires the county holds."""

import datetime
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once

from ..models import ClosedDay, OpeningHours, RoomWords, Tool
from ..models_room import KEEP
from ..words import words_for
from .checking import note


@transaction.atomic
def add_hours(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    weekday: int,
    opens: datetime.time,
    closes: datetime.time,
    place: str,
) -> OpeningHours:
    """The room is open on this weekday (0: Monday) from today on."""
    actor.require(KEEP, school_id=school.pk)
    if weekday not in range(7):
        raise Refused(_("Please choose a weekday."), field="weekday")
    if closes <= opens:
        raise Refused(_("The room closes before it opens."), field="closes")
    if not place.strip():
        raise Refused(_("Where is the room?"), field="place")

    def make() -> OpeningHours:
        standing = OpeningHours.objects.on(clock.today()).filter(school=school, weekday=weekday)
        if standing.filter(opens__lt=closes, closes__gt=opens).exists():
            raise Refused(_("The room is open then already."), field="opens")
        made = OpeningHours.objects.create(
            school=school,
            client_id=client_id,
            weekday=weekday,
            opens=opens,
            closes=closes,
            place=place.strip(),
            starts_on=clock.today(),
            recorded_by_id=actor.user_id,
        )
        note(actor, "hours", made)
        return made

    return once(OpeningHours.objects.filter(client_id=client_id, school=school).first, make)


@transaction.atomic
def end_hours(actor: Actor, *, hours: OpeningHours) -> None:
    """From tomorrow on the room is no longer open then."""
    actor.require(KEEP, school_id=hours.school_id)
    hours = OpeningHours.objects.select_for_update(of=("self",)).get(pk=hours.pk)
    if hours.ends_on is None:
        hours.ends_on = max(clock.today(), hours.starts_on)
        hours.save(update_fields=["ends_on"])
        note(actor, "hours-end", hours)


@transaction.atomic
def close_day(
    actor: Actor, *, school: Organisation, client_id: UUID, day: datetime.date, reason: str = ""
) -> ClosedDay:
    """The counsellor is not there on this day. Whoever has a time then keeps it until it is moved or put off."""
    actor.require(KEEP, school_id=school.pk)
    if actor.user_id is None:
        raise NotAllowed(KEEP)
    if day < clock.today():
        raise Refused(_("This day is over."), field="day")

    def make() -> ClosedDay:
        made = ClosedDay.objects.create(
            school=school, client_id=client_id, counsellor_id=actor.user_id, day=day, reason=reason.strip()
        )
        note(actor, "close-day", made)
        return made

    mine = ClosedDay.objects.of(actor.user_id).filter(school=school)
    return once(mine.filter(day=day).first, make)


@transaction.atomic
def reopen_day(actor: Actor, *, closed: ClosedDay) -> None:
    """The counsellor is there after all."""
    actor.require(KEEP, school_id=closed.school_id)
    closed = ClosedDay.objects.select_for_update(of=("self",)).get(pk=closed.pk)
    if closed.counsellor_id != actor.user_id:
        raise NotAllowed(KEEP)
    if closed.reopened_at is None:
        closed.reopened_at, closed.reopened_by_id = clock.now(), actor.user_id
        closed.save(update_fields=["reopened_at", "reopened_by"])
        note(actor, "reopen-day", closed)


@transaction.atomic
def set_words(actor: Actor, *, school: Organisation, promise: str, exception: str) -> RoomWords:
    """A new version of what a child is told; the ones before stay, so that it is known what each child heard."""
    actor.require(KEEP, school_id=school.pk)
    if not promise.strip():
        raise Refused(_("Please write what stays between you."), field="promise")
    if not exception.strip():
        raise Refused(
            _("No promise without the exception: when may it not stay between you?"), field="exception"
        )
    newest = words_for(school)
    if (newest.promise, newest.exception) == (promise.strip(), exception.strip()):
        return newest
    made = RoomWords.objects.create(
        school=school,
        number=newest.number + 1,
        promise=promise.strip(),
        exception=exception.strip(),
        saved_at=clock.now(),
        saved_by_id=actor.user_id,
    )
    note(actor, "words", made, number=made.number)
    return made


@transaction.atomic
def add_tool(
    actor: Actor,
    *,
    school: Organisation,
    client_id: UUID,
    name: str,
    levels: Sequence[str],
    act_today: Sequence[str],
) -> Tool:
    """A questionnaire of the county, with its levels from mild to serious as the county names them."""
    actor.require(KEEP, school_id=school.pk)
    levels, act_today = _lines(levels), _lines(act_today)
    if not name.strip():
        raise Refused(_("What is it called?"), field="name")
    if len(levels) < 2:
        raise Refused(_("At least two levels, one a line."), field="levels")
    if not set(act_today) <= set(levels):
        raise Refused(_("These levels stand in the list above, word for word."), field="act_today")

    def make() -> Tool:
        if Tool.objects.current().filter(school=school, name=name.strip()).exists():
            raise Refused(_("This one is on the list already."), field="name")
        made = Tool.objects.create(
            school=school,
            client_id=client_id,
            name=name.strip(),
            levels=levels,
            act_today=act_today,
            recorded_at=clock.now(),
            recorded_by_id=actor.user_id,
        )
        note(actor, "tool", made)
        return made

    return once(Tool.objects.filter(client_id=client_id, school=school).first, make)


def _lines(given: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (line.strip() for line in given))))


@transaction.atomic
def end_tool(actor: Actor, *, tool: Tool) -> None:
    """No new levels of it; those noted stay."""
    actor.require(KEEP, school_id=tool.school_id)
    tool = Tool.objects.select_for_update(of=("self",)).get(pk=tool.pk)
    if tool.ended_at is None:
        tool.ended_at, tool.ended_by_id = clock.now(), actor.user_id
        tool.save(update_fields=["ended_at", "ended_by"])
        note(actor, "tool-end", tool)
