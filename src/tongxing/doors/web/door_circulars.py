"""At the family's door: what the school writes to families, and a tap that it was read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _

from tongxing.care.family.models import GUARDIAN
from tongxing.oversight.notices import circulars as actions
from tongxing.oversight.notices import queries

from .door_frame import render_door
from .page import page, say


@page(can=GUARDIAN)
def circulars(request: Any) -> HttpResponse:
    return render_door(request, "door/circulars.html", {"received": queries.received(request.actor)})


@page(can=GUARDIAN)
def circular(request: Any, circular_id: int) -> HttpResponse:
    """To read; “I have read it” (POST)."""
    found = get_object_or_404(queries.circulars(request.actor).filter(to_families=True), pk=circular_id)
    if request.method == "POST":
        number = request.POST.get("number", "")
        actions.confirm(request.actor, circular=found, number=int(number) if number.isdecimal() else 0)
        say(request, _("Thank you, the school sees it."))
        return redirect("family-circular", found.pk)
    actions.open_it(request.actor, circular=found)
    context = {"circular": found, "state": queries.reading_of(request.actor, found)}
    return render_door(request, "door/circular.html", context)


urlpatterns = [
    path("family/school/", circulars, name="family-circulars"),
    path("family/school/<int:circular_id>/", circular, name="family-circular"),
]
