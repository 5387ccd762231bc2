"""Exporting: a sheet in the columns of another system, after saying what for; and changing those columns."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.paper.exchange import export
from tongxing.paper.exchange.export_profile import built_in

from .documents import ClassForm, attachment, classes_of
from .page import apply_refusal, page, say


class ProfileForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Columns"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
    )


def _offered(request: Any, code: str) -> export.Offered:
    found = next((one for one in export.offered(request.school) if one.code == code), None)
    if found is None:
        raise Http404
    return found


@page(can="exchange.export")
def exports(request: Any) -> HttpResponse:
    found = [
        (one, export.may_make(request.actor, request.school, one.profile))
        for one in export.offered(request.school)
    ]
    return render(request, "exports/list.html", {"offered": found})


@page(can="exchange.export")
def make(request: Any, export_code: str) -> HttpResponse:
    found = _offered(request, export_code)
    form = ClassForm(request.POST if request.method == "POST" else None, classes=classes_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            file = export.make_sheet(
                request.actor, school=request.school, code=export_code, **form.cleaned_data
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return attachment(file, f"{found.profile.name} {clock.today()}", "xlsx")
    context = {
        "form": form,
        "one": found,
        "may": export.may_make(request.actor, request.school, found.profile),
    }
    return render(request, "exports/make.html", context, status=422 if form.errors else 200)


@page(can="exchange.export")
def columns(request: Any, export_code: str) -> HttpResponse:
    found = _offered(request, export_code)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            export.change_profile(
                request.actor, school=request.school, code=export_code, text=form.cleaned_data["text"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The columns are changed."))
            return redirect("export", export_code)
    context = {"form": form, "one": found, "original": built_in()[export_code]}
    return render(request, "exports/columns.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("export/", exports, name="exports"),
    path("export/<slug:export_code>/", make, name="export"),
    path("export/<slug:export_code>/columns/", columns, name="export-columns"),
]
