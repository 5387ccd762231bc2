"""Meetings: calling one, its files, minutes and who was there, what was decided, and the page of whoever sees to it."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.ground.access.queries import classes_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Staff
from tongxing.ground.people.queries import staff_of
from tongxing.oversight.notices import meetings as actions
from tongxing.oversight.notices.belonging import STAFFROOM
from tongxing.oversight.notices.models import Decision, Meeting
from tongxing.oversight.notices.models_meetings import HOLD, LINE, MANAGE, PLACE, TEXT, TITLE
from tongxing.paper.documents.school_papers import minutes_file

from .contact_forms import DayInput
from .documents import attachment
from .fields import offer, offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say

SHOWN = 20


def _colleagues(request: Any) -> Any:
    found = Staff.objects.visible_to(request.actor).active(clock.today()).filter(school=request.school)
    return found.filter(user__is_active=True).order_by("pinyin", "name", "pk")


class MeetingForm(SentOnce):
    kind = forms.ChoiceField(label=pgettext_lazy("meeting", "Which meeting"))
    title = forms.CharField(label=pgettext_lazy("meeting", "What it is about"), max_length=TITLE)
    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    place = forms.CharField(label=gettext_lazy("Place"), max_length=PLACE, required=False)
    led_by = forms.ModelChoiceField(
        Staff.objects.none(),
        label=pgettext_lazy("meeting", "Led by"),
        empty_label=gettext_lazy("please choose"),
    )
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label=gettext_lazy("Class"), required=False,
        empty_label=pgettext_lazy("meeting", "no class"),
        help_text=gettext_lazy("Only for a themed class meeting."),
    )  # fmt: skip
    agenda = forms.CharField(
        label=pgettext_lazy("meeting", "Agenda or plan"), max_length=TEXT, required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Of a class meeting: aim, steps, questions, so that other classes can take it. No student’s name, please."),
    )  # fmt: skip

    def __init__(self, request: Any, found: Meeting | None = None) -> None:
        names = ("title", "day", "place", "led_by", "school_class", "agenda")
        initial = {name: getattr(found, name) for name in names} if found else _suggested(request)  # fmt: skip
        super().__init__(request.POST or None, initial=initial)
        kinds = Meeting.Kind.choices
        if not request.actor.may(MANAGE, school_id=request.school.pk):
            kinds = [one for one in kinds if one[0] == Meeting.Kind.THEME]
        offer(self, "kind", kinds)
        if found:
            del self.fields["kind"]
        offer_rows(self, "led_by", _colleagues(request))
        if request.term:
            offer_rows(self, "school_class", classes_for(request.actor, HOLD, request.term))

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("client_id", "kind")}


def _suggested(request: Any) -> dict[str, Any]:
    """Today, led by oneself; whoever comes from another room brings what it is about."""
    brought = {name: request.GET[name] for name in ("kind", "title") if name in request.GET}
    return {"day": clock.today(), "led_by": staff_of(request.actor.user_id)} | brought


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=gettext_lazy("What was said"), max_length=TEXT, widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("In order, short. What somebody is to do goes into the decisions."),
    )  # fmt: skip
    students = forms.IntegerField(
        label=gettext_lazy("How many students were there"), min_value=0, max_value=5_000, required=False
    )
    staff = forms.ModelMultipleChoiceField(
        Staff.objects.none(), label=gettext_lazy("Colleagues who were there"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, request: Any, found: Meeting) -> None:
        there = list(found.presences.values_list("staff", flat=True))
        initial = {"minutes": found.minutes, "students": found.students, "staff": there or [found.led_by_id]}
        super().__init__(request.POST or None, initial=initial)
        self.fields["staff"].queryset = _colleagues(request)  # type: ignore[attr-defined]  # a model field


class DecisionForm(SentOnce):
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=LINE)
    person = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("Who sees to it"), empty_label=gettext_lazy("please choose")
    )
    due_on = forms.DateField(label=pgettext_lazy("meeting", "By when"), widget=DayInput())

    def __init__(self, request: Any) -> None:
        super().__init__(request.POST or None)
        offer_rows(self, "person", _colleagues(request))


@page(can=STAFFROOM)
def meetings(request: Any) -> HttpResponse:
    found = Meeting.objects.visible_to(request.actor).filter(school=request.school)
    found = found.select_related("led_by", "school_class")
    holds = request.actor.may(HOLD, school_id=request.school.pk)
    kind = request.GET.get("kind", "")
    if kind in Meeting.Kind:
        found = found.filter(kind=kind)
    context = {
        "page": Paginator(found, SHOWN).get_page(request.GET.get("page")),
        "holds": holds,
        "kinds": Meeting.Kind.choices,
        "kind": kind,
        "today": clock.today(),
        "open": _waiting(request) if holds else [],
    }
    return render(request, "meetings/list.html", context)


def _waiting(request: Any) -> Any:
    """What was decided and is not done, for those who read the meetings."""
    mine = Decision.objects.visible_to(request.actor).waiting().filter(school=request.school)
    return mine.select_related("person", "meeting")[:SHOWN]


@page(can=HOLD, gives_back=True)
def new(request: Any) -> HttpResponse:
    form = MeetingForm(request)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.call(
                request.actor,
                school=request.school,
                client_id=told["client_id"],
                kind=told["kind"],
                facts=form.facts,
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("meeting", made.pk)
    return _form(request, form)


def _form(request: Any, form: forms.Form, found: Meeting | None = None) -> HttpResponse:
    context = {"form": form, "meeting": found}
    return render(request, "meetings/form.html", context, status=422 if form.errors else 200)


def _meeting(request: Any, meeting_id: int) -> Meeting:
    mine = Meeting.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(
        mine.select_related("school", "led_by", "school_class", "minuted_by", "ended_by"), pk=meeting_id
    )


def _held(request: Any, meeting_id: int) -> Meeting:
    found = _meeting(request, meeting_id)
    actions.require_holds(request.actor, found)
    return found


@page(can=STAFFROOM)
def meeting(request: Any, meeting_id: int) -> HttpResponse:
    return _shown(request, _meeting(request, meeting_id))


def _shown(request: Any, found: Meeting, form: DecisionForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"decision": form or DecisionForm(request)}
    context |= {
        "meeting": found,
        "holds": actions.holds(request.actor, found),
        "there": [
            one.staff for one in found.presences.select_related("staff").order_by("staff__pinyin", "pk")
        ],
        "decisions": found.decisions.select_related("person"),
        "files": found.enclosures.standing().select_related("file"),
        "correctable": actions.is_correctable(found),
        "today": clock.today(),
    }
    return render(request, "meetings/meeting.html", context, status=422 if form else 200)


@page(can=HOLD, gives_back=True)
def change(request: Any, meeting_id: int) -> HttpResponse:
    found = _held(request, meeting_id)
    form = MeetingForm(request, found)
    if form.is_valid():
        try:
            actions.change(request.actor, meeting=found, facts=form.facts)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Saved."))
            return redirect("meeting", found.pk)
    return _form(request, form, found)


@page(can=HOLD, gives_back=True)
def minutes(request: Any, meeting_id: int) -> HttpResponse:
    found = _held(request, meeting_id)
    form = MinutesForm(request, found)
    if form.is_valid():
        try:
            actions.write_minutes(request.actor, meeting=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The minutes stand. Who does what goes below."))
            return redirect("meeting", found.pk)
    return render(
        request, "meetings/minutes.html", {"form": form, "meeting": found}, status=422 if form.errors else 200
    )


@require_POST
@page(can=HOLD, gives_back=True)
def decide(request: Any, meeting_id: int) -> HttpResponse:
    found = _held(request, meeting_id)
    form = DecisionForm(request)
    if form.is_valid():
        try:
            made = actions.decide(request.actor, meeting=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s finds it on the own week.") % {"name": made.person.name})
            return redirect("meeting", found.pk)
    return _shown(request, found, form)


@require_POST
@page(can=HOLD)
def cancel(request: Any, meeting_id: int) -> HttpResponse:
    """Not held, with the reason; with `back` the way back."""
    found = _held(request, meeting_id)
    if "back" in request.POST:
        actions.hold_after_all(request.actor, meeting=found)
        say(request, _("It stands there again."))
    else:
        actions.cancel(request.actor, meeting=found, reason=request.POST.get("reason", ""))
        say(request, _("Cancelled."), undo=f"{reverse('meeting-cancel', args=[found.pk])}?back=1")
    return redirect("meeting", found.pk)


@page(can=STAFFROOM)
def sheet(request: Any, meeting_id: int) -> HttpResponse:
    """The minutes on paper, to sign and file."""
    found = _meeting(request, meeting_id)
    there = found.presences.select_related("staff").order_by("staff__pinyin", "pk")
    context = {"meeting": found, "there": [one.staff for one in there]}
    return render(request, "meetings/sheet.html", context | {"decisions": found.decisions.filter(ended_at=None).select_related("person")})  # fmt: skip


@require_POST
@page(can=STAFFROOM)
def word(request: Any, meeting_id: int) -> HttpResponse:
    found = _meeting(request, meeting_id)
    kind = request.POST.get("make", "docx")
    return attachment(minutes_file(request.actor, found, kind), found.title, kind)


urlpatterns = [
    path("meetings/", meetings, name="meetings"),
    path("meetings/new/", new, name="meeting-new"),
    path("meetings/<int:meeting_id>/", meeting, name="meeting"),
    path("meetings/<int:meeting_id>/change/", change, name="meeting-change"),
    path("meetings/<int:meeting_id>/minutes/", minutes, name="meeting-minutes"),
    path("meetings/<int:meeting_id>/decide/", decide, name="meeting-decide"),
    path("meetings/<int:meeting_id>/cancel/", cancel, name="meeting-cancel"),
    path("meetings/<int:meeting_id>/sheet/", sheet, name="meeting-sheet"),
    path("meetings/<int:meeting_id>/word/", word, name="meeting-word"),
]
