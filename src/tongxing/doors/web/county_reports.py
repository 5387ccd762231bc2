"""Reports that the county asks for: set with its parts, its day and its schools; who has sent; the sums in tens."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.oversight.county import reports as actions
from tongxing.oversight.county.models import CountyReport
from tongxing.oversight.county.reading import reading
from tongxing.oversight.county.report_parts import PARTS
from tongxing.oversight.county.scoping import MANAGE, TITLE, VIEW, WORDS
from tongxing.oversight.insight.county import schools_of

from .contact_forms import DayInput
from .county_frame import done, status
from .fields import offer
from .ledger_frame import SentOnce
from .page import page, say


class ReportForm(SentOnce):
    title = forms.CharField(label=pgettext_lazy("report", "Title"), max_length=TITLE)
    parts = forms.MultipleChoiceField(
        label=pgettext_lazy("report", "What it is about"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, (label, _codes) in PARTS.items()],
    )  # fmt: skip
    due_on = forms.DateField(label=gettext_lazy("Due on"), widget=DayInput())
    schools = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which schools"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, request: Any) -> None:
        below = schools_of(request.school)
        super().__init__(
            request.POST or None, initial={"parts": list(PARTS), "schools": [one.pk for one in below]}
        )
        offer(self, "schools", [(one.pk, one.name) for one in below])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=WORDS)


def _reports(request: Any) -> Any:
    return CountyReport.objects.visible_to(request.actor).filter(school=request.school)


@page(can=VIEW)
def reports(request: Any) -> HttpResponse:
    found = _reports(request).prefetch_related("dues__sendings")
    rows = [(one, sum(1 for due in one.dues.all() if due.newest), len(one.dues.all())) for one in found]
    return render(request, "county/reports.html", {"rows": rows})


@page(can=MANAGE)
def new(request: Any) -> HttpResponse:
    form = ReportForm(request)
    made = done(form, lambda **told: actions.set_report(request.actor, county=request.school, **told))
    if made:
        say(request, _("The schools find it among their reminders."))
        return redirect("county-report", made.pk)
    return render(request, "county/report_new.html", {"form": form}, status=status(form))


@page(can=VIEW)
def report(request: Any, county_report_id: int, form: ReasonForm | None = None) -> HttpResponse:
    found = get_object_or_404(_reports(request), pk=county_report_id)
    context = {
        "report": found,
        "reading": reading(request.actor, found),
        "form": form or ReasonForm(),
        "writes": found.ended_at is None and request.actor.may(MANAGE, school_id=request.school.pk),
    }
    return render(request, "county/report.html", context, status=422 if form else 200)


@require_POST
@page(can=MANAGE)
def take_back(request: Any, county_report_id: int) -> HttpResponse:
    """With the reason; with `back` the way back."""
    found = get_object_or_404(_reports(request), pk=county_report_id)
    if "back" in request.POST:
        actions.put_back(request.actor, report=found)
        return redirect("county-report", found.pk)
    form = ReasonForm(request.POST)
    done(form, lambda reason: actions.take_back(request.actor, report=found, reason=reason))
    if form.errors:
        return report(request, found.pk, form)
    say(request, _("Taken back."), undo=f"{reverse('county-report-back', args=[found.pk])}?back=1")
    return redirect("county-report", found.pk)


urlpatterns = [
    path("county/reports/", reports, name="county-reports"),
    path("county/reports/new/", new, name="county-report-new"),
    path("county/reports/<int:county_report_id>/", report, name="county-report"),
    path("county/reports/<int:county_report_id>/back/", take_back, name="county-report-back"),
]
