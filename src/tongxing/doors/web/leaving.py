"""Leaving well: the talk on parting, where a child went, the file that goes along, the end of a term."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch.actions import leaving
from tongxing.care.attendance_watch.models import Departure, TransferFile
from tongxing.care.attendance_watch.models_absence import FOLLOW, MANAGE
from tongxing.care.attendance_watch.models_leaving import MAKE, RECEIVE
from tongxing.care.attendance_watch.queries.cases import where_to
from tongxing.care.attendance_watch.queries.leaving import departure_of, files_of, reviews_of, term_end
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Student
from tongxing.paper.documents import transfer
from tongxing.paper.exchange import transfer_in
from tongxing.paper.exchange.sealed_zip import new_passphrase

from .contact_forms import DayInput
from .documents import attachment
from .duties import chips
from .page import apply_refusal, page, say

SHOWN = 30


class ReviewForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    helped = forms.CharField(
        label=gettext_lazy("What helped"),
        max_length=leaving.LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )
    next_teachers = forms.CharField(
        label=gettext_lazy("What the next teachers should know"),
        max_length=leaving.LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    with_child = forms.BooleanField(label=gettext_lazy("Talked through with the child"), required=False)
    with_family = forms.BooleanField(label=gettext_lazy("Talked through with the family"), required=False)


class DepartureForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Where to"), choices=Departure.Kind.choices)
    to_school = forms.CharField(label=gettext_lazy("The other school"), max_length=80, required=False)
    confirmed_on = forms.DateField(
        label=gettext_lazy("Confirmed there on"), required=False, widget=DayInput()
    )


class PartsForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What goes along"),
        choices=list(transfer.PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@page(can=MANAGE)
def overview(request: Any) -> HttpResponse:
    """Who left and is still a question, the latest files, and the way to the end of the term."""
    files = TransferFile.objects.visible_to(request.actor).filter(school=request.school)
    context = {
        "where_to": where_to(request.actor, request.school),
        "files": files.select_related("student", "made_by").order_by("-made_at", "-pk")[:SHOWN],
        "may_receive": request.actor.may(RECEIVE),
        "term": request.term,
    }
    return render(request, "leaving/overview.html", context)


def _student(request: Any, student_id: int, ability: str) -> Student:
    mine = Student.objects.visible_to(request.actor).filter(school=request.school).with_class(clock.today())
    student = get_object_or_404(mine.select_related("key", "school"), pk=student_id)
    request.actor.require(ability, school_id=student.school_id, student_id=student.pk)
    return student


@page(can=FOLLOW)
def of_student(request: Any, student_id: int) -> HttpResponse:
    return _show(request, _student(request, student_id, FOLLOW))


def _show(request: Any, student: Student, **forms_: forms.Form) -> HttpResponse:
    ids = {"school_id": student.school_id, "student_id": student.pk}
    has_left = student.status == Student.Status.LEFT
    context = {
        "student": student,
        "has_left": has_left,
        "reviews": reviews_of(request.actor, student),
        "departure": departure_of(student),
        "files": files_of(request.actor, student),
        "received": transfer_in.of_student(request.actor, student),
        "agreed": student.pk in with_consent([student.pk], "transfer"),
        "may_make": request.actor.may(MAKE, **ids),
        "may_place": request.actor.may(RECEIVE, **ids),
        "may_review": request.actor.may(leaving.REVIEW, **ids),
        "review_form": forms_.get("review_form") or ReviewForm(initial={"client_id": uuid4()}),
        "departure_form": forms_.get("departure_form") or DepartureForm(initial={"client_id": uuid4()}),
    }
    return render(request, "leaving/student.html", context, status=422 if forms_ else 200)


@page(can=leaving.REVIEW)
@require_POST
def review(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id, leaving.REVIEW)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            leaving.review(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. Thank you for walking along with this child."))
            return redirect("student-leaving", student.pk)
    return _show(request, student, review_form=form)


@page(can=RECEIVE)
@require_POST
def departure(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id, RECEIVE)
    form = DepartureForm(request.POST)
    if form.is_valid():
        try:
            leaving.note_departure(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted where the child is."))
            return redirect("student-leaving", student.pk)
    return _show(request, student, departure_form=form)


@page(can=MAKE)
def choose(request: Any, student_id: int) -> HttpResponse:
    """First what goes along, then all of it to read, with the passphrase."""
    student = _student(request, student_id, MAKE)
    form = PartsForm(request.POST if request.method == "POST" else None, initial={"parts": transfer.USUAL})
    return _choose(request, student, form)


def _choose(request: Any, student: Student, form: PartsForm, **more: Any) -> HttpResponse:
    parts = form.cleaned_data["parts"] if form.is_valid() else []
    context = {
        "student": student,
        "form": form,
        "parts": parts,
        "shown": transfer.transfer_of(request.actor, student, request.term, parts) if parts else None,
        "agreed": student.pk in with_consent([student.pk], "transfer"),
        "passphrase": new_passphrase(),
        "client_id": uuid4(),
        "refused": "",
    }
    return render(request, "leaving/choose.html", context | more, status=422 if more else 200)


@page(can=MAKE)
@require_POST
def make(request: Any, student_id: int) -> HttpResponse:
    """The sealed file, or the same words on paper."""
    student, form = _student(request, student_id, MAKE), PartsForm(request.POST)
    form.full_clean()
    about = {"student": student, "term": request.term, "parts": form.cleaned_data.get("parts", [])}
    name = " ".join([student.code, _("File for the next school"), str(clock.today())])
    try:
        if "pdf" in request.POST:
            return attachment(transfer.transfer_pdf(request.actor, **about), name, "pdf")
        sealed = KeyForm(request.POST)
        if not sealed.is_valid():
            raise Refused(_("Please choose anew what goes along."))
        return attachment(
            transfer.make_transfer_file(request.actor, **about, **sealed.cleaned_data), name, "zip"
        )
    except Refused as refusal:
        return _choose(request, student, form, refused=refusal.message)


class KeyForm(forms.Form):
    passphrase = forms.CharField(max_length=60)
    client_id = forms.UUIDField()


@page(can=MANAGE)
def end_of_term(request: Any) -> HttpResponse:
    """What is still promised, whom to thank, who left the register and why."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    context = {
        "term": request.term,
        "end": term_end(request.actor, request.school, request.term),
        "chips": chips,
    }
    return render(request, "leaving/term_end.html", context)


urlpatterns = [
    path("leaving/", overview, name="leaving"),
    path("leaving/term/", end_of_term, name="term-end"),
    path("students/<int:student_id>/leaving/", of_student, name="student-leaving"),
    path("students/<int:student_id>/leaving/review/", review, name="leaving-review"),
    path("students/<int:student_id>/leaving/where-to/", departure, name="leaving-where-to"),
    path("students/<int:student_id>/transfer/", choose, name="transfer-choose"),
    path("students/<int:student_id>/transfer/file/", make, name="transfer-make"),
]
