"""The move to the next school year: what it would do, whom it leaves out, doing it, and taking it back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch.actions import year as moving
from tongxing.ground.access import year_plan
from tongxing.ground.access.models import YearMove
from tongxing.ground.access.year_move import why_not_undo
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, SchoolYear, Student
from tongxing.ground.people.models_calendar import grade_name

from .fields import offer
from .page import apply_refusal, page, say

KEPT = "year-others"  # the students who repeat or leave, kept in the session until the move


class MoveForm(forms.Form):
    last_grade = forms.TypedChoiceField(coerce=int)
    teachers = forms.BooleanField(required=False)

    def __init__(self, *args: Any, grades: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "last_grade", [(grade, grade_name(grade)) for grade in grades])


def _year(request: Any) -> SchoolYear | None:
    """The earliest year in which students still have their places: the one to move from."""
    open_places = SchoolYear.objects.filter(
        school=request.school,
        classes__memberships__ends_on=None,
        classes__memberships__student__status=Student.Status.ENROLLED,
    )
    return open_places.order_by("starts_on").first()


def _others(request: Any, year: SchoolYear) -> dict[int, year_plan.Other]:
    """Whom this session has set apart, as far as they are still in these classes."""
    kept = {int(pk): other for pk, other in request.session.get(KEPT, {}).items()}
    here = year_plan.members(year).filter(student__in=kept).values_list("student_id", flat=True)
    return {pk: kept[pk] for pk in here}


@page(can="import.run")
def preview(request: Any) -> HttpResponse:
    """Each class with its next name, who does not go along, and why it cannot be done yet."""
    return _preview(request, _year(request))


def _preview(request: Any, year: SchoolYear | None, form: MoveForm | None = None) -> HttpResponse:
    last = YearMove.objects.filter(school=request.school, undone_at=None).select_related(
        "from_year", "to_year"
    )
    made = last.order_by("-made_at").first()
    context: dict[str, Any] = {"made": made, "why_not_undo": why_not_undo(made) if made else ""}
    if year:
        others = _others(request, year)
        grades = _grades(year)
        asked = request.GET.get("last", "")
        chosen = int(asked) if asked.isdecimal() and int(asked) in grades else None
        apart = Student.objects.visible_to(request.actor).filter(pk__in=others).order_by("pinyin")
        context |= {
            "plan": year_plan.plan(request.school, year, others, chosen),
            "grades": [(grade, grade_name(grade)) for grade in grades],
            "apart": [(student, others[student.pk]) for student in apart],
        }
    wrong = form.errors if form else None
    return render(request, "years/move.html", context | {"form": form}, status=422 if wrong else 200)


def _grades(year: SchoolYear) -> list[int]:
    return sorted(set(SchoolClass.objects.filter(year=year).values_list("grade", flat=True)))


@page(can="import.run")
def of_class(request: Any, class_id: int) -> HttpResponse:
    """Who of a class repeats or leaves; kept in this session until the move is made."""
    classes = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(classes.select_related("year"), pk=class_id)
    places = year_plan.members(found.year).filter(school_class=found).select_related("student")
    students = [place.student for place in places.order_by("student__pinyin", "student_id")]
    kept = dict(request.session.get(KEPT, {}))
    if request.method == "POST":
        for student in students:
            kept.pop(str(student.pk), None)
            if (other := request.POST.get(f"student-{student.pk}")) in ("repeats", "leaves"):
                kept[str(student.pk)] = other
        request.session[KEPT] = kept
        return redirect("year-move")
    rows = [(student, kept.get(str(student.pk), "")) for student in students]
    return render(request, "years/class.html", {"found": found, "rows": rows})


@require_POST
@page(can="import.run")
def move(request: Any) -> HttpResponse:
    year = _year(request)
    if year is None:
        return redirect("year-move")
    form = MoveForm(request.POST, grades=_grades(year))
    if form.is_valid():
        try:
            done = moving.move_year(
                request.actor,
                school=request.school,
                year=year,
                others=_others(request, year),
                last_grade=form.cleaned_data["last_grade"],
                teachers_go_along=form.cleaned_data["teachers"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            request.session.pop(KEPT, None)
            say(request, _told(done))
            return redirect("year-move")
    return _preview(request, year, form)


def _told(done: YearMove) -> str:
    left = len(done.did["left"])
    return ngettext(
        "The classes have risen; %(n)s student has left with good wishes.",
        "The classes have risen; %(n)s students have left with good wishes.",
        left,
    ) % {"n": left}


@require_POST
@page(can="import.run")
def undo(request: Any) -> HttpResponse:
    asked = request.POST.get("move", "")
    moves = YearMove.objects.filter(school=request.school, undone_at=None)
    moving.undo_move(request.actor, move=get_object_or_404(moves, pk=asked if asked.isdecimal() else None))
    say(request, _("Everything is as it was before the move."))
    return redirect("year-move")


urlpatterns = [
    path("settings/year/", preview, name="year-move"),
    path("settings/year/classes/<int:class_id>/", of_class, name="year-move-class"),
    path("settings/year/move/", move, name="year-move-do"),
    path("settings/year/undo/", undo, name="year-move-undo"),
]
