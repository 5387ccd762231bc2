"""Planning what is held, who comes along, who was there, and what it leads to.

Who may: whoever leads the group or the event, and `activity.manage`; a class teacher plans for the own class
(`activity.hold`); whoever signs up a student puts that student on a list.
"""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.access.queries import classes_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import SchoolClass, Staff, Student, Term

from . import outcomes, rules
from .adults import Adult, adults, check_leaving, may_leave, set_companions
from .models import Event, Offer, Part, SignUp
from .rights import HOLD, MANAGE, check_leader, leads, plain, require_holds, require_leads

Kind = Event.Kind
TEXTS = {
    "title": 60,
    "place": 60,
    "programme": 2000,
    "process": 2000,
    "effect": 1000,
    "photo_note": 200,
    "result": 60,
    "prize": 60,
}
FACTS = (
    *("title", "way", "on", "starts_at", "place", "leaves_school", "programme", "single_results"),
    *("result", "prize"),
)
#: 活动记录: what is written down afterwards, besides time, place, subject and who was there.
RECORD = ("process", "effect", "photo_note", "result", "prize")
OF_GROUP, WITH_RESULTS = Event.OF_GROUP, Event.WITH_RESULTS
LONGEST_MINUTES = 12 * 60


class Won(NamedTuple):
    """What one child has won."""

    result: str = ""
    prize: str = ""


