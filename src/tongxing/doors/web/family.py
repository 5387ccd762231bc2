"""Who is around a child: entering, correcting and ending a guardian by hand."""

import uuid
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.access import family
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .page import apply_refusal, page, say
from .students_manage import EMPTIED, KEPT_HINT

YES_OR_NO = [
    ("", gettext_lazy("not recorded")),
    ("yes", gettext_lazy("yes")),
    ("no", gettext_lazy("no")),
]
TRUTH = {"yes": True, "no": False, "": None}
ORDERS = [(number, str(number)) for number in range(1, 7)]


class GuardianForm(forms.Form):
    """`guardian`: who is corrected; the phone is written anew or stays, it is never shown here."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=Guardian.Relation.choices)
    relation_text = forms.CharField(
        label=gettext_lazy("How the child calls them"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("For example grandma, second uncle."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    lives_with = forms.ChoiceField(
        label=gettext_lazy("Lives with the child"), choices=YES_OR_NO, required=False
    )
    away_place = forms.CharField(
        label=gettext_lazy("Works away in"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Province and city."),
    )
    workplace = forms.CharField(label=gettext_lazy("Employer"), max_length=60, required=False)
    best_time = forms.CharField(label=gettext_lazy("Best time to call"), max_length=60, required=False)
    reads = forms.ChoiceField(
        label=gettext_lazy("Can read messages"),
        choices=YES_OR_NO,
        required=False,
        help_text=gettext_lazy("No: please call, or read it out."),
    )
    entrusted = forms.BooleanField(
        label=gettext_lazy("The parents away have entrusted the child to them"), required=False
    )
    order = forms.TypedChoiceField(label=gettext_lazy("Called as number"), choices=ORDERS, coerce=int)

    def __init__(self, data: Any, guardian: Guardian | None = None) -> None:
        first: dict[str, Any] = {"client_id": uuid.uuid4(), "order": 1}
        if guardian:
            first |= {name: getattr(guardian, name) for name in family.PLAIN}
            first |= {name: _word(first[name]) for name in ("lives_with", "reads")}
        super().__init__(data, initial=first)
        if guardian and guardian.phone_masked:
            self.fields["phone"].help_text = KEPT_HINT
            self.fields["phone"].widget.attrs["placeholder"] = guardian.phone_masked

    def clean_lives_with(self) -> bool | None:
        return TRUTH[self.cleaned_data["lives_with"]]

    def clean_reads(self) -> bool | None:
        return TRUTH[self.cleaned_data["reads"]]

    @property
    def facts(self) -> dict[str, Any]:
        facts = {name: value for name, value in self.cleaned_data.items() if name != "client_id"}
        if not facts["phone"]:
            del facts["phone"]
        elif facts["phone"] in EMPTIED:
            facts["phone"] = ""
        return facts


def _word(truth: bool | None) -> str:
    return next(word for word, meant in TRUTH.items() if meant is truth)


def _student(request: Any, student_id: int) -> Student:
    """A student whose family this person may write about."""
    mine = Student.objects.visible_to(request.actor, "contact").filter(school=request.school)
    student = get_object_or_404(mine.select_related("key").with_class(clock.today()), pk=student_id)
    request.actor.require(family.CAN, school_id=student.school_id, student_id=student.pk)
    return student


def _guardian(request: Any, student: Student, guardian_id: int) -> Guardian:
    """Also one who is no guardian any more: for the way back."""
    return get_object_or_404(Guardian.objects.filter(student=student), pk=guardian_id)


@page(can=family.CAN, gives_back=True)
def add(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    form = GuardianForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = family.add_guardian(
                request.actor,
                student=student,
                facts=form.facts,
                client_id=form.cleaned_data["client_id"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s is entered.") % {"name": added.name})
            return redirect("student", student.pk)
    return _form(request, student, form)


@page(can=family.CAN, gives_back=True)
def edit(request: Any, student_id: int, guardian_id: int) -> HttpResponse:
    student = _student(request, student_id)
    guardian = get_object_or_404(Guardian.objects.present().filter(student=student), pk=guardian_id)
    form = GuardianForm(request.POST if request.method == "POST" else None, guardian)
    if request.method == "POST" and form.is_valid():
        try:
            changed = family.edit_guardian(request.actor, guardian=guardian, facts=form.facts)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Changed.") if changed else _("Nothing was different."))
            return redirect("student", student.pk)
    return _form(request, student, form, guardian=guardian)


def _form(request: Any, student: Student, form: GuardianForm, **more: Any) -> HttpResponse:
    context = {"student": student, "form": form, **more}
    return render(request, "students/guardian.html", context, status=422 if form.errors else 200)


@page(can=family.CAN)
@require_POST
def end(request: Any, student_id: int, guardian_id: int) -> HttpResponse:
    """No guardian any more; with `resume` the way back."""
    student = _student(request, student_id)
    guardian = _guardian(request, student, guardian_id)
    if "resume" in request.POST:
        family.resume_guardian(request.actor, guardian=guardian)
        say(request, _("%(name)s is a guardian again.") % {"name": guardian.name})
    else:
        family.end_guardian(request.actor, guardian=guardian)
        back = reverse("guardian-end", args=[student.pk, guardian.pk])
        said = _("%(name)s is no guardian any more.") % {"name": guardian.name}
        say(request, said, undo=f"{back}?resume=1")
    return redirect("student", student.pk)


urlpatterns = [
    path("students/<int:student_id>/family/new/", add, name="guardian-new"),
    path("students/<int:student_id>/family/<int:guardian_id>/", edit, name="guardian"),
    path("students/<int:student_id>/family/<int:guardian_id>/end/", end, name="guardian-end"),
]
