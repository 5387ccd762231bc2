"""Pairing, what is fixed beforehand: pins, vetoes, wishes for visits, and what one helper can take."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.pairing import actions, fixed_actions, queries
from tongxing.care.pairing.models import Exclusion, Pin, Proposal, VisitWish
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff, Student, Term


class ExcludeForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        label=gettext_lazy("Why these two do not suit (only the people who manage pairing read it)"),
    )


class PinForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        label=gettext_lazy("Why these two belong together (only the people who manage pairing read it)"),
    )


class WishForm(forms.Form):
    reason = forms.CharField(
        max_length=200, label=gettext_lazy("Who asked, and why (only the people who manage pairing read it)")
    )


class HelperForm(forms.Form):
    capacity = forms.IntegerField(
        min_value=0,
        max_value=fixed_actions.MOST_STUDENTS,
        label=gettext_lazy("How many students this colleague can accompany"),
    )
    dormitory = forms.CharField(
        max_length=40,
        required=False,
        label=gettext_lazy("Dormitory in this colleague's care"),
        help_text=gettext_lazy("A house or a room, as it stands with the students"),
    )


@page(can="pairing.manage")
def fixed(request: Any) -> HttpResponse:
    """Everything fixed beforehand, in one place."""
    rows = [
        model.objects.visible_to(request.actor)
        .filter(school=request.school)
        .select_related("student", "helper")
        for model in (Pin, Exclusion)
    ]
    wishes = VisitWish.objects.visible_to(request.actor).open().filter(school=request.school)
    found = {"pins": rows[0].order_by("-pk"), "exclusions": rows[1].order_by("-pk")}
    return render(
        request, "pairing/fixed.html", found | {"wishes": wishes.select_related("student").order_by("-pk")}
    )


@page(can="pairing.manage")
def exclude(request: Any, student_id: int, staff_id: int) -> HttpResponse:
    found, helper = student_of(request, student_id), get_object_or_404(staff_of(request), pk=staff_id)
    form = ExcludeForm(request.POST or None)
    if form.is_valid() and _done(form, fixed_actions.exclude, request, student=found, helper=helper):
        return again(request, _("Noted; the two will not be proposed again."))
    return render(request, "pairing/exclude.html", {"form": form, "student": found, "helper": helper})


@page(can="pairing.manage")
@require_POST
def allow(request: Any, exclusion_id: int) -> HttpResponse:
    visible = Exclusion.objects.visible_to(request.actor).filter(school=request.school)
    fixed_actions.allow_again(request.actor, exclusion=get_object_or_404(visible, pk=exclusion_id))
    return again(request, _("They may be proposed again."))


@page(can="pairing.manage")
def pin(request: Any, student_id: int, staff_id: int) -> HttpResponse:
    found, helper = student_of(request, student_id), get_object_or_404(staff_of(request), pk=staff_id)
    form = PinForm(request.POST or None)
    if form.is_valid() and _done(form, fixed_actions.pin, request, student=found, helper=helper):
        return again(request, _("Noted; these two stay together in every proposal."))
    return render(request, "pairing/pin.html", {"form": form, "student": found, "helper": helper})


@page(can="pairing.manage")
@require_POST
def unpin(request: Any, pin_id: int) -> HttpResponse:
    visible = Pin.objects.visible_to(request.actor).filter(school=request.school)
    fixed_actions.unpin(request.actor, pin=get_object_or_404(visible, pk=pin_id))
    return again(request, _("The weights decide again about this student."))


@page(can="pairing.manage")
def wish(request: Any, student_id: int) -> HttpResponse:
    found = student_of(request, student_id)
    form = WishForm(request.POST or None)
    if form.is_valid() and _done(form, fixed_actions.wish_visits, request, student=found):
        return again(request, _("Noted; the proposals take it into account."))
    return render(request, "pairing/wish.html", {"form": form, "student": found})


@page(can="pairing.manage")
@require_POST
def end_wish(request: Any, wish_id: int) -> HttpResponse:
    visible = VisitWish.objects.visible_to(request.actor).filter(school=request.school)
    fixed_actions.end_wish(request.actor, wish=get_object_or_404(visible, pk=wish_id))
    return again(request, _("Noted; the wish holds no longer."))


@page(can="pairing.manage")
def helper(request: Any, staff_id: int) -> HttpResponse:
    """One colleague: whom they accompany, how many they can take, what is fixed."""
    found = get_object_or_404(staff_of(request), pk=staff_id)
    stands = {"capacity": found.pairing_capacity, "dormitory": found.dormitory}
    form = HelperForm(request.POST or None, initial=stands)
    if form.is_valid():
        fixed_actions.set_helper(request.actor, helper=found, **form.cleaned_data)
        say(request, _("Saved."))
        return redirect("pairing-helper", staff_id)
    here = Student.Status.ENROLLED
    visible = {"school": request.school, "helper": found, "student__status": here}
    return render(
        request,
        "pairing/helper.html",
        {
            "helper": found,
            "form": form,
            "pairs": queries.pairs(request.actor, request.school).filter(helper=found),
            "pins": Pin.objects.visible_to(request.actor).filter(**visible).select_related("student"),
            "exclusions": Exclusion.objects.visible_to(request.actor)
            .filter(**visible)
            .select_related("student"),
        },
    )


def _done(form: forms.Form, action: Any, request: Any, **about: Any) -> bool:
    """The action with the form's answers; a refusal is shown beside its field."""
    try:
        action(request.actor, **about, **form.cleaned_data)
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    return True


def again(request: Any, said: str) -> HttpResponse:
    """Calculate anew where proposals are open, so that the board never shows outdated ones."""
    if (
        request.term
        and Proposal.objects.visible_to(request.actor).open().filter(school=request.school).exists()
    ):
        actions.propose(request.actor, school=request.school, term=request.term)
        said = " ".join([said, _("The proposals have been calculated anew.")])
    say(request, said)
    return redirect("pairing")


def number(text: str) -> int:
    if not text.isdecimal():
        raise Http404
    return int(text)


def term_of(request: Any) -> Term:
    if request.term is None:
        raise Refused(_("Please set up the school year and its terms first."))
    return request.term


def student_of(request: Any, student_id: int) -> Student:
    visible = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    return get_object_or_404(visible.with_class(today()), pk=student_id)


def staff_of(request: Any) -> QuerySet[Staff]:
    return Staff.objects.visible_to(request.actor).filter(school=request.school)


urlpatterns = [
    path("pairing/fixed/", fixed, name="pairing-fixed"),
    path("pairing/students/<int:student_id>/exclude/<int:staff_id>/", exclude, name="pairing-exclude"),
    path("pairing/exclusions/<int:exclusion_id>/allow/", allow, name="pairing-allow"),
    path("pairing/students/<int:student_id>/pin/<int:staff_id>/", pin, name="pairing-pin"),
    path("pairing/pins/<int:pin_id>/undo/", unpin, name="pairing-unpin"),
    path("pairing/students/<int:student_id>/wish/", wish, name="pairing-wish"),
    path("pairing/wishes/<int:wish_id>/end/", end_wish, name="pairing-end-wish"),
    path("pairing/helpers/<int:staff_id>/", helper, name="pairing-helper"),
]
