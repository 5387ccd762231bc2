"""Pairing, shown before it happens: other weights, and everyone paired anew against the helpers so far."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongxing.care.pairing import facts, fixed_actions, move_actions, preview, words
from tongxing.care.pairing.rules import Weights
from tongxing.doors.web.page import page, say
from tongxing.doors.web.pairing_fixed import again, term_of
from tongxing.ground.kernel.clock import today


class WeightsForm(forms.Form):
    whom = forms.ChoiceField(
        choices=[
            ("everyone", gettext_lazy("everyone on the register, as if paired anew")),
            ("waiting", gettext_lazy("students who wait for a helper")),
        ],
        label=gettext_lazy("Show the difference for"),
    )

    def __init__(self, *args: Any, weights: Weights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Weights.names():
            self.fields[name] = forms.IntegerField(
                min_value=0, max_value=1000, initial=getattr(weights, name), label=words.LABELS[name]
            )

    @property
    def points(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in Weights.names()}

    @property
    def everyone(self) -> bool:
        return self.cleaned_data["whom"] == "everyone"


@page(can="pairing.manage")
def weights(request: Any) -> HttpResponse:
    """GET shows what other weights would change; only POST keeps them."""
    present = facts.weights_of(request.school)
    form = WeightsForm(request.POST or (request.GET if "whom" in request.GET else None), weights=present)
    shown = form.is_valid()
    if shown and request.method == "POST":
        fixed_actions.set_weights(request.actor, school=request.school, points=form.points)
        return again(request, _("Saved."))
    found = _effect(request, form) if shown else {}
    return render(request, "pairing/weights.html", found | {"form": form, "standard": asdict(Weights())})


def _effect(request: Any, form: WeightsForm) -> dict[str, Any]:
    effect = preview.of_weights(
        request.actor,
        request.school,
        request.term,
        Weights.of(form.points),
        everyone=form.everyone,
        on=today(),
    )
    return {"effect": effect, "moved": words.told(effect.moved), "points": form.points}


@page(can="pairing.manage")
def renew(request: Any) -> HttpResponse:
    """Everyone paired anew, against the helpers so far; confirmed as shown, or not at all."""
    term = term_of(request)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        done = move_actions.renew(request.actor, school=request.school, term=term, seen=seen)
        _say_renewed(request, done)
        return redirect("pairing")
    effect = preview.of_renewal(request.actor, request.school, term, today())
    told = {kind: words.told(effect.of(kind)) for kind in ("changed", "new", "ended", "kept", "waiting")}
    return render(request, "pairing/renew.html", {"effect": effect, "told": told, "term": term})


def _say_renewed(request: Any, done: move_actions.Renewed) -> None:
    n = len(done.started)
    say(
        request,
        ngettext("%(n)d pair starts today. Thank you.", "%(n)d pairs start today. Thank you.", n) % {"n": n},
    )
    for student, why in done.held_back:
        say(request, _("%(student)s: nothing changes yet. %(why)s") % {"student": student.name, "why": why})


urlpatterns = [
    path("pairing/weights/", weights, name="pairing-weights"),
    path("pairing/renew/", renew, name="pairing-renew"),
]
