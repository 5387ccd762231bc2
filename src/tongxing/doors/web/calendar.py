"""The calendar of a school year: terms, weeks, days off, make-up days, and the breaks that follow from the terms."""

import datetime
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import calendar_actions
from tongxing.ground.people.calendar import DAY, TermCalendar, each_day, holidays_known
from tongxing.ground.people.calendar_actions import TermDates
from tongxing.ground.people.calendar_months import Shift, months, shifts
from tongxing.ground.people.models import CalendarDay, SchoolYear, Term
from tongxing.ground.people.queries import term_calendar

from .firstrun import YearForm, suggestion
from .page import apply_refusal, page, say
from .settings import DateInput

#: What schools call days of their own; anything else can be written too.
USUAL_NAMES = ("国庆节", "中秋", "元旦", "清明", "劳动节", "端午", "期中假", "秋假", "春假", "运动会后调休")


class TermForm(forms.Form):
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput())
    week_one = forms.DateField(label=gettext_lazy("Monday of teaching week 1"), widget=DateInput())


class DaysForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    last = forms.DateField(label=gettext_lazy("To"), widget=DateInput())
    kind = forms.ChoiceField(
        label=gettext_lazy("These days are"),
        choices=[*CalendarDay.Kind.choices, ("ordinary", gettext_lazy("ordinary again"))],
    )
    name = forms.CharField(
        label=gettext_lazy("What they are called"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"list": "usual-names"}),
    )

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        return "" if kind == "ordinary" else kind


class Span(NamedTuple):
    """Days on end that are called the same."""

    first: datetime.date
    last: datetime.date
    day: CalendarDay


class TermOfPage(NamedTuple):
    term: Term
    form: TermForm
    calendar: TermCalendar


@page(can="settings.manage")
def calendar(request: Any) -> HttpResponse:
    """The year on the wall; with days in the address (a GET of the form) what they would change."""
    form = DaysForm(request.GET) if "first" in request.GET else DaysForm()
    preview = None
    if form.is_bound and form.is_valid():
        try:
            preview = _preview(request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
    return _calendar(request, _year(request), days_form=form, preview=preview)


def _year(request: Any) -> SchoolYear | None:
    """The year that was asked for, else the one of today's term."""
    asked = request.GET.get("year", "")
    if asked.isdecimal():
        return get_object_or_404(SchoolYear, school=request.school, pk=asked)
    return request.term.year if request.term else None


def _calendar(
    request: Any,
    year: SchoolYear | None,
    *,
    term_forms: dict[int, TermForm] | None = None,
    days_form: DaysForm,
    preview: tuple[Shift, ...] | None = None,
) -> HttpResponse:
    given = term_forms or {}
    terms = [
        TermOfPage(term, given.get(term.pk) or _term_form(term), term_calendar(term))
        for term in Term.objects.filter(year=year).select_related("year")
    ]
    days = _days_of(request.school, terms)
    wrong = days_form.errors or any(of.form.errors for of in terms)
    context = {
        "year": year,
        "years": SchoolYear.objects.filter(school=request.school),
        "terms": terms,
        "months": months([of.calendar for of in terms], {day.date: day.name for day in days}),
        "spans": _spans(days),
        "days_form": days_form,
        "preview": preview,
        "usual_names": USUAL_NAMES,
        "unknown": [day.year for day in _new_years(year) if not holidays_known(day.year)],
        "today": clock.today(),
    }
    return render(request, "calendar/year.html", context, status=422 if wrong else 200)


def _term_form(term: Term) -> TermForm:
    return TermForm(initial={name: getattr(term, name) for name in TermForm.base_fields})


def _new_years(year: SchoolYear | None) -> list[datetime.date]:
    return [year.starts_on, year.ends_on] if year else []


def _days_of(school: Organisation, terms: list[TermOfPage]) -> list[CalendarDay]:
    if not terms:
        return []
    span = (min(of.term.starts_on for of in terms), max(of.term.ends_on for of in terms))
    return list(CalendarDay.objects.filter(school=school, date__range=span).order_by("date"))


def _spans(days: list[CalendarDay]) -> list[Span]:
    """Days that follow each other and are called the same, as one line."""
    found = []
    for _key, group in groupby(
        enumerate(days), lambda item: (item[1].kind, item[1].name, item[1].date - item[0] * DAY)
    ):
        members = [day for _number, day in group]
        found.append(Span(members[0].date, members[-1].date, members[0]))
    return found


def _preview(
    school: Organisation, first: datetime.date, last: datetime.date, kind: str, name: str
) -> tuple[Shift, ...]:
    """Which teaching weeks these days would change, without noting them."""
    calendar_actions.check_days(school, first, last, kind)
    found: list[Shift] = []
    for term in Term.objects.filter(school=school, starts_on__lte=last, ends_on__gte=first).select_related(
        "year"
    ):
        before, named = term_calendar(term), frozenset(each_day(first, last))
        off = (before.off - named) | (named if kind == "off" else frozenset())
        make_up = (before.make_up - named) | (named if kind == "make_up" else frozenset())
        found += shifts(before, replace(before, off=off, make_up=make_up))
    return tuple(found)


@require_POST
@page(can="settings.manage")
def set_term(request: Any, term_id: int) -> HttpResponse:
    term = get_object_or_404(Term.objects.filter(school=request.school).select_related("year"), pk=term_id)
    form = TermForm(request.POST)
    if form.is_valid():
        try:
            calendar_actions.set_term(request.actor, term=term, dates=TermDates(**form.cleaned_data))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The calendar is changed. Weeks and obligations follow it."))
            return redirect(f"{reverse('settings-calendar')}?year={term.year_id}")
    return _calendar(request, term.year, term_forms={term.pk: form}, days_form=DaysForm())


@require_POST
@page(can="settings.manage")
def set_days(request: Any) -> HttpResponse:
    form = DaysForm(request.POST)
    if form.is_valid():
        try:
            calendar_actions.set_days(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The days are noted."))
            return redirect(_back_to(request, form.cleaned_data["first"]))
    return _calendar(request, _year(request), days_form=form)


def _back_to(request: Any, day: datetime.date) -> str:
    """The calendar of the year in which the days lie."""
    found = SchoolYear.objects.filter(school=request.school, starts_on__lte=day, ends_on__gte=day).first()
    return reverse("settings-calendar") + (f"?year={found.pk}" if found else "")


@page(can="settings.manage")
def new_year(request: Any) -> HttpResponse:
    """Another school year with its two terms and the official holidays that are known."""
    last = SchoolYear.objects.filter(school=request.school).last()
    after = last.ends_on + 30 * DAY if last else clock.today()
    form = YearForm(request.POST or None, initial=suggestion(after))
    if request.method == "POST" and form.is_valid():
        try:
            year = calendar_actions.open_year_with_holidays(
                request.actor, school=request.school, **form.dates()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The school year is noted. Please look through the days off once."))
            return redirect(f"{reverse('settings-calendar')}?year={year.pk}")
    return render(request, "calendar/new_year.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [
    path("settings/calendar/", calendar, name="settings-calendar"),
    path("settings/calendar/days/", set_days, name="settings-days"),
    path("settings/calendar/new/", new_year, name="settings-year"),
    path("settings/calendar/<int:term_id>/", set_term, name="settings-term"),
]
