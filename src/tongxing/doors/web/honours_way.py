"""Looking at the own work, proposing somebody, and one proposal: what the committee says, standing back, withdrawing."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.recognition import awarding, queries, rules, way
from tongxing.oversight.recognition.models import Commendation, Criterion, Scheme
from tongxing.oversight.recognition.models_schemes import MANAGE, PROPOSE, VIEW
from tongxing.oversight.recognition.models_way import WORDS
from tongxing.oversight.recognition.whom import OFFICES, Whom, label

from .fields import offer
from .honours import way_back
from .honours_schemes import scheme_of
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

#: Which column a choice fills, by the kind of a scheme; an office comes besides.
COLUMN = {
    rules.GROUP: "school_class",
    rules.COLLEAGUE: "staff",
    rules.CLASS: "school_class",
    rules.PARTNERS: "together",
    rules.PROGRESS: "student",
}


class CheckForm(SentOnce):
    whom = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    words = forms.CharField(
        label=gettext_lazy("A sentence, if you like"), max_length=WORDS, required=False,
        widget=forms.Textarea({"rows": 3}), help_text=gettext_lazy("No student’s name, please."),
    )  # fmt: skip


class ProposalForm(SentOnce):
    whom = forms.ChoiceField(label=gettext_lazy("Who is to be honoured"))
    story = forms.CharField(
        label=gettext_lazy("What they did"), max_length=WORDS, widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("One small story that you have seen yourself. Marks, amounts and places among others do not belong here."),
    )  # fmt: skip


class WordForm(forms.Form):
    met = forms.ModelMultipleChoiceField(
        Criterion.objects.none(), label=gettext_lazy("What you find met"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    meets = forms.ChoiceField(
        label=gettext_lazy("All in all"), widget=forms.RadioSelect,
        choices=[("yes", pgettext_lazy("honour", "meets what the scheme asks")), ("no", pgettext_lazy("honour", "does not meet it yet"))],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Why"), max_length=WORDS, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only the committee reads it."),
    )  # fmt: skip

    def __init__(self, data: Any, one: Commendation, looked: queries.Looked) -> None:
        mine = looked.mine
        initial = {"met": list(mine.review.met.all()), "meets": "yes" if mine.review.meets else "no", "words": mine.words} if mine else {}  # fmt: skip
        super().__init__(data, initial=initial)
        field: Any = self.fields["met"]
        field.queryset, field.label_from_instance = one.scheme.criteria.all(), lambda row: row.words


def _choices(request: Any, found: Scheme) -> tuple[dict[str, Whom], dict[str, Any]]:
    """Whom one may propose, by the value of the form; of a whole school's children those of one class."""
    rows, shown = queries.to_choose(request.actor, found), {}
    if found.kind in rules.OF_CHILDREN and request.term:
        classes = list(classes_for(request.actor, PROPOSE, request.term))
        if len(classes) > 1:
            asked = request.GET.get("class", "")
            chosen = next((one for one in classes if str(one.pk) == asked), classes[0])
            rows = queries.of_class(rows, found, chosen)
            shown = {"classes": classes, "chosen": chosen}
    of = {str(row.pk): Whom(**{COLUMN[found.kind]: row}) for row in rows}
    offices = OFFICES if found.kind == rules.GROUP else ()
    return {f"office-{one.value}": Whom(office=one.value) for one in offices} | of, shown


