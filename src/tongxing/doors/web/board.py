"""The class board: for the class teacher the own class, for those who lead the school each one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.contacts.kinds import KINDS
from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolClass
from tongxing.oversight.insight.board import VIEW, Board, class_board

from .courtesy import address, count
from .duties import chips
from .page import page


@page(can="board.view")
def board(request: Any) -> HttpResponse:
    """The one own class at once; of several, a list in the school's order."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    classes = list(classes_for(request.actor, VIEW, request.term))
    if len(classes) == 1:
        return redirect("class-board", classes[0].pk)
    return render(request, "board/classes.html", {"grades": _by_grade(classes)})


def _by_grade(classes: list[SchoolClass]) -> dict[str, list[SchoolClass]]:
    grades: dict[str, list[SchoolClass]] = {}
    for one in classes:
        grades.setdefault(one.grade_name, []).append(one)
    return grades


@page(can="board.view")
def of_class(request: Any, class_id: int) -> HttpResponse:
    mine = classes_for(request.actor, VIEW, request.term) if request.term else SchoolClass.objects.none()
    found = class_board(request.actor, get_object_or_404(mine, pk=class_id), request.term, clock.now())
    context = {
        "board": found,
        "title": title(found),
        "several": mine.count() > 1,
        "by": address,
        "chips": chips,
        "kinds": KINDS,
        "today": clock.today(),
    }
    return render(request, "board/board.html", context)


def title(found: Board) -> str:
    """The page's one answer: how many of the class wait, or thanks."""
    words = {"class": found.school_class.name}
    if found.waiting:
        number = len(found.waiting)
        return ngettext(
            "%(class)s: %(n)s student is waiting for somebody",
            "%(class)s: %(n)s students are waiting for somebody",
            number,
        ) % (words | {"n": count(number)})
    if found.first:
        return _("%(class)s: a helper is still being looked for") % words
    if found.calm:
        return _("%(class)s: everybody has been looked after, thank you") % words
    return words["class"]


urlpatterns = [
    path("board/", board, name="board"),
    path("board/<int:class_id>/", of_class, name="class-board"),
]
