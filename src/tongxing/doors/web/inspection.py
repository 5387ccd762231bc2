"""The monthly inspection: opening a month, its figures beside what came later, thanks, findings, closing, files."""

import datetime
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff
from tongxing.oversight.inspection import actions, queries
from tongxing.oversight.inspection.models import LONGEST, MANAGE, Finding, Inspection
from tongxing.paper.documents.inspection import inspection_sheet, inspection_word, month_name

from .contact_forms import DayInput
from .documents import attachment
from .overview import listed
from .page import apply_refusal, page, say

WITHIN = datetime.timedelta(days=14)


class ThanksForm(forms.Form):
    thanks = forms.CharField(
        label=gettext_lazy("What we say thank you for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FindingForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    item = forms.ChoiceField(label=pgettext_lazy("inspection", "What it is about"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What is to be improved"),
        max_length=LONGEST,
        help_text=gettext_lazy("A fact one can see and what would help. No student’s name, please."),
    )
    person = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who sees to it"), empty_label=gettext_lazy("please choose")
    )
    due_on = forms.DateField(label=pgettext_lazy("inspection", "Until"), widget=DayInput())

    def __init__(self, data: Any, inspection: Inspection, **kwargs: Any) -> None:
        initial = {"client_id": uuid4(), "due_on": clock.today() + WITHIN}
        super().__init__(data, initial=initial, **kwargs)
        active = Staff.objects.filter(school=inspection.school, user__is_active=True).active(clock.today())
        person = cast(forms.ModelChoiceField, self.fields["person"])
        person.queryset = active.order_by("pinyin", "name", "pk")
        item = cast(forms.ChoiceField, self.fields["item"])
        item.choices = [("", _("something else")), *items(inspection)]


class LookForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it stands"),
        choices=[(code, label) for code, label in Finding.Outcome.choices if code],
        required=False,
    )
    evidence = forms.CharField(
        label=pgettext_lazy("inspection", "What shows it"), max_length=LONGEST, required=False
    )


def items(inspection: Inspection) -> list[tuple[str, str]]:
    """What a finding can be about: whom the school looks at and accompanies, and every promise."""
    frozen = inspection.frozen
    coverage = ((code, frozen.get(code)) for code in ("looked_at", "paired", "home_visits_done"))
    return [*((code, one.label) for code, one in coverage if one), *frozen.promises]


def _inspection(request: Any, inspection_id: int) -> Inspection:
    mine = Inspection.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("school", "term__year", "closed_by"), pk=inspection_id)


@page(can="inspection.manage")
def inspections(request: Any) -> HttpResponse:
    if request.term is None:
        return render(request, "overview/no_term.html")
    found = Inspection.objects.visible_to(request.actor).filter(school=request.school).defer("figures")
    opened = {one.month for one in found}
    months = queries.months(request.school, request.term, clock.now())
    context = {
        "inspections": found,
        "months": [one for one in months if one not in opened],
        "month_name": month_name,
    }
    return render(request, "inspection/list.html", context)


@require_POST
@page(can="inspection.manage")
def open_month(request: Any) -> HttpResponse:
    try:
        month = datetime.date.fromisoformat(f"{request.POST.get('month', '')}-01")
    except ValueError:
        raise Refused(_("Choose a month.")) from None
    found = actions.open_month(request.actor, school=request.school, month=month)
    return redirect("inspection", found.pk)


@page(can="inspection.manage")
def inspection(request: Any, inspection_id: int) -> HttpResponse:
    return _page(request, _inspection(request, inspection_id))


