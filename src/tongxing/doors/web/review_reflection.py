"""A helper's own look back at the term, and those that were handed in."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.queries import staff_of
from tongxing.oversight.insight.own import own_figures
from tongxing.oversight.insight.queries import term_name
from tongxing.oversight.review import reflection as actions
from tongxing.oversight.review.models import Reflection
from tongxing.oversight.review.models_feedback import MANAGE
from tongxing.oversight.review.models_reflection import TEXT

from .page import apply_refusal, page, say


class ReflectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What went well, what was hard, what I would do differently"), max_length=TEXT,
        required=False, widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("For yourself until you hand it in. No student’s name, please."),
    )  # fmt: skip


@page(can=actions.WRITE, gives_back=True)
def reflection(request: Any) -> HttpResponse:
    """The facts of the own term and the own words; saved (POST), or with `hand-in` handed in."""
    staff = staff_of(request.actor.user_id)
    if request.term is None or staff is None:
        return render(request, "overview/no_term.html")
    found = Reflection.objects.filter(term=request.term, staff=staff).select_related("key").first()
    form = ReflectionForm(request.POST or None, initial={"text": found.text if found else ""})
    if form.is_valid():
        try:
            return _saved(request, form.cleaned_data["text"])
        except Refused as refusal:
            apply_refusal(form, refusal)
    figures = own_figures(staff, request.term, clock.now()).rows
    facts = (
        found.facts if found and found.facts else [[one.label, one.value, one.definition] for one in figures]
    )
    context = {"form": form, "found": found, "facts": facts, "term_name": term_name(request.term)}
    return render(request, "review/reflection.html", context, status=422 if form.errors else 200)


def _saved(request: Any, text: str) -> HttpResponse:
    held = actions.save(request.actor, term=request.term, text=text)
    if "hand-in" in request.POST:
        actions.hand_in(request.actor, reflection=held)
        say(request, _("Handed in. Thank you!"), undo=f"{reverse('reflection-back')}?back=1")
    else:
        say(request, _("Saved, for you alone."))
    return redirect("reflection")


@require_POST
@page(can=actions.WRITE)
def back(request: Any) -> HttpResponse:
    mine = Reflection.objects.filter(staff__user_id=request.actor.user_id, school=request.school)
    actions.take_back(request.actor, reflection=get_object_or_404(mine, term=request.term))
    say(request, _("It is yours alone again."))
    return redirect("reflection")


@page(can=MANAGE)
def reflections(request: Any) -> HttpResponse:
    """What colleagues handed in, by name; nobody is asked why something is not there."""
    mine = Reflection.objects.visible_to(request.actor).filter(school=request.school, term=request.term)
    rows = mine.filter(handed_in_at__isnull=False).select_related("staff", "key")
    return render(request, "review/reflections.html", {"rows": rows})


urlpatterns = [
    path("review/reflection/", reflection, name="reflection"),
    path("review/reflection/back/", back, name="reflection-back"),
    path("review/reflections/", reflections, name="reflections"),
]
