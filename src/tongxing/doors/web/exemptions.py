"""What rests for one student: a promise, or everything, for a while."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.programme import exemption_actions, promises, queries
from tongxing.care.programme.models import Commitment, Exemption
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .page import apply_refusal, page, say
from .settings import DateInput

EVERYTHING = "everything"


class ExemptionForm(forms.Form):
    commitment = forms.ChoiceField(label=gettext_lazy("What is not asked for"))
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Empty: until you end it"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("What happened, in a sentence: “Grandmother asked us not to visit this term”"),
    )

    def __init__(self, *args: Any, promises: list[Commitment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (EVERYTHING, _("Everything")),
            *((one.code, f"{one.programme} · {one.label}") for one in promises),
        ]
        self.fields["commitment"].choices = choices  # type: ignore[attr-defined]  # a choice field, see above

    def clean_commitment(self) -> str:
        chosen = self.cleaned_data["commitment"]
        return "" if chosen == EVERYTHING else chosen


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    return get_object_or_404(mine, pk=student_id)


@page(can="programme.exempt")
def exempt(request: Any, student_id: int) -> HttpResponse:
    """Let a promise rest for a student: a family that refuses, an illness."""
    student, kept = (
        _student(request, student_id),
        [one for one in promises.current(request.school) if not one.ends_on],
    )
    form = ExemptionForm(request.POST or None, promises=kept, initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            exemption_actions.exempt(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. It is not asked for in that time."))
            return redirect("student", student.pk)
    return _exempt(request, student, form, kept)


def _exempt(request: Any, student: Student, form: ExemptionForm, kept: list[Commitment]) -> HttpResponse:
    labels = {one.code: one.label for one in kept} | {"": _("Everything")}
    standing = [
        (labels.get(one.commitment, one.commitment), one)
        for one in queries.exemptions_of(request.actor, student, clock.today())
    ]
    context = {"student": student, "form": form, "standing": standing}
    return render(request, "commitments/exempt.html", context, status=422 if form.errors else 200)


@require_POST
@page(can="programme.exempt")
def end_exemption(request: Any, student_id: int, exemption_id: int) -> HttpResponse:
    mine = Exemption.objects.visible_to(request.actor).filter(student=_student(request, student_id))
    exemption_actions.end_exemption(request.actor, exemption=get_object_or_404(mine, pk=exemption_id))
    say(request, _("It is asked for again from today on."))
    return redirect("student-exempt", student_id)


urlpatterns = [
    path("students/<int:student_id>/exempt/", exempt, name="student-exempt"),
    path(
        "students/<int:student_id>/exempt/<int:exemption_id>/end/", end_exemption, name="student-exempt-end"
    ),
]
