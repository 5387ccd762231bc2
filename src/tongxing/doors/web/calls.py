"""Calls arranged for a child with its parents: the week's list, arranging one, what came of it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.contacts.kinds import Channel
from tongxing.care.contacts.rules import local_moment
from tongxing.care.peers import calls
from tongxing.care.peers.models import ArrangedCall
from tongxing.care.peers.queries import calls_of_week
from tongxing.care.safety.queries import raised_from
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .around import student_of
from .contact_forms import DayInput, TimeInput, guardian_label
from .fields import offer_rows
from .page import apply_refusal, page, say

CAN = calls.CAN
CHANNELS = [(code.value, code.label) for code in (Channel.PHONE, Channel.VIDEO)]


class MomentForm(forms.Form):
    """A day and a time, as one moment; a refusal about the moment stands beside the day."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    time = forms.TimeField(label=gettext_lazy("Time"), widget=TimeInput())

    @property
    def at(self) -> Any:
        return local_moment(self.cleaned_data["day"], self.cleaned_data["time"])

    def refuse(self, refusal: Refused) -> None:
        field = "day" if refusal.field in {"at", "next_at"} else refusal.field
        apply_refusal(self, Refused(refusal.message, field=field))


class CallForm(MomentForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    guardian = forms.ModelChoiceField(
        Guardian.objects.none(), label=gettext_lazy("With whom"), widget=forms.RadioSelect, empty_label=None
    )
    telephone = forms.CharField(
        label=gettext_lazy("On which telephone at school"),
        max_length=40,
        help_text=gettext_lazy("For example the class teacher’s office, the family telephone room."),
    )
    field_order = ("guardian", "day", "time", "telephone")

    def __init__(self, data: Any, guardians: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4(), "day": clock.today()})
        offer_rows(self, "guardian", guardians, called=guardian_words)


class AgainForm(MomentForm):
    reason = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=120,
        help_text=gettext_lazy("For example nobody answered, the number is not in use."),
    )
    field_order = ("reason", "day", "time")


def guardian_words(guardian: Guardian) -> str:
    """Who it is, where, and when best to call."""
    told = [guardian_label(guardian), guardian.away_place]
    told += [_("best called: %(time)s") % {"time": guardian.best_time}] if guardian.best_time else []
    return " · ".join(filter(None, told))


@page(can=CAN)
def week(request: Any) -> HttpResponse:
    """What still waits, then this week's and next week's calls."""
    rows = calls_of_week(request.actor, request.school.pk, clock.today())
    open_ones = [one for one in rows if one.contact is None]
    now = clock.now()
    context = {
        "waiting": [one for one in open_ones if one.at <= now],
        "coming": [one for one in open_ones if one.at > now],
        "done": [one for one in rows if one.contact],
        "words": guardian_words,
    }
    return render(request, "around/calls.html", context)


def _guardians(request: Any, student: Student) -> Any:
    """Those who work away first, for it is they whom the child misses."""
    return Guardian.objects.visible_to(request.actor).filter(student=student).order_by("-away_place", "order")


@page(can=CAN, gives_back=True)
def new(request: Any, student_id: int) -> HttpResponse:
    student = student_of(request, student_id)
    guardians = _guardians(request, student)
    form = CallForm(request.POST if request.method == "POST" else None, guardians)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("client_id", "guardian", "telephone")}
        try:
            calls.arrange(request.actor, student=student, at=form.at, **told)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(request, _("Arranged. The child finds you there at that time."))
            return redirect("calls")
    context = {"student": student, "form": form, "guardians": guardians}
    return render(request, "around/call_new.html", context, status=422 if form.errors else 200)


def call_of(request: Any, call_id: int) -> ArrangedCall:
    mine = ArrangedCall.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("student", "guardian", "contact"), pk=call_id)
    request.actor.require(CAN, school_id=found.school_id, student_id=found.student_id)
    return found


@page(can=CAN, gives_back=True)
def call(request: Any, call_id: int) -> HttpResponse:
    """One call; that nobody answered and when to try again (POST)."""
    found = call_of(request, call_id)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            calls.unanswered(request.actor, call=found, reason=reason, next_at=form.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(request, _("Noted. The next try stands on the list."))
            return redirect("calls")
    context = {"call": found, "form": form, "channels": CHANNELS, "words": guardian_words}
    return render(request, "around/call.html", context, status=422 if form.errors else 200)


@page(can=CAN, gives_back=True)
@require_POST
def held(request: Any, call_id: int) -> HttpResponse:
    """They spoke: one record of the child's."""
    told = {"channel": request.POST.get("channel", Channel.PHONE), "said": request.POST.get("said", "")}
    contact = calls.held_call(request.actor, call=call_of(request, call_id), **told)
    if raised := raised_from(request.actor, ("contact", contact.pk)):
        return redirect("safety-caught", raised.pk)
    where = "week" if request.POST.get("from") == "week" else "calls"
    undo = f"{reverse('call-not-held', args=[call_id])}?from={where}"
    say(request, _("Written down for %(name)s.") % {"name": contact.student.name}, undo=undo)
    return redirect(where)


@page(can=CAN)
@require_POST
def not_held(request: Any, call_id: int) -> HttpResponse:
    """A slip: they did not speak, the call waits again."""
    calls.not_held(request.actor, call=call_of(request, call_id))
    say(request, _("Taken back: the call waits again."))
    return redirect("week" if request.POST.get("from") == "week" else "calls")


@page(can=CAN)
@require_POST
def off(request: Any, call_id: int) -> HttpResponse:
    calls.call_off(request.actor, call=call_of(request, call_id), reason=request.POST.get("reason", ""))
    say(request, _("Called off."))
    return redirect("calls")


urlpatterns = [
    path("around/calls/", week, name="calls"),
    path("students/<int:student_id>/call/", new, name="call-new"),
    path("around/calls/<int:call_id>/", call, name="call"),
    path("around/calls/<int:call_id>/held/", held, name="call-held"),
    path("around/calls/<int:call_id>/not-held/", not_held, name="call-not-held"),
    path("around/calls/<int:call_id>/off/", off, name="call-off"),
]
