"""A guardian's own pages: what was agreed, words from the teacher, the next time, what went well."""

import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.activities.queries import places_at_the_door
from tongxing.care.contacts.agreed import Appointment, appointments
from tongxing.care.family import agreements as agreed
from tongxing.care.family import messages
from tongxing.care.family.goals import good_of
from tongxing.care.family.models import GUARDIAN, Agreement
from tongxing.care.peers import shared
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.oversight.notices import queries as circulars

from .activity_forms import meets
from .door_frame import FAMILY_WAYS, WordsForm, child, children, render_door, topics, ways
from .page import apply_refusal, page, say

#: Answers at a tap, for those who would rather not write: (code, icon, words).
READ_IT = "yes"
READY = (
    (READ_IT, "check", gettext_lazy("Read it, all right.")),
    ("call", "phone", gettext_lazy("Please call me.")),
    ("come", "home", gettext_lazy("I will come to school.")),
)
GOOD_SHOWN = 3


class ReplyForm(WordsForm):
    """One's own words, or one of the ready ones (`ready`)."""

    ready = forms.ChoiceField(choices=[(code, words) for code, _icon, words in READY], required=False)
    field_order = ("client_id", "text", "ready")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False

    @property
    def words(self) -> str:
        ready = {code: str(words) for code, _icon, words in READY}
        return ready.get(self.cleaned_data["ready"], "") or self.cleaned_data["text"]


class DayForm(WordsForm):
    """Another day for the next time."""

    wished_on = forms.DateField(
        label=gettext_lazy("This day suits me better"), widget=forms.DateInput({"type": "date"})
    )
    field_order = ("client_id", "wished_on", "text")


@page(can=GUARDIAN)
def home(request: Any) -> HttpResponse:
    """One child: its page. Several: which one, so that nothing is mixed up."""
    mine = list(children(request.actor))
    if len(mine) == 1:
        return redirect("family-child", mine[0].pk)
    return render_door(request, "door/children.html", {"children": mine})


@page(can=GUARDIAN)
def about(request: Any, student_id: int) -> HttpResponse:
    student = child(request, student_id)
    messages.own_guardian(request.actor, student)
    said = messages.thread(request.actor, student)
    context = {
        "student": student,
        "several": children(request.actor).count() > 1,
        "new": [one for one in said if not one.message.from_family and not one.message.read_at],
        "said": said,
        "agreed": agreed.agreements_of(request.actor, student),
        "next_time": _next_time(student),
        "groups": places_at_the_door(request.actor, student),
        "meets": meets,
        "shared": shared.at_the_door(student),
        "good": good_of(request.actor, student, GUARDIAN)[:GOOD_SHOWN],
        "ways": ways(request.actor, FAMILY_WAYS),
        "from_school": circulars.received(request.actor),
        "topics": topics(request.actor, student),
    }
    return render_door(request, "door/child.html", context)


def _next_time(student: Student) -> Appointment | None:
    """The next visit or call; a talk with the child is between the two. The page has asked who reads it."""
    found = appointments(SYSTEM, [student.pk]).get(student.pk)
    return found if found and found.asks.families else None


@page(can=GUARDIAN, gives_back=True)
def words(request: Any, student_id: int) -> HttpResponse:
    """What was said, and an answer (POST). Opening it counts as read."""
    student = child(request, student_id)
    messages.own_guardian(request.actor, student)
    day = DayForm(request.POST if "wished_on" in request.POST else None, auto_id="day-%s")
    form = ReplyForm(request.POST if request.method == "POST" and not day.is_bound else None)
    if (day.is_bound or form.is_bound) and _sent(request, student, form, day):
        say(request, _("Sent. The teacher sees it."))
        return redirect("family-words", student.pk)
    said = messages.thread(request.actor, student)
    messages.mark_read(request.actor, student=student)
    context = {
        "student": student,
        "said": said,
        "form": form,
        "day": day,
        "ready": READY,
        "next_time": _next_time(student),
    }
    return render_door(request, "door/words.html", context, status=422 if form.errors or day.errors else 200)


def _sent(request: Any, student: Student, form: ReplyForm, day: DayForm) -> bool:
    filled: Any = day if day.is_bound else form
    if not filled.is_valid():
        return False
    text = day.cleaned_data["text"] if day.is_bound else form.words
    wished: datetime.date | None = day.cleaned_data["wished_on"] if day.is_bound else None
    try:
        messages.reply(
            request.actor,
            student=student,
            text=text,
            client_id=filled.cleaned_data["client_id"],
            wished_on=wished,
            needs_answer=day.is_bound or form.cleaned_data["ready"] != READ_IT,
        )
    except Refused as refusal:
        apply_refusal(filled, refusal)
        return False
    return True


@page(can=GUARDIAN)
@require_POST
def done(request: Any, agreement_id: int) -> HttpResponse:
    """It is done; with `not_yet` the way back."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.actor), pk=agreement_id)
    child(request, agreement.student_id)
    if "not_yet" in request.POST:
        agreed.take_up(request.actor, agreement=agreement)
        say(request, _("It stands there again."))
    else:
        agreed.keep(request.actor, agreement=agreement)
        back = reverse("family-agreement-done", args=[agreement.pk])
        say(request, _("Done. Thank you!"), undo=f"{back}?not_yet=1")
    return redirect("family-child", agreement.student_id)


urlpatterns = [
    path("family/", home, name="family-home"),
    path("family/<int:student_id>/", about, name="family-child"),
    path("family/<int:student_id>/words/", words, name="family-words"),
    path("family/agreements/<int:agreement_id>/done/", done, name="family-agreement-done"),
]
