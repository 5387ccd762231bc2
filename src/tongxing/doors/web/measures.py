"""What a plan asks of a colleague beside helper and class teacher: how it went in one tap, and handing it on."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.programme import measure_actions as actions
from tongxing.care.programme import term_plan_words as words
from tongxing.care.programme.measures import Held, of_colleague
from tongxing.care.programme.models import MeasureOutcome, PlanMeasure, TermPlan
from tongxing.care.programme.term_plan_texts import measure_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff

from .contact_forms import DayInput
from .duties import chips
from .fields import offer_rows
from .page import apply_refusal, page, say
from .safety import after_writing

OUTCOMES = MeasureOutcome.Outcome.choices
#: Where the tap was made, and where it leads back to.
FIRST_PAGES = {"week", "highlights"}


class OutcomeForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it went"), choices=OUTCOMES, widget=forms.RadioSelect, initial="well"
    )
    words = forms.CharField(
        label=gettext_lazy("What you saw, in a few words"),
        max_length=actions.LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("A fact, as “solved three of four by herself”."),
    )
    on = forms.DateField(
        label=gettext_lazy("When it was"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: today."),
    )


def mine(request: Any) -> dict[str, Any]:
    """What this person answers for in plans of others; that it was shown is noted once a day."""
    found = of_colleague(request.actor, request.term)
    actions.note_reading(request.actor, found)
    return {
        "held": found,
        "held_ids": {one.row.pk: uuid4() for one in found},
        "held_chips": chips,
        "outcomes": OUTCOMES,
        "often": words.often,
    }


def held_of(request: Any, measure_id: int) -> Held:
    """One's own measure; an earlier version's address leads to what it is today."""
    row = get_object_or_404(PlanMeasure.objects.select_related("version"), pk=measure_id)
    at = (row.version.plan_id, row.key)
    found = (one for one in of_colleague(request.actor, request.term) if (one.plan.pk, one.row.key) == at)
    if (held := next(found, None)) is None:
        raise Http404
    return held


@page(signed_in=True, gives_back=True)
def measure(request: Any, measure_id: int) -> HttpResponse:
    """One measure: how it stands, what was said; how it went (POST)."""
    held = held_of(request, measure_id)
    form = OutcomeForm(request.POST if request.method == "POST" else None, initial={"client_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        begun = clock.now()
        try:
            made = actions.say_how_it_went(request.actor, held=held, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            said, undo = thanks(held, made)
            say(request, said, undo=undo)
            return after_writing(request, begun) or _back_to(request, held)
    actions.note_reading(request.actor, [held])
    context = {"one": held, "form": form, "often": words.often, "chips": chips}
    return render(request, "term_plans/measure.html", context, status=422 if form.errors else 200)


def thanks(held: Held, made: MeasureOutcome) -> tuple[str, str]:
    """What the next page says, and where it is taken back."""
    undo = reverse("measure-back", args=[made.pk])
    if made.outcome == MeasureOutcome.Outcome.NOT:
        return _("Noted. It stays in your week for another try."), undo
    return _("Thank you. It is noted for %(name)s.") % {"name": held.student.name}, undo


def _back_to(request: Any, held: Held) -> HttpResponse:
    where = request.POST.get("from", "")
    return redirect(where) if where in FIRST_PAGES else redirect("measure", held.row.pk)


@page(signed_in=True)
@require_POST
def back(request: Any, outcome_id: int) -> HttpResponse:
    """A slip, taken back."""
    own = MeasureOutcome.objects.filter(recorded_by=request.user, school=request.school)
    actions.take_back(request.actor, outcome=get_object_or_404(own, pk=outcome_id))
    say(request, _("Taken back. You can say it anew."))
    return redirect("home")


class HandOnForm(forms.Form):
    to = forms.ModelChoiceField(Staff.objects.none(), label=gettext_lazy("Who goes on"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=actions.LONGEST, required=False, widget=forms.TextInput
    )

    def __init__(self, data: Any, takers: list[Staff]) -> None:
        super().__init__(data)
        offer_rows(self, "to", Staff.objects.filter(pk__in=[one.pk for one in takers]))


@page(can=actions.WRITE, gives_back=True)
def hand_on(request: Any, measure_id: int) -> HttpResponse:
    """Somebody else answers for it from today; what is missing is said beside its field."""
    plans = TermPlan.objects.visible_to(request.actor).filter(school=request.school)
    rows = PlanMeasure.objects.filter(version__plan__in=plans)
    row = get_object_or_404(
        rows.select_related("version__plan__student__key", "version__plan__term"), pk=measure_id
    )
    plan = row.version.plan
    request.actor.require(actions.WRITE, school_id=plan.school_id, student_id=plan.student_id)
    form = HandOnForm(request.POST or None, actions.who_can_take(plan.student, plan.term))
    if form.is_valid():
        try:
            made = actions.hand_on(request.actor, plan=plan, measure=row, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Handed on. %(name)s finds it in the own week.") % {"name": made.to.name})
            return redirect("term-plan", plan.pk)
    context = {"form": form, "plan": plan, "what": measure_of(plan.student.key, row).what}
    return render(request, "term_plans/hand_on.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("measures/<int:measure_id>/", measure, name="measure"),
    path("measures/<int:measure_id>/hand-on/", hand_on, name="measure-hand-on"),
    path("measures/said/<int:outcome_id>/back/", back, name="measure-back"),
]
