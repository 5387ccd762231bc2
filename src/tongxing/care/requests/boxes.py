"""Locked letter boxes: where they hang, who opens them, when that was, and when it is time again.

Who may hang up and end boxes and name who opens them: `request.manage`. Who may open: the one named.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Staff

from . import rules
from .models import BoxOpener, BoxOpening, LetterBox
from .models_doors import LetterBoxSet
from .ways import counting_days

DAY = datetime.timedelta(days=1)
MOST_EVERY = 15
MOST_SLIPS = 200


@transaction.atomic
def hang_up(actor: Actor, *, school: Organisation, place: str, every: int, opener: Staff) -> LetterBox:
    """A new box, with whoever opens it."""
    actor.require("request.manage", school_id=school.pk)
    _check(school, place, every, opener)
    if LetterBox.objects.filter(school=school, place=place.strip(), ends_on=None).exists():
        raise Refused(_("There is a box at this place already."), field="place")
    box = LetterBox.objects.create(school=school, place=place.strip(), every=every, starts_on=clock.today())
    _name(box, opener)
    _log(actor, "box.hang-up", box, opener=opener.pk)
    return box


@transaction.atomic
def change(actor: Actor, *, box: LetterBox, place: str, every: int, opener: Staff) -> LetterBox:
    """Another place, another rhythm, another opener; whoever opened it before stays readable with the days."""
    box = _held(actor, box)
    _check(box.school, place, every, opener)
    others = LetterBox.objects.filter(school=box.school, place=place.strip(), ends_on=None)
    if others.exclude(pk=box.pk).exists():
        raise Refused(_("There is a box at this place already."), field="place")
    box.place, box.every = place.strip(), every
    box.save(update_fields=["place", "every"])
    now = box.openers.filter(ends_on=None).first()
    if now is None or now.staff_id != opener.pk:
        if now is not None:
            now.ends_on = max(clock.today() - DAY, now.starts_on)
            now.save(update_fields=["ends_on"])
        _name(box, opener)
    _log(actor, "box.change", box, opener=opener.pk)
    return box


@transaction.atomic
def take_down(actor: Actor, *, box: LetterBox, reason: str) -> LetterBox:
    """The box is there no more; its log stays."""
    box = _held(actor, box)
    if not reason.strip():
        raise Refused(_("Please say why the box is taken down."), field="reason")
    box.ends_on, box.ended_reason, box.ended_by_id = clock.today(), reason.strip()[:200], actor.user_id
    box.save(update_fields=["ends_on", "ended_reason", "ended_by"])
    box.openers.filter(ends_on=None).update(ends_on=clock.today())
    _log(actor, "box.take-down", box)
    return box


@transaction.atomic
def note_opening(
    actor: Actor, *, box: LetterBox, client_id: UUID, slips: int, opened_on: datetime.date | None = None
) -> BoxOpening:
    """It was opened: on which day, and how many slips lay in it, none too."""
    actor.require("request.answer", school_id=box.school_id)
    opener = box.openers.filter(ends_on=None).select_related("staff").first()
    if opener is None or opener.staff.user_id != actor.user_id:
        raise NotAllowed("box.open")
    day = opened_on or clock.today()
    if not box.starts_on <= day <= clock.today():
        raise Refused(_("Choose a day since the box hangs there, up to today."), field="opened_on")
    if not 0 <= slips <= MOST_SLIPS:
        raise Refused(_("How many slips were in it? None counts too."), field="slips")
    return once(
        lambda: BoxOpening.objects.filter(school_id=box.school_id, client_id=client_id).first(),
        lambda: _note(actor, box, client_id, slips, day, opener.staff),
    )


def _note(
    actor: Actor, box: LetterBox, client_id: UUID, slips: int, day: datetime.date, staff: Staff
) -> BoxOpening:
    made = BoxOpening.objects.create(
        school_id=box.school_id,
        client_id=client_id,
        box=box,
        opened_on=day,
        slips=slips,
        opened_by=staff,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    _log(actor, "box.open", box, slips=slips)
    return made


@dataclass(frozen=True, slots=True)
class BoxNow:
    """A box as it stands today. `late`: the day by which it was to be opened is over."""

    box: LetterBox
    opener: Staff | None
    opened_on: datetime.date | None
    open_by: datetime.date

    @property
    def urgency(self) -> str:
        return rules.urgency(self.open_by, clock.today())


def boxes_now(actor: Actor, school: Organisation) -> list[BoxNow]:
    """The boxes this actor opens or sees to, what waits longest first. A constant number of queries."""
    return _as_they_stand(LetterBox.objects.visible_to(actor).filter(school=school, ends_on=None), school)


def of_school(school: Organisation) -> list[BoxNow]:
    """All boxes of a school, for reminders."""
    return _as_they_stand(LetterBox.objects.filter(school=school, ends_on=None), school)


def _as_they_stand(boxes: LetterBoxSet, school: Organisation) -> list[BoxNow]:
    openers = BoxOpener.objects.filter(ends_on=None).select_related("staff__user")
    rows = boxes.annotate(last=Max("openings__opened_on")).select_related("school")
    found = list(rows.prefetch_related(Prefetch("openers", openers, "present")).order_by("place", "pk"))
    counting = counting_days(school, clock.today()) if found else []
    now = [
        BoxNow(
            box,
            box.present[0].staff if box.present else None,
            box.last,
            rules.opens_by(box.starts_on, box.last, box.every, counting),
        )
        for box in found
    ]
    return sorted(now, key=lambda one: one.open_by)


def _check(school: Organisation, place: str, every: int, opener: Staff) -> None:
    if not place.strip():
        raise Refused(_("Please say where it hangs."), field="place")
    if not 1 <= every <= MOST_EVERY:
        raise Refused(_("Between 1 and 15 school days."), field="every")
    if opener.school_id != school.pk or not opener.user.is_active:
        raise Refused(_("This colleague belongs to another school."), field="opener")


def _name(box: LetterBox, opener: Staff) -> None:
    BoxOpener.objects.create(school_id=box.school_id, box=box, staff=opener, starts_on=clock.today())


def _held(actor: Actor, box: LetterBox) -> LetterBox:
    actor.require("request.manage", school_id=box.school_id)
    held = LetterBox.objects.select_for_update(of=("self",)).select_related("school").get(pk=box.pk)
    if held.ends_on is not None:
        raise Refused(_("This box was taken down."))
    return held


def _log(actor: Actor, action: str, box: LetterBox, **detail: object) -> None:
    audit.record(actor, action, school_id=box.school_id, subject=("letter box", box.pk), detail=detail)
