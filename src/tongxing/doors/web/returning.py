"""Bringing a child back to school: what waits, one case step by step, and the monthly table."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.attendance_watch import months
from tongxing.care.attendance_watch.actions import cases
from tongxing.care.attendance_watch.actions.cases import LONGEST, Told
from tongxing.care.attendance_watch.models import CaseStep, ReturnCase
from tongxing.care.attendance_watch.models_absence import FOLLOW, MANAGE
from tongxing.care.attendance_watch.queries.cases import rested, steps_of, waiting, where_to
from tongxing.care.attendance_watch.queries.today import rates
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import staff_of
from tongxing.paper.documents.attendance import month_file
from tongxing.paper.documents.table_file import KINDS

from .attendance import BANDS, TwoColleagues, colleagues
from .contact_forms import DayInput
from .documents import attachment
from .jinja import month_name
from .page import apply_refusal, page, say

LOOK = {"suspected": "late", "checked": "due", "bringing": "due", "closed": "rest", "done": "done"}
RESTED_SHOWN = 30


class FoundForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    found = forms.CharField(
        label=gettext_lazy("What you saw or heard"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )


class StepForm(TwoColleagues):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        choices=[(kind, CaseStep.Kind(kind).label) for kind in cases.LEADS_TO],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    found = forms.CharField(
        label=gettext_lazy("What was found"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )
    agreed = forms.CharField(
        label=gettext_lazy("What was agreed"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    next_on = forms.DateField(label=gettext_lazy("Looked at next on"), widget=DayInput())
    field_order = ("client_id", "kind", "first", "second", "on", "found", "agreed", "next_on")

    def __init__(self, data: Any, request: Any) -> None:
        first = {"client_id": uuid4(), "on": clock.today(), "first": staff_of(request.actor.user_id)}
        super().__init__(data, initial=first, auto_id="step-%s")
        self.choose_from(colleagues(request))

    @property
    def told(self) -> Told:
        said = {name: self.cleaned_data[name] for name in ("found", "agreed", "on", "next_on")}
        return Told(**said, people=self.two)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=[(one, one.label) for one in ReturnCase.Outcome if one],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=gettext_lazy("Since which day"), widget=DayInput())
    found = forms.CharField(
        label=gettext_lazy("What shows it"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )
    to_school = forms.CharField(
        label=gettext_lazy("The other school, if there is one"), max_length=80, required=False
    )
    confirmed_on = forms.DateField(
        label=gettext_lazy("Confirmed there on"), required=False, widget=DayInput()
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"on": clock.today()}, auto_id="close-%s")


class SignForm(forms.Form):
    confirmed_on = forms.DateField(
        label=pgettext_lazy("return case", "The other school confirmed it on"),
        required=False,
        widget=DayInput(),
    )


@page(can=FOLLOW)
def all_cases(request: Any) -> HttpResponse:
    """What waits first; who left without anybody knowing where to; what rests comes last."""
    leads = request.actor.may(MANAGE)
    context = {
        "groups": waiting(request.actor, request.school),
        "rested": rested(request.actor, request.school)[:RESTED_SHOWN],
        "where_to": where_to(request.actor, request.school) if leads else [],
        "month": clock.today().replace(day=1) if leads else None,
        "today": clock.today(),
        "look": LOOK,
    }
    return render(request, "returning/list.html", context)


def _case(request: Any, case_id: int) -> ReturnCase:
    mine = ReturnCase.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("student__key", "school", "closed_by"), pk=case_id)


@page(can=FOLLOW)
def case(request: Any, case_id: int) -> HttpResponse:
    return _show(request, _case(request, case_id))


def _show(request: Any, found: ReturnCase, **forms_: forms.Form) -> HttpResponse:
    term = request.term
    rate = rates(request.school, term, [found.student_id])[found.student_id] if term else None
    context = {
        "case": found,
        "look": LOOK,
        "steps": steps_of(request.actor, found),
        "rate": rate,
        "bands": BANDS,
        "may_sign": request.actor.may(MANAGE) and found.closed_by_id != request.actor.user_id,
        "step_form": forms_.get("step_form") or StepForm(None, request),
        "close_form": forms_.get("close_form") or CloseForm(None),
        "sign_form": forms_.get("sign_form") or SignForm(auto_id="sign-%s"),
        "again_form": forms_.get("again_form") or FoundForm(auto_id="again-%s"),
    }
    return render(request, "returning/case.html", context, status=422 if forms_ else 200)


def _sent(request: Any, found: ReturnCase, name: str, form: Any, act: Any, words: str) -> HttpResponse:
    """What every step of a case has in common: done and said, or the form again with its sentence."""
    if form.is_valid():
        try:
            act()
        except Refused as refusal:
            refusal.field = {"people": "second"}.get(refusal.field or "", refusal.field)
            apply_refusal(form, refusal)
        else:
            say(request, words)
            return redirect("return-case", found.pk)
    return _show(request, found, **{name: form})


@page(can=FOLLOW)
@require_POST
def step(request: Any, case_id: int) -> HttpResponse:
    found, form = _case(request, case_id), StepForm(request.POST, request)

    def act() -> None:
        said = form.cleaned_data
        cases.note_step(
            request.actor, case=found, kind=said["kind"], told=form.told, client_id=said["client_id"]
        )

    return _sent(request, found, "step_form", form, act, _("Noted, with day and name. Thank you."))


@page(can=FOLLOW)
@require_POST
def close(request: Any, case_id: int) -> HttpResponse:
    found, form = _case(request, case_id), CloseForm(request.POST)
    words = _("Noted. A second person looks at it before it rests.")
    return _sent(
        request,
        found,
        "close_form",
        form,
        lambda: cases.close(request.actor, case=found, **form.cleaned_data),
        words,
    )


@page(can=MANAGE)
@require_POST
def sign(request: Any, case_id: int) -> HttpResponse:
    found, form = _case(request, case_id), SignForm(request.POST, auto_id="sign-%s")
    return _sent(
        request,
        found,
        "sign_form",
        form,
        lambda: cases.sign(request.actor, case=found, **form.cleaned_data),
        _("Looked at again: it rests now. Thank you."),
    )


@page(can=FOLLOW)
@require_POST
def again(request: Any, case_id: int) -> HttpResponse:
    found = _case(request, case_id)
    form = FoundForm({"client_id": uuid4(), "found": request.POST.get("found", "")}, auto_id="again-%s")
    return _sent(
        request,
        found,
        "again_form",
        form,
        lambda: cases.take_up_again(request.actor, case=found, found=form.cleaned_data["found"]),
        _("Taken up again."),
    )


@page(can=FOLLOW)
def new(request: Any, student_id: int) -> HttpResponse:
    mine = Student.objects.visible_to(request.actor).filter(school=request.school)
    student = get_object_or_404(mine.select_related("key", "school"), pk=student_id)
    request.actor.require(FOLLOW, school_id=student.school_id, student_id=student.pk)
    form = FoundForm(request.POST or None, initial={"client_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            opened = cases.open_case(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("return-case", opened.pk)
    context = {"student": student, "form": form}
    return render(request, "returning/new.html", context, status=422 if form.errors else 200)


def _month(request: Any, month: str) -> datetime.date:
    try:
        found = datetime.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    if found not in months.started(request.school, clock.today()):
        raise Http404
    return found


@page(can=MANAGE)
def month(request: Any, month: str) -> HttpResponse:
    """The table of a month; a figure that is tapped shows its children below."""
    chosen = _month(request, month)
    table = months.table(request.actor, request.school, chosen)
    code, class_id = request.GET.get("show", ""), request.GET.get("class", "")
    label = next((label for known, label, _how in months.FIGURES if known == code), "")
    ids = table.ids(code, int(class_id) if class_id.isdecimal() else None) if label else []
    context = {
        "table": table,
        "figures": months.FIGURES,
        "months": months.started(request.school, clock.today()),
        "chosen": chosen,
        "name": month_name(chosen),
        "shown": label,
        "students": Student.objects.visible_to(request.actor).filter(pk__in=ids).order_by("pinyin", "pk"),
    }
    return render(request, "returning/month.html", context)


@page(can=MANAGE)
@require_POST
def freeze(request: Any, month: str) -> HttpResponse:
    months.freeze(request.actor, school=request.school, month=_month(request, month))
    say(request, _("The figures of this month stay as they are now."))
    return redirect("return-month", month)


@page(can=MANAGE)
def month_excel(request: Any, month: str) -> HttpResponse:
    """As Excel, or as `make` says."""
    chosen = _month(request, month)
    kind = request.GET.get("make", "xlsx")
    if kind not in KINDS:
        raise Http404
    file = month_file(request.actor, school=request.school, month=chosen, kind=kind)
    name = " ".join([request.school.name, month_name(chosen), _("Bringing children back")])
    return attachment(file, name, kind)


urlpatterns = [
    path("returning/", all_cases, name="return-cases"),
    path("returning/<int:case_id>/", case, name="return-case"),
    path("returning/<int:case_id>/step/", step, name="return-step"),
    path("returning/<int:case_id>/close/", close, name="return-close"),
    path("returning/<int:case_id>/sign/", sign, name="return-sign"),
    path("returning/<int:case_id>/again/", again, name="return-again"),
    path("returning/months/<str:month>/", month, name="return-month"),
    path("returning/months/<str:month>/freeze/", freeze, name="return-month-freeze"),
    path("returning/months/<str:month>/excel/", month_excel, name="return-month-excel"),
    path("students/<int:student_id>/returning/", new, name="return-new"),
]