def _page(request: Any, found: Inspection, **forms_: forms.Form) -> HttpResponse:
    findings = found.findings.select_related("person", "checked_by")
    context = {
        "inspection": found,
        "name": month_name(found.month),
        "reading": queries.read(request.actor, found, clock.now()),
        "findings": findings,
        "labels": dict(items(found)),
        "today": clock.today(),
        "looks": {one.pk: LookForm(auto_id=f"look-{one.pk}-%s") for one in findings},
        "thanks_form": forms_.get("thanks_form") or ThanksForm(initial={"thanks": found.thanks}),
        "finding_form": forms_.get("finding_form") or FindingForm(None, found),
        "address": Address(found.pk),
    }
    return render(request, "inspection/inspection.html", context, status=422 if forms_ else 200)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the records behind a figure of this inspection are."""

    inspection_id: int

    def __call__(self, code: str, class_id: int | None = None, week: int | None = None) -> str:
        query = {name: value for name, value in (("class", class_id), ("week", week)) if value}
        base = reverse("inspection-figure", args=[self.inspection_id, code])
        return f"{base}?{urlencode(query)}" if query else base


@require_POST
@page(can="inspection.manage")
def thank(request: Any, inspection_id: int) -> HttpResponse:
    found = _inspection(request, inspection_id)
    form = ThanksForm(request.POST)
    if form.is_valid():
        try:
            actions.say_thanks(request.actor, inspection=found, thanks=form.cleaned_data["thanks"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Your thanks stand at the top of the inspection."))
            return redirect("inspection", found.pk)
    return _page(request, found, thanks_form=form)


@require_POST
@page(can="inspection.manage")
def ask(request: Any, inspection_id: int) -> HttpResponse:
    found = _inspection(request, inspection_id)
    form = FindingForm(request.POST, found)
    if form.is_valid():
        try:
            asked = actions.ask(request.actor, inspection=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s gets a message.") % {"name": asked.person.name})
            return redirect("inspection", found.pk)
    return _page(request, found, finding_form=form)


@require_POST
@page(can="inspection.manage")
def close(request: Any, inspection_id: int) -> HttpResponse:
    found = _inspection(request, inspection_id)
    actions.close(request.actor, inspection=found)
    say(request, _("The month is closed. Thank you."))
    return redirect("inspection", found.pk)


@page(can="inspection.manage")
def figure(request: Any, inspection_id: int, code: str) -> HttpResponse:
    """The records behind a frozen figure, as they were counted then."""
    found = _inspection(request, inspection_id)
    place = [request.GET.get(name, "") for name in ("class", "week")]
    class_id, week = (int(value) if value.isdecimal() else None for value in place)
    frozen = queries.figure(found, code, class_id, week)
    if frozen is None:
        raise Http404
    context = {"figure": frozen, "inspection": found, "name": month_name(found.month), "of_week": week}
    context |= {"class_name": dict(found.frozen.classes).get(class_id or 0, "")}
    return render(request, "overview/figure.html", context | listed(request, frozen))


@page(can="inspection.manage")
def sheet(request: Any, inspection_id: int) -> HttpResponse:
    found = _inspection(request, inspection_id)
    return attachment(inspection_sheet(request.actor, found), _file_name(found), "xlsx")


@page(can="inspection.manage")
def word(request: Any, inspection_id: int) -> HttpResponse:
    """As Word, or with `make` as PDF."""
    found = _inspection(request, inspection_id)
    kind = "pdf" if request.GET.get("make") == "pdf" else "docx"
    return attachment(inspection_word(request.actor, found, kind), _file_name(found), kind)


def _file_name(found: Inspection) -> str:
    return " ".join([found.school.name, month_name(found.month), _("Monthly inspection")])


@page(signed_in=True)
def finding(request: Any, finding_id: int) -> HttpResponse:
    """For the colleague who was asked: what it is about, and a line to tell what was done."""
    found = _finding(request, finding_id)
    error = ""
    if request.method == "POST":
        try:
            actions.tell(request.actor, finding=found, evidence=request.POST.get("evidence", ""))
        except Refused as refusal:
            error = refusal.message
        else:
            say(request, _("Told. Thank you."))
            return redirect("finding", found.pk)
    context = {"finding": found, "error": error, "name": month_name(found.inspection.month)}
    context |= {"is_mine": found.person.user_id == request.actor.user_id, "today": clock.today()}
    return render(request, "inspection/finding.html", context, status=422 if error else 200)


def _finding(request: Any, finding_id: int) -> Finding:
    mine = Finding.objects.visible_to(request.actor).select_related("inspection", "person", "checked_by")
    return get_object_or_404(mine.filter(school=request.school), pk=finding_id)


@require_POST
@page(can="inspection.manage")
def look_again(request: Any, finding_id: int) -> HttpResponse:
    found = _finding(request, finding_id)
    request.actor.require(MANAGE, school_id=found.school_id)
    form = LookForm(request.POST)
    told = {name: form.data.get(name, "") for name in ("outcome", "evidence")}
    actions.look_again(request.actor, finding=found, **told)
    say(request, _("Looked at again, thank you."))
    return redirect("inspection", found.inspection_id)


urlpatterns = [
    path("inspection/", inspections, name="inspections"),
    path("inspection/open/", open_month, name="inspection-open"),
    path("inspection/<int:inspection_id>/", inspection, name="inspection"),
    path("inspection/<int:inspection_id>/thanks/", thank, name="inspection-thanks"),
    path("inspection/<int:inspection_id>/findings/", ask, name="inspection-ask"),
    path("inspection/<int:inspection_id>/close/", close, name="inspection-close"),
    path("inspection/<int:inspection_id>/figures/<str:code>/", figure, name="inspection-figure"),
    path("inspection/<int:inspection_id>/excel/", sheet, name="inspection-excel"),
    path("inspection/<int:inspection_id>/word/", word, name="inspection-word"),
    path("inspection/findings/<int:finding_id>/", finding, name="finding"),
    path("inspection/findings/<int:finding_id>/look/", look_again, name="finding-look"),
]
