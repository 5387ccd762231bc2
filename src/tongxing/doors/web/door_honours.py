"""At the door of families and students: may the school praise in public? A yes, or rather not, and later the other."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from tongxing.care.family.models import CHILD, GUARDIAN
from tongxing.oversight.recognition import queries
from tongxing.oversight.recognition.models import Asked

from .door_frame import render_door
from .honours import answered
from .page import page


def _shown(request: Any, home: str, answer: str) -> HttpResponse:
    asked = [one for one in queries.asked_of(request.actor) if one.student_id]
    return render_door(request, "honours/door.html", {"asked": asked, "home": home, "answer": answer})


def _answered(request: Any, question_id: int, back: str) -> HttpResponse:
    mine = Asked.objects.visible_to(request.actor).filter(student__isnull=False)
    answered(request, get_object_or_404(mine.select_related("commendation"), pk=question_id))
    return redirect(back)


@page(can=GUARDIAN)
def family(request: Any) -> HttpResponse:
    return _shown(request, "family-home", "family-honour-answer")


@require_POST
@page(can=GUARDIAN)
def family_answer(request: Any, question_id: int) -> HttpResponse:
    return _answered(request, question_id, "family-honours")


@page(can=CHILD)
def mine(request: Any) -> HttpResponse:
    return _shown(request, "mine", "mine-honour-answer")


@require_POST
@page(can=CHILD)
def mine_answer(request: Any, question_id: int) -> HttpResponse:
    return _answered(request, question_id, "mine-honours")


urlpatterns = [
    path("family/honours/", family, name="family-honours"),
    path("family/honours/<int:question_id>/", family_answer, name="family-honour-answer"),
    path("mine/honours/", mine, name="mine-honours"),
    path("mine/honours/<int:question_id>/", mine_answer, name="mine-honour-answer"),
]
