"""Where the children are this morning: a class on one page, and each absence until somebody knows."""

import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch import rules
from tongxing.care.attendance_watch.actions import absences
from tongxing.care.attendance_watch.actions.roll import call_roll
from tongxing.care.attendance_watch.models import Absence, RollCall
from tongxing.care.attendance_watch.models_absence import FOLLOW, MANAGE, MARK, Reason
from tongxing.care.attendance_watch.queries.breaks import marked_classes, next_gap
from tongxing.care.attendance_watch.queries.days import OF_EVENT, is_school_day
from tongxing.care.attendance_watch.queries.today import class_day, morning, rates, steps_of
from tongxing.care.attendance_watch.thresholds import set_thresholds, thresholds
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, SchoolClass, Staff
from tongxing.ground.records.models import AttendanceEvent

from .contact_forms import DayInput, TimeInput, guardian_label
from .fields import offer_rows
from .page import apply_refusal, page, say

#: How an absence looks: colour and word.
LOOK = {
    Reason.UNKNOWN: "late",
    Reason.NO_LEAVE: "due",
    Reason.LEAVE: "rest",
    Reason.ILL: "rest",
    Reason.LATE: "done",
    Reason.MISTAKE: "done",
}
BANDS = {
    "none": ("rest", gettext_lazy("no school day yet")),
    "calm": ("done", gettext_lazy("seldom away")),
    "amber": ("due", gettext_lazy("away more often")),
    "red": ("late", gettext_lazy("often away")),
}
PURPOSE = gettext_lazy("Not at school: finding out where the child is")


def colleagues(request: Any) -> Any:
    """Who may go to a family: at work, with the check that the law asks for."""
    active = Staff.objects.filter(school=request.school, user__is_active=True).active(clock.today())
    return active.exclude(offence_check_on=None).order_by("pinyin", "name", "pk")


class TwoColleagues(forms.Form):
    """Visits are made in twos: two names."""

    first = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who goes"), required=False, empty_label="—"
    )
    second = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Together with"), required=False, empty_label="—"
    )

    def choose_from(self, staff: Any) -> None:
        for name in ("first", "second"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = staff

    @property
    def two(self) -> list[Staff]:
        return [one for name in ("first", "second") if (one := self.cleaned_data.get(name))]


class KnownForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    guardian = forms.ModelChoiceField(
        Guardian.objects.none(), label=gettext_lazy("Who was reached"), required=False
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("What you know now"),
        choices=[(code, code.label) for code in absences.WHERE],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Who told it, and what"),
        max_length=absences.LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    back_on = forms.DateField(label=gettext_lazy("Back on"), required=False, widget=DayInput())

    def __init__(self, data: Any, guardians: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4()}, auto_id="known-%s")
        field = offer_rows(self, "guardian", guardians, called=guardian_label)
        field.empty_label = str(_("somebody brought word"))


class TryForm(TwoColleagues):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    next_time = forms.TimeField(label=gettext_lazy("Next try today at"), required=False, widget=TimeInput())
    words = forms.CharField(label=gettext_lazy("What was tried"), max_length=200, required=False)
    field_order = ("client_id", "words", "next_time", "first", "second")

    def __init__(self, data: Any, staff: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4()}, auto_id="try-%s")
        self.choose_from(staff)

    @property
    def next_at(self) -> datetime.datetime | None:
        time = self.cleaned_data["next_time"]
        return datetime.datetime.combine(clock.today(), time, clock.SCHOOL_TIME) if time else None


