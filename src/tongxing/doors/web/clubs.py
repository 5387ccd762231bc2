"""Groups and clubs from a child's side: the child's own page, and what stands in its file."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.activities import actions, queries, rights
from tongxing.care.activities.models import SignUp
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Student

from .activities import offer_of
from .activity_forms import meets
from .page import page, say


def _oneself(request: Any) -> Student:
    own = request.actor.students_where(rights.WISH, student="pk")
    found = Student.objects.filter(own, school=request.school).enrolled().order_by("pk").first()
    if found is None:
        raise Http404
    return found


@page(can=rights.WISH)
def clubs(request: Any) -> HttpResponse:
    """What is offered to me, and how my own wishes stand; nobody else's, no number and no reason."""
    found = queries.own_clubs(request.actor, _oneself(request), request.term) if request.term else []
    return render(request, "activities/clubs.html", {"clubs": found, "meets": meets})


@page(can=rights.WISH)
@require_POST
def wish(request: Any, offer_id: int) -> HttpResponse:
    """I would like to come; with `not` I would not."""
    offer, student = offer_of(request, offer_id), _oneself(request)
    if "not" in request.POST:
        rows = SignUp.objects.visible_to(request.actor).open().filter(student=student)
        sign_up = get_object_or_404(rows.select_related("offer__leader", "student"), offer=offer)
        actions.leave(request.actor, sign_up=sign_up, why=SignUp.Why.WISH)
        say(request, _("Noted. You are welcome to wish again."))
    else:
        actions.wish(request.actor, offer=offer, students=[student])
        say(request, _("Your wish is noted."))
    return redirect("clubs")


@page(can=rights.SIGN_UP)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """What one child takes part in; why it came first is told to the care zone, here and nowhere else."""
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.with_class(clock.today()), pk=student_id)
    request.actor.require(rights.SIGN_UP, school_id=student.school_id, student_id=student.pk)
    context = {"student": student, "file": queries.file_of(request.actor, student), "meets": meets}
    return render(request, "activities/student.html", context)


urlpatterns = [
    path("clubs/", clubs, name="clubs"),
    path("clubs/<int:offer_id>/", wish, name="club-wish"),
    path("students/<int:student_id>/activities/", of_student, name="student-activities"),
]
