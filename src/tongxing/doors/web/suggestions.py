"""Complaints and suggestions: said with or without a name, answered by a day, the answer for every colleague."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.notices import suggestions as actions
from tongxing.oversight.notices.belonging import STAFFROOM
from tongxing.oversight.notices.models import Suggestion
from tongxing.oversight.notices.models_suggestions import ANSWER, REPLY, TEXT

from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

SHOWN = 20


class SayForm(SentOnce):
    text = forms.CharField(
        label=gettext_lazy("What you would like to say"), max_length=TEXT, widget=forms.Textarea({"rows": 5})
    )
    signed = forms.BooleanField(
        label=gettext_lazy("With my name"), required=False,
        help_text=gettext_lazy("Without it nothing is kept of who wrote: no name, no account."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=pgettext_lazy("suggestion", "The answer"), max_length=REPLY, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Every colleague reads it. Say thank you first, then what follows."),
    )  # fmt: skip
    shows_words = forms.BooleanField(
        label=gettext_lazy("Show the words themselves too"), required=False,
        help_text=gettext_lazy("Only if they name nobody and tell nothing about who wrote."),
    )  # fmt: skip


def _mine(request: Any) -> Any:
    found = Suggestion.objects.visible_to(request.actor).filter(school=request.school)
    return found.select_related("key", "said_by", "answered_by")


@page(can=STAFFROOM, gives_back=True)
def suggestions(request: Any) -> HttpResponse:
    """What was answered; for whoever answers what waits; and the form."""
    form = SayForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.say(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _said(made))
            return redirect("suggestions")
    answers = request.actor.may(ANSWER, school_id=request.school.pk)
    waiting = _mine(request).waiting().order_by("answer_by", "pk")
    context = {
        "form": form,
        "answers": answers,
        "waiting": waiting if answers else waiting.filter(said_by=request.actor.user_id),
        "page": Paginator(_mine(request).exclude(answered_at=None), SHOWN).get_page(request.GET.get("page")),
        "today": clock.today(),
    }
    return render(request, "suggestions/list.html", context, status=422 if form.errors else 200)


def _said(made: Suggestion) -> str:
    if made.answer_by == made.said_on:
        return _(
            "It has arrived. If a child may be in danger, please tell at once under “Safety” too: there somebody looks after it today."
        )
    return _("It has arrived. The answer stands here within a week.")


@page(can=ANSWER, gives_back=True)
def suggestion(request: Any, suggestion_id: int) -> HttpResponse:
    """To read and to answer."""
    found = get_object_or_404(_mine(request), pk=suggestion_id)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.answer(
                request.actor, suggestion=found, text=told["answer"], shows_words=told["shows_words"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Answered."), undo=reverse("suggestion-open", args=[found.pk]))
            return redirect("suggestions")
    context = {"suggestion": found, "form": form, "today": clock.today()}
    return render(request, "suggestions/suggestion.html", context, status=422 if form.errors else 200)


@require_POST
@page(can=ANSWER)
def open_again(request: Any, suggestion_id: int) -> HttpResponse:
    """Answered too early a moment ago."""
    actions.take_answer_back(request.actor, suggestion=get_object_or_404(_mine(request), pk=suggestion_id))
    say(request, _("It waits for an answer again."))
    return redirect("suggestions")


urlpatterns = [
    path("suggestions/", suggestions, name="suggestions"),
    path("suggestions/<int:suggestion_id>/", suggestion, name="suggestion"),
    path("suggestions/<int:suggestion_id>/open/", open_again, name="suggestion-open"),
]
