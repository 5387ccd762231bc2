"""Proxy parents and volunteers: who is still missing one, who looks after whom, checks before the start."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.activities.queries import of_volunteer
from tongxing.care.pairing import proxies
from tongxing.care.pairing.gaps import without_second_carer
from tongxing.care.pairing.models import ProxyParent, Volunteer
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Staff

from .around import student_of
from .contact_forms import DayInput
from .fields import offer
from .page import apply_refusal, page, say

CAN = "pairing.manage"


class VolunteerForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    comes_from = forms.CharField(
        label=gettext_lazy("From where"),
        max_length=80,
        help_text=gettext_lazy("For example the village committee, a college, retired teacher."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)


class CheckForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Day of the check"),
        widget=DayInput(),
        help_text=gettext_lazy("Only after you have seen the answer of the police or the education office."),
    )


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=gettext_lazy("What do you need it for? This is logged."), max_length=200)


class ProxyForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    person = forms.ChoiceField(label=gettext_lazy("Who"))
    agreed_on = forms.DateField(label=gettext_lazy("Agreement signed on"), widget=DayInput())
    rules_read = forms.BooleanField(label=gettext_lazy("We read these rules together"), required=False)

    def __init__(self, data: Any, people: dict[str, Staff | Volunteer]) -> None:
        super().__init__(data, initial={"client_id": uuid4()})
        self.people = people
        offer(self, "person", [("", "—"), *((code, _named(one)) for code, one in people.items())])

    def clean_person(self) -> Staff | Volunteer:
        return self.people[self.cleaned_data["person"]]


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it ends"), choices=ProxyParent.Ended.choices, widget=forms.RadioSelect
    )


def _named(one: Staff | Volunteer) -> str:
    where = f"{one.name} · {one.comes_from}" if isinstance(one, Volunteer) else one.name
    return where if one.offence_check_on else _("%(name)s (check not noted yet)") % {"name": where}


def people(request: Any) -> dict[str, Staff | Volunteer]:
    """Volunteers first, then colleagues, by the code that the form sends."""
    volunteers = Volunteer.objects.visible_to(request.actor).present().filter(school=request.school)
    staff = Staff.objects.visible_to(request.actor).active(clock.today()).filter(school=request.school)
    found: dict[str, Staff | Volunteer] = {f"v{one.pk}": one for one in volunteers.order_by("name", "pk")}
    return found | {f"s{one.pk}": one for one in staff.order_by("pinyin", "pk")}


@page(can=CAN)
def overview(request: Any) -> HttpResponse:
    found = ProxyParent.objects.visible_to(request.actor).filter(school=request.school).with_names()
    rows = sorted(found, key=lambda one: (one.student.pinyin, -one.pk))
    volunteers = Volunteer.objects.visible_to(request.actor).present().filter(school=request.school)
    context = {
        "gaps": without_second_carer(request.actor, request.school, clock.today()),
        "now": [one for one in rows if one.until is None],
        "before": [one for one in rows if one.until],
        "volunteers": volunteers.order_by("name", "pk"),
    }
    return render(request, "around/proxies.html", context)


@page(can=CAN, gives_back=True)
def add_volunteer(request: Any) -> HttpResponse:
    form = VolunteerForm(request.POST or None, initial={"client_id": uuid4()})
    if form.is_valid():
        try:
            added = proxies.add_volunteer(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s is entered. Next the check.") % {"name": added.name})
            return redirect("volunteer", added.pk)
    return render(request, "around/volunteer_new.html", {"form": form}, status=422 if form.errors else 200)


def _volunteer(request: Any, volunteer_id: int) -> Volunteer:
    mine = Volunteer.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("offence_check_by"), pk=volunteer_id)


@page(can=CAN)
def volunteer(request: Any, volunteer_id: int) -> HttpResponse:
    """One volunteer; noting the check (POST)."""
    found = _volunteer(request, volunteer_id)
    form = CheckForm(request.POST or None)
    if form.is_valid():
        try:
            proxies.note_check(request.actor, volunteer=found, on=form.cleaned_data["on"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The check is noted. %(name)s may start now.") % {"name": found.name})
            return redirect("volunteer", found.pk)
    return _show(request, found, form=form)


def _show(request: Any, found: Volunteer, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"form": CheckForm(None), "reveal": PurposeForm(None), "number": ""} | more
    rows = ProxyParent.objects.visible_to(request.actor).filter(volunteer=found).with_names()
    helps = of_volunteer(request.actor, found)
    context |= {"volunteer": found, "rows": rows.order_by("-pk"), "helps": helps}
    wrong = context["form"].errors or context["reveal"].errors
    return render(request, "around/volunteer.html", context, status=422 if wrong else status)


@page(can=CAN)
@require_POST
def reveal(request: Any, volunteer_id: int) -> HttpResponse:
    """The number, once, after saying what for; the purpose is logged."""
    found, form, number = _volunteer(request, volunteer_id), PurposeForm(request.POST), ""
    if form.is_valid():
        try:
            number = proxies.reveal_phone(request.actor, volunteer=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
    return _show(request, found, reveal=form, number=number)


@page(can=CAN)
@require_POST
def end_volunteer(request: Any, volunteer_id: int) -> HttpResponse:
    found = _volunteer(request, volunteer_id)
    proxies.end_volunteer(request.actor, volunteer=found)
    say(request, _("%(name)s comes no longer and looks after no child from now on.") % {"name": found.name})
    return redirect("proxies")


@page(can=CAN, gives_back=True)
def start(request: Any, student_id: int) -> HttpResponse:
    """Somebody begins to look after this child; what is missing is said before and beside its field."""
    student = student_of(request, student_id, CAN)
    form = ProxyForm(request.POST if request.method == "POST" else None, people(request))
    if request.method == "POST" and form.is_valid():
        try:
            proxy = proxies.start_proxy(request.actor, student=student, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            words = {"name": proxy.name, "child": student.name}
            say(request, _("From today %(name)s looks after %(child)s too.") % words)
            return redirect("proxies")
    agrees = student.pk in with_consent([student.pk], proxies.CONSENT)
    context = {"student": student, "form": form, "agrees": agrees, "rules": proxies.RULES}
    return render(request, "around/proxy_start.html", context, status=422 if form.errors else 200)


@page(can=CAN)
def end(request: Any, proxy_id: int) -> HttpResponse:
    """It ends, with its reason; with `resume` the way back."""
    mine = ProxyParent.objects.visible_to(request.actor).filter(school=request.school).with_names()
    proxy = get_object_or_404(mine, pk=proxy_id)
    if "resume" in request.POST:
        proxies.resume_proxy(request.actor, proxy=proxy)
        say(request, _("%(name)s goes on.") % {"name": proxy.name})
        return redirect("proxies")
    form = EndForm(request.POST or None)
    if form.is_valid():
        proxies.end_proxy(request.actor, proxy=proxy, **form.cleaned_data)
        back = f"{reverse('proxy-end', args=[proxy.pk])}?resume=1"
        say(request, _("Ended today. Thank you to %(name)s.") % {"name": proxy.name}, undo=back)
        return redirect("proxies")
    return render(
        request, "around/proxy_end.html", {"proxy": proxy, "form": form}, status=422 if form.errors else 200
    )


urlpatterns = [
    path("around/proxies/", overview, name="proxies"),
    path("around/volunteers/new/", add_volunteer, name="volunteer-new"),
    path("around/volunteers/<int:volunteer_id>/", volunteer, name="volunteer"),
    path("around/volunteers/<int:volunteer_id>/phone/", reveal, name="volunteer-reveal"),
    path("around/volunteers/<int:volunteer_id>/end/", end_volunteer, name="volunteer-end"),
    path("students/<int:student_id>/proxy/", start, name="proxy-start"),
    path("around/proxies/<int:proxy_id>/end/", end, name="proxy-end"),
]
