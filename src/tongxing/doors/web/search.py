"""One search over what a person may see: students by name, pinyin or class, and words in notes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from tongxing.care.contacts.queries import search_notes, shown_notes
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Student
from tongxing.ground.people.search import find_students

from .page import page
from .students import classes_of, kept_query

STUDENTS_SHOWN = 6
NOTES_PER_PAGE = 20


@page(can="student.view")
def search(request: Any) -> HttpResponse:
    """Students and notes that fit; what is outside one's rights is neither shown nor counted."""
    wanted = request.GET.get("q", "").strip()[:60]
    students = _students(request, wanted)
    notes = search_notes(request.actor, wanted).filter(school=request.school)
    shown: Any = Paginator(notes, NOTES_PER_PAGE).get_page(request.GET.get("page"))
    found = shown_notes(shown.object_list, wanted)
    context = {
        "wanted": wanted,
        "students": students[:STUDENTS_SHOWN],
        "students_found": students.count(),
        "page": shown,
        "notes": found,
        "class_of": _class_names(request, [note.contact.student_id for note in found]),
        "keep": kept_query(request),
    }
    return render(request, "search/search.html", context)


def _students(request: Any, wanted: str) -> Any:
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    if not wanted:
        return mine.none()
    today = clock.today()
    found = find_students(mine, wanted, classes=classes_of(request, mine), on=today).with_class(today)
    return found.order_by("status", "class_grade", "class_number", "pinyin", "name", "pk")


def _class_names(request: Any, student_ids: list[int]) -> dict[int, str | None]:
    students = Student.objects.visible_to(request.actor).with_class(clock.today())
    return dict(students.filter(pk__in=student_ids).values_list("pk", "class_name"))


urlpatterns = [path("search/", search, name="search")]
