"""Records drawn for a closer look: the list, the word, the protocol anybody can repeat, and each look."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.oversight.inspection import rules
from tongxing.oversight.inspection import sampling as actions
from tongxing.oversight.inspection.models import MANAGE, Check, Inspection, Sample
from tongxing.oversight.inspection.models_sample import MOST, SENTENCE, WORD
from tongxing.paper.documents.inspection import month_name

from .contact_forms import DayInput
from .fields import offer
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say
from .safety import after_writing

USUALLY = 8


class SampleForm(SentOnce):
    size = forms.IntegerField(
        label=gettext_lazy("How many records"), min_value=1, max_value=MOST, initial=USUALLY
    )


class WordForm(forms.Form):
    word = forms.CharField(
        label=pgettext_lazy("inspection", "The word"), max_length=WORD,
        help_text=gettext_lazy("Chosen now, by nobody here: the first words of today’s headline, a winning number."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Where everybody can look it up"), max_length=WORD,
        help_text=gettext_lazy("For example “county paper of 1 December, page 1”."),
    )  # fmt: skip


class CheckForm(forms.Form):
    against = forms.ChoiceField(
        label=gettext_lazy("What you compared it with"),
        choices=Check.Against.choices,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(label=gettext_lazy("How it stands"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("What you found, in a sentence"), max_length=SENTENCE, required=False,
        help_text=gettext_lazy("A fact, such as “the paper says Tuesday, the record Wednesday”. Nobody is to blame."),
    )  # fmt: skip
    checked_on = forms.DateField(label=gettext_lazy("On which day"), widget=DayInput())

    def __init__(self, data: Any, check: Check) -> None:
        told = {"against": check.against, "outcome": check.outcome, "words": check.words}
        super().__init__(data, initial=told | {"checked_on": check.checked_on or clock.today()})
        offer(self, "outcome", [one for one in Check.Outcome.choices if one[0]])


@require_POST
@page(can=MANAGE)
def fix(request: Any, inspection_id: int) -> HttpResponse:
    mine = Inspection.objects.visible_to(request.actor).filter(school=request.school)
    found, form = get_object_or_404(mine, pk=inspection_id), SampleForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a number from 1 to %(n)s.") % {"n": MOST})
    made = actions.fix(request.actor, inspection=found, **form.cleaned_data)
    say(request, _("The list is fixed. Now the word decides."))
    return redirect("inspection-sample", made.pk)


def _sample(request: Any, sample_id: int) -> Sample:
    mine = Sample.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("inspection__school", "drawn_by"), pk=sample_id)


@page(can=MANAGE)
def sample(request: Any, sample_id: int) -> HttpResponse:
    """The list, the word, the draw; the records with their state for those who may see the children."""
    return _shown(request, _sample(request, sample_id))


def _shown(request: Any, found: Sample, form: WordForm | None = None) -> HttpResponse:
    context = protocol(found) | {
        "form": form or WordForm(),
        "checks": _checks(request).filter(sample=found),
        "is_closed": found.inspection.is_closed,
    }
    return render(request, "inspection/sample.html", context, status=422 if form else 200)


def protocol(found: Sample) -> dict[str, Any]:
    """What stands on the protocol: numbers, classes and digests, no names."""
    names = found.class_names
    many = rules.shares({key: len(rows) for key, rows in found.records_by_class.items()}, found.size)
    return {
        "sample": found,
        "name": month_name(found.inspection.month),
        "list": [
            (name or _("in no class"), len(rows), many.get(key, 0)) for key, name, rows in found.population
        ],
        "drawn": [(names[one.class_id] or _("in no class"), one) for one in found.drawn()]
        if found.word
        else [],
    }


@require_POST
@page(can=MANAGE, gives_back=True)
def draw(request: Any, sample_id: int) -> HttpResponse:
    found, form = _sample(request, sample_id), WordForm(request.POST)
    if form.is_valid():
        try:
            actions.draw(request.actor, sample=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Drawn. Anybody can draw it again and gets the same."))
            return redirect("inspection-sample", found.pk)
    return _shown(request, found, form)


@page(can=MANAGE)
def sheet(request: Any, sample_id: int) -> HttpResponse:
    """The protocol on paper, with how to repeat the draw; no child is named."""
    found = _sample(request, sample_id)
    return render(
        request, "inspection/sample_sheet.html", protocol(found) | {"school": found.inspection.school}
    )


def _checks(request: Any) -> Any:
    mine = Check.objects.visible_to(request.actor).filter(school=request.school)
    seen = Student.objects.visible_to(request.actor).values("pk")
    return mine.filter(contact__student__in=seen).select_related(
        "contact__student__key", "contact__staff", "checked_by", "sample__inspection"
    )


@page(can=MANAGE, gives_back=True)
def check(request: Any, check_id: int) -> HttpResponse:
    """One record, compared with the paper or the person (POST)."""
    found = get_object_or_404(_checks(request), pk=check_id)
    form = CheckForm(request.POST if request.method == "POST" else None, found)
    if form.is_valid():
        begun = clock.now()
        try:
            actions.note_check(request.actor, check=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Written down."))
            return after_writing(request, begun) or redirect("inspection-sample", found.sample_id)
    context = {
        "check": found,
        "contact": found.contact,
        "form": form,
        "is_closed": found.sample.inspection.is_closed,
    }
    return render(request, "inspection/check.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("inspection/<int:inspection_id>/samples/", fix, name="inspection-sample-fix"),
    path("inspection/samples/<int:sample_id>/", sample, name="inspection-sample"),
    path("inspection/samples/<int:sample_id>/draw/", draw, name="inspection-sample-draw"),
    path("inspection/samples/<int:sample_id>/sheet/", sheet, name="inspection-sample-sheet"),
    path("inspection/checks/<int:check_id>/", check, name="inspection-check"),
]
