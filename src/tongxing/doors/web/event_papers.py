"""What is printed about an event: the activity record, the list, consent slips, cards, a notice."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from tongxing.care.activities import rights
from tongxing.care.activities.models import Event, Part
from tongxing.ground.people.consents import with_consent

from .events import held_event_of, shown
from .page import page


def _paper(request: Any, event_id: int, template: str) -> HttpResponse:
    return render(request, f"activities/{template}.html", shown(request, held_event_of(request, event_id)))


@page(can=rights.VIEW)
def sheet(request: Any, event_id: int) -> HttpResponse:
    """活动记录."""
    return _paper(request, event_id, "paper_record")


@page(can=rights.VIEW)
def going(request: Any, event_id: int) -> HttpResponse:
    """The list to take along, with who must not be in a picture."""
    return _paper(request, event_id, "paper_list")


@page(can=rights.VIEW)
def slips(request: Any, event_id: int) -> HttpResponse:
    """A slip to sign for each family that has not agreed yet."""
    return _paper(request, event_id, "paper_slips")


@page(can=rights.VIEW)
def cards(request: Any, event_id: int) -> HttpResponse:
    """A card for each child who took part, to hand over."""
    event = held_event_of(request, event_id)
    context = shown(request, event)
    return render(request, "activities/paper_cards.html", context | {"winners": _took_part(event, context)})


@page(can=rights.VIEW)
def notice(request: Any, event_id: int) -> HttpResponse:
    """For the notice board: by name only whose family agreed to praise by name."""
    event = held_event_of(request, event_id)
    context = shown(request, event)
    took_part = _took_part(event, context)
    agreed = with_consent([one.part.student_id for one in took_part], "praise")
    if event.single_results:
        took_part = [one for one in took_part if one.part.honour]
    named = [one for one in took_part if one.part.student_id in agreed]
    context |= {"named": named, "others": len(took_part) > len(named)}
    return render(request, "activities/paper_notice.html", context)


def _took_part(event: Event, context: dict[str, Any]) -> list[Any]:
    """Those ticked as present; before anybody is ticked, those on the list."""
    there = Part.State.PRESENT if event.ticked_at else Part.State.LISTED
    return [one for one in context["takings"] if one.part.state == there]


urlpatterns = [
    path("activities/events/<int:event_id>/record/print/", sheet, name="event-paper"),
    path("activities/events/<int:event_id>/list/print/", going, name="event-list"),
    path("activities/events/<int:event_id>/slips/print/", slips, name="event-slips"),
    path("activities/events/<int:event_id>/cards/print/", cards, name="event-cards"),
    path("activities/events/<int:event_id>/notice/print/", notice, name="event-notice"),
]
