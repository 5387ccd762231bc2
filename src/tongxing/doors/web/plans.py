"""A student's own plan: what the school promises everybody, and where it differs for this child."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.programme import plan_actions, promises, wording
from tongxing.care.programme.models import PlanItem
from tongxing.care.programme.promises import PlanLine
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .commitments import shown
from .page import apply_refusal, page, say
from .promise_forms import PlanForm


def _student(request: Any, student_id: int) -> Student:
    mine = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    found = get_object_or_404(mine.select_related("school"), pk=student_id)
    request.actor.require("programme.plan", school_id=found.school_id, student_id=found.pk)
    return found


@page(can="programme.plan")
def plan(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    context = {
        "student": student,
        "lines": promises.plan_of(request.actor, student, clock.today()),
        "history": [one for one in promises.plan_history(request.actor, student) if one.ended_at],
        "today": clock.today(),
        "sentence": wording.sentence,
        "rhythm": wording.rhythm,
    }
    return render(request, "plans/plan.html", context)


@page(can="programme.plan")
def add(request: Any, student_id: int) -> HttpResponse:
    """One more promise to this student alone."""
    return _edit(request, _student(request, student_id), None)


@page(can="programme.plan")
def change(request: Any, student_id: int, promise_code: str) -> HttpResponse:
    """A promise of this student's in another way, or not at all."""
    student = _student(request, student_id)
    lines = promises.plan_of(request.actor, student, clock.today())
    line = next((one for one in lines if one.promise.code == promise_code), None)
    if line is None:
        raise Http404
    return _edit(request, student, line)


def _edit(request: Any, student: Student, line: PlanLine | None) -> HttpResponse:
    """Look at what it would ask for (GET), then keep it (POST)."""
    form, seen, draft = _form(request, line), None, None
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                return _save(request, student, line, form)
            draft = _draft(student, line, form)
            seen = shown(request, [draft], students=[student.pk])
        except Refused as refusal:
            apply_refusal(form, refusal)
    context = {
        "student": student,
        "line": line,
        "form": form,
        "seen": seen,
        "draft": draft,
        "sentence": wording.sentence,
        "history": promises.plan_history(request.actor, student, line.promise.code) if line else [],
    }
    return render(request, "plans/edit.html", context, status=422 if form.errors else 200)


def _form(request: Any, line: PlanLine | None) -> PlanForm:
    """A promise that is left out begins the form with the school's own rhythm."""
    own = line.own if line else None
    one = (line.school if line and line.left_out else None) or (line.promise if line else None)
    initial: dict[str, Any] = {"after": own.pk if own else None, "review_on": own.review_on if own else None}
    if line and line.left_out:
        initial["how"] = "never"
    return PlanForm.asked(request, one, line=line, initial=initial)


def _draft(student: Student, line: PlanLine | None, form: PlanForm) -> PlanItem:
    code = line.promise.code if line else plan_actions.extra_code(form.cleaned_data["client_id"])
    terms = None if form.left_out else form.terms()
    return plan_actions.draft(student, code, terms, form.because(), line.own if line else None)


def _save(request: Any, student: Student, line: PlanLine | None, form: PlanForm) -> HttpResponse:
    about: dict[str, Any] = {"student": student, "because": form.because()}
    if line is None:
        client_id = form.cleaned_data["client_id"]
        plan_actions.besides(request.actor, client_id=client_id, terms=form.terms(), **about)
    else:
        terms, after = None if form.left_out else form.terms(), form.cleaned_data["after"]
        plan_actions.differ(request.actor, code=line.promise.code, terms=terms, after=after, **about)
    say(
        request,
        _("The plan of %(name)s is changed. What was asked until now stays as it was.")
        % {"name": student.name},
    )
    return redirect("student-plan", student.pk)


@require_POST
@page(can="programme.plan")
def end(request: Any, student_id: int, item_id: int) -> HttpResponse:
    student = _student(request, student_id)
    mine = PlanItem.objects.visible_to(request.actor).filter(student=student)
    item = get_object_or_404(mine.select_related("student__school", "school"), pk=item_id)
    plan_actions.back_to_all(request.actor, item=item, reason=request.POST.get("reason", ""))
    say(request, _("%(name)s gets again what everybody gets.") % {"name": student.name})
    return redirect("student-plan", student.pk)


urlpatterns = [
    path("students/<int:student_id>/plan/", plan, name="student-plan"),
    path("students/<int:student_id>/plan/add/", add, name="student-plan-add"),
    path("students/<int:student_id>/plan/<int:item_id>/end/", end, name="student-plan-end"),
    path("students/<int:student_id>/plan/<str:promise_code>/", change, name="student-plan-promise"),
]
