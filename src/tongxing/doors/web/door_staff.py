"""The family's door from the school's side, on one page per child: who has come in, words, agreements, own goals."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.family import agreements as agreed
from tongxing.care.family import goals, messages
from tongxing.care.family.models import STAFF, Agreement, OwnGoal
from tongxing.ground.access import invitations
from tongxing.ground.access.doors import doors_of
from tongxing.ground.access.models import Invitation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .door_frame import WordsForm
from .fields import offer_rows
from .page import apply_refusal, page, say


class MessageForm(WordsForm):
    guardian = forms.ModelChoiceField(
        Guardian.objects.none(), label=gettext_lazy("To whom"), empty_label=None
    )
    field_order = ("client_id", "guardian", "text")

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom = Guardian.objects.present().filter(student=student, user__isnull=False)
        offer_rows(self, "guardian", whom)


class AgreementForm(WordsForm):
    by = forms.ChoiceField(
        label=gettext_lazy("Who does it"), choices=Agreement.By.choices, widget=forms.RadioSelect
    )
    due_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"})
    )
    field_order = ("client_id", "text", "by", "due_on")


def _student(request: Any, student_id: int) -> Student:
    students = Student.objects.visible_to(request.actor).filter(school=request.school)
    found = students.select_related("key", "school").with_class(clock.today())
    student = get_object_or_404(found, pk=student_id)
    request.actor.require(STAFF, school_id=student.school_id, student_id=student.pk)
    return student


@page(can=STAFF)
def about(request: Any, student_id: int) -> HttpResponse:
    """Opening it counts as having read what the family wrote."""
    return _page(request, _student(request, student_id))


def _page(request: Any, student: Student, **given: forms.Form) -> HttpResponse:
    actor = request.actor
    said = messages.thread(actor, student)
    if not given:
        messages.mark_read(actor, student=student)
    context = {
        "student": student,
        "doors": doors_of(actor, student),
        "said": said,
        "message": MessageForm(student=student, auto_id="message-%s"),
        "agreement": AgreementForm(auto_id="agreement-%s"),
        "agreed": agreed.agreements_of(actor, student),
        "goals": goals.goals_of(actor, student),
    }
    wrong = any(form.errors for form in given.values())
    return render(request, "doors/student.html", context | given, status=422 if wrong else 200)


@page(can=STAFF, gives_back=True)
@require_POST
def message(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    form = MessageForm(request.POST, student=student, auto_id="message-%s")
    if form.is_valid():
        try:
            messages.write(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Sent. You see here when it has been read."))
            return redirect("student-door", student.pk)
    return _page(request, student, message=form)


@page(can=STAFF, gives_back=True)
@require_POST
def agreement(request: Any, student_id: int) -> HttpResponse:
    student = _student(request, student_id)
    form = AgreementForm(request.POST, auto_id="agreement-%s")
    if form.is_valid():
        try:
            agreed.agree(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Agreed. The family reads it at its door."))
            return redirect("student-door", student.pk)
    return _page(request, student, agreement=form)


@page(can=STAFF)
@require_POST
def agreement_ends(request: Any, agreement_id: int) -> HttpResponse:
    """Done; let go with a `reason`; with `again` the way back."""
    found = get_object_or_404(
        Agreement.objects.visible_to(request.actor).filter(school=request.school), pk=agreement_id
    )
    request.actor.require(STAFF, school_id=found.school_id, student_id=found.student_id)
    undo = f"{reverse('agreement-end', args=[found.pk])}?again=1"
    if "again" in request.POST:
        agreed.take_up(request.actor, agreement=found)
        say(request, _("It stands there again."))
    elif "reason" in request.POST:
        agreed.let_go(request.actor, agreement=found, reason=request.POST["reason"])
        say(request, _("Let go; the reason stays with it."), undo=undo)
    else:
        agreed.keep(request.actor, agreement=found)
        say(request, _("Done. Thank you!"), undo=undo)
    return redirect("student-door", found.student_id)


@page(can=STAFF)
@require_POST
def goal_of_the_month(request: Any, own_goal_id: int) -> HttpResponse:
    goal = get_object_or_404(
        OwnGoal.objects.visible_to(request.actor).filter(school=request.school), pk=own_goal_id
    )
    made = goals.make_it_the_months(request.actor, goal=goal)
    say(request, _("It is the goal of the month now, in the child's own words."))
    return redirect("student-door", made.student_id)


@page(can=STAFF)
@require_POST
def take_back(request: Any, invitation_id: int) -> HttpResponse:
    mine = Invitation.objects.visible_to(request.actor).filter(school=request.school)
    invitation = get_object_or_404(mine, pk=invitation_id)
    invitations.take_back(request.actor, invitation=invitation)
    say(request, _("Taken back: nobody comes in with this slip any more."))
    return redirect("student-door", invitation.student_id)


@page(can=STAFF)
@require_POST
def close(request: Any, student_id: int) -> HttpResponse:
    """The door of one guardian (`guardian`), else the student's own."""
    student = _student(request, student_id)
    asked = request.POST.get("guardian", "")
    guardian = get_object_or_404(Guardian, pk=asked, student=student) if asked.isdecimal() else None
    invitations.close_door(request.actor, student=student, guardian=guardian)
    say(request, _("Closed: this account no longer sees the child. A new invitation opens the door again."))
    return redirect("student-door", student.pk)


urlpatterns = [
    path("students/<int:student_id>/door/", about, name="student-door"),
    path("students/<int:student_id>/door/words/", message, name="door-message"),
    path("students/<int:student_id>/door/agreements/", agreement, name="door-agreement"),
    path("students/<int:student_id>/door/close/", close, name="door-close"),
    path("agreements/<int:agreement_id>/end/", agreement_ends, name="agreement-end"),
    path("own-goals/<int:own_goal_id>/month/", goal_of_the_month, name="own-goal-month"),
    path("invitations/<int:invitation_id>/take-back/", take_back, name="invitation-take-back"),
]
