"""What a child likes and can do: noted on the student's page, a word at a time."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.profiles import actions
from tongxing.care.profiles.models import Trait
from tongxing.ground.people.models import Student

from .page import page, say


@page(can=actions.CAN, gives_back=True)
@require_POST
def note(request: Any, student_id: int) -> HttpResponse:
    students = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    student = get_object_or_404(students.select_related("key"), pk=student_id)
    try:
        client_id = UUID(request.POST.get("client_id", ""))
    except ValueError:
        raise Http404 from None
    told = {name: request.POST.get(name, "") for name in ("kind", "words")}
    actions.note_trait(request.actor, student=student, client_id=client_id, **told)
    say(request, _("Noted. Thank you for knowing this child."))
    return redirect("student", student.pk)


@page(can=actions.CAN)
@require_POST
def end(request: Any, trait_id: int) -> HttpResponse:
    """It no longer holds; with `holds` the way back."""
    traits = Trait.objects.visible_to(request.actor).filter(school=request.school)
    trait = get_object_or_404(traits, pk=trait_id)
    holds = "holds" in request.POST
    actions.end_trait(request.actor, trait=trait, holds=holds)
    undo = "" if holds else f"{reverse('trait-end', args=[trait.pk])}?holds=1"
    say(request, _("It stands there again.") if holds else _("Taken off the list."), undo=undo)
    return redirect("student", trait.student_id)


urlpatterns = [
    path("students/<int:student_id>/traits/", note, name="trait-note"),
    path("traits/<int:trait_id>/end/", end, name="trait-end"),
]
