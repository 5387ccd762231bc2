"""One student by hand: entering, correcting, class, leaving and coming back; whether two entries are one child."""

import uuid
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.activities.actions import give_up_places
from tongxing.care.attendance_watch.actions.leaving import end_with_the_day, leave
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import student_actions
from tongxing.ground.people.models import Likeness, SchoolClass, Student
from tongxing.ground.people.models_people import Guardianship, IdKind, Sex
from tongxing.ground.people.queries import alike, entries_to_compare, likely_same

from .page import apply_refusal, page, say
from .settings import DateInput

SEALED = ("id_number", "phone", "address", "household", "health", "income", "aid")
EMPTIED = {"-", "—", "－"}  # written into a field that is not spelt out: it shall be empty
BOARDING = [
    ("", gettext_lazy("not recorded")),
    ("yes", gettext_lazy("boards at school")),
    ("no", gettext_lazy("day pupil")),
]
METRES = 1_000  # of a kilometre
FARTHEST_KM = 500
KEPT_HINT = gettext_lazy("Empty: stays as it is. A single “-”: shall be empty.")


class StudentForm(forms.Form):
    """What is known about a student; of sealed fields only a new value is written here."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    code = forms.CharField(
        label=gettext_lazy("Student number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Left empty, the school's next free number is taken."),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex.choices, required=False)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False, widget=DateInput())
    ethnicity = forms.CharField(label=gettext_lazy("Ethnic group"), max_length=20, required=False)
    national_code = forms.CharField(
        label=gettext_lazy("National student number"), max_length=30, required=False
    )
    enrolled_on = forms.DateField(label=gettext_lazy("Enrolled on"), required=False, widget=DateInput())
    boarding = forms.ChoiceField(label=gettext_lazy("Boards at school"), choices=BOARDING, required=False)
    dormitory = forms.CharField(label=gettext_lazy("Dormitory"), max_length=40, required=False)
    residence = forms.CharField(label=gettext_lazy("Type of residence"), max_length=20, required=False)
    village = forms.CharField(label=gettext_lazy("Village"), max_length=60, required=False)
    id_number = forms.CharField(label=gettext_lazy("ID number"), max_length=30, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    id_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of ID document"), choices=IdKind.choices, required=False
    )
    seat_number = forms.CharField(label=gettext_lazy("Number in the class"), max_length=10, required=False)
    distance_m = forms.DecimalField(
        label=gettext_lazy("Way to school (km)"),
        min_value=0,
        max_value=FARTHEST_KM,
        decimal_places=3,
        required=False,
    )
    guardianship = forms.ChoiceField(
        label=gettext_lazy("Who looks after the child"), choices=Guardianship.choices, required=False
    )
    household = forms.CharField(label=gettext_lazy("Registered residence"), max_length=200, required=False)
    health = forms.CharField(
        label=gettext_lazy("State of health"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("As on the health check, for example healthy, asthma."),
    )
    income = forms.CharField(label=gettext_lazy("What the family lives on"), max_length=100, required=False)
    aid = forms.CharField(label=gettext_lazy("Help from the government"), max_length=100, required=False)

    def clean_distance_m(self) -> int | None:
        km = self.cleaned_data["distance_m"]
        return None if km is None else int(km * METRES)

    def clean_boarding(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["boarding"])

    @property
    def facts(self) -> dict[str, Any]:
        own = StudentForm.base_fields
        facts = {name: self.cleaned_data[name] for name in own}
        return facts if facts["code"] else {k: v for k, v in facts.items() if k != "code"}


class NewStudentForm(StudentForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    school_class = forms.ModelChoiceField(
        label=gettext_lazy("Class"),
        queryset=SchoolClass.objects.none(),
        required=False,
        empty_label=gettext_lazy("not chosen yet"),
    )
    starts_on = forms.DateField(label=gettext_lazy("In this class since"), required=False, widget=DateInput())

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["school_class"]).queryset = classes


class EditStudentForm(StudentForm):
    def __init__(self, student: Student, data: Any) -> None:
        first = {name: getattr(student, name) for name in StudentForm.base_fields if name not in SEALED}
        if student.distance_m is not None:
            first["distance_m"] = Decimal(student.distance_m) / METRES
        first["boarding"] = {True: "yes", False: "no", None: ""}[student.boarding]
        super().__init__(data, initial=first)
        self.fields["code"].help_text = ""
        for name in SEALED:
            self.fields[name].help_text = KEPT_HINT
            self.fields[name].widget.attrs["placeholder"] = getattr(student, f"{name}_masked")

    @property
    def facts(self) -> dict[str, Any]:
        facts = super().facts
        for name in SEALED:
            if not facts[name]:
                del facts[name]
            elif facts[name] in EMPTIED:
                facts[name] = ""
        return facts


class PlaceForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Day"), widget=DateInput())
    school_class = forms.ModelChoiceField(
        label=gettext_lazy("Class"),
        queryset=SchoolClass.objects.none(),
        required=False,
        empty_label=gettext_lazy("not chosen yet"),
    )

    def __init__(self, *args: Any, classes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["school_class"]).queryset = classes


def _sent(request: Any) -> Any:
    """What was posted, also if it was nothing."""
    return request.POST if request.method == "POST" else None


def _classes(request: Any) -> Any:
    classes = SchoolClass.objects.filter(school=request.school)
    return classes.filter(year=request.term.year) if request.term else classes


def _student(request: Any, student_id: int) -> Any:
    found = Student.objects.visible_to(request.actor).filter(school=request.school).with_class(clock.today())
    return get_object_or_404(found.select_related("key", "school"), pk=student_id)


@page(can="student.manage")
def add(request: Any) -> HttpResponse:
    first = {"client_id": uuid.uuid4(), "starts_on": clock.today()}
    form = NewStudentForm(_sent(request), classes=_classes(request), initial=first)
    others: list[Student] = []
    if request.method == "POST" and form.is_valid():
        try:
            others, student = _added(request, form)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            if student:
                say(request, _("%(name)s is entered.") % {"name": student.name})
                return redirect("student", student.pk)
    context = {"form": form, "others": others, "different": [other.pk for other in others]}
    return render(request, "students/new.html", context, status=422 if form.errors or others else 200)


def _added(request: Any, form: NewStudentForm) -> tuple[list[Student], Student | None]:
    """The new student; or those about whom a person has to say first whether they are this child."""
    said = form.cleaned_data
    different = {int(pk) for pk in request.POST.get("different", "").split(",") if pk.isdecimal()}
    others = alike(request.school, student_actions.sought(form.facts, said["school_class"]), clock.today())
    sent_before = Student.objects.filter(client_id=said["client_id"]).exists()
    if not sent_before and any(other.pk not in different for other in others):
        return others, None
    place = {name: said[name] for name in ("client_id", "school_class", "starts_on")}
    student = student_actions.add_student(
        request.actor, school=request.school, facts=form.facts, different=different, **place
    )
    return [], student


@page(can="student.manage")
def edit(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    form = EditStudentForm(student, _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            changed = student_actions.edit_student(request.actor, student=student, facts=form.facts)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Changed.") if changed else _("Nothing was different."))
            student = _student(request, student_id)
            return redirect("student-same" if likely_same(student) else "student", student_id)
    context = {"form": form, "student": student}
    return render(request, "students/edit.html", context, status=422 if form.errors else 200)


@page(can="student.manage")
def place(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    form = PlaceForm(_sent(request), classes=_classes(request), initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            _placed(request, student, request.POST.get("what", ""), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("student", student_id)
    context = {"form": form, "student": student, "is_here": student.status == Student.Status.ENROLLED}
    return render(request, "students/place.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _placed(request: Any, student: Student, what: str, *, on: Any, school_class: Any) -> None:
    actor = request.actor
    if what == "leave":
        leave(actor, student=student, on=on)
        give_up_places(actor, school_id=student.school_id)
        say(request, _("Noted. What was written down stays; pairs and the register entry have ended."))
    elif what == "return":
        student_actions.come_back(actor, student=student, on=on, school_class=school_class)
        say(request, _("Welcome back, %(name)s.") % {"name": student.name})
    elif school_class is None:
        raise Refused(_("Which class?"), field="school_class")
    else:
        student_actions.change_class(actor, student=student, school_class=school_class, on=on)
        words = _("%(name)s is in %(class)s now.")
        say(request, words % {"name": student.name, "class": school_class.name})


@transaction.atomic
def _compared(actor: Any, keep: Student, other: Student, verdict: str) -> None:
    """The entry that is not kept leaves the school, and its pairs end as those of every student who leaves."""
    student_actions.decide_likeness(actor, student=keep, other=other, verdict=verdict)
    if verdict == Likeness.Verdict.SAME:
        end_with_the_day(actor, student=other, on=clock.today())
        give_up_places(actor, school_id=other.school_id)


@page(can="student.manage")
def same(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    others = likely_same(student)
    if request.method == "POST":
        chosen = request.POST.get("other", "")
        other = next((one for one in others if str(one.pk) == chosen), None)
        verdict = request.POST.get("verdict", "")
        if other is None or verdict not in {"different", "same", "same-other"}:
            raise Http404
        keep, end = (other, student) if verdict == "same-other" else (student, other)
        _compared(request.actor, keep, end, verdict.removesuffix("-other"))
        say(request, _("Remembered. Nobody is asked again."))
        return redirect(
            "student-same" if len(others) > 1 else "students-same", *([student_id] if len(others) > 1 else [])
        )
    return render(request, "students/same.html", {"student": student, "others": others})


@page(can="student.manage")
def all_same(request: Any) -> HttpResponse:
    decided = Likeness.objects.visible_to(request.actor).filter(school=request.school, verdict="same")
    context = {
        "found": entries_to_compare(request.school),
        "decided": decided.select_related("student", "other").order_by("-decided_at")[:20],
    }
    return render(request, "students/all_same.html", context)


urlpatterns = [
    path("students/new/", add, name="student-new"),
    path("students/same/", all_same, name="students-same"),
    path("students/<int:student_id>/edit/", edit, name="student-edit"),
    path("students/<int:student_id>/place/", place, name="student-place"),
    path("students/<int:student_id>/same/", same, name="student-same"),
]
