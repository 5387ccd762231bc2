"""Asking those who teach a child what they have seen, and the one line in which they answer."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.profiles import asking_actions
from tongxing.care.profiles.models import Asking, Impression
from tongxing.care.profiles.queries import askings_of, question_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import is_recent

from .contact_forms import DayInput
from .file import student_near
from .page import apply_refusal, page, say
from .safety import after_writing

OPEN_FOR = datetime.timedelta(days=7)


class AskingForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What would you like to know?"),
        max_length=asking_actions.LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Ask for facts. The colleagues see the name and this question, nothing else."),
    )
    closes_on = forms.DateField(label=gettext_lazy("Open until"), widget=DayInput())


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What you have seen"),
        max_length=asking_actions.LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("A fact, not an adjective: “raised a hand three times this week”."),
    )


@page(can=asking_actions.ASK, gives_back=True)
def askings(request: Any, student_id: int) -> HttpResponse:
    """What was asked so far, and one more question (POST)."""
    student = student_near(request, student_id)
    request.actor.require(asking_actions.ASK, school_id=student.school_id, student_id=student.pk)
    first = {"client_id": uuid4(), "words": _("What have you seen this month in your lessons?")}
    first |= {"closes_on": clock.today() + OPEN_FOR}
    form = AskingForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        begun = clock.now()
        try:
            asking_actions.ask_colleagues(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Asked. The answers come here."))
            return after_writing(request, begun) or redirect("askings", student.pk)
    context = {"student": student, "form": form, "askings": askings_of(request.actor, student)}
    return render(request, "askings/list.html", context, status=422 if form.errors else 200)


@page(can=asking_actions.ASK)
@require_POST
def close(request: Any, asking_id: int) -> HttpResponse:
    """Closed before its day; with `opens` the way back."""
    found = Asking.objects.visible_to(request.actor).filter(school=request.school)
    asking = get_object_or_404(found, pk=asking_id)
    opens = "opens" in request.POST
    asking_actions.close_asking(request.actor, asking=asking, opens=opens)
    undo = "" if opens else f"{reverse('asking-close', args=[asking.pk])}?opens=1"
    say(request, _("It can be answered again.") if opens else _("Closed."), undo=undo)
    return redirect("askings", asking.student_id)


@page(can=asking_actions.ANSWER, gives_back=True)
def impression(request: Any, impression_id: int) -> HttpResponse:
    """The question somebody was asked, and the answer (POST); `back` takes it back."""
    mine = Impression.objects.own(request.actor).filter(school=request.school)
    found = get_object_or_404(
        mine.select_related("asking__student__key", "asking__asked_by"), pk=impression_id
    )
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        begun = clock.now()
        try:
            _answered(request, found, form.cleaned_data["words"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return after_writing(request, begun) or redirect("impression", found.pk)
    return _impression(request, found, form)


def _answered(request: Any, found: Impression, words: str) -> None:
    if "back" in request.POST:
        asking_actions.take_answer_back(request.actor, impression=found)
        say(request, _("Taken back. You can answer again."))
        return
    asking_actions.answer(request.actor, impression=found, words=words, nothing="nothing" in request.POST)
    say(request, _("Thank you. Your answer has arrived."), undo=f"{request.path}?back=1")


def _impression(request: Any, found: Impression, form: AnswerForm) -> HttpResponse:
    context = {
        "impression": found,
        "student": found.asking.student,
        "question": question_of(found),
        "form": form,
        "is_open": found.asking.is_open(clock.today()),
        "may_take_back": found.answered_at is not None and is_recent(found.answered_at),
    }
    return render(request, "askings/answer.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("students/<int:student_id>/askings/", askings, name="askings"),
    path("askings/<int:asking_id>/close/", close, name="asking-close"),
    path("impressions/<int:impression_id>/", impression, name="impression"),
]
