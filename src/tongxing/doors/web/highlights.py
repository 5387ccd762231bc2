"""A bright moment (亮点) in one tap: from the class, from the list of students, from a student's page."""

from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.contacts import highlights
from tongxing.care.safety.queries import raised_from
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Student

from .by_class import chosen_class, classes_for_choice, students_for
from .measures import mine
from .page import page, say

NOTE = "highlight.write"


def students_to_note(request: Any) -> QuerySet[Student]:
    """Whose bright moments this person may note."""
    return students_for(request, NOTE)


def classes_to_note(request: Any) -> tuple[list[SchoolClass], list[SchoolClass]]:
    """The classes in which this person may note, the taught ones first; and the taught ones alone."""
    return classes_for_choice(request, NOTE)


@page(can="highlight.write")
def of_class(request: Any) -> HttpResponse:
    """One class: choose the words once, then a tap on a name notes them."""
    classes, _taught = classes_to_note(request)
    return render(request, "highlights/class.html", shown(request, classes, chosen_class(request, classes)))


def shown(request: Any, classes: list[SchoolClass], chosen: SchoolClass | None) -> dict[str, Any]:
    """What the page of one class shows."""
    typed = request.POST or request.GET
    return (
        tapping(request)
        | mine(request)
        | {
            "classes": classes,
            "chosen": chosen,
            "students": students_to_note(request).filter(class_id=chosen.pk).order_by("pinyin", "pk")
            if chosen
            else [],
            "phrase": typed.get("phrase", "0"),
            "words": typed.get("words", ""),
        }
    )


def tapping(request: Any) -> dict[str, Any]:
    """What every page that offers the tap needs: the phrases, an id for this page, what can be taken back."""
    if not request.actor.may("highlight.write"):
        return {"phrases": (), "page_id": "", "just_noted": []}
    return {
        "phrases": highlights.phrases(),
        "page_id": uuid4(),
        "just_noted": highlights.just_noted(request.actor),
    }


@page(can="highlight.write")
def of_student(request: Any, student_id: int) -> HttpResponse:
    """The phrases for one student (GET), or noting one (POST)."""
    student = get_object_or_404(students_to_note(request), pk=student_id)
    if request.method != "POST":
        return render(request, "highlights/student.html", {"student": student} | tapping(request))
    contact = highlights.note(
        request.actor,
        student=student,
        client_id=_page_id(request),
        seen=highlights.seen(request.POST.get("phrase", ""), request.POST.get("words", "")),
    )
    if raised := raised_from(request.actor, ("contact", contact.pk)):
        return redirect("safety-caught", raised.pk)
    return redirect(_back(request, student))


def _page_id(request: Any) -> UUID:
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        raise Refused(_("The page was open for too long. Please load it again.")) from None


def _back(request: Any, student: Student) -> str:
    """To where the tap was made."""
    sees = request.actor.may("student.view", school_id=student.school_id, student_id=student.pk)
    if request.POST.get("back") == "student" and sees:
        return reverse("student", args=[student.pk])
    phrase = request.POST.get("phrase", "0")
    kept = f"&phrase={phrase}" if phrase.isdecimal() else ""
    return f"{reverse('highlights')}?class={student.class_id or ''}{kept}"


@page(can="highlight.write")
@require_POST
def undo(request: Any, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(highlights.own(request.actor).filter(school=request.school), pk=contact_id)
    student = get_object_or_404(students_to_note(request), pk=contact.student_id)
    highlights.take_back(request.actor, contact=contact)
    say(request, _("Taken back: nothing was noted for %(name)s.") % {"name": student.name})
    return redirect(_back(request, student))


urlpatterns = [
    path("highlights/", of_class, name="highlights"),
    path("students/<int:student_id>/highlight/", of_student, name="student-highlight"),
    path("highlights/<int:contact_id>/undo/", undo, name="highlight-undo"),
]
