"""The counselling room: who comes next, the week, and how the room is kept."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.counselling import actions, queries
from tongxing.care.counselling.models import Appointment, OpeningHours, Tool
from tongxing.care.counselling.words import words_for
from tongxing.care.safety.queries import words_for as safety_words
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .fields import offer
from .page import apply_refusal, page, say

CAN = "counselling.keep"
WEEK = datetime.timedelta(weeks=1)
#: Blank slips on one sheet of paper.
SLIPS = 4


def show(request: Any, template: str, context: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    """A page of the room; whom one can call stands on each."""
    lines = safety_words(request.school).lines
    return render(
        request, f"counselling/{template}.html", context | {"lines": lines}, status=422 if wrong else 200
    )


@page(can=CAN)
def room(request: Any) -> HttpResponse:
    """Who comes next, then the rest of the day and what waits."""
    now = clock.now()
    (today,) = queries.days(request.actor, request.school, clock.today(), 1)
    context = {
        "today": today,
        "next": queries.next_meeting(today, now),
        "now": now,
        "waiting": queries.waiting(request.actor, request.school),
        "called_off": Appointment.CalledOff.choices,
    }
    return show(request, "room", context)


@page(can=CAN)
def week(request: Any) -> HttpResponse:
    asked = parse_date(request.GET.get("from", "")) if request.GET.get("from", "")[:4].isdecimal() else None
    day = asked or clock.today()
    monday = day - datetime.timedelta(days=day.weekday())
    context = {
        "days": queries.days(request.actor, request.school, monday, 7),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "now": clock.now(),
        "today": clock.today(),
        "called_off": Appointment.CalledOff.choices,
    }
    return show(request, "week", context)


@page(can=CAN)
@require_POST
def settle(request: Any, appointment_id: int) -> HttpResponse:
    """It took place, it did not, no further ones; or that was a slip of the finger."""
    mine = Appointment.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("student", "series"), pk=appointment_id)
    do, by = request.POST.get("do", ""), request.POST.get("called_off_by", "")
    back = f"{reverse('counselling-settle', args=[found.pk])}?do=back"
    if do == "took":
        actions.took_place(request.actor, appointment=found)
        say(request, _("Noted: it took place."), undo=back)
    elif do == "not":
        actions.did_not(request.actor, appointment=found, called_off_by=by)
        say(request, _("Noted. Nobody has to say why."), undo=back)
    elif do == "end-series" and found.series:
        actions.end_series(request.actor, series=found.series, called_off_by=by)
        say(request, _("No further meetings; those before stay."))
    else:
        actions.take_back(request.actor, appointment=found)
        say(request, _("It stands there again."))
    return redirect("counselling-student", found.student_id)


class HoursForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), coerce=int)
    opens = forms.TimeField(label=gettext_lazy("Open from"), widget=forms.TimeInput({"type": "time"}))
    closes = forms.TimeField(label=gettext_lazy("Open until"), widget=forms.TimeInput({"type": "time"}))
    place = forms.CharField(label=gettext_lazy("Where"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "weekday", WEEKDAYS.items())


class ToolForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("What the county calls it"), max_length=60)
    levels = forms.CharField(
        label=gettext_lazy("Its levels, one a line, from calm to serious"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )
    act_today = forms.CharField(
        label=gettext_lazy("Levels on which somebody looks after the child the same day, one a line"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class RoomWordsForm(forms.Form):
    promise = forms.CharField(
        label=gettext_lazy("What stays between you"), max_length=2000, widget=forms.Textarea({"rows": 5})
    )
    exception = forms.CharField(
        label=gettext_lazy("The exception: danger to safety"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


FORMS: dict[str, type[forms.Form]] = {"hours": HoursForm, "tool": ToolForm, "words": RoomWordsForm}


@page(can=CAN)
def settings(request: Any) -> HttpResponse:
    """Opening hours, what a child is told first, the county's questionnaires (POST: one of them)."""
    do = request.POST.get("do", "")
    words = words_for(request.school)
    given = {"words": {"promise": words.promise, "exception": words.exception}}
    shown = {
        name: form(request.POST if name == do else None, initial={"client_id": uuid4()} | given.get(name, {}))
        for name, form in FORMS.items()
    }
    if do in FORMS and shown[do].is_valid() and _save(request, do, shown[do]):
        say(request, _("Saved."))
        return redirect("counselling-settings")
    context = {
        "forms": shown,
        "hours": OpeningHours.objects.visible_to(request.actor)
        .on(clock.today())
        .filter(school=request.school),
        "tools": Tool.objects.visible_to(request.actor).current().filter(school=request.school),
        "words": words,
        "weekdays": WEEKDAYS,
    }
    return show(request, "settings", context, wrong=any(form.errors for form in shown.values()))


def _save(request: Any, do: str, form: forms.Form) -> bool:
    told = dict(form.cleaned_data)
    if do == "tool":
        told |= {name: told[name].splitlines() for name in ("levels", "act_today")}
    act = {"hours": actions.add_hours, "tool": actions.add_tool, "words": actions.set_words}[do]
    try:
        act(request.actor, school=request.school, **told)  # type: ignore[operator]  # each takes its form's fields
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    return True


@page(can=CAN)
@require_POST
def stop(request: Any) -> HttpResponse:
    """Opening hours or a questionnaire end."""
    hours = OpeningHours.objects.visible_to(request.actor).filter(school=request.school)
    tools = Tool.objects.visible_to(request.actor).filter(school=request.school)
    if request.POST.get("hours", "").isdecimal():
        actions.end_hours(request.actor, hours=get_object_or_404(hours, pk=request.POST["hours"]))
    else:
        pk = request.POST.get("tool", "")
        actions.end_tool(request.actor, tool=get_object_or_404(tools, pk=pk if pk.isdecimal() else 0))
    say(request, _("Ended. What was noted stays."))
    return redirect("counselling-settings")


@page(can=CAN)
def slips(request: Any) -> HttpResponse:
    """Blank slips to print, for children who would rather write than ask."""
    hours = OpeningHours.objects.visible_to(request.actor).on(clock.today()).filter(school=request.school)
    context = {"hours": hours, "weekdays": WEEKDAYS, "number": SLIPS}
    return show(request, "slips", context)


@page(can="away.view")
def away(request: Any) -> HttpResponse:
    """Who of one's students is away from a lesson this week: day and time, nothing else."""
    monday = clock.today() - datetime.timedelta(days=clock.today().weekday())
    rows = queries.away_from_lessons(request.actor, request.school, monday)
    return render(request, "counselling/away.html", {"rows": rows, "monday": monday})


urlpatterns = [
    path("counselling/", room, name="counselling"),
    path("counselling/week/", week, name="counselling-week"),
    path("counselling/settings/", settings, name="counselling-settings"),
    path("counselling/settings/stop/", stop, name="counselling-stop"),
    path("counselling/slips/", slips, name="counselling-slips"),
    path("counselling/appointments/<int:appointment_id>/settle/", settle, name="counselling-settle"),
    path("away/", away, name="lessons-away"),
]
