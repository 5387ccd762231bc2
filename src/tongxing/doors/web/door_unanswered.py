"""What families wrote and nobody has answered yet: read, answered or settled from one list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongxing.care.family import messages, unanswered
from tongxing.care.family.models import STAFF, FamilyMessage
from tongxing.ground.kernel.errors import Refused

from .door_frame import WordsForm
from .page import apply_refusal, page, say


@page(can=STAFF)
def waiting(request: Any) -> HttpResponse:
    """The longest waiting first; words for those who look after the child, for others that they wait."""
    return _page(request)


def _page(request: Any, answered: int = 0, form: WordsForm | None = None) -> HttpResponse:
    found = unanswered.waiting(request.actor, request.school.pk)
    rows = [(one, form if one.latest.pk == answered else _form(one.latest.pk)) for one in found]
    return render(request, "doors/unanswered.html", {"rows": rows}, status=422 if form else 200)


def _form(words_id: int, data: Any = None) -> WordsForm:
    return WordsForm(data, auto_id=f"answer-{words_id}-%s")


def _words(request: Any, words_id: int) -> FamilyMessage:
    mine = FamilyMessage.objects.visible_to(request.actor).filter(school=request.school, from_family=True)
    found = get_object_or_404(mine.select_related("guardian", "student__key"), pk=words_id)
    request.actor.require(STAFF, school_id=found.school_id, student_id=found.student_id)
    return found


@page(can=STAFF, gives_back=True)
@require_POST
def answer(request: Any, words_id: int) -> HttpResponse:
    words, form = _words(request, words_id), _form(words_id, request.POST)
    if form.is_valid():
        student, guardian = words.student, words.guardian
        try:
            messages.write(request.actor, student=student, guardian=guardian, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Answered. %(name)s reads it at the door.") % {"name": words.guardian.name})
            return redirect("unanswered")
    return _page(request, words_id, form)


@page(can=STAFF)
@require_POST
def settle(request: Any, words_id: int) -> HttpResponse:
    """Spoken about, no answer in writing is needed; with `again` the way back."""
    words = _words(request, words_id)
    if "again" in request.POST:
        unanswered.open_again(request.actor, message=words)
        say(request, _("It waits for an answer again."))
    else:
        unanswered.settle(request.actor, message=words)
        back = reverse("words-settle", args=[words.pk])
        say(request, _("Noted: you have spoken about it."), undo=f"{back}?again=1")
    return redirect("unanswered")


urlpatterns = [
    path("words/", waiting, name="unanswered"),
    path("words/<int:words_id>/answer/", answer, name="words-answer"),
    path("words/<int:words_id>/settle/", settle, name="words-settle"),
]
