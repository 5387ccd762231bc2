"""A student's goals month by month, with what became of them, derived from the records."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.contacts.goals import GoalMonth, by_month, goal_stories
from tongxing.care.programme.models import TermPlan
from tongxing.care.programme.term_plan_reading import WholePlan, whole
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.paper.documents import plan_form
from tongxing.paper.documents.form_file import KINDS

from .documents import attachment
from .page import page


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    found = get_object_or_404(mine.with_class(clock.today()).select_related("school", "key"), pk=student_id)
    request.actor.require("contact.read", school_id=found.school_id, student_id=found.pk)
    return found


@page(can="contact.read")
def goals(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    if request.term is None:
        return render(request, "overview/no_term.html")
    plan = _plan(request, student)
    ids = {"school_id": student.school_id, "student_id": student.pk}
    months = _months(request, student)
    context = {
        "student": student,
        "plan": plan,
        "may_plan": request.actor.may("plan.write", **ids),
        "months": months,
        "waits": next(
            (one for month in reversed(months) for one in month.goals[-1:] if not one.outcome_id), None
        ),
        "this_month": clock.today().replace(day=1),
        "may_write": request.actor.may("contact.write", **ids),
    }
    return render(request, "students/goals.html", context)


def _plan(request: Any, student: Student) -> WholePlan | None:
    found = TermPlan.objects.visible_to(request.actor).filter(student=student, term=request.term).first()
    return whole(request.actor, found) if found else None


def _months(request: Any, student: Student) -> tuple[GoalMonth, ...]:
    """The months of the term that have begun."""
    term, today = request.term, clock.today()
    last = max(min(today, term.ends_on), term.starts_on)
    return by_month(goal_stories(request.actor, student, term.starts_on, last), term.starts_on, last)


@require_POST
@page(can="contact.read")
def paper(request: Any, student_id: int) -> HttpResponse:
    """The table of the term's goals to print."""
    student = _student(request, student_id)
    kind = request.POST.get("make", "")
    if request.term is None or kind not in KINDS:
        raise Refused(_("Choose a form."))
    file = plan_form.goals_paper(request.actor, student=student, term=request.term, kind=kind)
    return attachment(file, " ".join([student.code, _("Goals of the months"), str(clock.today())]), kind)


urlpatterns = [
    path("students/<int:student_id>/goals/", goals, name="student-goals"),
    path("students/<int:student_id>/goals/paper/", paper, name="student-goals-paper"),
]
