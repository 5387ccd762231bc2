"""What the school promises (settings), and what rests for one student."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.programme import actions, queries, wording
from tongxing.care.programme.models import Commitment, Exemption
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .page import apply_refusal, page, say
from .settings import DateInput

EVERYTHING = "everything"


class CadenceForm(forms.Form):
    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=Commitment.Every.choices)
    n = forms.IntegerField(label=gettext_lazy("Number of weeks"), min_value=1)
    due_from = forms.IntegerField(label=gettext_lazy("Asked for from week"), min_value=1)


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


def _promises(request: Any) -> Any:
    """The promises in force, and those that were stopped and not resumed, in the school's order."""
    return queries.current_promises(request.school)


def _cadence(one: Commitment) -> CadenceForm:
    return CadenceForm(initial={"every": one.every, "n": one.n, "due_from": one.due_from}, prefix=one.code)


def _commitments(request: Any, wrong: dict[int, CadenceForm] | None = None) -> HttpResponse:
    rows = [
        (one, wording.sentence(one), (wrong or {}).get(one.pk) or _cadence(one)) for one in _promises(request)
    ]
    context = {"rows": rows, "today": clock.today()}
    return render(request, "commitments/list.html", context, status=422 if wrong else 200)


@page(can="settings.manage")
def commitments(request: Any) -> HttpResponse:
    return _commitments(request)


@require_POST
@page(can="settings.manage")
def install(request: Any) -> HttpResponse:
    actions.install(request.actor, school=request.school)
    say(request, _("The promises are there. Please check how often."))
    return redirect("settings-commitments")


@require_POST
@page(can="settings.manage")
def change(request: Any, commitment_id: int) -> HttpResponse:
    one = get_object_or_404(
        Commitment.objects.visible_to(request.actor).filter(school=request.school), pk=commitment_id
    )
    form = CadenceForm(request.POST, prefix=one.code)
    if form.is_valid():
        try:
            new = actions.change_cadence(request.actor, commitment=one, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("Changed: %(what)s. What was asked until now stays as it was.") % {"what": new.label},
            )
            return redirect("settings-commitments")
    return _commitments(request, {one.pk: form})


@require_POST
@page(can="settings.manage")
def switch(request: Any, commitment_id: int) -> HttpResponse:
    """Stop a promise, or keep it again."""
    one = get_object_or_404(
        Commitment.objects.visible_to(request.actor).filter(school=request.school), pk=commitment_id
    )
    keeping = request.POST.get("keep") == "1"
    (actions.resume if keeping else actions.stop)(request.actor, commitment=one)
    say(request, _("This is asked for again.") if keeping else _("This is not asked for from tomorrow on."))
    return redirect("settings-commitments")


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    return get_object_or_404(mine, pk=student_id)


@page(can="programme.exempt")
def exempt(request: Any, student_id: int) -> HttpResponse:
    """Let a promise rest for a student: a family that refuses, an illness."""
    student, promises = _student(request, student_id), [one for one in _promises(request) if not one.ends_on]
    form = ExemptionForm(request.POST or None, promises=promises, initial={"starts_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.exempt(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. It is not asked for in that time."))
            return redirect("student", student.pk)
    return _exempt(request, student, form, promises)


def _exempt(request: Any, student: Student, form: ExemptionForm, promises: list[Commitment]) -> HttpResponse:
    labels = {one.code: one.label for one in promises} | {"": _("Everything")}
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
    actions.end_exemption(request.actor, exemption=get_object_or_404(mine, pk=exemption_id))
    say(request, _("It is asked for again from today on."))
    return redirect("student-exempt", student_id)


urlpatterns = [
    path("settings/commitments/", commitments, name="settings-commitments"),
    path("settings/commitments/install/", install, name="settings-commitments-install"),
    path("settings/commitments/<int:commitment_id>/", change, name="settings-commitment"),
    path("settings/commitments/<int:commitment_id>/switch/", switch, name="settings-commitment-switch"),
    path("students/<int:student_id>/exempt/", exempt, name="student-exempt"),
    path(
        "students/<int:student_id>/exempt/<int:exemption_id>/end/", end_exemption, name="student-exempt-end"
    ),
]
