"""Days on which the counsellor is away, and another time for whoever had one then."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.counselling import actions, queries, room_calendar
from tongxing.care.counselling.models import Appointment, ClosedDay
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .counselling import CAN, show
from .counselling_asking import PlanForm, first_plan
from .page import apply_refusal, page, say
from .settings import DateInput


class ClosedDayForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("Why? Only you read it"), max_length=80, required=False)


@page(can=CAN)
def days(request: Any) -> HttpResponse:
    """The days that one keeps free, and one more (POST); who has a time then is shown next."""
    form = ClosedDayForm(request.POST or None, initial={"client_id": uuid4()})
    if form.is_valid():
        try:
            closed = actions.close_day(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            undo = reverse("counselling-day-reopen", args=[closed.pk])
            say(request, _("Noted. No time is offered on this day any more."), undo=undo)
            return redirect("counselling-day", closed.pk)
    context = {"form": form, "days": room_calendar.own_closed_days(request.actor, request.school)}
    return show(request, "days", context, wrong=bool(form.errors))


def own_day(request: Any, closed_id: int) -> ClosedDay:
    mine = ClosedDay.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine, pk=closed_id, counsellor=request.actor.user_id)


@page(can=CAN)
def day(request: Any, closed_id: int) -> HttpResponse:
    """Whoever still has a time on this day: each gets another one, or is told."""
    closed = own_day(request, closed_id)
    return show(
        request, "day", {"closed": closed, "meetings": room_calendar.has_time_on(request.actor, closed)}
    )


@page(can=CAN)
@require_POST
def reopen(request: Any, closed_id: int) -> HttpResponse:
    actions.reopen_day(request.actor, closed=own_day(request, closed_id))
    say(request, _("The day is open again."))
    return redirect("counselling-days")


class MoveForm(forms.Form):
    """The parts of a plan that change when one talk gets another time."""

    day = PlanForm.base_fields["day"]
    at = PlanForm.base_fields["at"]
    place = PlanForm.base_fields["place"]


@page(can=CAN)
def move(request: Any, appointment_id: int) -> HttpResponse:
    """Another time for one agreed talk; the next free one is proposed."""
    found = own_appointment(request, appointment_id)
    form = MoveForm(request.POST or None, initial=first_plan(request) or {"place": found.place})
    if form.is_valid():
        told = form.cleaned_data
        at = datetime.datetime.combine(told["day"], told["at"], clock.SCHOOL_TIME)
        was = clock.day_of(found.at) if found.at else None
        try:
            actions.move(request.actor, appointment=found, at=at, place=told["place"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            asked = _("Moved. Whoever asked has a message.")
            say(request, asked if found.asked_by_id else _("Moved. Please tell them in person."))
            return _back(request, found, was)
    names = queries.class_names([found.student_id])
    context = {"found": found, "form": form, "class_name": names.get(found.student_id, "")}
    return show(request, "move", context, wrong=bool(form.errors))


@page(can=CAN)
@require_POST
def put_off(request: Any, appointment_id: int) -> HttpResponse:
    """No other time yet: the wish waits again."""
    found = own_appointment(request, appointment_id)
    was = clock.day_of(found.at) if found.at else None
    actions.put_off(request.actor, appointment=found)
    asked = _("Put off. Whoever asked has a message.")
    say(request, asked if found.asked_by_id else _("Put off. Please tell them in person."))
    return _back(request, found, was)


def own_appointment(request: Any, appointment_id: int) -> Appointment:
    mine = Appointment.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("student__school", "asked_by"), pk=appointment_id)


def _back(request: Any, found: Appointment, was: datetime.date | None) -> HttpResponse:
    """To the day that is kept free, where one came from there; else to the child."""
    closed = ClosedDay.objects.visible_to(request.actor).of(request.actor.user_id)
    if here := closed.filter(school=request.school, day=was).first():
        return redirect("counselling-day", here.pk)
    return redirect("counselling-student", found.student_id)


urlpatterns = [
    path("counselling/days/", days, name="counselling-days"),
    path("counselling/days/<int:closed_id>/", day, name="counselling-day"),
    path("counselling/days/<int:closed_id>/reopen/", reopen, name="counselling-day-reopen"),
    path("counselling/appointments/<int:appointment_id>/move/", move, name="counselling-move"),
    path("counselling/appointments/<int:appointment_id>/put-off/", put_off, name="counselling-put-off"),
]
