"""The review of a term: its parts on one page, what is done next, and the page of whoever sees to it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff
from tongxing.oversight.insight.queries import term_name
from tongxing.oversight.notices.models import Meeting
from tongxing.oversight.review import queries
from tongxing.oversight.review import steps as actions
from tongxing.oversight.review.models import FeedbackRound, NextStep, Reflection
from tongxing.oversight.review.models_feedback import MANAGE
from tongxing.oversight.review.models_steps import LINE, STAFFROOM
from tongxing.paper.documents.review import review_paper

from .contact_forms import DayInput
from .documents import attachment
from .fields import offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

MEETINGS_SHOWN = 3


class StepForm(SentOnce):
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=LINE)
    person = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who sees to it"), empty_label=gettext_lazy("please choose")
    )
    due_on = forms.DateField(label=pgettext_lazy("meeting", "By when"), widget=DayInput())

    def __init__(self, request: Any, data: Any = None) -> None:
        super().__init__(data)
        found = Staff.objects.filter(school=request.school, user__is_active=True).active(clock.today())
        offer_rows(self, "person", found.order_by("pinyin", "name", "pk"))


@page(can=STAFFROOM)
def review(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    return _shown(request)


def _shown(request: Any, form: StepForm | None = None) -> HttpResponse:
    actor, term = request.actor, request.term
    leads = actor.may(MANAGE, school_id=request.school.pk)
    meetings = Meeting.objects.visible_to(actor).standing().filter(school=request.school, kind="staff")
    context = {
        "term_name": term_name(term),
        "leads": leads,
        "round": FeedbackRound.objects.visible_to(actor).filter(term=term).first() if leads else None,
        "praise": queries.praise_of(actor, term),
        "meetings": meetings.filter(day__gte=term.starts_on).order_by("-day", "-pk")[:MEETINGS_SHOWN],
        "handed_in": Reflection.objects.visible_to(actor)
        .filter(term=term, handed_in_at__isnull=False)
        .count()
        if leads
        else 0,
        "steps": queries.steps_of(actor, term),
        "left": queries.left_from_before(actor, request.school, term),
        "form": form or StepForm(request),
        "today": clock.today(),
    }
    return render(request, "review/review.html", context, status=422 if form else 200)


@require_POST
@page(can=MANAGE, gives_back=True)
def new_step(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    form = StepForm(request, request.POST)
    if form.is_valid():
        try:
            made = actions.note(request.actor, term=request.term, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s finds it on the own week.") % {"name": made.person.name})
            return redirect(f"{reverse('review')}#steps")
    return _shown(request, form)


def _step(request: Any, next_step_id: int) -> NextStep:
    mine = NextStep.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("person", "term"), pk=next_step_id)


@page(can=STAFFROOM)
def step(request: Any, next_step_id: int) -> HttpResponse:
    return _step_page(request, _step(request, next_step_id))


def _step_page(request: Any, found: NextStep, error: str = "") -> HttpResponse:
    context = {
        "step": found,
        "error": error,
        "may_say": actions.sees_to(request.actor, found),
        "leads": request.actor.may(MANAGE, school_id=found.school_id),
        "today": clock.today(),
    }
    return render(request, "review/step.html", context, status=422 if error else 200)


@require_POST
@page(can=STAFFROOM)
def step_done(request: Any, next_step_id: int) -> HttpResponse:
    """Done, with a line; with `back` the way back."""
    found = _step(request, next_step_id)
    if "back" in request.POST:
        actions.not_yet(request.actor, step=found)
        say(request, _("It stands there again."))
        return redirect("next-step", found.pk)
    try:
        actions.see_to(request.actor, step=found, words=request.POST.get("words", ""))
    except Refused as refusal:
        return _step_page(request, found, refusal.message)
    say(request, _("Done. Thank you!"), undo=f"{reverse('next-step-done', args=[found.pk])}?back=1")
    return redirect("next-step", found.pk)


@require_POST
@page(can=MANAGE)
def step_let_go(request: Any, next_step_id: int) -> HttpResponse:
    found = _step(request, next_step_id)
    actions.let_go(request.actor, step=found, reason=request.POST.get("reason", ""))
    say(request, _("It is asked of nobody any more."))
    return redirect("review")


@require_POST
@page(can=MANAGE)
def paper(request: Any, paper_kind: str) -> HttpResponse:
    """The review on paper, in Word or as PDF."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    file = review_paper(request.actor, term=request.term, kind=paper_kind)
    name = " ".join([request.school.name, term_name(request.term), _("Review of the term")])
    return attachment(file, name, paper_kind)


urlpatterns = [
    path("review/", review, name="review"),
    path("review/steps/", new_step, name="next-step-new"),
    path("review/steps/<int:next_step_id>/", step, name="next-step"),
    path("review/steps/<int:next_step_id>/done/", step_done, name="next-step-done"),
    path("review/steps/<int:next_step_id>/let-go/", step_let_go, name="next-step-let-go"),
    path("review/paper/<str:paper_kind>/", paper, name="review-paper"),
]
