"""Three questions to the families: asking them, the slip on paper, counting slips, reading; and the family's own page."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.review import feedback as actions
from tongxing.oversight.review import rules
from tongxing.oversight.review.models import FeedbackRound
from tongxing.oversight.review.models_feedback import FAMILY, MANAGE, QUESTION, WORDS

from .contact_forms import DayInput
from .door_frame import render_door
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

CHOICE_WORDS: dict[str, str | Promise] = {
    "yes": pgettext_lazy("feedback", "yes"),
    "partly": pgettext_lazy("feedback", "in part"),
    "not_yet": pgettext_lazy("feedback", "not yet"),
    "cannot_say": pgettext_lazy("feedback", "I cannot say"),
}
SLIPS_ON_A_SHEET = 4
NUMBERS = range(1, rules.QUESTIONS + 1)


class RoundForm(SentOnce):
    last_day = forms.DateField(label=pgettext_lazy("feedback", "Open until"), widget=DayInput())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for number, asked in zip(NUMBERS, actions.ASKED, strict=True):
            label = gettext_lazy("Question %(n)s") % {"n": number}
            self.fields[f"question_{number}"] = forms.CharField(
                label=label, max_length=QUESTION, initial=asked
            )
        self.order_fields(["client_id", *(f"question_{number}" for number in NUMBERS), "last_day"])

    @property
    def questions(self) -> list[str]:
        return [self.cleaned_data[f"question_{number}"] for number in NUMBERS]


class LastDayForm(forms.Form):
    last_day = forms.DateField(label=pgettext_lazy("feedback", "Open until"), widget=DayInput())


class SlipsForm(SentOnce):
    slips = forms.IntegerField(label=gettext_lazy("How many slips"), min_value=1, max_value=2_000)

    def __init__(self, questions: list[str], data: Any = None) -> None:
        super().__init__(data)
        for number, question in enumerate(questions):
            for choice, words in CHOICE_WORDS.items():
                self.fields[f"q{number}_{choice}"] = forms.IntegerField(
                    label=f"{number + 1}. {question} {words}", min_value=0, max_value=2_000, required=False
                )
        self.fields["words"] = forms.CharField(
            label=gettext_lazy("What was written, a line for each slip"), required=False, max_length=20_000,
            widget=forms.Textarea({"rows": 4}),
            help_text=gettext_lazy("Word for word, in any order. Names are covered before anybody reads them."),
        )  # fmt: skip

    @property
    def tally(self) -> rules.Tally:
        return [
            [self.cleaned_data[f"q{number}_{choice}"] or 0 for choice in rules.CHOICES]
            for number in range(rules.QUESTIONS)
        ]


class AnswerForm(forms.Form):
    """A tap for each question, and a few words if one likes."""

    def __init__(self, questions: list[str], data: Any = None) -> None:
        super().__init__(data)
        for number, question in enumerate(questions):
            self.fields[f"q{number}"] = forms.ChoiceField(
                label=question, choices=list(CHOICE_WORDS.items()), widget=forms.RadioSelect
            )
        self.fields["words"] = forms.CharField(
            label=gettext_lazy("What else you would like to say"), max_length=WORDS, required=False,
            widget=forms.Textarea({"rows": 3}), help_text=gettext_lazy("Please leave names out. Only what is written is passed on."),
        )  # fmt: skip

    @property
    def choices(self) -> list[str]:
        return [self.cleaned_data[f"q{number}"] for number in range(rules.QUESTIONS)]


@page(can=MANAGE, gives_back=True)
def new(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    form = RoundForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.open_round(
                request.actor, term=request.term, client_id=told["client_id"], questions=form.questions,
                last_day=told["last_day"],
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Families find the questions at their door. Slips for the others can be printed."))
            return redirect("feedback", made.pk)
    return render(request, "review/feedback_new.html", {"form": form}, status=422 if form.errors else 200)


def _round(request: Any, feedback_id: int) -> FeedbackRound:
    mine = FeedbackRound.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "key"), pk=feedback_id)


@page(can=MANAGE)
def feedback(request: Any, feedback_id: int) -> HttpResponse:
    found = _round(request, feedback_id)
    context = {
        "round": found,
        "is_over": found.is_over(clock.today()),
        "result": actions.result(request.actor, found),
        "words": CHOICE_WORDS,
        "from": rules.SHOWN_FROM,
        "day_form": LastDayForm(initial={"last_day": found.last_day}),
    }
    return render(request, "review/feedback.html", context)


@require_POST
@page(can=MANAGE)
def last_day(request: Any, feedback_id: int) -> HttpResponse:
    found, form = _round(request, feedback_id), LastDayForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a day."))
    actions.change_last_day(request.actor, round=found, last_day=form.cleaned_data["last_day"])
    say(request, _("Saved."))
    return redirect("feedback", found.pk)


@page(can=MANAGE)
def slips(request: Any, feedback_id: int) -> HttpResponse:
    """Empty slips to cut, without any mark on them."""
    context = {"round": _round(request, feedback_id), "words": CHOICE_WORDS, "many": SLIPS_ON_A_SHEET}
    return render(request, "review/feedback_slips.html", context)


@page(can=MANAGE, gives_back=True)
def count(request: Any, feedback_id: int) -> HttpResponse:
    """Slips from the box: how many ticks each answer has."""
    found = _round(request, feedback_id)
    form = SlipsForm(found.questions, request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.enter_slips(
                request.actor, round=found, client_id=told["client_id"], slips=told["slips"], tally=form.tally,
                words=told["words"].splitlines(),
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Counted. The slips can be destroyed now."))
            return redirect("feedback", found.pk)
    context = {"form": form, "round": found}
    return render(request, "review/feedback_count.html", context, status=422 if form.errors else 200)


@page(can=actions.RESPOND)
def alarms(request: Any, feedback_id: int) -> HttpResponse:
    """Words of danger, for whoever answers for safety, at once."""
    found = get_object_or_404(
        FeedbackRound.objects.filter(school=request.school).select_related("school", "key"), pk=feedback_id
    )
    return render(request, "review/feedback_alarms.html", {"said": actions.alarms(request.actor, found)})


@page(can=FAMILY, gives_back=True)
def at_the_door(request: Any) -> HttpResponse:
    """The family's page: three taps (POST), no name."""
    mine = FeedbackRound.objects.visible_to(request.actor).filter(school=request.school)
    found = mine.filter(last_day__gte=clock.today()).select_related("school").first()
    if request.actor.user_id is None:
        raise Http404
    answered = found is not None and actions.mark_of(found, request.actor.user_id) in found.answered
    form = AnswerForm(found.questions if found else [], request.POST if request.method == "POST" else None)
    if found and not answered and form.is_valid():
        try:
            actions.answer(request.actor, round=found, choices=form.choices, words=form.cleaned_data["words"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Thank you! Nobody sees whose answer it is."))
            return redirect("family-feedback")
    context = {"round": found, "answered": answered, "form": form}
    return render_door(request, "door/feedback.html", context, status=422 if form.errors and found else 200)


urlpatterns = [
    path("review/feedback/new/", new, name="feedback-new"),
    path("review/feedback/<int:feedback_id>/", feedback, name="feedback"),
    path("review/feedback/<int:feedback_id>/last-day/", last_day, name="feedback-last-day"),
    path("review/feedback/<int:feedback_id>/slips/", slips, name="feedback-slips"),
    path("review/feedback/<int:feedback_id>/count/", count, name="feedback-count"),
    path("review/feedback/<int:feedback_id>/alarms/", alarms, name="feedback-alarms"),
    path("family/feedback/", at_the_door, name="family-feedback"),
]
