"""/styleguide: every component in every state, and the error pages. It exists in demo mode alone."""

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import clock

from . import errors
from .page import page

SPRITE = Path(__file__).parent / "static/web/icons.svg"
ERRORS = {
    "400": lambda request: errors.bad_request(request, ValueError()),
    "403": lambda request: errors.forbidden(request, PermissionError()),
    "404": lambda request: errors.not_found(request, Http404()),
    "500": errors.broken,
    "csrf": errors.csrf_failed,
}


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As it stands on the roster."))
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}), initial=clock.today
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Place"), choices=[("a", "教学楼走廊"), ("b", "操场")], required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("talk", "谈心"), ("visit", "家访"), ("call", "通话")],
        widget=forms.RadioSelect,
        initial="talk",
    )
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea, required=False)
    together = forms.BooleanField(label=gettext_lazy("A colleague came along"), required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False)


def _demo_only() -> None:
    if settings.MODE != "demo":
        raise Http404


@page(public=True)
def styleguide(request: Any) -> HttpResponse:
    _demo_only()
    wrong = SampleForm({"name": "", "day": "31.2.", "kind": "talk"}, prefix="wrong")
    wrong.add_error(None, _("The class teacher is on leave that day."))
    return render(
        request,
        "styleguide.html",
        {
            "form": SampleForm(),
            "wrong": wrong,
            "moment": clock.now(),
            "icons": re.findall(r'id="([^"]+)"', SPRITE.read_text()),
            "pages": Paginator(range(60), 20).get_page(2),
        },
    )


@page(public=True)
def error_page(request: Any, kind: str) -> HttpResponse:
    _demo_only()
    if kind not in ERRORS:
        raise Http404
    return ERRORS[kind](request)


urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("styleguide/error/<str:kind>/", error_page, name="styleguide-error"),
]
