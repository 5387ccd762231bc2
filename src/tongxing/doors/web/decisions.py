"""What a meeting decided, for the colleague who sees to it: what it is, until when, and a line that it is done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.notices import meetings as actions
from tongxing.oversight.notices.models import Decision, Meeting
from tongxing.oversight.notices.models_meetings import HOLD

from .page import page, say


def _decision(request: Any, decision_id: int) -> Decision:
    mine = Decision.objects.visible_to(request.actor)
    return get_object_or_404(mine.select_related("meeting", "person", "done_by", "ended_by"), pk=decision_id)


@page(signed_in=True)
def decision(request: Any, decision_id: int) -> HttpResponse:
    """One's own, or one of a meeting one reads."""
    return _shown(request, _decision(request, decision_id))


def _shown(request: Any, found: Decision, error: str = "") -> HttpResponse:
    is_mine = found.person.user_id == request.actor.user_id
    holds = actions.holds(request.actor, found.meeting)
    context = {
        "decision": found,
        "error": error,
        "is_mine": is_mine,
        "may_say": is_mine or holds,
        "holds": holds,
        "reads": Meeting.objects.visible_to(request.actor).filter(pk=found.meeting_id).exists(),
        "today": clock.today(),
    }
    return render(request, "meetings/decision.html", context, status=422 if error else 200)


@require_POST
@page(signed_in=True)
def done(request: Any, decision_id: int) -> HttpResponse:
    """Done, with a line; with `back` the way back."""
    found = _decision(request, decision_id)
    if "back" in request.POST:
        actions.not_yet(request.actor, decision=found)
        say(request, _("It stands there again."))
        return redirect("decision", found.pk)
    try:
        actions.see_to(request.actor, decision=found, words=request.POST.get("words", ""))
    except Refused as refusal:
        return _shown(request, found, refusal.message)
    say(request, _("Done. Thank you!"), undo=f"{reverse('decision-done', args=[found.pk])}?back=1")
    return redirect("decision", found.pk)


@require_POST
@page(can=HOLD)
def drop(request: Any, decision_id: int) -> HttpResponse:
    found = _decision(request, decision_id)
    actions.drop(request.actor, decision=found, reason=request.POST.get("reason", ""))
    say(request, _("It is asked of nobody any more."))
    return redirect("decision", found.pk)


urlpatterns = [
    path("decisions/<int:decision_id>/", decision, name="decision"),
    path("decisions/<int:decision_id>/done/", done, name="decision-done"),
    path("decisions/<int:decision_id>/drop/", drop, name="decision-drop"),
]
