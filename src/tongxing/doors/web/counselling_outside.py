"""Levels of outside questionnaires, referrals outside, and what the family was told about a danger."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.counselling import actions, queries
from tongxing.care.counselling.actions import Outside
from tongxing.care.counselling.models import GuardianTold, OutsideReferral, Tool
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent

from .counselling import CAN, show
from .counselling_child import child_of
from .fields import offer
from .page import apply_refusal, page, say
from .safety import after_writing
from .settings import DateInput

#: When one usually asks again.
LATER = datetime.timedelta(days=14)
PLACES = (
    gettext_lazy("the county’s counselling centre for the young"),
    gettext_lazy("a hospital’s clinic for mental health"),
    gettext_lazy("the county hospital"),
)


class ResultForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    level = forms.ChoiceField(
        label=gettext_lazy("Which questionnaire, which level"), widget=forms.RadioSelect
    )
    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=DateInput)

    def __init__(self, *args: Any, tools: list[Tool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = {
            f"{tool.pk}:{place}": (tool, level) for tool in tools for place, level in enumerate(tool.levels)
        }
        levels = ((key, f"{tool.name} · {level}") for key, (tool, level) in self.levels.items())
        offer(self, "level", levels)


@page(can=CAN)
def result(request: Any, student_id: int) -> HttpResponse:
    """Level and day, under the family's consent; nothing else is kept."""
    found, before = child_of(request, student_id), clock.now()
    tools = list(Tool.objects.visible_to(request.actor).current().filter(school=request.school))
    form = ResultForm(
        request.POST or None, tools=tools, initial={"client_id": uuid4(), "done_on": clock.today()}
    )
    if form.is_valid():
        tool, level = form.levels[form.cleaned_data["level"]]
        told = {name: form.cleaned_data[name] for name in ("client_id", "done_on")}
        try:
            actions.note_result(request.actor, student=found, tool=tool, level=level, **told)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Level and day are noted, nothing else."))
            return after_writing(request, before) or redirect("counselling-student", found.pk)
    agreed = bool(with_consent([found.pk], "screening"))
    context = {"student": found, "form": form, "tools": tools, "agreed": agreed}
    return show(request, "result", context, wrong=bool(form.errors))


class OutsideForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    to_whom = forms.CharField(
        label=gettext_lazy("To whom"), max_length=100, widget=forms.TextInput({"list": "places"})
    )
    why = forms.CharField(
        label=gettext_lazy("Why, in words the family and the other side may read"),
        max_length=800,
        widget=forms.Textarea({"rows": 3}),
    )
    agreed_by = forms.CharField(
        label=gettext_lazy("Who of the family agreed (name and relation)"), max_length=60, required=False
    )
    agreed_on = forms.DateField(label=gettext_lazy("Agreed on"), widget=DateInput, required=False)
    urgent = forms.BooleanField(
        label=gettext_lazy("The child must be protected at once, before the family can be asked"),
        required=False,
    )
    follow_up_on = forms.DateField(label=gettext_lazy("Ask again on"), widget=DateInput)

    def told(self) -> dict[str, Any]:
        told = self.cleaned_data
        outside = Outside(told["to_whom"], told["why"], told["agreed_by"])
        rest = ("client_id", "follow_up_on", "agreed_on", "urgent")
        return {"outside": outside} | {name: told[name] for name in rest}


@page(can=CAN)
def outside_new(request: Any, student_id: int) -> HttpResponse:
    found, before = child_of(request, student_id), clock.now()
    start = {"client_id": uuid4(), "follow_up_on": clock.today() + LATER}
    form = OutsideForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            made = actions.refer_outside(request.actor, student=found, **form.told())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. It comes back on the day you chose."))
            return after_writing(request, before) or redirect("counselling-outside", made.pk)
    context = {"student": found, "form": form, "places": PLACES}
    return show(request, "outside_new", context, wrong=bool(form.errors))


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=gettext_lazy("What came back: how to be with the child at school"),
        max_length=800,
        widget=forms.Textarea({"rows": 3}),
    )


class AfterForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("How is the child now?"), max_length=800, widget=forms.Textarea({"rows": 2})
    )


@page(can=CAN)
def outside(request: Any, outside_id: int) -> HttpResponse:
    """One referral: what came back (POST), how the child is now (POST)."""
    rows = OutsideReferral.objects.visible_to(request.actor).filter(school=request.school)
    found = get_object_or_404(rows.select_related("student__key", "student__school"), pk=outside_id)
    reply, after = (
        form(request.POST if name in request.POST else None)
        for form, name in ((ReplyForm, "reply"), (AfterForm, "words"))
    )
    for form, act in ((reply, actions.note_reply), (after, actions.follow_up)):
        if form.is_valid():
            try:
                act(request.actor, referral=found, **form.cleaned_data)
            except Refused as refusal:
                apply_refusal(form, refusal)
            else:
                say(request, _("Noted."))
                return redirect("counselling-outside", found.pk)
    context = {
        "found": found,
        "texts": queries.outside_texts(found),
        "reply": reply,
        "after": after,
        "today": clock.today(),
    }
    return show(request, "outside", context, wrong=bool(reply.errors or after.errors))


class ToldForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    why_not = forms.ChoiceField(
        label=gettext_lazy("Does the family know?"),
        choices=GuardianTold.WhyNot.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("Who was told (name and relation), or why nobody"), max_length=200
    )


@page(can=CAN)
def told(request: Any, flag_id: int) -> HttpResponse:
    """Whom of the family the counsellor told about a danger she raised, or why nobody yet."""
    mine = RiskFlag.objects.raised_by(request.actor).filter(school=request.school)
    found = get_object_or_404(mine.select_related("student__key", "student__school", "responder"), pk=flag_id)
    form = ToldForm(request.POST or None, initial={"client_id": uuid4()})
    if form.is_valid():
        try:
            actions.tell_guardian(request.actor, flag=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted, with day and name. Thank you."))
            return redirect("counselling-told", found.pk)
    rows = GuardianTold.objects.visible_to(request.actor).filter(flag=found).select_related("student__key")
    context = {"flag": found, "form": form, "rows": [(row, queries.told_text(row)) for row in rows]}
    return show(request, "told", context, wrong=bool(form.errors))


urlpatterns = [
    path("students/<int:student_id>/counselling/result/", result, name="counselling-result"),
    path("students/<int:student_id>/counselling/outside/", outside_new, name="counselling-outside-new"),
    path("counselling/outside/<int:outside_id>/", outside, name="counselling-outside"),
    path("counselling/flags/<int:flag_id>/told/", told, name="counselling-told"),
]
