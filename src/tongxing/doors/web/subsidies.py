"""Aid projects: the terms they are open in, one of them class by class, whom nothing reaches yet."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.aid.hardship.queries import category_names
from tongxing.aid.subsidies.actions import rounds as actions
from tongxing.aid.subsidies.actions.projects import projects_for
from tongxing.aid.subsidies.models import Project, Round, Subsidy
from tongxing.aid.subsidies.models_projects import MANAGE, NAME, PAY, WORDS
from tongxing.aid.subsidies.queries import rounds as queries
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Term

from .fields import offer_rows
from .page import apply_refusal, page, say

#: What a reason of the rules says, in words; a level names itself, a group its own words.
WORDS_OF = {
    "boards": gettext_lazy("boards at school"),
    "day": gettext_lazy("day pupil"),
    "not_recognised": gettext_lazy("no recognition holds"),
    "boarding_unknown": gettext_lazy("nobody has noted whether the child boards"),
    "no_amount": gettext_lazy("no amount is entered for this"),
    "has_other": gettext_lazy("has something that excludes this"),
}


def reason_words(reasons: Any) -> str:
    names = category_names()
    found = []
    for one in reasons:
        kind, _dot, code = one.partition(".")
        found.append(names.get(code, code) if kind == "group" else code or str(WORDS_OF.get(kind, kind)))
    return _(", ").join(found)


def manages(request: Any) -> bool:
    return request.actor.may(MANAGE, school_id=request.school.pk)


def term_of(request: Any) -> Term:
    if request.term is None:
        raise Refused(_("The school's calendar has no term yet. Enter it first."))
    return request.term


def round_of(request: Any, subsidy_round_id: int) -> Any:
    return get_object_or_404(queries.rounds_of(request.actor, request.school), pk=subsidy_round_id)


@page(can=PAY)
def home(request: Any) -> HttpResponse:
    """What is open this term, what waits for a second person, whom nothing reaches, what can be paid."""
    found = list(queries.rounds_of(request.actor, request.school))
    now = request.term.pk if request.term else None
    waiting = Subsidy.objects.visible_to(request.actor).waiting().filter(school=request.school)
    waiting = waiting.exclude(decided_by=request.actor.user_id)
    lists = [(one, queries.stand(one)) for one in queries.lists_of(request.actor, request.school)]
    context = {
        "rounds": [one for one in found if one.term_id == now],
        "earlier": [one for one in found if one.term_id != now],
        "waiting": list(waiting.select_related("student", "round__project", "decided_by")),
        "uncovered": len(queries.uncovered(request.actor, request.school, request.term))
        if now and manages(request)
        else 0,
        "to_pay": [one for one, stand in lists if stand == "open"],
        "may_manage": manages(request),
        "has_projects": projects_for(request.school).exists(),
    }
    return render(request, "subsidies/home.html", context)


class OpenForm(forms.Form):
    project = forms.ModelChoiceField(Project.objects.none(), label=gettext_lazy("Project"))
    paper = forms.CharField(
        label=gettext_lazy("Paper that gives the money"),
        max_length=WORDS,
        required=False,
        help_text=gettext_lazy("Number and date, as it stands in the file later."),
    )
    what = forms.CharField(
        label=gettext_lazy("What each child gets"),
        max_length=NAME,
        required=False,
        help_text=gettext_lazy("Only for things, for example: one winter quilt."),
    )


@page(can=MANAGE)
def open_one(request: Any) -> HttpResponse:
    term = term_of(request)
    form = OpenForm(request.POST or None)
    there = Round.objects.filter(school=request.school, term=term).values("project")
    left = offer_rows(form, "project", projects_for(request.school).exclude(pk__in=there)).queryset
    if form.is_valid():
        try:
            made = actions.open_round(request.actor, school=request.school, term=term, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It is open for this term. Look class by class who is suggested."))
            return redirect("subsidy-round", made.pk)
    context = {"form": form, "term": term, "any_left": left.exists() if left is not None else False}
    return render(request, "subsidies/open.html", context, status=422 if form.errors else 200)


@page(can=MANAGE)
def one_round(request: Any, subsidy_round_id: int) -> HttpResponse:
    """One project in its term: the classes, who is suggested and why, who has what."""
    found = round_of(request, subsidy_round_id)
    classes = queries.classes_of(request.actor, found)
    lists = queries.lists_of(request.actor, request.school).filter(round=found)
    context = {
        "round": found,
        "classes": classes,
        "open": sum(len(one.open) for one in classes),
        "to_list": actions.to_list(found).count(),
        "lists": [(one, queries.stand(one)) for one in lists],
        "words": reason_words,
        "form_id": uuid4(),
    }
    return render(request, "subsidies/round.html", context)


@require_POST
@page(can=MANAGE)
def grant(request: Any, subsidy_round_id: int) -> HttpResponse:
    """To everybody suggested and not decided about, or to one class (`class`)."""
    found = round_of(request, subsidy_round_id)
    wanted = request.POST.get("class", "")
    classes = queries.classes_of(request.actor, found)
    chosen = [one for one in classes if not wanted or str(one.class_id) == wanted]
    pks = [line.student.pk for one in chosen for line in one.open]
    made = actions.grant_suggested(request.actor, round=found, students=pks)
    said = ngettext(
        "%(n)s child was granted what is suggested.", "%(n)s children were granted what is suggested.", made
    )
    say(request, said % {"n": made})
    return redirect("subsidy-round", found.pk)


@require_POST
@page(can=MANAGE)
def close(request: Any, subsidy_round_id: int) -> HttpResponse:
    """No more is granted; with `reopen` the way back."""
    found = round_of(request, subsidy_round_id)
    if "reopen" in request.GET or "reopen" in request.POST:
        actions.reopen_round(request.actor, round=found)
        say(request, _("Open again."))
    else:
        actions.close_round(request.actor, round=found)
        back = reverse("subsidy-close", args=[found.pk])
        say(request, _("Closed for this term."), undo=f"{back}?reopen=1")
    return redirect("subsidy-round", found.pk)


@page(can=MANAGE)
def uncovered(request: Any) -> HttpResponse:
    """Whoever is recognised and gets nothing this term, each with the next step."""
    found = queries.uncovered(request.actor, request.school, term_of(request))
    return render(request, "subsidies/uncovered.html", {"uncovered": found, "term": request.term})


urlpatterns = [
    path("subsidies/", home, name="subsidies"),
    path("subsidies/open/", open_one, name="subsidy-open"),
    path("subsidies/uncovered/", uncovered, name="subsidies-uncovered"),
    path("subsidies/<int:subsidy_round_id>/", one_round, name="subsidy-round"),
    path("subsidies/<int:subsidy_round_id>/grant/", grant, name="subsidy-grant"),
    path("subsidies/<int:subsidy_round_id>/close/", close, name="subsidy-close"),
]
