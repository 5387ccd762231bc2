"""The colleagues: the list, what is known about one, the offence-record check, the last day."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.pairing.models import Pair
from tongxing.care.programme.measures import held_by
from tongxing.care.requests.leavers import see_to_leavers, waiting_with
from tongxing.ground.access.leaving import leave, stay
from tongxing.ground.access.staff import edit_staff, why_not
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people import actions
from tongxing.ground.people.models import Staff
from tongxing.ground.people.models_people import Sex

from .page import apply_refusal, page, say
from .settings import DateInput

#: What the list can be narrowed to.
SHOWN = {
    "now": gettext_lazy("at the school"),
    "unchecked": gettext_lazy("check not noted"),
    "left": gettext_lazy("left"),
}


class StaffForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    code = forms.CharField(label=gettext_lazy("Staff number"), max_length=40)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex.choices, required=False)
    village = forms.CharField(
        label=gettext_lazy("Village"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Helps to find a helper who lives near a child."),
    )
    starts_on = forms.DateField(label=gettext_lazy("At the school since"), required=False, widget=DateInput())
    pairing_capacity = forms.IntegerField(
        label=gettext_lazy("How many students this colleague can look after"), min_value=0, max_value=20
    )


class CheckedForm(forms.Form):
    checked_on = forms.DateField(label=gettext_lazy("Checked on"), widget=DateInput())


class LeaveForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("Last day at this school"), widget=DateInput())


def _staff(request: Any) -> QuerySet[Staff]:
    return Staff.objects.visible_to(request.actor).filter(school=request.school).select_related("user")


@page(can="account.manage")
def staff_list(request: Any) -> HttpResponse:
    """Everyone who works here, or who is still without the check, or who has left."""
    today, shown = clock.today(), request.GET.get("shown", "now")
    rows = _staff(request)
    left = Q(ends_on__lt=today)
    rows = rows.filter(left) if shown == "left" else rows.exclude(left)
    if shown == "unchecked":
        rows = rows.filter(offence_check_on=None)
    wanted = request.GET.get("q", "").strip()
    if wanted:
        rows = rows.filter(Q(name__icontains=wanted) | Q(pinyin__startswith=wanted) | Q(initials=wanted))
    rows = rows.annotate(helping=Count("pairs", filter=Q(pairs__ends_on=None))).order_by("pinyin", "pk")
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "wanted": wanted,
        "shown": shown,
        "kinds": SHOWN,
    }
    return render(request, "staff/list.html", context)


@page(can="account.manage")
def staff_member(request: Any, staff_id: int) -> HttpResponse:
    """One colleague: correct what is known (POST)."""
    staff = get_object_or_404(_staff(request), pk=staff_id)
    form = StaffForm(
        request.POST or None, initial={name: getattr(staff, name) for name in StaffForm.base_fields}
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_staff(request.actor, staff=staff, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Saved."))
            return redirect("staff-member", staff.pk)
    return _member(request, staff, form=form)


def _member(request: Any, staff: Staff, **given: forms.Form) -> HttpResponse:
    today = clock.today()
    pairs = Pair.objects.visible_to(request.actor).open().filter(helper=staff).select_related("student")
    context = {
        "whose": staff,
        "why_not": why_not(request.actor, staff),
        "form": StaffForm(initial={name: getattr(staff, name) for name in StaffForm.base_fields}),
        "check": CheckedForm(initial={"checked_on": staff.offence_check_on or today}),
        "leaving": LeaveForm(initial={"last_day": today}),
        "pairs": pairs.order_by("student__pinyin"),
        "asked": waiting_with(request.actor, staff),
        "measures": held_by(request.actor, staff, request.term),
        "has_left": staff.ends_on is not None and staff.ends_on < today,
        "may_check": request.actor.may("pairing.manage", school_id=staff.school_id),
    }
    wrong = any(form.errors for form in given.values())
    return render(request, "staff/member.html", context | given, status=422 if wrong else 200)


@require_POST
@page(can="pairing.manage")
def note_check(request: Any, staff_id: int) -> HttpResponse:
    staff = get_object_or_404(_staff(request), pk=staff_id)
    form = CheckedForm(request.POST)
    if form.is_valid():
        try:
            actions.note_offence_checks(
                request.actor,
                school=request.school,
                staff=[staff],
                checked_on=form.cleaned_data["checked_on"],
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The check is noted."))
            return redirect("staff-member", staff.pk)
    return _member(request, staff, check=form)


@require_POST
@page(can="account.manage")
def note_leave(request: Any, staff_id: int) -> HttpResponse:
    staff = get_object_or_404(_staff(request), pk=staff_id)
    form = LeaveForm(request.POST)
    if form.is_valid():
        try:
            leave(request.actor, staff=staff, last_day=form.cleaned_data["last_day"])
            see_to_leavers()
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _(
                    "The last day is noted; every right ends with it. Thank you for handing the students over."
                ),
            )
            return redirect("staff-member", staff.pk)
    return _member(request, staff, leaving=form)


@require_POST
@page(can="account.manage")
def note_stay(request: Any, staff_id: int) -> HttpResponse:
    staff = get_object_or_404(_staff(request), pk=staff_id)
    helps = Pair.objects.open().filter(school=request.school, helper=staff).values_list("student", flat=True)
    stay(request.actor, staff=staff, helps=list(helps))
    say(request, _("The colleague is on the list again. Please look at the roles once."))
    return redirect("settings-account", staff.user_id)


urlpatterns = [
    path("settings/staff/", staff_list, name="staff"),
    path("settings/staff/<int:staff_id>/", staff_member, name="staff-member"),
    path("settings/staff/<int:staff_id>/check/", note_check, name="staff-check"),
    path("settings/staff/<int:staff_id>/leave/", note_leave, name="staff-leave"),
    path("settings/staff/<int:staff_id>/stay/", note_stay, name="staff-stay"),
]
