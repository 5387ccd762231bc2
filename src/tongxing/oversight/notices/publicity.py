"""Noting what was put up or said where, and counting it together with what other rooms have noted already."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.donations.models import Step
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Term

from .models_meetings import Meeting
from .models_publicity import MANAGE, NOTE, PLACE, WORDS, Display

Channel = Display.Channel
#: Ways in which an appeal was made known, noted with its campaign.
OF_STEP = {
    Step.Kind.COLUMN: Channel.COLUMN,
    Step.Kind.RADIO: Channel.RADIO,
    Step.Kind.FLAG: Channel.FLAG,
    Step.Kind.CLASS_MEETING: Channel.CLASS_MEETING,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log. `display`: noted here; otherwise `link`, the page on which it was noted."""

    channel: str
    day: datetime.date
    place: str
    words: str
    display: Display | None = None
    link: tuple[str, int] | None = None


@transaction.atomic
def note(actor: Actor, *, school: Organisation, client_id: UUID, facts: dict[str, Any]) -> Display:
    """`facts`: channel, day, until, place, words."""
    actor.require(NOTE, school_id=school.pk)
    if actor.user_id is None:
        raise NotAllowed(NOTE)
    facts = facts | {name: " ".join(str(facts.get(name, "")).split()) for name in ("place", "words")}
    if facts["channel"] not in Channel:
        raise Refused(_("Please choose where."), field="channel")
    if not facts["words"]:
        raise Refused(_("Please say in a line what it was."), field="words")
    for name, longest in (("place", PLACE), ("words", WORDS)):
        if len(facts[name]) > longest:
            raise Refused(_("Please keep to %(n)s characters.") % {"n": longest}, field=name)
    if facts["day"] > clock.today():
        raise Refused(_("It is noted once it stands there."), field="day")
    if facts.get("until") and facts["until"] < facts["day"]:
        raise Refused(_("The last day lies before the first."), field="until")
    found = Display.objects.filter(school=school, client_id=client_id)

    def noted() -> Display:
        made = Display.objects.create(
            school=school, client_id=client_id, entered_by_id=actor.user_id, entered_at=clock.now(), **facts
        )
        _log(actor, "publicity.note", made)
        return made

    return once(found.first, noted)


@transaction.atomic
def take_back(actor: Actor, *, display: Display, reason: str) -> None:
    """Noted by mistake; it counts no longer."""
    held, reason = _held(actor, display), " ".join(reason.split())
    if not reason:
        raise Refused(_("Please say why it is taken back."), field="reason")
    if held.ended_at is not None:
        return
    held.end(actor.user_id, reason)
    _log(actor, "publicity.back", held)


@transaction.atomic
def put_back(actor: Actor, *, display: Display) -> None:
    held = _held(actor, display)
    if held.ended_at is None:
        return
    held.end_no_more(_("It was taken back a while ago. Please note it anew."))
    _log(actor, "publicity.again", held)


def keeps(actor: Actor, display: Display) -> bool:
    """Whoever noted it, or leads the work."""
    if actor.may(MANAGE, school_id=display.school_id):
        return True
    return display.entered_by_id == actor.user_id and actor.may(NOTE, school_id=display.school_id)


def log(actor: Actor, school: Organisation, term: Term) -> list[Row]:
    """The term's lines, the newest first: noted here, with a campaign, and class meetings on a theme that were held."""
    within = (term.starts_on, term.ends_on)
    shown = Display.objects.visible_to(actor).standing().filter(school=school, day__range=within)
    rows = [
        Row(one.channel, one.day, one.place, one.words, display=one)
        for one in shown.prefetch_related("enclosures")
    ]
    steps = (
        Step.objects.visible_to(actor).standing().filter(school=school, day__range=within, kind__in=OF_STEP)
    )
    for step in steps.select_related("campaign", "school_class"):
        where = step.school_class.name if step.school_class else ""
        words = step.words or step.campaign.name
        rows.append(
            Row(
                OF_STEP[Step.Kind(step.kind)],
                step.day,
                where,
                words,
                link=("donation-campaign", step.campaign_id),
            )
        )
    held = Meeting.objects.visible_to(actor).standing().filter(school=school, day__range=within)
    for meeting in held.filter(kind=Meeting.Kind.THEME).exclude(minutes="").select_related("school_class"):
        where = meeting.school_class.name if meeting.school_class else ""
        rows.append(
            Row(Channel.CLASS_MEETING, meeting.day, where, meeting.title, link=("meeting", meeting.pk))
        )
    return sorted(rows, key=lambda row: row.day, reverse=True)


def counts(rows: list[Row]) -> list[tuple[str, int]]:
    """How often by which channel, in the order of the channels; those without a line are left out."""
    number = Counter(row.channel for row in rows)
    return [(str(label), number[code]) for code, label in Channel.choices if number[code]]


def _held(actor: Actor, display: Display) -> Display:
    if not keeps(actor, display):
        raise NotAllowed(NOTE)
    return Display.objects.select_for_update(of=("self",)).get(pk=display.pk)


def _log(actor: Actor, action: str, display: Display) -> None:
    detail = {"channel": display.channel}
    audit.record(actor, action, school_id=display.school_id, subject=("display", display.pk), detail=detail)
