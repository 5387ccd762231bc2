"""What a family agrees to, kept by those who talk with it: given on paper or in a talk, withdrawn at any time."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.activities.photos import take_down_without_consent
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import consents
from tongxing.ground.people.models import Consent, Student

from .page import apply_refusal, page, say

ASKED = [
    (code, purpose.label)
    for code, purpose in consents.PURPOSES.items()
    if purpose.basis == Consent.Basis.GUARDIAN
]


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=gettext_lazy("What for"), choices=ASKED)
    given_by = forms.CharField(
        label=gettext_lazy("Who agreed"),
        max_length=60,
        help_text=gettext_lazy("Name and relation, for example as signed on paper."),
    )
    student_agreed = forms.BooleanField(
        label=gettext_lazy("The child was asked and agrees too"), required=False
    )


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.with_class(clock.today()), pk=student_id)
    request.actor.require(consents.CAN, school_id=student.school_id, student_id=student.pk)
    return student


@page(can=consents.CAN)
def about(request: Any, student_id: int) -> HttpResponse:
    """What the family has agreed to so far, and one more (POST)."""
    student = _student(request, student_id)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            consents.give_consent(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. The family can change its mind at any time."))
            return redirect("consents", student.pk)
    rows = Consent.objects.visible_to(request.actor).filter(student=student).order_by("-given_on", "-pk")
    context = {"student": student, "form": form, "rows": rows, "purposes": consents.PURPOSES}
    context["own_say"] = consents.must_agree_too(student, clock.today())
    return render(request, "students/consents.html", context, status=422 if form.errors else 200)


@page(can=consents.CAN)
@require_POST
def withdraw(request: Any, consent_id: int) -> HttpResponse:
    mine = Consent.objects.visible_to(request.actor).filter(school=request.school)
    consent = get_object_or_404(mine, pk=consent_id)
    consents.withdraw_consent(request.actor, consent=consent)
    take_down_without_consent()
    say(request, _("Withdrawn. This purpose stops from now on; help and lessons go on as before."))
    return redirect("consents", consent.student_id)


urlpatterns = [
    path("students/<int:student_id>/consents/", about, name="consents"),
    path("consents/<int:consent_id>/withdraw/", withdraw, name="consent-withdraw"),
]
