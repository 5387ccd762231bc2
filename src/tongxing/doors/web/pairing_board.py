"""Pairing, the board: who waits first, then what is proposed, then who accompanies whom, helper by helper."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from tongxing.care.pairing import queries, words
from tongxing.doors.web.page import page
from tongxing.ground.kernel.clock import today
from tongxing.ground.people.models import SchoolClass
from tongxing.ground.people.models_calendar import grade_name


@dataclass(frozen=True, slots=True)
class Shown:
    """What the board is narrowed to: "" everyone, "g7" a grade, "c12" a class."""

    asked: str

    def __call__(self, class_id: int | None, grade: int | None) -> bool:
        return self.asked in {"", f"g{grade}", f"c{class_id}"}

    def of(self, row: Any) -> bool:
        """A pair or proposal, as `queries` gives them the student's class."""
        return self(row.class_id, row.grade)


@page(can="pairing.view")
def board(request: Any) -> HttpResponse:
    return render(request, "pairing/board.html", _board(request))


def _board(request: Any) -> dict[str, Any]:
    actor, school = request.actor, request.school
    choices = _choices(request)
    asked = request.GET.get("of", "")
    shown = Shown(asked if asked in {value for value, _label in choices} else "")
    coverage = queries.coverage(actor, school, today())
    everything = list(queries.proposals(actor, school))
    proposals = [one for one in everything if shown.of(one)]
    proposed, why = {one.student_id for one in everything}, queries.why_waiting(actor, school)
    waiting = [one for one in coverage.waiting if shown(one.class_id, one.class_grade)]
    pairs = list(queries.pairs(actor, school))
    return {
        "coverage": coverage,
        "choices": choices,
        "asked": shown.asked,
        "proposals": [words.line(one) for one in proposals],
        "ready": [one.pk for one in proposals if one.helper and one.helper.offence_check_on],
        "unproposed": [(one, why.get(one.pk, "")) for one in waiting if one.pk not in proposed],
        "missing": list(queries.missing_checks(actor, school)),
        "charges": [(one, words.workload(one)) for one in queries.charges(pairs, shown.of)],
        "today": today(),
        "manages": actor.may("pairing.manage", school_id=school.pk),
    }


def _choices(request: Any) -> list[tuple[str, str]]:
    """The grades and classes of the present school year, each grade before its classes."""
    if request.term is None:
        return []
    rows = SchoolClass.objects.visible_to(request.actor).filter(
        school=request.school, year_id=request.term.year_id
    )
    found: list[tuple[str, str]] = []
    for one in rows:
        if (f"g{one.grade}", grade_name(one.grade)) not in found:
            found.append((f"g{one.grade}", grade_name(one.grade)))
        found.append((f"c{one.pk}", one.name))
    return found


urlpatterns = [path("pairing/", board, name="pairing")]
