"""The overview: from the whole school to each child, and the records behind every figure."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.ground.kernel import clock
from tongxing.oversight.insight import queries

from .page import page


@page(can="overview.view")
def overview(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    shown = queries.overview(request.actor, request.school, request.term, clock.now())
    return render(request, "overview/overview.html", {"overview": shown, "words": cell_words()})


def cell_words() -> dict[str, str]:
    """What a cell of the map says beside its colour."""
    return {
        "done": pgettext("cell", "done"),
        "later": pgettext("cell", "recorded later"),
        "due": _("still this week"),
        "late": _("not written down yet"),
        "rest": _("nothing asked"),
    }


@page(can="overview.view")
def figure(request: Any, code: str) -> HttpResponse:
    found = request.term and queries.figure(request.actor, request.school, request.term, code, clock.now())
    if not found:
        raise Http404
    return render(request, "overview/figure.html", {"figure": found, **behind(request, found)})


def behind(request: Any, found: Any) -> dict[str, Any]:
    """The records of a figure, and how many of them this reader may not see."""
    records = queries.behind(request.actor, found)
    return {"behind": records, "hidden": len(found.records) - records.shown}


urlpatterns = [
    path("overview/", overview, name="overview"),
    path("overview/<str:code>/", figure, name="overview-figure"),
]
