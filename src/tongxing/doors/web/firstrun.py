"""The first page of a new installation: school, calendar and administrator in one form, by a one-time link."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.programme import actions as programme
from tongxing.ground.access.founding import first_run_is_open, found_school
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.calendar import suggest_week_one
from tongxing.ground.people.calendar_actions import TermDates

from .page import apply_refusal, page, say

DAY = datetime.timedelta(days=1)


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class YearForm(forms.Form):
    """A school year with its two terms."""

    year = forms.CharField(label=gettext_lazy("School year"), max_length=20)
    first_starts_on = _date(gettext_lazy("First term: first day"))
    first_ends_on = _date(gettext_lazy("First term: last day"))
    first_week_one = _date(gettext_lazy("First term: Monday of teaching week 1"))
    second_starts_on = _date(gettext_lazy("Second term: first day"))
    second_ends_on = _date(gettext_lazy("Second term: last day"))
    second_week_one = _date(gettext_lazy("Second term: Monday of teaching week 1"))

    def dates(self) -> dict[str, Any]:
        """What was given, the days of each term as `first` and `second`."""
        given = dict(self.cleaned_data)
        for term in ("first", "second"):
            days = {name: given.pop(f"{term}_{name}") for name in ("starts_on", "ends_on", "week_one")}
            given[term] = TermDates(**days)
        return given


class FirstRunForm(YearForm):
    name = forms.CharField(label=gettext_lazy("Name of the school"), max_length=100)
    stage = forms.ChoiceField(
        label=gettext_lazy("Type of school"), choices=[("", "—"), *Organisation.Stage.choices]
    )
    administrator = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput({"autocomplete": "name"})
    )
    login = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same once more"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data

    def school(self) -> dict[str, Any]:
        """What `found_school` asks for."""
        given = self.dates()
        del given["again"]
        return given


def suggestion(today: datetime.date) -> dict[str, Any]:
    """A school year around today, to be corrected: from 1 September, and from late February after the spring break."""
    start = today.year if today.month >= 7 else today.year - 1
    first = datetime.date(start, 9, 1)
    second = _weekday_from(datetime.date(start + 1, 2, 20), 0)
    return {
        "year": f"{start}–{start + 1}",
        "first_starts_on": first,
        "first_ends_on": _weekday_from(datetime.date(start + 1, 1, 18), 4),
        "first_week_one": suggest_week_one(first),
        "second_starts_on": second,
        "second_ends_on": _weekday_from(datetime.date(start + 1, 7, 1), 4),
        "second_week_one": suggest_week_one(second),
    }


def _weekday_from(day: datetime.date, weekday: int) -> datetime.date:
    return day + DAY * ((weekday - day.weekday()) % 7)


def _found(form: FirstRunForm) -> User:
    """The school with its administrator and the built-in promises, which settings can change."""
    administrator = found_school(SYSTEM, **form.school())
    programme.install(SYSTEM, school=administrator.grants.get().school)
    return administrator


@page(public=True)
def first_run(request: Any, token: str) -> HttpResponse:
    if not first_run_is_open(token):
        return render(request, "firstrun/used.html", status=404)
    form = FirstRunForm(request.POST or None, initial=suggestion(clock.today()))
    if request.method == "POST" and form.is_valid():
        try:
            login(request, _found(form))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Your school is set up. The next steps stand here."))
            return redirect("setup")
    return render(request, "firstrun/first_run.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [path("first-run/<str:token>/", first_run, name="first-run")]
