"""Who comes along besides whoever leads, who helps to lead a group, and what must be there before children leave the
school.

Invariants:
- a volunteer from outside comes with the check noted and as long as the school has them, beside somebody of the school
  who leads: never instead;
- what a volunteer does opens nothing: no account, no list, no file.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.pairing.models import Volunteer
from tongxing.care.pairing.proxies import ready_volunteers
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Staff

from . import rules
from .models import Companion, Event, GroupVolunteer, Offer
from .rights import check_adult, require_leads

Adult = Staff | Volunteer


def code(person: Adult) -> str:
    """What a form sends for this adult."""
    return f"{'v' if isinstance(person, Volunteer) else 's'}{person.pk}"


def to_choose(school_id: int) -> dict[str, Adult]:
    """Whose check is noted, by their code: colleagues first, then volunteers."""
    staff = Staff.objects.active(clock.today()).filter(school_id=school_id, offence_check_on__isnull=False)
    found: list[Adult] = [*staff.order_by("pinyin", "code"), *ready_volunteers(school_id)]
    return {code(one): one for one in found}


def along(event: Event) -> list[Adult]:
    """Who comes along besides whoever leads."""
    rows = event.companions.standing().select_related("staff", "volunteer").order_by("pk")
    return [row.person for row in rows]


def helping_at(event: Event) -> list[Volunteer]:
    """Of a meeting or rehearsal: the volunteers who helped in the group on that day."""
    if event.kind not in Event.OF_GROUP:
        return []
    rows = GroupVolunteer.objects.filter(offer=event.offer_id, recorded_at__lt=clock.end_of(event.on))
    until = clock.start_of(event.on)
    rows = rows.exclude(ended_at__lt=until).exclude(volunteer__ended_at__lt=until)
    return [row.volunteer for row in rows.select_related("volunteer").order_by("pk")]


def set_companions(event: Event, companions: Collection[Adult]) -> None:
    """These come along and nobody else. Whoever is chosen newly is there and checked."""
    wanted = {code(one): one for one in companions if code(one) != f"s{event.leader_id}"}
    standing = {code(one) for one in along(event)}
    for key, person in wanted.items():
        if key not in standing:
            check_adult(person, school_id=event.school_id, field="companions")
    held = {code(row.person): row for row in event.companions.select_related("staff", "volunteer")}
    for key, row in held.items():
        if (key in wanted) != (row.ended_at is None):
            row.ended_at = None if key in wanted else clock.now()
            row.save(update_fields=["ended_at"])
    Companion.objects.bulk_create(
        Companion(school_id=event.school_id, event=event, recorded_at=clock.now(), **_as(person))
        for key, person in sorted(wanted.items())
        if key not in held
    )


def _as(person: Adult) -> dict[str, Any]:
    return {"volunteer" if isinstance(person, Volunteer) else "staff": person}


def adults(event: Event) -> int:
    """Whoever leads and whoever comes along."""
    return len({code(one) for one in along(event)} | {f"s{event.leader_id}"})


def may_leave(event: Event) -> bool:
    """The list is closed, and two adults come, still today."""
    return event.closed_at is not None and adults(event) >= rules.FEWEST_ADULTS


def check_leaving(event: Event, on_list: set[int]) -> None:
    if adults(event) < rules.FEWEST_ADULTS:
        raise Refused(_("Two adults at least come along. Please choose one more."), field="companions")
    if on_list - with_consent(on_list, "outing"):
        raise Refused(
            _(
                "Not every family has agreed yet. Note the consent on the child's page when the slip is back, or"
                " take the name off the list; staying at school has no disadvantage."
            )
        )


@transaction.atomic
def add_volunteer(actor: Actor, *, offer: Offer, volunteer: Volunteer) -> GroupVolunteer:
    """From now on this volunteer helps whoever leads the group. A second tap is the same."""
    require_leads(actor, offer)
    if offer.ended_on is not None:
        raise Refused(_("This offer has ended."))
    check_adult(volunteer, school_id=offer.school_id, field="volunteer")
    return once(
        lambda: offer.volunteers.filter(volunteer=volunteer, ended_at=None).first(),
        lambda: _added(actor, offer, volunteer),
    )


def _added(actor: Actor, offer: Offer, volunteer: Volunteer) -> GroupVolunteer:
    row = GroupVolunteer.objects.create(
        school_id=offer.school_id,
        offer=offer,
        volunteer=volunteer,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    _log(actor, "activity.volunteer", row)
    return row


@transaction.atomic
def end_volunteer(actor: Actor, *, row: GroupVolunteer, why: str) -> None:
    """Helps in this group no longer; stays a volunteer of the school."""
    require_leads(actor, row.offer)
    if why not in GroupVolunteer.Why:
        raise Refused(_("Please choose why."), field="why")
    row = GroupVolunteer.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at is not None:
        return  # a second tap
    row.ended_at, row.ended_by_id, row.ended_because = clock.now(), actor.user_id, why
    row.save(update_fields=["ended_at", "ended_by", "ended_because"])
    _log(actor, "activity.volunteer-end", row)


def _log(actor: Actor, action: str, row: GroupVolunteer) -> None:
    detail = {"volunteer": row.volunteer_id}
    audit.record(actor, action, school_id=row.school_id, subject=("offer", row.offer_id), detail=detail)
