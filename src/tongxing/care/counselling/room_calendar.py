"""Days kept free by hand, and an agreed talk as a calendar outside the school may know it."""

import datetime
from collections import Counter
from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from . import rules
from .actions.asking import counsellors
from .models import Appointment, ClosedDay, OpeningHours
from .models_room import KEEP
from .queries import DAY, Meeting, class_names


def own_closed_days(actor: Actor, school: Organisation) -> list[tuple[ClosedDay, int]]:
    """The days from today on that this counsellor keeps free, each with how many have a time then. Two queries."""
    rows = ClosedDay.objects.visible_to(actor).of(actor.user_id).filter(school=school)
    found = list(rows.filter(day__gte=clock.today()))
    coming = Appointment.objects.visible_to(actor).agreed().filter(school=school, at__gte=clock.now())
    days = Counter(clock.day_of(at) for at in coming.values_list("at", flat=True) if at)
    return [(one, days[one.day]) for one in found]


def closed_days(school: Organisation, until: datetime.date) -> list[datetime.date]:
    """The days from today until then on which no counsellor is there, for those who would like to come. No reason."""
    here = {user.pk for user in counsellors(school)}
    free = ClosedDay.objects.standing().filter(school=school, day__range=(clock.today(), until))
    away: dict[datetime.date, set[int]] = {}
    for day, counsellor in free.values_list("day", "counsellor"):
        away.setdefault(day, set()).add(counsellor)
    return sorted(day for day, gone in away.items() if here <= gone)


def has_time_on(actor: Actor, closed: ClosedDay) -> list[Meeting]:
    """Who still has a time with this counsellor on a day that is kept free. Two queries."""
    rows = Appointment.objects.visible_to(actor).agreed().filter(school_id=closed.school_id)
    rows = rows.filter(
        counsellor=closed.counsellor_id,
        at__gte=max(clock.start_of(closed.day), clock.now()),
        at__lt=clock.end_of(closed.day),
    )
    found = list(rows.select_related("student", "asked_by", "series").order_by("at", "pk"))
    names = class_names({row.student_id for row in found})
    return [Meeting(row, names.get(row.student_id, "")) for row in found]


@dataclass(frozen=True, slots=True)
class Booked:
    """An agreed talk as a calendar outside may know it: when and in which room, and nothing about anybody."""

    uid: str
    at: datetime.datetime
    until: datetime.datetime
    room: str


def booked(actor: Actor, now: datetime.datetime) -> list[Booked]:
    """The talks of this counsellor from a week ago on. `room` only where it is the place of opening hours: what was
    typed for one talk may tell of somebody. Three queries."""
    if not actor.may(KEEP):
        return []
    rows = Appointment.objects.visible_to(actor).agreed().filter(counsellor=actor.user_id)
    rooms = set(OpeningHours.objects.visible_to(actor).values_list("place", flat=True))
    found = rows.filter(at__gte=now - 7 * DAY).order_by("at", "pk")
    return [
        Booked(str(row.client_id), row.at, rules.ends_at(row), row.place if row.place in rooms else "")
        for row in found
        if row.at
    ]