@page(can=MARK)
def today(request: Any) -> HttpResponse:
    """Whoever nobody knows of first; then the classes nobody has looked at yet."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    found = morning(request.actor, request.school, request.term, clock.today())
    context = {
        "morning": found,
        "title": _title(len(found.unknown)),
        "look": LOOK,
        "is_school_day": is_school_day(request.school, clock.today()),
        "may_manage": request.actor.may(MANAGE),
        "gap": next_gap(request.term, clock.today()),
    }
    return render(request, "attendance/today.html", context)


def _title(number: int) -> str:
    if not number:
        return _("Of every child somebody knows where it is")
    return ngettext(
        "Today nobody knows yet where %(n)s child is",
        "Today nobody knows yet where %(n)s children are",
        number,
    ) % {"n": number}


@page(can=MARK)
def of_class(request: Any, class_id: int) -> HttpResponse:
    """All are there but those whose names are tapped."""
    school_class = marked_class(request, class_id)
    refused, chosen = "", {int(one) for one in request.POST.getlist("missing") if one.isdecimal()}
    if request.method == "POST":
        try:
            added = call_roll(request.actor, school_class=school_class, missing=chosen)
        except Refused as refusal:
            refused = refusal.message
        else:
            say(request, said(len(added)))
            return redirect("attendance-class", class_id)
    return _show_class(request, school_class, chosen, refused)


def marked_class(request: Any, class_id: int) -> SchoolClass:
    """A class in which this person marks who is there."""
    mine = marked_classes(request.actor, request.term) if request.term else []
    classes = SchoolClass.objects.filter(school=request.school, pk__in=[one.pk for one in mine])
    return get_object_or_404(classes.select_related("school"), pk=class_id)


def said(number: int) -> str:
    if not number:
        return _("Noted: nobody else is missing. Thank you.")
    return ngettext(
        "Noted. Please find out where %(n)s child is.",
        "Noted. Please find out where %(n)s children are.",
        number,
    ) % {"n": number}


def _show_class(request: Any, school_class: SchoolClass, chosen: set[int], refused: str) -> HttpResponse:
    day = clock.today()
    places = class_day(request.actor, school_class, day)
    calls = RollCall.objects.visible_to(request.actor).filter(school_class=school_class, day=day)
    context = {
        "school_class": school_class,
        "away": [one for one in places if one.away],
        "there": [one for one in places if not one.away],
        "chosen": chosen | _of_the_gate([one.student.pk for one in places], day),
        "seen": calls.select_related("taken_by").first(),
        "rates": _often_away(request, [one.student for one in places]),
        "day": day,
        "is_school_day": is_school_day(request.school, day),
        "refused": refused,
        "look": LOOK,
        "bands": BANDS,
    }
    return render(request, "attendance/class.html", context, status=422 if refused else 200)


def _of_the_gate(student_ids: list[int], day: datetime.date) -> set[int]:
    """Whom a list of the gate names as away, not noted yet."""
    events = AttendanceEvent.objects.filter(
        student__in=student_ids, kind__in=OF_EVENT, at__gte=clock.start_of(day), at__lt=clock.end_of(day)
    )
    return set(events.values_list("student_id", flat=True))


def _often_away(request: Any, students: list[Any]) -> list[tuple[Any, Any]]:
    """Those who are away more often, in the order of their names; only of children whom this actor follows."""
    school, actor = request.school, request.actor
    mine = [one for one in students if actor.may(FOLLOW, school_id=school.pk, student_id=one.pk)]
    found = rates(school, request.term, [one.pk for one in mine]) if mine else {}
    return [(one, found[one.pk]) for one in mine if found[one.pk].band in ("amber", "red")]


def _absence(request: Any, absence_id: int) -> Absence:
    mine = Absence.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("student__key", "school"), pk=absence_id)


def _guardians(request: Any, absence: Absence) -> Any:
    return Guardian.objects.visible_to(request.actor).filter(student=absence.student)


@page(can=FOLLOW)
def absence(request: Any, absence_id: int) -> HttpResponse:
    return _show(request, _absence(request, absence_id))


def _show(request: Any, found: Absence, **forms_: forms.Form) -> HttpResponse:
    ids = {"school_id": found.school_id, "student_id": found.student_id}
    guardians = _guardians(request, found)
    follows = request.actor.may(FOLLOW, **ids)
    rate = rates(request.school, request.term, [found.student_id]).get(found.student_id) if follows else None
    context = {
        "absence": found,
        "look": LOOK,
        "steps": steps_of(request.actor, found),
        "guardians": guardians,
        "may_reveal": request.actor.may("reveal", **ids),
        "purpose": PURPOSE,
        "rate": rate,
        "bands": BANDS,
        "known_form": forms_.get("known_form") or KnownForm(None, guardians),
        "try_form": forms_.get("try_form") or TryForm(None, colleagues(request)),
    }
    return render(request, "attendance/absence.html", context, status=422 if forms_ else 200)


@page(can=FOLLOW)
@require_POST
def known(request: Any, absence_id: int) -> HttpResponse:
    """Somebody told where the child is."""
    found = _absence(request, absence_id)
    form = KnownForm(request.POST, _guardians(request, found))
    if form.is_valid():
        try:
            absences.tell_reason(request.actor, absence=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. Good to know where the child is."))
            return redirect("attendance-absence", found.pk)
    return _show(request, found, known_form=form)


@page(can=FOLLOW)
@require_POST
def tried(request: Any, absence_id: int) -> HttpResponse:
    """Nobody was reached: what comes next."""
    found = _absence(request, absence_id)
    form = TryForm(request.POST, colleagues(request))
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("client_id", "words")}
        try:
            absences.note_try(request.actor, absence=found, next_at=form.next_at, goers=form.two, **told)
        except Refused as refusal:
            refusal.field = {"next_at": "next_time", "goers": "second"}.get(
                refusal.field or "", refusal.field
            )
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. It stays open until somebody knows where the child is."))
            return redirect("attendance-absence", found.pk)
    return _show(request, found, try_form=form)


@page(can=MARK)
@require_POST
def came(request: Any, absence_id: int) -> HttpResponse:
    """Here after all; with `not_there` the way back."""
    found = _absence(request, absence_id)
    if "not_there" in request.POST:
        absences.not_there(request.actor, absence=found)
        say(request, _("As it was before."))
    else:
        absences.came(request.actor, absence=found, late="mistake" not in request.POST)
        back = reverse("attendance-came", args=[found.pk])
        say(request, _("Noted: %(name)s is here.") % {"name": found.student.name}, undo=f"{back}?not_there=1")
    return redirect("attendance")


class ThresholdsForm(forms.Form):
    opens = forms.TimeField(label=gettext_lazy("School begins"), widget=TimeInput())
    closes = forms.TimeField(label=gettext_lazy("School ends"), widget=TimeInput())
    ask_after_hours = forms.IntegerField(
        label=gettext_lazy("Coordinator and head are asked after school hours")
    )
    days_in_a_row = forms.IntegerField(label=gettext_lazy("Looked into after days in a row without leave"))
    share_percent = forms.IntegerField(label=gettext_lazy("… or percent of days without leave"))
    window_days = forms.IntegerField(label=gettext_lazy("… among the last school days"))
    amber_percent = forms.IntegerField(label=gettext_lazy("“Away more often” from percent of days"))
    red_percent = forms.IntegerField(label=gettext_lazy("“Often away” from percent of days"))


@page(can=MANAGE)
def settings(request: Any) -> HttpResponse:
    now = thresholds(request.school, clock.today())
    form = ThresholdsForm(request.POST or None, initial=now._asdict())
    if request.method == "POST" and form.is_valid():
        try:
            set_thresholds(request.actor, school=request.school, told=rules.Thresholds(**form.cleaned_data))
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("This holds from today on; what was before stays judged as it was."))
            return redirect("attendance")
    return render(request, "attendance/settings.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [
    path("attendance/", today, name="attendance"),
    path("attendance/settings/", settings, name="settings-attendance"),
    path("attendance/class/<int:class_id>/", of_class, name="attendance-class"),
    path("attendance/<int:absence_id>/", absence, name="attendance-absence"),
    path("attendance/<int:absence_id>/known/", known, name="attendance-known"),
    path("attendance/<int:absence_id>/tried/", tried, name="attendance-tried"),
    path("attendance/<int:absence_id>/came/", came, name="attendance-came"),
]
