"""The printed square: a page without an account on which anybody asks for help, and the answer behind a code.

It tells a stranger nothing about any child, keeps no typed words in the browser, and is found by no search engine.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongxing.care.requests import queries, squares
from tongxing.care.requests.models import HelpRequest, OpenDoor
from tongxing.care.requests.topics import TOPICS
from tongxing.care.requests.ways import rules_for
from tongxing.care.safety.queries import words_for
from tongxing.ground.kernel.errors import Refused

from .page import apply_refusal, page
from .request_forms import SquareForm

#: A whole form with a thousand signs is a third of this.
MOST_BYTES = 24_000
ELSEWHERE = "https://www.weather.com.cn/"


class AnswerForm(forms.Form):
    code = forms.CharField(
        label=pgettext_lazy("help", "Your code"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@never_cache
@page(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: Any, door_token: str) -> HttpResponse:
    """Tap what it is about, write a few words, send."""
    found = squares.door_of(door_token)
    if found is None:
        raise Http404
    topic = TOPICS.get(request.POST.get("topic") or request.GET.get("about", ""))
    form = SquareForm(
        request.POST or None, of_class=found.school_class_id is not None, topic=topic.code if topic else ""
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        form.add_error(None, gettext_lazy("This is too long to be taken in here."))
        status = 413
    elif request.method == "POST" and form.is_valid():
        try:
            return _sent(request, found, *_left(request, found, form))
        except Refused as refusal:
            apply_refusal(form, refusal)
            status = 429 if isinstance(refusal, squares.TooMany) else 422
    context = {"door": found, "topics": TOPICS, "topic": topic, "form": form}
    return quiet(render(request, "requests/door.html", _for_strangers(found) | context, status=status))


def _left(request: Any, found: OpenDoor, form: SquareForm) -> tuple[HelpRequest, str]:
    told = form.cleaned_data
    return squares.leave_request(
        found,
        asked=form.asked(),
        name=told["name"],
        class_name=told.get("class_name", ""),
        address=request.META["REMOTE_ADDR"],
    )


def _sent(request: Any, found: OpenDoor, _asked: HelpRequest, code: str) -> HttpResponse:
    """The same page whatever was written and whoever signed it."""
    return quiet(render(request, "requests/sent.html", _for_strangers(found) | {"code": code, "door": found}))


def _for_strangers(found: OpenDoor) -> dict[str, Any]:
    pace = rules_for(found.school).pace
    return {"lines": words_for(found.school).lines, "elsewhere": ELSEWHERE, "pace": pace}


@never_cache
@page(public=True)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any) -> HttpResponse:
    """What became of it, for whoever holds the code; and whether it helped."""
    form, outcome, status = AnswerForm(request.POST or None), None, 200
    if request.method == "POST" and form.is_valid():
        try:
            found = _by_code(request, form.cleaned_data["code"])
        except Refused as refusal:
            apply_refusal(form, refusal)
            status = 429 if isinstance(refusal, squares.TooMany) else 422
        else:
            (outcome,) = queries.outcomes(HelpRequest.objects.filter(pk=found.pk))
    context = {
        "form": form,
        "outcome": outcome,
        "elsewhere": ELSEWHERE,
        "lines": words_for(outcome.request.school).lines if outcome else "",
    }
    return quiet(
        render(
            request, "requests/answer.html", context, status=status if not form.errors else max(status, 422)
        )
    )


def _by_code(request: Any, code: str) -> HelpRequest:
    address, helped = request.META["REMOTE_ADDR"], request.POST.get("helped", "")
    if not helped:
        return squares.find_by_code(code, address=address)
    text = request.POST.get("text", "")[:500]
    return squares.say_by_code(code=code, helped=helped, text=text, address=address)


def quiet(response: HttpResponse) -> HttpResponse:
    """Found by no search engine. Other sites learn no address (`same-origin`, as everywhere); `no-referrer` would make
    browsers send the form as from nowhere, and nothing would be taken in."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


urlpatterns = [
    path("ask/<str:door_token>/", door, name="help-door"),
    path("answer/", answer, name="help-answer"),
]
