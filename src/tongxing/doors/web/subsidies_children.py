"""What one child gets: decided, agreed to by a second person, taken back; its page, its card."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.subsidies.actions import cards
from tongxing.aid.subsidies.actions import rounds as actions
from tongxing.aid.subsidies.models import Subsidy
from tongxing.aid.subsidies.models_projects import MANAGE, WORDS
from tongxing.aid.subsidies.queries import rounds as queries
from tongxing.aid.subsidies.queries.eligible import suggestion_for
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import money
from tongxing.ground.kernel.errors import Refused

from .by_class import students_for
from .ledger_frame import AmountField
from .page import apply_refusal, page, say
from .subsidies import reason_words, round_of

YES, NO = "yes", "no"


class DecideForm(forms.Form):
    granted = forms.ChoiceField(
        label=gettext_lazy("What is decided"),
        choices=[(YES, gettext_lazy("The child gets it")), (NO, gettext_lazy("Not this time"))],
        widget=forms.RadioSelect,
    )
    amount = AmountField(label=gettext_lazy("Amount for the term, in yuan"))
    reason = forms.CharField(
        label=gettext_lazy("Why, where it differs from what is suggested"), max_length=WORDS, required=False
    )

    def __init__(self, data: Any, *, suggested: int, emergency: bool) -> None:
        super().__init__(data, initial={"granted": YES, "amount": money.yuan(suggested) if suggested else ""})
        if data and data.get("granted") == NO:
            self.fields["amount"].required = False
        if emergency:
            self.fields["reason"].label = _("What has happened")


@page(can=MANAGE, gives_back=True)
def decide(request: Any, subsidy_round_id: int, student_id: int) -> HttpResponse:
    """What is suggested for this child and why; what people decide (POST)."""
    found = round_of(request, subsidy_round_id)
    student = get_object_or_404(students_for(request, MANAGE).select_related("school"), pk=student_id)
    suggestion = suggestion_for(found, student.pk)
    form = DecideForm(request.POST or None, suggested=suggestion.amount, emergency=found.project.is_emergency)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.decide(
                request.actor, round=found, student=student, granted=said["granted"] == YES,
                amount=said["amount"] or 0, reason=said["reason"],
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            look_for_danger(request.actor, student=student, text=said["reason"])
            say(request, _("A second person agrees today.") if found.project.is_emergency else _("Decided."))
            return redirect("subsidy-round", found.pk)
    done = Subsidy.objects.visible_to(request.actor).standing().filter(round=found, student=student).first()
    context = {
        "round": found, "student": student, "suggestion": suggestion, "form": form, "done": done, "words": reason_words,
    }  # fmt: skip
    return render(request, "subsidies/decide.html", context, status=422 if form.errors else 200)


def subsidy_of(request: Any, subsidy_id: int) -> Subsidy:
    mine = Subsidy.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("round__project", "student"), pk=subsidy_id)


@require_POST
@page(can=MANAGE)
def agree(request: Any, subsidy_id: int) -> HttpResponse:
    """The second of two people, on the same day."""
    found = subsidy_of(request, subsidy_id)
    actions.agree(request.actor, subsidy=found)
    say(request, _("Both have decided. It can be put on a list now."))
    return redirect("subsidy-round", found.round_id)


@require_POST
@page(can=MANAGE)
def take_back(request: Any, subsidy_id: int) -> HttpResponse:
    found = subsidy_of(request, subsidy_id)
    actions.take_back(request.actor, subsidy=found, reason=request.POST.get("reason", ""))
    say(request, _("Taken back. It can be decided anew."))
    return redirect("subsidy-decide", found.round_id, found.student_id)


class CardForm(forms.Form):
    holder = forms.CharField(label=gettext_lazy("In whose name"), max_length=60)
    number = forms.CharField(
        label=gettext_lazy("Number of the card or passbook"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


@page(can=MANAGE)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """What this child has, what it can have, its card (POST)."""
    student = get_object_or_404(students_for(request, MANAGE).select_related("school"), pk=student_id)
    form = CardForm(request.POST or None)
    if form.is_valid():
        try:
            cards.note_card(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted and sealed. The number is not shown again."))
            return redirect("student-aid", student.pk)
    open_now = queries.rounds_of(request.actor, request.school).filter(closed_at=None, term=request.term)
    found = queries.aid_of(request.actor, student)
    context = {
        "student": student, "found": found, "form": form, "open": list(open_now),
        "lines": {one.subsidy_id: one for one in found.lines}, "words": reason_words,
    }  # fmt: skip
    return render(request, "subsidies/student.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("subsidies/<int:subsidy_round_id>/<int:student_id>/", decide, name="subsidy-decide"),
    path("subsidies/decided/<int:subsidy_id>/agree/", agree, name="subsidy-agree"),
    path("subsidies/decided/<int:subsidy_id>/back/", take_back, name="subsidy-back"),
    path("students/<int:student_id>/aid/", of_student, name="student-aid"),
]
