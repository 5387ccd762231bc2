"""Asking the counsellor – a child, a family, a colleague – and giving an answer: a time, a sentence."""

import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.counselling import actions, queries
from tongxing.care.counselling.actions import Plan
from tongxing.care.counselling.models import Appointment, OpeningHours, Referral
from tongxing.care.counselling.room_calendar import closed_days
from tongxing.care.safety.queries import words_for as safety_words
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .counselling import CAN, show
from .page import apply_refusal, page, say
from .safety import after_writing
from .settings import DateInput

#: How far ahead a child is told on which days nobody is in the room.
CLOSED_SAID = datetime.timedelta(days=21)
#: Sentences a counsellor may choose for a colleague; each says that it was heard and nothing more.
REPLIES = (
    gettext_lazy("We have met. Thank you for noticing."),
    gettext_lazy("I will see the child this week. Please go on as always."),
    gettext_lazy("Please be near, and do not ask the child about it."),
)


class AskForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    student = forms.ModelChoiceField(
        label=gettext_lazy("Which child"), queryset=Student.objects.none(), empty_label=None
    )
    words = forms.CharField(
        label=gettext_lazy("A few words, or when it would suit"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, students: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"client_id": uuid4()}, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["student"])
        field.queryset = students
        if len(students) == 1:
            field.widget, field.required = forms.HiddenInput(), False
            self.only = students[0]

    def clean_student(self) -> Student:
        return self.cleaned_data["student"] or self.only


@page(can="counselling.ask")
def ask(request: Any) -> HttpResponse:
    """A child asks for an appointment: who will know is said first."""
    return _door(request, "counselling.ask", "counselling-ask", actions.ask)


@page(can="counselling.talk")
def talk(request: Any) -> HttpResponse:
    """A guardian asks to talk with the counsellor."""
    return _door(request, "counselling.talk", "counselling-talk", actions.ask_to_talk)


def _door(request: Any, ability: str, here: str, act: Any) -> HttpResponse:
    mine = Student.objects.filter(request.actor.students_where(ability, student="pk"), school=request.school)
    students = mine.enrolled().select_related("key", "school").order_by("pk")
    asked = Appointment.objects.asked_by_me(request.actor, ability).filter(school=request.school)
    asked = asked.select_related("student__key", "student__school")
    form = AskForm(request.POST if "client_id" in request.POST else None, students=students)
    if request.POST.get("call_off", "").isdecimal():
        actions.call_off(request.actor, appointment=get_object_or_404(asked, pk=request.POST["call_off"]))
        say(request, _("Called off. You can ask again at any time."))
        return redirect(here)
    if form.is_valid():
        try:
            act(request.actor, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It has arrived. You will find the time here."))
            return redirect(here)
    context = {
        "form": form,
        "asked": asked.exclude(state="did_not").order_by("-recorded_at", "-pk")[:5],
        "hours": OpeningHours.objects.on(clock.today()).filter(school=request.school),
        "closed": closed_days(request.school, clock.today() + CLOSED_SAID),
        "weekdays": WEEKDAYS,
        "lines": safety_words(request.school).lines,
        "own": ability == "counselling.ask",
        "now": clock.now(),
    }
    return render(request, "counselling/ask.html", context, status=422 if form.errors else 200)


class ReferForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("What have you seen or heard?"),
        help_text=gettext_lazy("Facts, not guesses: “has slept in class three times this week”."),
        max_length=1500,
        widget=forms.Textarea({"rows": 4}),
    )


