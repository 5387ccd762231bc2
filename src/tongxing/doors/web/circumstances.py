"""A family's circumstances: noted with their source, looked at again, ended."""

import datetime
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import circumstances
from tongxing.ground.people.models import Circumstance, Student

from .page import apply_refusal, page, say
from .settings import DateInput


class CircumstanceForm(forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("What it is"))
    source = forms.CharField(
        label=gettext_lazy("Who says so"),
        max_length=60,
        help_text=gettext_lazy("For example a home visit, the civil affairs office."),
    )
    since = forms.DateField(label=gettext_lazy("Since"), widget=DateInput())
    valid_until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Empty: until somebody notes otherwise."),
    )

    def __init__(self, data: Any, choices: list[tuple[str, str]]) -> None:
        super().__init__(data, initial={"since": clock.today()})
        cast(forms.ChoiceField, self.fields["category"]).choices = choices


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    student = get_object_or_404(mine.with_class(clock.today()), pk=student_id)
    request.actor.require(circumstances.CAN, school_id=student.school_id, student_id=student.pk)
    return student


@page(can=circumstances.CAN)
def about(request: Any, student_id: int) -> HttpResponse:
    """What is on record, and one more (POST)."""
    student = _student(request, student_id)
    choices = circumstances.categories_for(request.actor, student)
    form = CircumstanceForm(request.POST if request.method == "POST" else None, choices)
    if request.method == "POST" and form.is_valid():
        try:
            circumstances.note_circumstance(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted."))
            return redirect("circumstances", student.pk)
    rows = Circumstance.objects.visible_to(request.actor).filter(student=student).order_by("-since", "-pk")
    now = set(rows.valid_on(clock.today()).values_list("pk", flat=True))
    context = {
        "student": student,
        "form": form,
        "now": [row for row in rows if row.pk in now],
        "before": [row for row in rows if row.pk not in now],
    }
    return render(request, "students/circumstances.html", context, status=422 if form.errors else 200)


def _circumstance(request: Any, circumstance_id: int) -> Circumstance:
    found = Circumstance.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(found, pk=circumstance_id)


@page(can=circumstances.CAN)
@require_POST
def look_again(request: Any, circumstance_id: int) -> HttpResponse:
    found = _circumstance(request, circumstance_id)
    circumstances.look_again(request.actor, circumstance=found)
    say(request, _("Noted: it still holds today."))
    return redirect("circumstances", found.student_id)


@page(can=circumstances.CAN)
@require_POST
def end(request: Any, circumstance_id: int) -> HttpResponse:
    """It holds no longer; `until` (a day, or - for an open end) is the way back."""
    found = _circumstance(request, circumstance_id)
    if until := request.POST.get("until", ""):
        circumstances.set_end(request.actor, circumstance=found, valid_until=_day(until))
        say(request, _("It stands there again."))
    else:
        circumstances.end_circumstance(request.actor, circumstance=found)
        back = reverse("circumstance-end", args=[found.pk])
        say(request, _("Noted: it holds no longer."), undo=f"{back}?until={found.valid_until or '-'}")
    return redirect("circumstances", found.student_id)


def _day(text: str) -> datetime.date | None:
    try:
        return None if text == "-" else datetime.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


urlpatterns = [
    path("students/<int:student_id>/circumstances/", about, name="circumstances"),
    path("circumstances/<int:circumstance_id>/look-again/", look_again, name="circumstance-check"),
    path("circumstances/<int:circumstance_id>/end/", end, name="circumstance-end"),
]
