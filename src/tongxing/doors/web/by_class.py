"""Choosing a child by its class: the children and classes for which somebody may do one thing, by name and class alone."""

from typing import Any

from django.db.models import QuerySet

from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolClass, Student, Teaching


def students_for(request: Any, ability: str) -> QuerySet[Student]:
    """The enrolled students for whom this person holds the ability, with their class of today."""
    may = request.actor.students_where(ability, student="pk")
    mine = Student.objects.visible_to(request.actor).filter(may, school=request.school)
    return mine.enrolled().with_class(clock.today()).select_related("key")


def classes_for_choice(request: Any, ability: str) -> tuple[list[SchoolClass], list[SchoolClass]]:
    """This year's classes of those students, the taught ones first; and the taught ones alone."""
    if request.term is None:
        return [], []
    found = SchoolClass.objects.visible_to(request.actor).filter(
        school=request.school,
        year=request.term.year,
        memberships__student__in=students_for(request, ability),
    )
    lessons = Teaching.objects.filter(term=request.term, staff__user=request.actor.user_id)
    taught = set(lessons.values_list("school_class_id", flat=True))
    ordered = list(found.distinct().order_by("grade", "number"))
    first = [one for one in ordered if one.pk in taught]
    return [*first, *(one for one in ordered if one not in first)], first


def chosen_class(request: Any, classes: list[SchoolClass]) -> SchoolClass | None:
    """The one named by the page's form, else the first."""
    typed = request.POST or request.GET
    wanted = [one for one in classes if str(one.pk) == typed.get("class")]
    return next(iter(wanted or classes), None)
