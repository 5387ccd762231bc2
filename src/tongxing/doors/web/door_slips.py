"""Invitations on paper: for one child or for a class, cut from a sheet of A4; the code is shown this once."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy

from tongxing.care.family.models import STAFF
from tongxing.care.family.unanswered import unanswered
from tongxing.ground.access.doors import Door, doors_of, doors_of_class
from tongxing.ground.access.invitations import Slip, invite
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, SchoolClass, Student

from .fields import offer
from .page import apply_refusal, page
from .slips import as_typed, square


class WhomForm(forms.Form):
    """Which doors (`Door.key`); `batch` names the sheet, so that loading it again makes no new codes."""

    whom = forms.MultipleChoiceField(
        error_messages={"required": gettext_lazy("Please choose at least one person.")}
    )
    batch = forms.UUIDField()

    def __init__(self, *args: Any, doors: list[Door], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "whom", [(door.key, door.key) for door in doors])

    def chosen(self, doors: list[Door]) -> tuple[list[Guardian], list[Student]]:
        picked = [door for door in doors if door.key in self.cleaned_data["whom"]]
        for door in picked:
            if door.guardian:
                door.guardian.student = door.student
        guardians = [door.guardian for door in picked if door.guardian]
        return guardians, [door.student for door in picked if door.guardian is None]


def _class(request: Any, class_id: int) -> SchoolClass:
    found = classes_for(request.actor, STAFF, request.term) if request.term else SchoolClass.objects.none()
    return get_object_or_404(found, pk=class_id)


@page(can=STAFF)
def classes(request: Any) -> HttpResponse:
    """Which class gets invitations; above them how many families wait for an answer."""
    found = classes_for(request.actor, STAFF, request.term) if request.term else SchoolClass.objects.none()
    waiting = unanswered(request.actor, request.school.pk).values("guardian").distinct().count()
    context = {"classes": found.order_by("grade", "number", "pk"), "waiting": waiting}
    return render(request, "doors/classes.html", context)


@page(can=STAFF)
def of_class(request: Any, class_id: int) -> HttpResponse:
    """Who of a class has come in, who waits: choose and print (POST)."""
    school_class = _class(request, class_id)
    doors = doors_of_class(request.actor, school_class, clock.today())
    return _sheet(request, doors, {"school_class": school_class}, "doors/class.html")


@page(can=STAFF)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """Who around one child gets a slip: choose and print (POST)."""
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.with_class(clock.today()), pk=student_id)
    return _sheet(request, doors_of(request.actor, student), {"student": student}, "doors/one.html")


def _sheet(request: Any, doors: list[Door], facts: dict[str, Any], template: str) -> HttpResponse:
    form = WhomForm(request.POST if request.method == "POST" else None, doors=doors)
    if form.is_bound and form.is_valid():
        guardians, students = form.chosen(doors)
        try:
            made = invite(
                request.actor,
                school=request.school,
                guardians=guardians,
                students=students,
                batch=form.cleaned_data["batch"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return _printed(request, made, facts)
    ticked = request.POST.getlist("whom") if form.is_bound else None
    context = facts | {"doors": doors, "form": form, "batch": uuid4(), "ticked": ticked}
    return render(request, template, context, status=422 if form.errors else 200)


def _printed(request: Any, made: list[Slip], facts: dict[str, Any]) -> HttpResponse:
    address = request.build_absolute_uri(reverse("door"))
    links = [f"{address}?{urlencode({'code': slip.code})}" for slip in made]
    context = facts | {
        "cards": [(slip, square(link)) for slip, link in zip(made, links, strict=True)],
        "link": links[0] if len(links) == 1 else "",
        "address": as_typed(address),
        "first_visit": settings.LAN,
    }
    return render(request, "doors/print.html", context)


urlpatterns = [
    path("invitations/", classes, name="invitations"),
    path("invitations/classes/<int:class_id>/", of_class, name="class-invitations"),
    path("students/<int:student_id>/door/invite/", of_student, name="door-invite"),
]
