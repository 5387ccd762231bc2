"""What rests for a while: for one student, for a class or for the whole school."""

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.care.programme import exemption_actions, promises, queries
from tongxing.care.programme.models import Commitment, Exemption
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student

from .fields import offer
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
        offer(self, "commitment", choices)

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


class TogetherForm(ExemptionForm):
    """One action for many, so it says until when."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    school_class = forms.ModelChoiceField(
        label=gettext_lazy("For which class"), queryset=SchoolClass.objects.none(), required=False
    )
    until = forms.DateField(label=gettext_lazy("Until"), widget=DateInput())
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("In a few words: “exam week”, “sports meeting”"),
    )
    field_order = ("school_class", "commitment", "starts_on", "until", "reason")

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass], whole_school: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["school_class"])
        field.queryset, field.required = classes, not whole_school
        field.empty_label = _("The whole school") if whole_school else None


@page(can="programme.exempt")
def exemptions(request: Any) -> HttpResponse:
    """What rests now, for whom and until when; one action for a class or the school."""
    kept = [one for one in promises.current(request.school) if not one.ends_on]
    form = _together(request, kept)
    if request.method == "POST" and form.is_valid():
        try:
            count = exemption_actions.exempt_together(
                request.actor, school=request.school, **form.cleaned_data
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            words = ngettext("It rests for %(n)s student.", "It rests for %(n)s students.", count)
            say(request, words % {"n": count})
            return redirect("exemptions")
    labels = {one.code: one.label for one in kept} | {"": _("Everything")}
    rows = promises.resting(request.actor, request.school, clock.today())
    context = {"form": form, "rows": rows, "labels": labels}
    return render(request, "commitments/exemptions.html", context, status=422 if form.errors else 200)


def _together(request: Any, kept: list[Commitment]) -> TogetherForm:
    actor, school = request.actor, request.school
    mine = Student.objects.filter(actor.students_where("programme.exempt", student="pk"), school=school)
    members = ClassMembership.objects.on(clock.today()).filter(student__in=mine)
    classes = SchoolClass.objects.visible_to(actor).filter(pk__in=members.values("school_class"))
    return TogetherForm(
        request.POST or None,
        promises=kept,
        classes=classes,
        whole_school=actor.may_all("programme.exempt", school_id=school.pk),
        initial={"starts_on": clock.today(), "client_id": uuid4()},
    )


@require_POST
@page(can="programme.exempt")
def end_together(request: Any, together: UUID) -> HttpResponse:
    count = exemption_actions.end_together(request.actor, school=request.school, together=together)
    words = ngettext(
        "It is asked for again from today on, of %(n)s student.",
        "It is asked for again from today on, of %(n)s students.",
        count,
    )
    say(request, words % {"n": count})
    return redirect("exemptions")


urlpatterns = [
    path("exemptions/", exemptions, name="exemptions"),
    path("exemptions/<uuid:together>/end/", end_together, name="exemptions-end"),
    path("students/<int:student_id>/exempt/", exempt, name="student-exempt"),
    path(
        "students/<int:student_id>/exempt/<int:exemption_id>/end/", end_exemption, name="student-exempt-end"
    ),
]