@transaction.atomic
def plan(
    actor: Actor,
    *,
    school: Organisation,
    kind: str,
    facts: Mapping[str, Any],
    client_id: UUID,
    leader: Staff,
    offer: Offer | None = None,
    school_class: SchoolClass | None = None,
    companions: Collection[Adult] = (),
) -> Event:
    """Plan one event; `facts` by the names of FACTS. Sent twice it is one."""
    _require_plan(actor, school, offer, school_class)
    if kind not in Kind:
        raise Refused(_("Please choose what it is."), field="kind")
    if kind in OF_GROUP and offer is None:
        raise Refused(_("Please choose the group."), field="offer")
    if kind == Kind.THANKS and school_class is None:
        raise Refused(_("Saying thanks is for a whole class. Please choose it."), field="school_class")
    event = Event(
        school=school,
        kind=kind,
        offer=offer,
        school_class=school_class,
        leader=leader,
        client_id=client_id,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    return once(
        lambda: Event.objects.filter(client_id=client_id, school=school).first(),
        lambda: _planned(actor, event, facts, companions),
    )


def _require_plan(
    actor: Actor, school: Organisation, offer: Offer | None, school_class: SchoolClass | None
) -> None:
    if any(owned is not None and owned.school_id != school.pk for owned in (offer, school_class)):
        raise Refused(_("This belongs to another school."))
    if offer is not None and leads(actor, offer):
        return
    if school_class is not None and actor.may(HOLD, school_id=school.pk):
        term = Term.objects.filter(year=school_class.year_id).first()
        if term and classes_for(actor, HOLD, term).filter(pk=school_class.pk).exists():
            return
    actor.require(MANAGE, school_id=school.pk)


def _planned(actor: Actor, event: Event, facts: Mapping[str, Any], companions: Collection[Adult]) -> Event:
    _put(event, facts, FACTS)
    check_leader(event.leader, school_id=event.school_id)
    event.save(force_insert=True)
    set_companions(event, companions)
    _log(actor, "event.plan", event)
    return event


@transaction.atomic
def change(
    actor: Actor, *, event: Event, facts: Mapping[str, Any], companions: Collection[Adult] | None = None
) -> Event:
    """Change day, place, programme or who comes along. A closed list that now lacks an adult opens again."""
    event = _held(actor, event)
    _put(event, facts, FACTS)
    if companions is not None:
        set_companions(event, companions)
    if event.closed_at and event.leaves_school and adults(event) < rules.FEWEST_ADULTS:
        event.closed_at = None
    event.save()
    _log(actor, "event.change", event)
    return event


@transaction.atomic
def write_record(actor: Actor, *, event: Event, facts: Mapping[str, Any]) -> Event:
    """What happened, afterwards; `facts` by the names of RECORD."""
    event = _held(actor, event)
    _check_over(event)
    _put(event, facts, RECORD)
    event.save()
    _log(actor, "event.record", event)
    return event


@transaction.atomic
def meet(actor: Actor, *, offer: Offer, on: datetime.date, client_id: UUID) -> Event:
    """The group's meeting of that day; asked for again, the same."""
    require_leads(actor, offer)
    if on > clock.today():
        raise Refused(_("This day is still to come."), field="on")
    if not offer.term.starts_on <= on <= offer.term.ends_on:
        raise Refused(_("This day is not in the term of the group."), field="on")
    standing = Event.objects.standing().filter(offer=offer, on=on, kind=Kind.MEETING)
    event = Event(
        school_id=offer.school_id,
        kind=Kind.MEETING,
        offer=offer,
        leader=offer.leader,
        client_id=client_id,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    facts = {"title": offer.name, "on": on, "starts_at": offer.starts_at, "place": offer.room}
    return once(standing.first, lambda: _planned(actor, event, facts, ()))


@transaction.atomic
def cancel(actor: Actor, *, event: Event, reason: str) -> None:
    """It is not held after all, and why."""
    event = _held(actor, event)
    reason = plain(reason, field="reason", most=200)
    if len(reason) < 2:
        raise Refused(_("Please write down why, so that others understand it later."), field="reason")
    event.cancelled_at, event.cancelled_by_id, event.cancelled_because = clock.now(), actor.user_id, reason
    event.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_because"])
    there = event.parts.standing().filter(state=Part.State.PRESENT)
    outcomes.keep_tutoring(event, came=(), missed=set(there.values_list("student_id", flat=True)))
    _log(actor, "event.cancel", event)


@transaction.atomic
def set_list(actor: Actor, *, event: Event, among: Collection[Student], chosen: Collection[int]) -> None:
    """Of these students the chosen ones stand on the list, the others do not; nobody else is touched."""
    for student in among:
        actor.require("activity.sign_up", school_id=event.school_id, student_id=student.pk)
    event = _locked(event)
    _check_list(event)
    if any(student.school_id != event.school_id for student in among):
        raise Refused(_("This belongs to another school."))
    held = {part.student_id: part for part in event.parts.filter(student__in=among)}
    new, changed, now = [], [], clock.now()
    for student in among:
        part, on = held.get(student.pk), student.pk in chosen
        if part is None and on:
            new.append(_part(actor, event, student.pk))
        elif part is not None and on != (part.off_at is None):
            part.off_at = None if on else now
            changed.append(part)
    Part.objects.bulk_create(new)
    Part.objects.bulk_update(changed, ["off_at"])
    if new or changed:
        _log(actor, "event.list", event, {"on": len(new), "changed": len(changed)})


@transaction.atomic
def list_group(actor: Actor, *, event: Event) -> int:
    """Everybody who has a place in the group stands on the list of what it takes part in."""
    event = _held(actor, event)
    _check_list(event)
    placed = SignUp.objects.placed().filter(offer=event.offer_id).values_list("student_id", flat=True)
    held = set(event.parts.values_list("student_id", flat=True))
    new = [_part(actor, event, student) for student in placed if student not in held]
    Part.objects.bulk_create(new)
    _log(actor, "event.list", event, {"on": len(new)})
    return len(new)


@transaction.atomic
def take_off(actor: Actor, *, event: Event, part: Part) -> None:
    """Off the list beforehand; nobody is asked why."""
    event = _held(actor, event)
    _check_list(event)
    event.parts.standing().filter(pk=part.pk).update(off_at=clock.now())
    _log(actor, "event.list", event, {"off": 1})


@transaction.atomic
def close_list(actor: Actor, *, event: Event, again: bool = False) -> None:
    """The list holds: two adults at least come along, and each family has agreed. `again`: open it once more."""
    event = _held(actor, event)
    if again:
        event.closed_at = None
    elif event.closed_at is None or not may_leave(event):
        on_list = set(event.parts.standing().values_list("student_id", flat=True))
        if not on_list:
            raise Refused(_("Nobody stands on the list yet."))
        if event.leaves_school:
            check_leaving(event, on_list)
        event.closed_at = clock.now()
    event.save(update_fields=["closed_at"])
    _log(actor, "event.reopen" if again else "event.close", event)


@transaction.atomic
def tick(
    actor: Actor,
    *,
    event: Event,
    states: Mapping[int, str],
    minutes: Mapping[int, int] | None = None,
    won: Mapping[int, Won] | None = None,
    at: datetime.datetime | None = None,
) -> bool:
    """Who was there: student id → state; of those present `minutes` of service, and where results are single what each
    has `won` (None: as it was). May be corrected later.

    `at`: when it was ticked, where that arrives later. False: somebody has ticked it since, and that stays.
    """
    event = _held(actor, event)
    _check_over(event)
    at = at or clock.now()
    if event.ticked_at and event.ticked_at > at:
        return False
    if event.kind == Kind.THANKS:
        raise Refused(_("Saying thanks is voluntary: nobody is ticked."))
    if event.leaves_school and not may_leave(event):
        raise Refused(_("Please close the list first: who comes along, and whether each family agreed."))
    allowed = {Part.State.PRESENT, Part.State.ABSENT, Part.State.EXCUSED}
    known = expected(event)
    if not set(states) <= known or not set(states.values()) <= allowed:
        raise Refused(_("The list has changed in the meantime. Please look again."))
    held = {part.student_id: part for part in event.parts.filter(student__in=states)}
    before = {pk for pk, part in held.items() if part.state == Part.State.PRESENT and part.off_at is None}
    for student_id, state in states.items():
        part = held.setdefault(student_id, _part(actor, event, student_id))
        part.state, part.off_at = state, None
        part.minutes = _minutes(event, state, (minutes or {}).get(student_id))
        own = Won(part.result, part.prize) if won is None else won.get(student_id, Won())
        part.result, part.prize = _won(event, state, own)
        part.recorded_by_id, part.recorded_at = actor.user_id, clock.now()
    Part.objects.bulk_create([part for part in held.values() if part.pk is None])
    Part.objects.bulk_update(
        [part for part in held.values() if part.pk],
        ["state", "off_at", "minutes", "result", "prize", "recorded_by", "recorded_at"],
    )
    event.ticked_at = at
    event.save(update_fields=["ticked_at"])
    there = {pk for pk, state in states.items() if state == Part.State.PRESENT}
    outcomes.keep_tutoring(event, came=there - before, missed=before - there)
    _log(actor, "event.tick", event, {"students": len(states)})
    return True


def expected(event: Event) -> set[int]:
    """Who is ticked: the list; of a meeting or a rehearsal whoever has a place now, and who was ticked before."""
    found = set(event.parts.standing().values_list("student_id", flat=True))
    if event.kind in OF_GROUP:
        placed = SignUp.objects.placed().filter(offer=event.offer_id)
        found |= set(placed.values_list("student_id", flat=True))
    return found


def _minutes(event: Event, state: str, minutes: int | None) -> int | None:
    if event.kind != Kind.SERVICE or state != Part.State.PRESENT or not minutes:
        return None
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused(_("Please write the hours of one day."), field="hours")
    return minutes


def _won(event: Event, state: str, own: Won) -> Won:
    if not event.single_results or state != Part.State.PRESENT:
        return Won()
    return Won(*(plain(text, field=name, most=TEXTS[name]) for name, text in own._asdict().items()))


def _part(actor: Actor, event: Event, student_id: int) -> Part:
    return Part(
        school_id=event.school_id,
        event=event,
        student_id=student_id,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )


def _put(event: Event, facts: Mapping[str, Any], names: Collection[str]) -> None:
    for name in names:
        value = facts[name] if name in facts else getattr(event, name)
        setattr(event, name, plain(value, field=name, most=TEXTS[name]) if name in TEXTS else value)
    if not event.title:
        raise Refused(_("This may not stay empty."), field="title")
    if event.on is None:
        raise Refused(_("Please choose the day."), field="on")
    if event.kind == Kind.THANKS and event.way not in Event.Way:
        raise Refused(_("Please choose how."), field="way")
    if event.kind == Kind.SERVICE:
        event.leaves_school = True
    _check_results(event)


def _check_results(event: Event) -> None:
    """Results are of all or of each: what is noted in the one way is taken out before the other is chosen."""
    event.single_results = event.single_results and event.kind in WITH_RESULTS
    if event.single_results and (event.result or event.prize):
        raise Refused(
            _("A result for all is noted. Please take it out of the activity record first."),
            field="single_results",
        )
    if event.pk and not event.single_results and event.parts.exclude(result="", prize="").exists():
        raise Refused(
            _("Single children have results. Please take them out first, where names are ticked."),
            field="single_results",
        )


def _check_list(event: Event) -> None:
    if event.kind == Kind.THANKS:
        raise Refused(_("Saying thanks is for the whole class and voluntary: there is no list."))
    if event.closed_at is not None:
        raise Refused(_("The list is closed. Open it again to change it."))


def _check_over(event: Event) -> None:
    if event.on > clock.today():
        raise Refused(_("This day is still to come."), field="on")


def _held(actor: Actor, event: Event) -> Event:
    require_holds(actor, event)
    return _locked(event)


def _locked(event: Event) -> Event:
    rows = Event.objects.select_for_update(of=("self",)).select_related("leader", "offer__leader", "school")
    held = rows.get(pk=event.pk)
    if held.cancelled_at is not None:
        raise Refused(_("This is not held. Please plan it anew."))
    return held


def _log(actor: Actor, action: str, event: Event, detail: dict[str, object] | None = None) -> None:
    audit.record(actor, action, school_id=event.school_id, subject=("event", event.pk), detail=detail)
