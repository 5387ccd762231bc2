"""Handing in an application: by a family at its door, or keyed in from paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.aid.hardship.actions import applications as actions
from tongxing.aid.hardship.models import Application, Round
from tongxing.aid.hardship.models_rounds import APPLY, REVIEW
from tongxing.aid.hardship.queries import current_round, result_for_family
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .by_class import chosen_class, classes_for_choice, students_for
from .door_frame import child, for_which_child, render_door
from .hardship_frame import SHOWN_MEMBERS, ApplicationForm, application_of, known_of, round_of
from .page import apply_refusal, page, say


@page(can=REVIEW)
def for_whom(request: Any) -> HttpResponse:
    """Which child's paper is keyed in: the class, by name."""
    found = round_of(request)
    classes, _taught = classes_for_choice(request, REVIEW)
    school_class = chosen_class(request, classes)
    pupils = (
        students_for(request, REVIEW).filter(class_id=school_class.pk)
        if school_class
        else Student.objects.none()
    )
    there = Application.objects.standing().filter(round=found).values_list("student_id", flat=True)
    context = {
        "classes": classes,
        "school_class": school_class,
        "pupils": pupils.order_by("pinyin", "pk"),
        "there": set(there),
        "round": found,
    }
    return render(request, "hardship/for_whom.html", context)


@page(can=REVIEW, gives_back=True)
def key_in(request: Any, student_id: int) -> HttpResponse:
    student = get_object_or_404(students_for(request, REVIEW).select_related("school"), pk=student_id)
    found = round_of(request)
    form = _form(request, student, on_paper=True)
    if request.method == "POST" and form.is_valid():
        try:
            application = _hand_in(request, form, found, student)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            undo = reverse("hardship-withdraw", args=[application.pk])
            say(request, _("Keyed in. The class reviews it next."), undo=undo)
            return redirect("hardship-application", application.pk)
    context = {"form": form, "student": student, "round": found, "shown": SHOWN_MEMBERS}
    return render(request, "hardship/key_in.html", context, status=422 if form.errors else 200)


def _form(request: Any, student: Student, *, on_paper: bool) -> ApplicationForm:
    """With what is known already, as far as this person may read it."""
    guardians = list(Guardian.objects.present().filter(student=student))
    return ApplicationForm(request.POST or None, on_paper=on_paper, known=known_of(student, guardians))


def _hand_in(request: Any, form: ApplicationForm, found: Round, student: Student) -> Application:
    told = form.told()
    application = actions.hand_in(
        request.actor,
        round=found,
        student=student,
        told=told,
        promised_on=form.day,
        client_id=form.cleaned_data["client_id"],
        on_paper=form.on_paper,
    )
    look_for_danger(request.actor, student=student, text=f"{told.factors}\n{told.asks}")
    return application


@require_POST
@page(can=REVIEW)
def withdraw(request: Any, application_id: int) -> HttpResponse:
    """The family no longer wants it, or it was keyed in for the wrong child."""
    actions.withdraw(request.actor, application=application_of(request, application_id))
    say(request, _("Withdrawn. Another can be handed in."))
    return redirect("hardship")


@page(can=APPLY)
def family(request: Any) -> HttpResponse:
    return for_which_child(request, "family-hardship-child")


@page(can=APPLY, gives_back=True)
def family_child(request: Any, student_id: int) -> HttpResponse:
    """What the school says about it, the form, or how far it has come."""
    student = child(request, student_id)
    found = current_round(request.actor, student.school)
    mine = Application.objects.of_family(request.actor).standing().filter(student=student)
    handed_in = mine.filter(round=found).first() if found else None
    is_time = found is not None and handed_in is None and found.apply_until >= clock.today()
    form = _form(request, student, on_paper=False) if is_time else None
    if form and found and request.method == "POST" and form.is_valid():
        try:
            _hand_in(request, form, found, student)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Handed in. The school treats it in confidence."))
            return redirect("family-hardship-child", student.pk)
    context = {
        "student": student,
        "round": found,
        "application": handed_in,
        "result": result_for_family(request.actor, student),
        "form": form,
        "shown": SHOWN_MEMBERS,
    }
    return render_door(request, "hardship/door.html", context, status=422 if form and form.errors else 200)


@require_POST
@page(can=APPLY)
def family_withdraw(request: Any, student_id: int) -> HttpResponse:
    student = child(request, student_id)
    mine = (
        Application.objects.of_family(request.actor).standing().filter(student=student, round__closed_at=None)
    )
    actions.withdraw(request.actor, application=get_object_or_404(mine.select_related("student__key")))
    say(request, _("Withdrawn. You can hand in another one at any time while the round is open."))
    return redirect("family-hardship-child", student.pk)


urlpatterns = [
    path("hardship/apply/", for_whom, name="hardship-for-whom"),
    path("hardship/apply/<int:student_id>/", key_in, name="hardship-apply"),
    path("hardship/applications/<int:application_id>/withdraw/", withdraw, name="hardship-withdraw"),
    path("family/hardship/", family, name="family-hardship"),
    path("family/<int:student_id>/hardship/", family_child, name="family-hardship-child"),
    path("family/<int:student_id>/hardship/withdraw/", family_withdraw, name="family-hardship-withdraw"),
]
