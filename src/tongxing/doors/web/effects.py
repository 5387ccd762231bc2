"""Did it help? Of the school: each kind of help between two exams. Of one child: results beside similar starts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.contacts.kinds import KINDS
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Student
from tongxing.ground.records.models import Exam
from tongxing.oversight.insight import helped
from tongxing.oversight.insight.effect import MIN_N, Effect, Moves

from .page import page

MOST_EXAMS = 12


@page(can=helped.CAN_SCHOOL)
def effects(request: Any) -> HttpResponse:
    """`from` and `to`: two exams; without them the last two."""
    exams = list(helped.exams_of(request.actor, request.school)[:MOST_EXAMS])
    chosen = _chosen(request, exams)
    found = helped.outcomes(request.actor, school=request.school, **chosen) if chosen else []
    context = {
        "exams": exams,
        "chosen": chosen,
        "outcomes": [(one, in_words(one.effect, one.moved)) for one in found],
        "least": MIN_N,
    }
    return render(request, "overview/effects.html", context)


def _chosen(request: Any, exams: list[Exam]) -> dict[str, Exam]:
    """The two exams of the address, else the last two, the earlier as `before`; empty where there are not two.
    exams: the latest first."""
    by_id = {str(exam.pk): exam for exam in exams}
    wanted = [by_id[key] for name in ("from", "to") if (key := request.GET.get(name, "")) in by_id]
    two = wanted if len({exam.pk for exam in wanted}) == 2 else exams[:2]
    before_after = sorted(two, key=exams.index, reverse=True)
    return dict(zip(("before", "after"), before_after, strict=True)) if len(before_after) == 2 else {}


def in_words(effect: Effect | None, moved: Moves | None) -> str:
    """One plain sentence; it never says more than the interval allows, and bands alone get no verdict."""
    if effect is None and moved is not None:
        return _(
            "%(up)d of %(n)d results moved up. Of as many from the same bands without help, about %(about)d would have."
        ) % {"up": moved.ways["up"], "n": moved.n, "about": round(moved.expected["up"])}
    if effect is None or effect.says == "nothing":
        return _("No difference can be seen so far.")
    if effect.says == "more":
        return _("Those who had it came further than children who started alike and had no help.")
    return _(
        "Those who had it came less far than children who started alike. Something else may lie behind it: worth a look together."
    )


@page(can=helped.CAN_CHILD)
def progress(request: Any, student_id: int) -> HttpResponse:
    """One child's results at two exams: those of the address (`from`, `to`), else the last two."""
    mine = Student.objects.visible_to(request.actor, "academic").filter(school=request.school)
    student = get_object_or_404(mine.with_class(clock.today()).select_related("school"), pk=student_id)
    request.actor.require(helped.CAN_CHILD, school_id=student.school_id, student_id=student.pk)
    exams = list(helped.exams_sat_by(request.actor, student)[:MOST_EXAMS])
    two = _chosen(request, exams)
    context: dict[str, Any] = {"student": student, "exams": exams, "chosen": two}
    if two:
        context["lines"] = [
            (line, beside(line)) for line in helped.progress(request.actor, student=student, **two)
        ]
        context["between"] = [
            (KINDS[kind], n) for kind, n in helped.in_between(request.actor, student=student, **two).items()
        ]
    return render(request, "students/progress.html", context)


def beside(line: helped.Line) -> str:
    """What similar starts came to, in words."""
    if line.similar:
        return _("most of %(n)d with a similar start: %(low)g–%(high)g") % {
            "n": line.similar.n,
            "low": round(line.similar.low),
            "high": round(line.similar.high),
        }
    if ways := line.similar_ways:
        total = sum(ways.values())
        told = {"n": total, "up": ways.get("up", 0), "same": ways.get("same", 0), "down": ways.get("down", 0)}
        return (
            ngettext(
                "%(n)d other with the same band: up %(up)d, same %(same)d, down %(down)d",
                "%(n)d others with the same band: up %(up)d, same %(same)d, down %(down)d",
                total,
            )
            % told
        )
    return _("too few started alike to say anything")


urlpatterns = [
    path("overview/effects/", effects, name="effects"),
    path("students/<int:student_id>/progress/", progress, name="student-progress"),
]