@page(can=VIEW, gives_back=True)
def check(request: Any, scheme_id: int) -> HttpResponse:
    """What the records show of the own work, and a sentence to it."""
    found = scheme_of(request, scheme_id)
    parts = {one.code: one for one in queries.own_parts(request.actor, found)}
    if not parts:
        raise Http404
    form = CheckForm(request.POST or None, initial={"whom": next(iter(parts))})
    offer(form, "whom", [(code, label(one, found.kind)) for code, one in parts.items()])
    if form.is_valid():
        told = form.cleaned_data
        whom = parts[told["whom"] or next(iter(parts))]
        try:
            way.check_self(
                request.actor, scheme=found, whom=whom, client_id=told["client_id"], words=told["words"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Thank you. The committee sees it beside what the records show."))
            return redirect("honour-scheme", found.pk)
    shown = [(label(one, found.kind), queries.shown_by_records(found, one)) for one in parts.values()]
    context = {"form": form, "scheme": found, "shown": shown, "several": len(parts) > 1}
    return render(request, "honours/check.html", context, status=422 if form.errors else 200)


@page(can=PROPOSE, gives_back=True)
def propose(request: Any, scheme_id: int) -> HttpResponse:
    found = scheme_of(request, scheme_id)
    parts, shown = _choices(request, found)
    form = ProposalForm(request.POST or None, initial={"whom": request.GET.get("whom", "")})
    offer(
        form,
        "whom",
        [("", _("please choose")), *((code, label(one, found.kind)) for code, one in parts.items())],
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = way.propose(
                request.actor, scheme=found, whom=parts[told["whom"]], client_id=told["client_id"], story=told["story"]
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Proposed, thank you. Nothing is public before those concerned have agreed."))
            return redirect("honour", made.pk)
    context = {"form": form, "scheme": found, "none": not parts, **shown}
    return render(request, "honours/propose.html", context, status=422 if form.errors else 200)


def commendation_of(request: Any, commendation_id: int) -> Commendation:
    found = Commendation.objects.visible_to(request.actor).filter(school=request.school)
    whole = found.with_whom().select_related("entered_by", "ended_by", "scheme__year")
    return get_object_or_404(whole.prefetch_related("asked"), pk=commendation_id)


@page(can=VIEW)
def honour(request: Any, commendation_id: int) -> HttpResponse:
    return shown_one(request, commendation_of(request, commendation_id))


def shown_one(request: Any, one: Commendation, form: WordForm | None = None) -> HttpResponse:
    """For the committee and those who lead with what the records show and what was said; for others the story."""
    leads = request.actor.may(MANAGE, school_id=one.school_id)
    inside = leads or queries.sits(request.actor, one.scheme)
    looked = queries.looked_at(request.actor, one) if inside else None
    context = {
        "one": one,
        "leads": leads,
        "looked": looked,
        "asked": one.asked.select_related("staff", "student", "answered_by") if leads else [],
        "form": form or (WordForm(None, one, looked) if looked and looked.sits and not looked.near else None),
        "may_withdraw": awarding.may_withdraw(request.actor, one),
    }
    return render(request, "honours/honour.html", context, status=422 if form else 200)


@require_POST
@page(can=VIEW, gives_back=True)
def review(request: Any, commendation_id: int) -> HttpResponse:
    """One of the committee says a word."""
    one = commendation_of(request, commendation_id)
    form = WordForm(request.POST, one, queries.looked_at(request.actor, one))
    if form.is_valid():
        told = form.cleaned_data
        try:
            way.say(
                request.actor, commendation=one, meets=told["meets"] == "yes", met=told["met"], words=told["words"]
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. Until the committee concludes you can change it."))
            return redirect("honour", one.pk)
    return shown_one(request, one, form)


@require_POST
@page(can=VIEW)
def stand_back(request: Any, commendation_id: int) -> HttpResponse:
    """With `back` the way back."""
    one = commendation_of(request, commendation_id)
    if "back" in request.POST:
        way.come_back(request.actor, commendation=one)
        say(request, _("You look at it again."))
    else:
        way.stand_back(request.actor, commendation=one)
        say(
            request,
            _("You stand back from this one. Nobody asks why."),
            undo=way_back("honour-stand-back", one.pk),
        )
    return redirect("honour", one.pk)


@require_POST
@page(can=MANAGE)
def conclude(request: Any, commendation_id: int) -> HttpResponse:
    """What follows from what was said; with `back` it is looked at again."""
    one = commendation_of(request, commendation_id)
    if "back" in request.POST:
        way.look_again(request.actor, commendation=one)
        say(request, _("The committee looks at it again."))
    else:
        way.conclude(request.actor, commendation=one)
        say(request, _("Concluded."), undo=way_back("honour-conclude", one.pk))
    return redirect("honour", one.pk)


@require_POST
@page(can=VIEW)
def withdraw(request: Any, commendation_id: int) -> HttpResponse:
    """With the reason; with `back` the way back."""
    one = commendation_of(request, commendation_id)
    if "back" in request.POST:
        awarding.put_back(request.actor, commendation=one)
        say(request, _("It stands there again."))
    else:
        public = one.notice_id is not None
        awarding.withdraw(request.actor, commendation=one, reason=request.POST.get("reason", ""))
        say(request, _("Withdrawn."), undo="" if public else way_back("honour-withdraw", one.pk))
    return redirect("honour", one.pk)


urlpatterns = [
    path("honours/schemes/<int:scheme_id>/check/", check, name="honour-check"),
    path("honours/schemes/<int:scheme_id>/propose/", propose, name="honour-propose"),
    path("honours/<int:commendation_id>/", honour, name="honour"),
    path("honours/<int:commendation_id>/review/", review, name="honour-review"),
    path("honours/<int:commendation_id>/stand-back/", stand_back, name="honour-stand-back"),
    path("honours/<int:commendation_id>/conclude/", conclude, name="honour-conclude"),
    path("honours/<int:commendation_id>/withdraw/", withdraw, name="honour-withdraw"),
]
