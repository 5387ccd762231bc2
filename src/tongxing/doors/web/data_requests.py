"""What families ask about stored data, for those who answer: the nearest day first, each answered in writing."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.family import data_requests as actions
from tongxing.care.family.models import ANSWERS, DataRequest
from tongxing.care.family.rules import LONGEST
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .page import apply_refusal, page, say

ANSWERED_SHOWN = 30


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=DataRequest.Outcome.choices,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Answer to the family"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("What was done, or why it cannot be done. The family reads these words."),
    )


def _requests(request: Any) -> Any:
    found = DataRequest.objects.visible_to(request.actor).filter(request.actor.students_where(ANSWERS))
    return found.filter(school=request.school).select_related("student__key", "asked_by", "answered_by")


@page(can=ANSWERS)
def requests(request: Any) -> HttpResponse:
    found, today = _requests(request), clock.today()
    waiting = [(one, one.waits_too_long(today)) for one in found.waiting().order_by("due_on", "pk")]
    answered = found.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")[:ANSWERED_SHOWN]
    return render(request, "doors/requests.html", {"waiting": waiting, "answered": answered})


@page(can=ANSWERS, gives_back=True)
def about(request: Any, data_request_id: int) -> HttpResponse:
    """The family's words, and the answer (POST)."""
    asked = get_object_or_404(_requests(request), pk=data_request_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(request.actor, request=asked, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Answered. The family reads it at its door."))
            return redirect("data-requests")
    context = {"form": form, "one": actions.opened(asked), "today": clock.today()}
    return render(request, "doors/request.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("data-requests/", requests, name="data-requests"),
    path("data-requests/<int:data_request_id>/", about, name="data-request"),
]
