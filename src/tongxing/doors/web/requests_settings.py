"""Printed squares of the school and its classes with their posters; who is asked about what, and within how many days."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.requests import settings, squares, ways
from tongxing.care.requests.models import OpenDoor
from tongxing.care.requests.rules import MOST_DAYS, Pace
from tongxing.care.requests.topics import EDITABLE, TOPICS, Reader
from tongxing.care.safety.queries import words_for
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass

from .page import apply_refusal, page, say
from .slips import ONLY_HERE, square

NOBODY = [("", gettext_lazy("nobody else"))]
DAYS = {
    "urgent_days": gettext_lazy("Urgent: first answer within … school days"),
    "other_days": gettext_lazy("Everything else: first answer within … school days"),
    "step_days": gettext_lazy("After that, a next step every … school days"),
}


class RulesForm(forms.Form):
    """Two readers for each matter, and three numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in EDITABLE:
            first = forms.ChoiceField(label=str(TOPICS[code].label), choices=Reader.choices)
            second = forms.ChoiceField(
                label=gettext_lazy("and"), choices=[*NOBODY, *Reader.choices], required=False
            )
            self.fields[f"first_{code}"], self.fields[f"second_{code}"] = first, second
        for name, label in DAYS.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=MOST_DAYS)

    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"first_{code}"], self[f"second_{code}"]) for code in EDITABLE]

    def days(self) -> list[Any]:
        return [self[name] for name in DAYS]

    def ways(self) -> dict[str, list[str]]:
        told = self.cleaned_data
        return {
            code: [one for one in (told[f"first_{code}"], told[f"second_{code}"]) if one] for code in EDITABLE
        }

    def pace(self) -> Pace:
        return Pace(*(self.cleaned_data[name] for name in DAYS))


@page(can="request.manage")
def rules(request: Any) -> HttpResponse:
    """Who is asked about what."""
    form = RulesForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            settings.set_rules(request.actor, school=request.school, ways=form.ways(), pace=form.pace())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Saved. It holds for what is asked from now on."))
            return redirect("settings-requests")
    return render(request, "requests/rules.html", {"form": form}, status=422 if form.errors else 200)


def _initial(request: Any) -> dict[str, Any]:
    now = ways.rules_for(request.school)
    found: dict[str, Any] = dict(now.pace._asdict())
    for code in EDITABLE:
        way = [*now.ways[code], "", ""]
        found |= {f"first_{code}": way[0], f"second_{code}": way[1]}
    return found


@page(can="request.manage")
def doors(request: Any) -> HttpResponse:
    """The school's square first, then one for each class that wants one."""
    open_ones = OpenDoor.objects.visible_to(request.actor).open().filter(school=request.school)
    by_class = {door.school_class_id: door for door in open_ones}
    classes = SchoolClass.objects.filter(school=request.school)
    classes = classes.filter(year=request.term.year) if request.term else classes.none()
    context = {"of_school": by_class.get(None), "classes": [(one, by_class.get(one.pk)) for one in classes]}
    return render(request, "requests/doors.html", context)


@page(can="request.manage")
@require_POST
def open_door(request: Any) -> HttpResponse:
    """A new square; the one before of the same place opens nothing any more."""
    wanted = request.POST.get("class", "")
    school_class = (
        get_object_or_404(SchoolClass, pk=int(wanted), school=request.school) if wanted.isdecimal() else None
    )
    made = squares.open_door(request.actor, school=request.school, school_class=school_class)
    say(request, _("Please print it now. A square that hung there before opens nothing any more."))
    return redirect("help-poster", made.pk)


def _door(request: Any, door_id: int) -> OpenDoor:
    mine = OpenDoor.objects.visible_to(request.actor).open().filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "school_class"), pk=door_id)


@page(can="request.manage")
def poster(request: Any, door_id: int) -> HttpResponse:
    found = _door(request, door_id)
    address = request.build_absolute_uri(reverse("help-door", args=[squares.token_of(found)]))
    context = {
        "door": found,
        "square": square(address),
        "only_here": request.get_host().rsplit(":", 1)[0] in ONLY_HERE,
        "lines": words_for(found.school).lines,
        "pace": ways.rules_for(found.school).pace,
        "answer": request.build_absolute_uri(reverse("help-answer")).split("://", 1)[1].rstrip("/"),
    }
    return render(request, "requests/poster.html", context)


@page(can="request.manage")
@require_POST
def close_door(request: Any, door_id: int) -> HttpResponse:
    squares.close_door(request.actor, door=_door(request, door_id))
    say(request, _("This square opens nothing any more. Please take the paper down."))
    return redirect("help-doors")


urlpatterns = [
    path("settings/requests/", rules, name="settings-requests"),
    path("settings/help-doors/", doors, name="help-doors"),
    path("settings/help-doors/open/", open_door, name="help-door-open"),
    path("settings/help-doors/<int:door_id>/", poster, name="help-poster"),
    path("settings/help-doors/<int:door_id>/close/", close_door, name="help-door-close"),
]
