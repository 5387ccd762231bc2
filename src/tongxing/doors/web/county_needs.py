"""The children behind a need: the supervisor asks, the data officer decides and reads, for hours; the emergency."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.ground.accounts.models import Organisation
from tongxing.oversight.county import needs as actions
from tongxing.oversight.county import rules
from tongxing.oversight.county.models import Need
from tongxing.oversight.county.models_needs import STATES
from tongxing.oversight.county.scoping import MANAGE, NAMES, NEEDS, REASON, WORDS
from tongxing.oversight.insight.county import schools_of

from .county_frame import done, status
from .fields import offer
from .ledger_frame import SentOnce
from .page import page, say

SHOWN = 20


class OfSchoolForm(SentOnce):
    school = forms.TypedChoiceField(label=gettext_lazy("Which school"), coerce=int)

    def __init__(self, request: Any, **initial: Any) -> None:
        super().__init__(request.POST or None, initial=initial)
        self.below = {one.pk: one for one in schools_of(request.school)}
        offer(
            self, "school", [("", _("please choose")), *((one.pk, one.name) for one in self.below.values())]
        )

    def clean_school(self) -> Organisation:
        return self.below[self.cleaned_data["school"]]


class AskForm(OfSchoolForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        choices=[one for one in Need.Kind.choices if one[0] != Need.Kind.EMERGENCY],
    )
    reason = forms.CharField(
        label=gettext_lazy("What do you need it for?"), max_length=REASON, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The data officer decides by it, and the school reads it. No name, please."),
    )  # fmt: skip
    hours = forms.TypedChoiceField(label=gettext_lazy("For how long"), coerce=int)

    def __init__(self, request: Any) -> None:
        super().__init__(request, hours=8)
        hours = [(n, ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}) for n in rules.HOURS]
        offer(self, "hours", hours)


class EmergencyForm(OfSchoolForm):
    name = forms.CharField(
        label=gettext_lazy("The child’s name"), max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=gettext_lazy("What the danger is"), max_length=REASON, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Who says so and what has to happen. No name in it: school and supervisor read it."),
    )  # fmt: skip


class RefuseForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Why not"), max_length=WORDS)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Was it needed?"), widget=forms.RadioSelect,
        choices=[one for one in Need.Verdict.choices if one[0]],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What you agreed for next time"), max_length=WORDS, required=False
    )


def _needs(request: Any) -> Any:
    below = Need.objects.visible_to(request.actor).filter(school__parent=request.school)
    return below.select_related("school", "entered_by", "decided_by", "opened_by", "reviewed_by")


def _need(request: Any, need_id: int) -> Need:
    found: Need = get_object_or_404(_needs(request), pk=need_id)
    return found


@page(can=NEEDS)
def needs(request: Any) -> HttpResponse:
    """What waits for this person first."""
    decides, asks = (request.actor.may(can, school_id=request.school.pk) for can in (NAMES, MANAGE))
    mine = _needs(request)
    waiting = list(mine.waiting()) if decides else list(mine.to_review()) if asks else []
    shown = Paginator(mine.exclude(pk__in=[one.pk for one in waiting]), SHOWN).get_page(
        request.GET.get("page")
    )
    context = {"waiting": waiting, "needs": shown, "decides": decides, "asks": asks, "states": STATES}
    return render(request, "county/needs.html", context)


@page(can=MANAGE, gives_back=True)
def new(request: Any) -> HttpResponse:
    form = AskForm(request)
    if made := done(form, lambda **told: actions.ask(request.actor, **told)):
        say(request, _("Asked. The data officer decides."))
        return redirect("county-need", made.pk)
    return render(request, "county/need_new.html", {"form": form}, status=status(form))


@page(can=NAMES)
def emergency(request: Any) -> HttpResponse:
    form = EmergencyForm(request)
    if made := done(form, lambda **told: actions.open_at_once(request.actor, **told)):
        return redirect("county-need-names", made.pk)
    context = {"form": form, "least": rules.SHORTEST_REASON, "hours": rules.EMERGENCY_HOURS}
    return render(request, "county/emergency.html", context, status=status(form))


@page(can=NEEDS)
def need(request: Any, need_id: int, form: forms.Form | None = None) -> HttpResponse:
    """What was asked and what came of it, without a name; for whoever's turn it is, the next step."""
    found, actor = _need(request, need_id), request.actor
    context = {
        "need": found,
        "states": STATES,
        "decides": found.state == "waits" and actor.may(NAMES, school_id=request.school.pk),
        "reads": found.is_open and found.opened_by_id == actor.user_id,
        "reviews": _reviews(request, found),
        "form": form,
        "refuse": form if isinstance(form, RefuseForm) else RefuseForm(),
        "review": form if isinstance(form, ReviewForm) else ReviewForm(),
    }
    return render(request, "county/need.html", context, status=status(form) if form else 200)


def _reviews(request: Any, found: Need) -> bool:
    waits = found.is_emergency and found.reviewed_at is None and found.opened_by_id != request.actor.user_id
    return waits and request.actor.may(MANAGE, school_id=request.school.pk)


@require_POST
@page(can=NAMES)
def decide(request: Any, need_id: int) -> HttpResponse:
    """Open it, or say why not (`refuse`)."""
    found = _need(request, need_id)
    if "refuse" not in request.POST:
        actions.open_it(request.actor, need=found)
        say(request, _("Open until its hour; the school has been told."))
        return redirect("county-need-names", found.pk)
    form = RefuseForm(request.POST)
    if done(form, lambda answer: actions.refuse(request.actor, need=found, answer=answer)) is None:
        return need(request, found.pk, form)
    say(request, _("Not opened; whoever asked reads why."))
    return redirect("county-needs")


@page(can=NAMES)
def names(request: Any, need_id: int) -> HttpResponse:
    """The children behind it, for whoever opened it, until its hour; each reading is logged."""
    found = _need(request, need_id)
    context = {"need": found, "children": actions.read(request.actor, need=found)}
    return render(request, "county/names.html", context)


@require_POST
@page(can=NAMES)
def close(request: Any, need_id: int) -> HttpResponse:
    actions.close(request.actor, need=_need(request, need_id))
    say(request, _("Closed. The names are not open any more."))
    return redirect("county-needs")


@require_POST
@page(can=MANAGE)
def review(request: Any, need_id: int) -> HttpResponse:
    found, form = _need(request, need_id), ReviewForm(request.POST)
    if done(form, lambda **told: actions.review(request.actor, need=found, **told)) is None:
        return need(request, found.pk, form)
    say(request, _("Noted, with day and name. Thank you."))
    return redirect("county-needs")


urlpatterns = [
    path("county/needs/", needs, name="county-needs"),
    path("county/needs/new/", new, name="county-need-new"),
    path("county/needs/emergency/", emergency, name="county-emergency"),
    path("county/needs/<int:need_id>/", need, name="county-need"),
    path("county/needs/<int:need_id>/decide/", decide, name="county-need-decide"),
    path("county/needs/<int:need_id>/names/", names, name="county-need-names"),
    path("county/needs/<int:need_id>/close/", close, name="county-need-close"),
    path("county/needs/<int:need_id>/review/", review, name="county-need-review"),
]
