"""In an emergency: opening one child's counselling notes, reading them for a day, and the second look at it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.counselling import actions, queries
from tongxing.care.counselling.models import GlassOpening
from tongxing.care.counselling.rules import SHORTEST_REASON
from tongxing.care.safety.queries import words_for as safety_words
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .counselling_notes import ASKS, NoteForm
from .page import apply_refusal, page, say

REVIEWED_SHOWN = 20


class GlassForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why does the child’s safety ask for it today?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


@page(can="counselling.emergency")
def open_glass(request: Any, student_id: int) -> HttpResponse:
    """The reason, who learns of it, and for how long (POST: open)."""
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.select_related("key", "school"), pk=student_id)
    form = GlassForm(request.POST or None, initial={"client_id": uuid4()})
    if form.is_valid():
        try:
            opening = actions.break_glass(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("counselling-opened", opening.pk)
    opened = GlassOpening.objects.open_to(request.actor, clock.now()).filter(student=student)
    lines = safety_words(request.school).lines
    context = {"student": student, "form": form, "opened": opened, "least": SHORTEST_REASON, "lines": lines}
    return render(request, "counselling/open.html", context, status=422 if form.errors else 200)


@page(can="counselling.emergency")
def opened(request: Any, opening_id: int) -> HttpResponse:
    """What the glass covered, for whoever broke it, until it closes by itself."""
    rows = GlassOpening.objects.open_to(request.actor, clock.now()).filter(school=request.school)
    opening = actions.read_through(request.actor, opening=get_object_or_404(rows, pk=opening_id))
    context = {
        "opening": opening,
        "covered": queries.covered(opening),
        "labels": [(name, NoteForm.base_fields[name].label) for name in ASKS],
        "lines": safety_words(request.school).lines,
    }
    return render(request, "counselling/opened.html", context)


def _openings(request: Any) -> Any:
    rows = GlassOpening.objects.visible_to(request.actor).filter(school=request.school)
    return rows.select_related("student__key", "opened_by", "reviewed_by")


@page(can="counselling.review")
def openings(request: Any, **more: Any) -> HttpResponse:
    """What waits for a second look first; one's own openings are looked at by somebody else."""
    rows = [(row, *queries.glass_texts(row)) for row in _openings(request)[: REVIEWED_SHOWN * 2]]
    context = {
        "waiting": [one for one in rows if one[0].reviewed_at is None],
        "done": [one for one in rows if one[0].reviewed_at is not None][:REVIEWED_SHOWN],
        "verdicts": [choice for choice in GlassOpening.Verdict if choice],
        "refused": "",
    }
    return render(request, "counselling/openings.html", context | more, status=422 if more else 200)


@page(can="counselling.review")
@require_POST
def review(request: Any, opening_id: int) -> HttpResponse:
    found = get_object_or_404(_openings(request), pk=opening_id)
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words", "")[:500]
    try:
        actions.review(request.actor, opening=found, verdict=verdict, words=words)
    except Refused as refusal:
        return openings(request, refused=refusal.message, typed=(found.pk, words))
    say(request, _("Noted, with day and name. Thank you."))
    return redirect("counselling-openings")


urlpatterns = [
    path("students/<int:student_id>/counselling/open/", open_glass, name="counselling-open"),
    path("counselling/openings/", openings, name="counselling-openings"),
    path("counselling/openings/<int:opening_id>/", opened, name="counselling-opened"),
    path("counselling/openings/<int:opening_id>/review/", review, name="counselling-review"),
]
