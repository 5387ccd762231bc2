"""Slips that a child carries home: for guardians without a telephone or who cannot read. Printed is not reached."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.peers.facts import classmates
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolClass, Student
from tongxing.ground.people.unreached import CAN, print_slips, unreached

from .around import class_chosen
from .page import page

WHOLE_CLASS, NOT_REACHED = "class", "unreached"


class SlipForm(forms.Form):
    """What is asked, in plain words; nothing about a single child."""

    what = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=80,
        help_text=gettext_lazy("One short sentence that can be read out."),
    )
    when = forms.CharField(label=gettext_lazy("When?"), max_length=40, required=False)
    where = forms.CharField(label=gettext_lazy("Where?"), max_length=40, required=False)
    bring = forms.CharField(label=gettext_lazy("What to bring?"), max_length=60, required=False)
    ask = forms.CharField(label=gettext_lazy("Whom to ask?"), max_length=60)
    whom = forms.ChoiceField(
        label=gettext_lazy("Who gets one"),
        widget=forms.RadioSelect,
        choices=[
            (NOT_REACHED, gettext_lazy("Families whom a message does not reach")),
            (WHOLE_CLASS, gettext_lazy("The whole class")),
        ],
    )


@page(can=CAN, gives_back=True)
def slips(request: Any) -> HttpResponse:
    """Whom a message does not reach; the page of slips to print (POST)."""
    classes, chosen = class_chosen(request, CAN)
    students = classmates(request.actor, chosen, clock.today()) if chosen else []
    missed = unreached(request.actor, students)
    first = {"whom": NOT_REACHED if missed else WHOLE_CLASS, "ask": f"{request.user.name}"}
    form = SlipForm(request.POST if request.method == "POST" else None, initial=first)
    if chosen and request.method == "POST" and form.is_valid():
        whole = form.cleaned_data["whom"] == WHOLE_CLASS
        return _printed(request, chosen, students if whole else [one.student for one in missed], form)
    context = {"classes": classes, "chosen": chosen, "missed": missed, "form": form, "students": students}
    return render(request, "around/slips.html", context, status=422 if form.errors else 200)


def _printed(request: Any, chosen: SchoolClass, students: list[Student], form: SlipForm) -> HttpResponse:
    print_slips(request.actor, school_class=chosen, students=students)
    lines = [
        (label, form.cleaned_data[name])
        for name, label in (
            ("when", _("When")),
            ("where", _("Where")),
            ("bring", _("Please bring")),
            ("ask", _("Whom to ask")),
        )
        if form.cleaned_data[name]
    ]
    context = {"chosen": chosen, "students": students, "what": form.cleaned_data["what"], "lines": lines}
    return render(request, "around/slips_print.html", context)


urlpatterns = [path("around/slips/", slips, name="family-slips")]
