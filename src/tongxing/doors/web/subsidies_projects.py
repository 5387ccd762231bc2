"""What projects there are and what they give, in a school and in the county."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.hardship.actions.rounds import levels_of
from tongxing.aid.subsidies.actions import projects as actions
from tongxing.aid.subsidies.models import Project, Rate
from tongxing.aid.subsidies.models_projects import COUNTY, MANAGE, NAME, WORDS
from tongxing.aid.subsidies.queries import rounds as queries
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .contact_forms import DayInput
from .fields import offer
from .ledger_frame import AmountField, SentOnce
from .page import apply_refusal, page, say

EVERYBODY = ("", gettext_lazy("for everybody"))


class ProjectForm(SentOnce):
    name = forms.CharField(label=gettext_lazy("Name of the project"), max_length=NAME)
    kind = forms.ChoiceField(label=pgettext_lazy("subsidy", "Kind"), choices=Project.Kind.choices)
    payer = forms.ChoiceField(
        label=gettext_lazy("Who pays"), choices=Project.Payer.choices, widget=forms.RadioSelect
    )
    asks = forms.ChoiceField(
        label=pgettext_lazy("subsidy", "For whom"), choices=Project.Asks.choices, widget=forms.RadioSelect
    )
    apart = forms.CharField(
        label=gettext_lazy("Excludes others of the same word"),
        max_length=NAME,
        required=False,
        help_text=gettext_lazy(
            "Two projects with the same word here never reach one child in the same term."
        ),
    )


class RateForm(SentOnce):
    amount = AmountField(label=gettext_lazy("For one child and term, in yuan"))
    starts_on = forms.DateField(label=gettext_lazy("Holds from"), widget=DayInput())
    stage = forms.ChoiceField(
        label=gettext_lazy("Grades"), choices=[EVERYBODY, *Rate.Stage.choices], required=False
    )
    boarding = forms.ChoiceField(
        label=gettext_lazy("Boarding"), choices=[EVERYBODY, *Rate.Boarding.choices], required=False
    )
    level = forms.ChoiceField(label=pgettext_lazy("hardship", "Level"), required=False)
    source = forms.CharField(label=gettext_lazy("Written where"), max_length=WORDS)

    def __init__(self, request: Any) -> None:
        super().__init__(request.POST or None, initial={"starts_on": clock.today()})
        names = [] if request.school.kind == "county" else [one.name for one in levels_of(request.school)]
        offer(self, "level", [EVERYBODY, *((one, one) for one in names)])

    def said(self) -> actions.RateSaid:
        return actions.RateSaid(
            **{part: value for part, value in self.cleaned_data.items() if part != "client_id"}
        )


def _prefix(request: Any) -> str:
    """The pages of the county and of a school differ by their addresses alone."""
    return "county-" if request.school.kind == "county" else "subsidy-"


def _project(request: Any, project_id: int) -> Project:
    return get_object_or_404(queries.projects_of(request.actor, request.school), pk=project_id)


def _projects(request: Any) -> HttpResponse:
    found = list(queries.projects_of(request.actor, request.school))
    context = {
        "projects": [one for one in found if one.ended_at is None],
        "ended": [one for one in found if one.ended_at],
        "prefix": _prefix(request),
    }
    return render(request, "subsidies/projects.html", context)


def _usual(request: Any) -> HttpResponse:
    added = actions.take_usual(request.actor, organisation=request.school)
    say(
        request,
        _("%(n)s projects are there now. Look at their amounts.") % {"n": added}
        if added
        else _("All of them are there already."),
    )
    return redirect(f"{_prefix(request)}projects")


def _new(request: Any) -> HttpResponse:
    form = ProjectForm(request.POST or None, initial={"asks": "recognised", "payer": "school"})
    if form.is_valid():
        try:
            made = actions.add_project(request.actor, organisation=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Added. Next, what does it give?"))
            return redirect(f"{_prefix(request)}project", made.pk)
    context = {"form": form, "prefix": _prefix(request)}
    return render(request, "subsidies/project_new.html", context, status=422 if form.errors else 200)


def _one(request: Any, project_id: int) -> HttpResponse:
    found = _project(request, project_id)
    form = RateForm(request) if found.school_id == request.school.pk and not found.ended_at else None
    if form and form.is_valid():
        try:
            actions.set_rate(
                request.actor, organisation=request.school, project=found, said=form.said(),
                client_id=form.cleaned_data["client_id"],
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It holds from that day. What was granted before stays as it was."))
            return redirect(f"{_prefix(request)}project", found.pk)
    context = {
        "project": found,
        "rates": list(queries.rates_of(request.actor, found)),
        "form": form,
        "prefix": _prefix(request),
    }
    return render(request, "subsidies/project.html", context, status=422 if form and form.errors else 200)


def _end(request: Any, project_id: int) -> HttpResponse:
    found = _project(request, project_id)
    actions.end_project(request.actor, project=found, reason=request.POST.get("reason", ""))
    say(request, _("“%(name)s” opens for no further term.") % {"name": found.name})
    return redirect(f"{_prefix(request)}projects")


def _rate_back(request: Any, rate_id: int) -> HttpResponse:
    mine = Rate.objects.visible_to(request.actor).filter(school=request.school)
    rate = get_object_or_404(mine.select_related("school"), pk=rate_id)
    actions.take_rate_back(request.actor, rate=rate, reason=request.POST.get("reason", ""))
    say(request, _("Taken back: it holds no longer."))
    return redirect(f"{_prefix(request)}project", rate.project_id)


projects, county_projects = page(can=MANAGE)(_projects), page(can=COUNTY)(_projects)
usual, county_usual = (require_POST(page(can=can)(_usual)) for can in (MANAGE, COUNTY))
new, county_new = page(can=MANAGE)(_new), page(can=COUNTY)(_new)


@page(can=MANAGE)
def project(request: Any, project_id: int) -> HttpResponse:
    return _one(request, project_id)


@page(can=COUNTY)
def county_project(request: Any, county_project_id: int) -> HttpResponse:
    return _one(request, county_project_id)


end, county_end = (require_POST(page(can=can)(_end)) for can in (MANAGE, COUNTY))
rate_back, county_rate_back = (require_POST(page(can=can)(_rate_back)) for can in (MANAGE, COUNTY))

urlpatterns = [
    path("subsidies/projects/", projects, name="subsidy-projects"),
    path("subsidies/projects/usual/", usual, name="subsidy-usual"),
    path("subsidies/projects/new/", new, name="subsidy-project-new"),
    path("subsidies/projects/<int:project_id>/", project, name="subsidy-project"),
    path("subsidies/projects/<int:project_id>/end/", end, name="subsidy-project-end"),
    path("subsidies/rates/<int:rate_id>/back/", rate_back, name="subsidy-rate-back"),
    path("county/projects/", county_projects, name="county-projects"),
    path("county/projects/usual/", county_usual, name="county-usual"),
    path("county/projects/new/", county_new, name="county-project-new"),
    path("county/projects/<int:county_project_id>/", county_project, name="county-project"),
    path("county/projects/<int:project_id>/end/", county_end, name="county-project-end"),
    path("county/projects/rates/<int:rate_id>/back/", county_rate_back, name="county-rate-back"),
]
