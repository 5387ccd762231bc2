"""The page of honours: stories of the year, what is asked of me, how somebody comes to be honoured."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolYear
from tongxing.oversight.recognition import consenting, queries
from tongxing.oversight.recognition.models import Asked
from tongxing.oversight.recognition.models_schemes import MANAGE, VIEW

from .page import page, say


@page(can=VIEW)
def honours(request: Any) -> HttpResponse:
    """Stories first; below them what one can do."""
    year = _year(request)
    schemes = queries.schemes(request.actor, request.school)
    context = {
        "year": year,
        "years": SchoolYear.objects.filter(school=request.school).order_by("-starts_on")[:3],
        "titles": queries.honours(request.actor, request.school, year) if year else [],
        "schemes": schemes.filter(year=year, ended_at=None) if year else [],
        "asked": queries.waiting(queries.asked_of(request.actor)),
        "leads": request.actor.may(MANAGE, school_id=request.school.pk),
        "today": clock.today(),
    }
    return render(request, "honours/honours.html", context)


def _year(request: Any) -> SchoolYear | None:
    """The one that was chosen, else today's."""
    chosen = request.GET.get("year", "")
    found = SchoolYear.objects.filter(school=request.school)
    if chosen.isdecimal():
        return get_object_or_404(found, pk=chosen)
    return queries.current_year(request.school)


@page(can=VIEW)
def mine(request: Any) -> HttpResponse:
    """What the school asks me before it thanks me in public, what I ask children and families for it; where I may look
    at my own work."""
    context = {
        "asked": queries.asked_of(request.actor),
        "to_ask": queries.to_ask(request.actor),
        "schemes": queries.open_to_check(request.actor, request.school),
    }
    return render(request, "honours/mine.html", context)


@require_POST
@page(can=VIEW)
def answer(request: Any, question_id: int) -> HttpResponse:
    """A colleague's own word: yes, or (`not`) rather not."""
    found = get_object_or_404(
        Asked.objects.visible_to(request.actor).select_related("commendation"), pk=question_id
    )
    answered(request, found)
    return redirect("honours-mine")


def answered(request: Any, found: Asked) -> None:
    """The same at every door."""
    yes = "not" not in request.POST
    consenting.answer(request.actor, asked=found, yes=yes)
    say(
        request,
        _("Thank you. You can change your mind at any time.")
        if yes
        else _("Your word counts: nothing is shown. Thank you for saying so."),
    )


def way_back(name: str, *args: int, back: str = "back") -> str:
    """The address that takes a step back."""
    return f"{reverse(name, args=args)}?{back}=1"


urlpatterns = [
    path("honours/", honours, name="honours"),
    path("honours/mine/", mine, name="honours-mine"),
    path("honours/asked/<int:question_id>/", answer, name="honour-answer"),
]
