"""Leaders' visits to the classes: which there were, which classes still wait, writing one down."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongxing.care.screening import actions
from tongxing.care.screening.models import ClassVisit
from tongxing.care.screening.visits import classes_without_visit, named_on, those_who_go, visits_of
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.doors.web.safety import after_writing
from tongxing.doors.web.screening_forms import VisitForm
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Student


@page(can="screening.view")
@require_safe
def visits(request: Any) -> HttpResponse:
    """The classes nobody has been to come first, then this term's visits."""
    if request.term is None:
        raise Http404
    found = visits_of(request.actor, request.term)
    shown = {
        "visits": found,
        "named": named_on(request.actor, found),
        "without": classes_without_visit(request.actor, request.term),
        "manages": request.actor.may("screening.manage", school_id=request.school.pk),
    }
    return render(request, "screening/visits.html", shown)


@page(can="screening.manage")
def visit(request: Any, class_id: int) -> HttpResponse:
    school_class, students = class_to_visit(request, class_id)
    form = visit_form(request, students, request.POST or None)
    begun = clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_visit(request.actor, school_class=school_class, visit=form.visit)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The visit to %(class)s is written down.") % {"class": school_class.name})
            return after_writing(request, begun) or redirect("screening-visits")
    shown = {"school_class": school_class, "students": students, "form": form}
    return render(request, "screening/visit.html", shown, status=422 if form.errors else 200)


def class_to_visit(request: Any, class_id: int) -> tuple[SchoolClass, list[Student]]:
    """A class and who is in it today."""
    classes = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    school_class = get_object_or_404(classes.select_related("school", "year"), pk=class_id)
    students = Student.objects.visible_to(request.actor).enrolled().with_class(clock.today())
    return school_class, list(students.filter(class_id=school_class.pk).order_by("pinyin", "code"))


def visit_form(request: Any, students: list[Student], data: QueryDict | None = None) -> VisitForm:
    return VisitForm(data, students=students, visitors=those_who_go(request.school.pk))


@page(can="screening.manage")
@require_POST
def withdraw(request: Any, visit_id: int) -> HttpResponse:
    mine = ClassVisit.objects.visible_to(request.actor).filter(school=request.school)
    row = get_object_or_404(mine, pk=visit_id)
    actions.withdraw_visit(request.actor, visit=row, reason=request.POST.get("reason", ""))
    say(request, _("The visit is withdrawn and no longer counts."))
    return redirect("screening-visits")


urlpatterns = [
    path("screening/visits/", visits, name="screening-visits"),
    path("screening/visits/new/<int:class_id>/", visit, name="screening-visit"),
    path("screening/visits/<int:visit_id>/withdraw/", withdraw, name="screening-visit-withdraw"),
]
