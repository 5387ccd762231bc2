"""The rounds of a school: which there were, opening the next, and what changed from one to the next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongxing.care.screening import actions, queries
from tongxing.care.screening.comparison import compare
from tongxing.doors.web.page import page, say
from tongxing.ground.kernel.errors import Refused


@page(can="screening.view")
@require_safe
def rounds(request: Any) -> HttpResponse:
    shown = {
        "rounds": queries.history(request.actor, request.school.pk),
        "next": _next_number(request),
    }
    return render(request, "screening/rounds.html", shown)


def _next_number(request: Any) -> int:
    """The number of the round that this person could open now, or 0."""
    current = queries.current_round(request.actor, request.term)
    may = request.actor.may("screening.manage", school_id=request.school.pk)
    return current.number + 1 if may and current is not None and current.state == "approved" else 0


@page(can="screening.manage")
@require_POST
def open_next(request: Any) -> HttpResponse:
    number = request.POST.get("number", "")
    if request.term is None or not number.isdecimal():
        raise Refused(_("Please create the school year and its terms first."))
    round = actions.open_round(request.actor, term=request.term, number=int(number))
    say(request, _("Round %(n)s is open: everyone has been looked at again.") % {"n": round.number})
    return redirect("screening-compare", round.pk)


@page(can="screening.view")
@require_safe
def comparison(request: Any, round_id: int) -> HttpResponse:
    """What is new since the round before, what is still there, what is no longer: for each child, in words."""
    found = queries.rounds(request.actor, request.school.pk)
    round = get_object_or_404(found, pk=round_id)
    shown = {"round": round, "found": compare(request.actor, round)}
    return render(request, "screening/compare.html", shown)


urlpatterns = [
    path("screening/rounds/", rounds, name="screening-rounds"),
    path("screening/rounds/open/", open_next, name="screening-open"),
    path("screening/rounds/<int:round_id>/", comparison, name="screening-compare"),
]
