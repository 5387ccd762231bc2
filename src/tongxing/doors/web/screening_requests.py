"""Asking that a child be looked at: by teachers, helpers, guardians, from paper slips; and answering it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongxing.care.screening import actions
from tongxing.care.screening.models import Nomination
from tongxing.care.screening.nominations import answered, may_be_named, open_nominations
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.doors.web.screening_forms import RequestForm
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.ground.people.search import find_students

FEW = 12


@page(can="screening.request")
@require_safe
def requests(request: Any) -> HttpResponse:
    """What waits for an answer, the oldest first; below it what was answered."""
    shown = {
        "waiting": open_nominations(request.actor, request.school.pk),
        "answered": answered(request.actor, request.school.pk),
        "decides": request.actor.may("screening.manage", school_id=request.school.pk),
    }
    return render(request, "screening/requests.html", shown)


@page(can="screening.request")
@require_safe
def ask(request: Any) -> HttpResponse:
    """Whom is it about? Whoever looks after a few students sees them at once, the others search."""
    text = request.GET.get("q", "").strip()[:60]
    mine = may_be_named(request.actor, request.school.pk)
    few = list(mine.with_class(clock.today()).order_by("pinyin", "code")[: FEW + 1])
    found = few if len(few) <= FEW else []
    if text:
        students = find_students(mine, text, classes=(), on=clock.today()).with_class(clock.today())
        found = list(students.order_by("pinyin", "code")[:20])
    return render(request, "screening/ask.html", {"text": text, "found": found, "few": len(few) <= FEW})


@page(can="screening.request")
def ask_for(request: Any, student_id: int) -> HttpResponse:
    """What was noticed, in facts; words that judge bring a hint once, and are saved as they are if so wished."""
    mine = may_be_named(request.actor, request.school.pk).with_class(clock.today())
    student = get_object_or_404(mine, pk=student_id)
    keys_in = request.actor.may("screening.nominate", school_id=student.school_id, student_id=student.pk)
    form = RequestForm(request.POST or None, keys_in=keys_in)
    if request.method == "POST" and form.is_valid() and not form.hints:
        try:
            nomination = actions.nominate(request.actor, student=student, said=form.said)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _thanks(student, nomination))
            return redirect(_next(request))
    shown = {"student": student, "form": form, "keys_in": keys_in}
    return render(request, "screening/ask_for.html", shown, status=422 if form.errors else 200)


def _thanks(student: Student, nomination: Nomination | None) -> str:
    if nomination is None:
        return _(
            "Thank you for telling. This is about the child’s safety: somebody has been asked to act today."
        )
    if nomination.is_open:
        return _("Thank you. It is written down and waits for an answer.")
    return _("%(name)s is on the list now.") % {"name": student.name}


def _next(request: Any) -> str:
    in_round = request.actor.may("screening.view", school_id=request.school.pk)
    return reverse("screening-candidates" if in_round else "screening-requests")


@page(can="screening.manage")
@require_POST
def decide(request: Any, nomination_id: int) -> HttpResponse:
    found = Nomination.objects.visible_to(request.actor).filter(school=request.school)
    nomination = get_object_or_404(found, pk=nomination_id)
    if request.POST.get("do") == "take":
        actions.take_up(request.actor, nomination=nomination)
        say(request, _("Taken up: it is to be decided in the round."))
    else:
        actions.answer(request.actor, nomination=nomination, words=request.POST.get("words", ""))
        say(request, _("Answered. Whoever asked reads it here."))
    return redirect("screening-requests")


urlpatterns = [
    path("screening/requests/", requests, name="screening-requests"),
    path("screening/requests/new/", ask, name="screening-ask"),
    path("screening/requests/new/<int:student_id>/", ask_for, name="screening-ask-for"),
    path("screening/requests/<int:nomination_id>/", decide, name="screening-answer"),
]
