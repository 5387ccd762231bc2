"""Texts that begin with what is recorded: the brief of a month (简报) and the summary of a campaign (活动总结).

They become circulars: read and changed before they go out, kept in versions, numbered and printed with the head. In the
structure that such papers customarily have; a part of which nothing is recorded is left out.

Invariants:
- every number is counted from records at the moment of the draft; nothing is praised that nobody recorded;
- no student's name, no sum, no class beside another; of giving the whole school's participation alone, where it is shown.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongxing.aid.donations.models import Campaign
from tongxing.aid.donations.models_campaigns import Step
from tongxing.aid.donations.models_thanks import HelpOffer
from tongxing.aid.donations.queries.campaigns import participation
from tongxing.care.activities.models import Event
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term
from tongxing.oversight.insight.counts import overview_figures, promise_figures
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.figures import Figures
from tongxing.oversight.inspection.figures import last_of, of_month
from tongxing.oversight.notices.models import Decision, Display, Meeting
from tongxing.oversight.notices.models_circulars import TITLE

from .content import Heading, HeadingNumbers, dated_text, moment_text
from .inspection import month_name

MEETINGS = (Step.Kind.LEADERSHIP, Step.Kind.TEACHERS, Step.Kind.CADRES)
MOST = 12  # lines of one part


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    text: str


def month_brief(actor: Actor, *, school: Organisation, term: Term, month: datetime.date) -> Draft:
    """What a school did for its students in a month, up to today."""
    facts = facts_for(actor, school, term, min(clock.now(), clock.end_of(last_of(month))))
    in_month = of_month(facts, month)
    done = Figures(tuple(one for promise in facts.promises for one in promise_figures(in_month, promise)))
    kept = [
        (one.name, done[f"{one.code}.asked"].value, done[f"{one.code}.done"].value) for one in facts.promises
    ]
    days = {"day__gte": month, "day__lte": last_of(month)}
    parts = (
        (_("Standing by students"), _standing_by(overview_figures(facts), kept)),
        (_("Meetings"), _meetings(Meeting.objects.visible_to(actor).filter(school=school, ended_at=None, **days))),
        (_("Making it known"), _displays(Display.objects.visible_to(actor).filter(school=school, ended_at=None, **days))),
        (pgettext("brief", "Activities"), _events(_held(actor, school, month))),
        (_("What comes next"), _open_decisions(actor, school)),
    )  # fmt: skip
    told = {"school": school.name, "month": month_name(month)}
    title = _("%(school)s: brief of %(month)s") % told
    since = _("Counted from the records up to %(moment)s.") % {"moment": moment_text(facts.as_of)}
    return Draft(title[:TITLE], _text(parts, since))


def campaign_summary(actor: Actor, *, campaign: Campaign) -> Draft:
    """How a campaign was made known, who took part of the whole school, and what goes on."""
    steps = list(Step.objects.visible_to(actor).standing().filter(campaign=campaign).order_by("day", "pk"))
    parts = (
        (_("Talked about and made known"), _steps(steps)),
        (_("Everybody as they like"), _took_part(campaign)),
        (_("Mutual help goes on"), _helping(actor, campaign.school)),
    )
    told = {"name": campaign.name, "slogan": campaign.slogan}
    begun = _("From %(first)s to %(last)s the school held “%(name)s”.") % {
        "first": dated_text(campaign.starts_on), "last": dated_text(campaign.ends_on), "name": campaign.name,
    }  # fmt: skip
    slogan = _("Its word: %(slogan)s.") % told if campaign.slogan else ""
    title = _("%(name)s: how it went") % told
    return Draft(title[:TITLE], _text(parts, " ".join(filter(None, (begun, slogan)))))


def _text(parts: Iterable[tuple[str, Iterable[str]]], opening: str) -> str:
    """Headings with their numbers, a line for each paragraph."""
    numbers, lines = HeadingNumbers(), [opening]
    for title, told in parts:
        if found := [line for line in told if line]:
            lines += [numbers.label(Heading(title)) + title, *found[:MOST]]
    return "\n".join(lines)


def _standing_by(now: Figures, kept: Iterable[tuple[str, int | None, int | None]]) -> Iterator[str]:
    if now.all_known("registered", "paired"):
        yield _("%(registered)s students are on the register, %(paired)s of them have a helper.") % {
            "registered": now["registered"].value, "paired": now["paired"].value,
        }  # fmt: skip
    for name, asked, done in kept:
        if asked:
            yield _("%(name)s: promised %(asked)s times, written down %(done)s times.") % {
                "name": name, "asked": asked, "done": done or 0,
            }  # fmt: skip


def _meetings(found: Iterable[Meeting]) -> Iterator[str]:
    for one in sorted(found, key=lambda one: (one.day, one.pk)):
        if one.day <= clock.today():
            yield _line(one.day, f"{one.get_kind_display()}“{one.title}”")


def _displays(found: Iterable[Display]) -> Iterator[str]:
    for one in sorted(found, key=lambda one: (one.day, one.pk)):
        yield _line(one.day, "：".join((str(one.get_channel_display()), one.words)))


def _held(actor: Actor, school: Organisation, month: datetime.date) -> Iterable[Event]:
    held = Event.objects.visible_to(actor).filter(
        school=school, cancelled_at=None, on__gte=month, on__lte=min(last_of(month), clock.today())
    )
    return held.exclude(kind__in=Event.OF_GROUP).order_by("on", "pk")


def _events(found: Iterable[Event]) -> Iterator[str]:
    for one in found:
        prize = "，".join(filter(None, (one.result, one.prize)))
        yield _line(one.on, f"{one.title}（{prize}）" if prize else one.title)


def _open_decisions(actor: Actor, school: Organisation) -> Iterator[str]:
    """What meetings decided and is under way, by its day."""
    meetings = Meeting.objects.visible_to(actor).filter(school=school, ended_at=None)
    found = Decision.objects.filter(meeting__in=meetings, ended_at=None, done_at=None)
    for one in found.order_by("due_on", "pk"):
        yield _line(one.due_on, one.text)


def _steps(steps: list[Step]) -> Iterator[str]:
    meetings = [one for one in steps if one.kind in MEETINGS]
    others = [one for one in steps if one.kind not in MEETINGS]
    for one in meetings:
        yield _line(one.day, "：".join(filter(None, (str(one.get_kind_display()), one.words))))
    by_kind = sorted(others, key=lambda one: one.kind)
    told = [
        _("%(what)s %(n)s times") % {"what": of[0].get_kind_display(), "n": len(of)}
        for of in (list(group) for _kind, group in groupby(by_kind, key=lambda one: one.kind))
    ]
    if told:
        yield _("Made known by: %(ways)s.") % {"ways": "、".join(told)}


def _took_part(campaign: Campaign) -> Iterator[str]:
    """The whole school alone, and only where the school shows it."""
    yield _("Giving was voluntary, without a quota and without a least amount.")
    if campaign.shows_share:
        found = participation(campaign)
        if found.students is not None:
            yield _("%(n)s of a hundred students took part.") % {"n": found.students}
        if found.staff is not None:
            yield _("%(n)s of a hundred colleagues took part.") % {"n": found.staff}


def _helping(actor: Actor, school: Organisation) -> Iterator[str]:
    """How many students offer their class something: counted, nobody named."""
    open_now = HelpOffer.objects.visible_to(actor).filter(school=school, ends_on=None)
    if number := open_now.values("student").distinct().count():
        yield ngettext(
            "%(num)s student offers help to the own class.",
            "%(num)s students offer help to their own classes.",
            number,
        ) % {"num": number}


def _line(day: datetime.date, words: str) -> str:
    return f"{dated_text(day)}　{words}"
