"""My week: whom to turn to now, and what for. The first screen of every helper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongxing.care.contacts.drafts import waiting
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.thanks import received
from tongxing.care.contacts.versions import to_settle
from tongxing.care.family import unanswered
from tongxing.care.pairing.noticed import lines_for
from tongxing.care.programme import queries
from tongxing.care.programme.measures import Held, without_anybody
from tongxing.care.programme.queries import MyWeek
from tongxing.care.programme.term_plan_queries import Waiting
from tongxing.care.programme.term_plan_queries import waiting as waiting_plans
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Staff
from tongxing.ground.people.queries import staff_of
from tongxing.oversight.inspection.queries import mine as asked_of
from tongxing.oversight.inspection.queries import my_stops
from tongxing.oversight.notices import queries as notices
from tongxing.oversight.notices.decided import mine as decided
from tongxing.oversight.recognition import queries as honours
from tongxing.oversight.review import queries as review

from .courtesy import address, count
from .duties import agreed_chip, chips
from .measures import mine
from .page import page
from .week_calls import to_call

#: What the main button of a card says, by the kind of record it opens.
WRITE_DOWN = {
    "talk": gettext_lazy("Write down a talk"),
    "visit": gettext_lazy("Write down a home visit"),
    "call": gettext_lazy("Write down a call"),
    "goal": gettext_lazy("Set the goal of the month"),
    "book": gettext_lazy("Write down the book"),
    "success": gettext_lazy("Write down a success"),
    "partner": gettext_lazy("Write down a partner’s discussion"),
}


@page(can="week.view")
def week(request: Any) -> HttpResponse:
    return render(request, "week/week.html", shown(request))


def shown(request: Any) -> dict[str, Any]:
    """What the page shows now."""
    staff = staff_of(request.actor.user_id)
    found = None
    if staff and request.term:
        found = queries.my_week(request.actor, staff, request.term, clock.now())
    agreed = mine(request)
    besides = {
        "findings": asked_of(request.actor),
        "stops": my_stops(request.actor),
        "steps": review.my_steps(request.actor),
        "decided": decided(request.actor),
        "asked": honours.waiting(honours.asked_of(request.actor)),
        "to_ask": honours.to_ask(request.actor),
        "to_confirm": notices.waiting(request.actor),
        "plans": _plans(request, found),
        "family_words": unanswered.count(request.actor, request.school.pk),
        "left_behind": _left_behind(request, found),
    }
    calls = to_call(request, bool(found and found.season))
    more = any(map(_waits, (*besides.values(), calls["to_call"], calls["holiday_calls"])))
    return {
        "week": found,
        "title": title(staff, found, sum(one.waits for one in agreed["held"]), more=more),
        "write_down": WRITE_DOWN,
        "by": address,
        "chips": chips,
        "agreed_chip": agreed_chip,
        "kinds": KINDS,
        "drafts": waiting(request.actor),
        "looks_back": review.is_looked_back_on(request.term, clock.today()),
        "thanks": received(request.actor, staff) if staff else [],
        "differing": to_settle(request.actor),
        "noticed": lines_for(request.actor),
        **agreed,
        **besides,
        **calls,
    }


def _waits(found: Any) -> bool:
    return bool(found.own_open or found.to_approve) if isinstance(found, Waiting) else bool(found)


def _left_behind(request: Any, found: MyWeek | None) -> list[Held]:
    """Measures in the plans of one's own students whose colleague has left the school."""
    if found is None or not request.actor.may("plan.write", school_id=found.term.school_id):
        return []
    cared_for = [card.student.pk for card in (*found.accompanied, *found.of_class)]
    return without_anybody(request.actor, found.term, cared_for)


def _plans(request: Any, found: MyWeek | None) -> Waiting | None:
    """Plans of the term that wait for this person: to approve, to look at again, to write on."""
    if found is None or not request.actor.may("plan.write", school_id=found.term.school_id):
        return None
    cared_for = [card.student.pk for card in (*found.accompanied, *found.of_class)]
    return waiting_plans(request.actor, found.term, cared_for)


def title(staff: Staff | None, found: MyWeek | None, agreed: int = 0, *, more: bool = False) -> str:
    """The page's one answer: how many students wait, one's own before those of the class, or thanks. `agreed`: how
    many things wait that plans of others ask for; `more`: something else stands below that waits."""
    if staff and found and found.waiting:
        return _waiting(staff, len(found.waiting), any(card.wants_talk for card in found.waiting))
    if staff and agreed:
        return ngettext(
            "%(who)s, %(n)s thing you agreed to is waiting",
            "%(who)s, %(n)s things you agreed to are waiting",
            agreed,
        ) % {"who": address(staff.name), "n": count(agreed)}
    if staff is None or found is None or not (found.mine or found.also or found.of_class):
        return _("My week")
    waiting = sum(card.waits for card in found.of_class)
    if found.mine and not waiting:
        if more:
            return _("Your students have all been looked after this week; a few things are left below")
        return _("Everything is done this week, thank you")
    if waiting:
        return ngettext(
            "%(who)s, in your class %(n)s student is waiting for a talk",
            "%(who)s, in your class %(n)s students are waiting for a talk",
            waiting,
        ) % {"who": address(staff.name), "n": count(waiting)}
    return _("Everybody in your class has been looked after this week, thank you")


def _waiting(staff: Staff, number: int, for_a_talk: bool) -> str:
    if for_a_talk:
        words = ngettext(
            "%(who)s, %(n)s student would like a talk", "%(who)s, %(n)s students would like a talk", number
        )
    else:
        words = ngettext(
            "%(who)s, %(n)s student is waiting for you", "%(who)s, %(n)s students are waiting for you", number
        )
    return words % {"who": address(staff.name), "n": count(number)}


urlpatterns = [path("week/", week, name="week")]