@page(can="counselling.refer")
def refer(request: Any, student_id: int) -> HttpResponse:
    """A colleague asks the counsellor to look after a child; below, what became of it in a word and a sentence."""
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.select_related("key", "school"), pk=student_id)
    request.actor.require("counselling.refer", school_id=student.school_id, student_id=student.pk)
    form, before = ReferForm(request.POST or None, initial={"client_id": uuid4()}), clock.now()
    if form.is_valid():
        try:
            actions.refer(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The counsellor has it now. Thank you for noticing."))
            return after_writing(request, before) or redirect("counselling-refer", student.pk)
    rows = Referral.objects.made_by(request.actor).filter(student=student).select_related("student__key")
    made = [(row, queries.reply_of(row)) for row in rows.order_by("-at", "-pk")]
    context = {"form": form, "student": student, "made": made}
    return render(request, "counselling/refer.html", context, status=422 if form.errors else 200)


class PlanForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
    at = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), initial=40)
    place = forms.CharField(label=gettext_lazy("Where"), max_length=60, required=False)
    every = forms.TypedChoiceField(
        label=gettext_lazy("How often"),
        coerce=int,
        initial=0,
        choices=[
            (0, gettext_lazy("once")),
            (1, gettext_lazy("every week")),
            (2, gettext_lazy("every two weeks")),
        ],
    )
    until = forms.DateField(label=gettext_lazy("Last day of regular ones"), widget=DateInput, required=False)
    away = forms.BooleanField(label=gettext_lazy("Teachers may know: away from the lesson"), required=False)

    def plan(self) -> Plan:
        told = self.cleaned_data
        at = datetime.datetime.combine(told["day"], told["at"], clock.SCHOOL_TIME)
        return Plan(at, told["minutes"], told["place"], told["away"], told["every"], told["until"])


def first_plan(request: Any) -> dict[str, Any]:
    """The next free time within opening hours; tomorrow where none are noted."""
    return queries.next_free(request.actor, request.school)


@page(can=CAN)
def appointment(request: Any, appointment_id: int) -> HttpResponse:
    """A wish with its words, and the form that gives it a time (POST)."""
    mine = Appointment.objects.visible_to(request.actor).filter(school=request.school)
    rows = mine.select_related("student__key", "student__school", "asked_by", "series")
    found = get_object_or_404(rows, pk=appointment_id)
    form = PlanForm(request.POST or None, initial=first_plan(request))
    if form.is_valid():
        try:
            actions.agree(request.actor, appointment=found, plan=form.plan())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Agreed. Whoever asked finds the time at their door."))
            return redirect("counselling-student", found.student_id)
    context = {
        "found": found,
        "words": actions.read_wish(request.actor, appointment=found),
        "form": form,
        "student": found.student,
        "class_name": queries.class_names([found.student_id]).get(found.student_id, ""),
        "called_off": Appointment.CalledOff.choices,
    }
    return show(request, "appointment", context, wrong=bool(form.errors))


class AnswerForm(forms.Form):
    quick = forms.ChoiceField(
        label=gettext_lazy("What your colleague may know"),
        choices=[(str(place), words) for place, words in enumerate(REPLIES)],
        widget=forms.RadioSelect,
        required=False,
    )
    reply = forms.CharField(
        label=gettext_lazy("Or in your own words, one sentence"), max_length=300, required=False
    )
    contact = forms.BooleanField(label=gettext_lazy("I will contact my colleague"), required=False)

    def told(self) -> dict[str, Any]:
        told, quick = self.cleaned_data, self.cleaned_data["quick"]
        return {
            "reply": told["reply"] or (str(REPLIES[int(quick)]) if quick else ""),
            "contact": told["contact"],
        }


@page(can=CAN)
def referral(request: Any, referral_id: int) -> HttpResponse:
    """What a colleague has seen: opening it tells them that it was seen; a sentence goes back (POST)."""
    rows = Referral.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(rows.select_related("student__key", "student__school", "by"), pk=referral_id)
    found = actions.see(request.actor, referral=found)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            actions.answer(request.actor, referral=found, **form.told())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Sent. Your colleague reads this and nothing more."))
            return redirect("counselling-student", found.student_id)
    context = {
        "found": found,
        "reason": actions.read_referral(request.actor, referral=found),
        "reply": queries.reply_of(found),
        "form": form,
        "class_name": queries.class_names([found.student_id]).get(found.student_id, ""),
    }
    return show(request, "referral", context, wrong=bool(form.errors))


urlpatterns = [
    path("counselling/ask/", ask, name="counselling-ask"),
    path("counselling/talk/", talk, name="counselling-talk"),
    path("students/<int:student_id>/counselling/refer/", refer, name="counselling-refer"),
    path("counselling/appointments/<int:appointment_id>/", appointment, name="counselling-appointment"),
    path("counselling/referrals/<int:referral_id>/", referral, name="counselling-referral"),
]
