"""Importing: what of an import can be taken back, and taking it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.doors.web.page import page, say
from tongxing.ground.people.models import (
    Circumstance,
    ClassMembership,
    Guardian,
    SchoolClass,
    Staff,
    Student,
    Teaching,
)
from tongxing.ground.records.models import AttendanceEvent, Exam, Score
from tongxing.paper.exchange import undo
from tongxing.paper.exchange.models import ImportBatch

from .imports import batch_of

SHOWN = 60
NAMES = {
    Student: gettext_lazy("Students"),
    Guardian: gettext_lazy("Guardians"),
    ClassMembership: gettext_lazy("Places in a class"),
    Circumstance: gettext_lazy("Circumstances"),
    Staff: gettext_lazy("Staff"),
    Teaching: gettext_lazy("Teaching"),
    Exam: gettext_lazy("Exams"),
    Score: gettext_lazy("Results of exams"),
    AttendanceEvent: gettext_lazy("Attendance"),
    SchoolClass: gettext_lazy("Classes"),
}


@page(can="import.run")
def take_back(request: Any, batch_id: int) -> HttpResponse:
    found = batch_of(request, batch_id)
    if request.method == "POST":
        done = undo.undo(request.actor, batch=found)
        say(request, _("Taken back: %(n)s entries. What had been used since has stayed.") % {"n": done.rows})
        return redirect("import-batch", batch_id)
    return render(request, "imports/undo.html", _what_goes(request, found))


def _what_goes(request: Any, found: ImportBatch) -> dict[str, Any]:
    back = undo.what_can_go(found)
    return {
        "batch": found,
        "back": back,
        "counts": [(name, *back.count(model)) for model, name in NAMES.items() if any(back.count(model))],
        "people": [
            (_("changed since"), _named(request, back.changed)),
            (_("written about, paired or otherwise used since"), _named(request, back.leaned_on)),
        ],
    }


def _named(request: Any, some: Any) -> list[str]:
    """The students and colleagues who stay, by name."""
    students = Student.objects.visible_to(request.actor).filter(pk__in=list(some.get(Student, ()))[:SHOWN])
    staff = Staff.objects.visible_to(request.actor).filter(pk__in=list(some.get(Staff, ()))[:SHOWN])
    return [*students.values_list("name", flat=True), *staff.values_list("name", flat=True)][:SHOWN]


urlpatterns = [path("import/<int:batch_id>/take-back/", take_back, name="import-undo")]
