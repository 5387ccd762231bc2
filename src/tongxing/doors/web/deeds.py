"""日行一善: what somebody did for others, noted with one tap for any child of the class, read out once."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.peers import deeds
from tongxing.care.peers.models import GoodDeed
from tongxing.ground.people.models import SchoolClass, Student

from .around import form_id
from .by_class import chosen_class
from .highlights import classes_to_note, students_to_note
from .page import page, say

CAN = deeds.CAN


@page(can=CAN)
def of_class(request: Any) -> HttpResponse:
    """What waits to be read out; then the words, and a tap on a name."""
    classes, _taught = classes_to_note(request)
    context = shown(request, classes, chosen_class(request, classes))
    context["waiting"] = deeds.to_read_out(request.actor, [one.pk for one in context["students"]])
    return render(request, "around/deeds.html", context)


def shown(request: Any, classes: list[SchoolClass], chosen: SchoolClass | None) -> dict[str, Any]:
    """What the page of one class shows, without what was noted before."""
    typed = request.POST or request.GET
    mine = students_to_note(request).filter(class_id=chosen.pk) if chosen else Student.objects.none()
    return {
        "classes": classes,
        "chosen": chosen,
        "students": list(mine.order_by("pinyin", "pk")),
        "phrases": deeds.PHRASES,
        "phrase": typed.get("phrase", "0"),
        "words": typed.get("words", ""),
        "page_id": uuid4(),
        "waiting": [],
    }


def words_of(data: QueryDict) -> str:
    """The chosen phrase, or one's own words."""
    own, phrase = data.get("words", "").strip(), data.get("phrase", "")
    ready = phrase.isdecimal() and int(phrase) < len(deeds.PHRASES)
    return own or (str(deeds.PHRASES[int(phrase)]) if ready else "")


@page(can=CAN, gives_back=True)
@require_POST
def note(request: Any, student_id: int) -> HttpResponse:
    student = get_object_or_404(students_to_note(request), pk=student_id)
    deed = deeds.note(
        request.actor, student=student, words=words_of(request.POST), client_id=form_id(request)
    )
    back = reverse("deed-undo", args=[deed.pk])
    say(request, _("Noted for %(name)s.") % {"name": student.name}, undo=back)
    phrase = request.POST.get("phrase", "")
    kept = f"&phrase={phrase}" if phrase.isdecimal() else ""
    return redirect(f"{reverse('deeds')}?class={student.class_id or ''}{kept}")


@page(can=CAN)
@require_POST
def undo(request: Any, deed_id: int) -> HttpResponse:
    mine = GoodDeed.objects.visible_to(request.actor).filter(school=request.school)
    deed = get_object_or_404(mine.select_related("student"), pk=deed_id)
    student = get_object_or_404(students_to_note(request), pk=deed.student_id)
    deeds.take_back(request.actor, deed=deed)
    say(request, _("Taken back: nothing was noted for %(name)s.") % {"name": student.name})
    return redirect(f"{reverse('deeds')}?class={student.class_id or ''}")


@page(can=CAN)
@require_POST
def read_out(request: Any) -> HttpResponse:
    """These were read out to the class; with `back` a slip of the finger."""
    chosen = [int(one) for one in ",".join(request.POST.getlist("deed")).split(",") if one.isdecimal()]
    back = "back" in request.POST
    ids = [int(one) for one in request.POST.get("back", "").split(".") if one.isdecimal()] if back else chosen
    deeds.read_out(request.actor, deeds=ids, school_id=request.school.pk, back=back)
    undo = "" if back else f"{reverse('deeds-read')}?back={'.'.join(map(str, ids))}"
    say(request, _("They stand on the list again.") if back else _("Read out, thank you."), undo=undo)
    return redirect("deeds")


urlpatterns = [
    path("around/deeds/", of_class, name="deeds"),
    path("around/deeds/read/", read_out, name="deeds-read"),
    path("students/<int:student_id>/deed/", note, name="deed-note"),
    path("around/deeds/<int:deed_id>/undo/", undo, name="deed-undo"),
]
