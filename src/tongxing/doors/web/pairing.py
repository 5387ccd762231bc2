"""Pairing, deciding: proposing, confirming, choosing otherwise, adding a second helper, ending."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.care.pairing import actions, queries, words
from tongxing.care.pairing.models import Exclusion, Pair, Pin, Proposal, VisitWish
from tongxing.doors.web.page import page, say
from tongxing.doors.web.pairing_fixed import number, staff_of, student_of, term_of
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import note_offence_checks
from tongxing.ground.people.models import Staff, Student


class CheckForm(forms.Form):
    """Which colleagues' offence-record check is noted, with which date."""

    checked_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}), label=gettext_lazy("Checked on")
    )

    def __init__(self, *args: Any, staff: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"] = forms.ModelMultipleChoiceField(
            staff, error_messages={"required": _("Please choose at least one colleague.")}
        )


class EndForm(forms.Form):
    reason = forms.ChoiceField(
        choices=[choice for choice in Pair.Ended.choices if choice[0] != Pair.Ended.NEW_ROLE],
        label=gettext_lazy("Why it ends"),
    )
    note = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Note (only the people who manage pairing read it)"),
    )


class AlsoForm(forms.Form):
    subject = forms.CharField(
        max_length=30, required=False, label=gettext_lazy("In which subject, if in one")
    )

    def __init__(self, *args: Any, rows: list[words.Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helper"] = forms.ChoiceField(
            choices=[(str(row.staff.pk), words.choice_label(row)) for row in rows], label=_("Who also helps")
        )


@page(can="pairing.manage")
@require_POST
def propose(request: Any) -> HttpResponse:
    done = actions.propose(request.actor, school=request.school, term=term_of(request))
    say(
        request,
        ngettext("%(n)d pair is proposed.", "%(n)d pairs are proposed.", done.pairs) % {"n": done.pairs},
    )
    return redirect("pairing")


@page(can="pairing.manage")
@require_POST
def confirm(request: Any) -> HttpResponse:
    """One proposal, or all of them when none is named."""
    if chosen := request.POST.get("proposal"):
        visible = Proposal.objects.visible_to(request.actor).filter(school=request.school)
        pair = actions.confirm(request.actor, proposal=get_object_or_404(visible, pk=number(chosen)))
        say(request, _starts(pair))
    else:
        only = {number(one) for one in request.POST.getlist("only")} or None
        done = actions.confirm_all(request.actor, school=request.school, only=only)
        n = len(done.pairs)
        say(
            request,
            ngettext("%(n)d pair starts today. Thank you.", "%(n)d pairs start today. Thank you.", n)
            % {"n": n},
        )
    return redirect("pairing")


@page(can="pairing.manage")
def checks(request: Any) -> HttpResponse:
    if request.method != "POST":
        return redirect("pairing")
    form = CheckForm(request.POST, staff=staff_of(request))
    if not form.is_valid():
        raise Refused(" ".join(message for errors in form.errors.values() for message in errors))
    note_offence_checks(request.actor, school=request.school, **form.cleaned_data)
    say(request, _("Noted. Thank you."))
    return redirect("pairing")


@page(can="pairing.manage")
def student(request: Any, student_id: int) -> HttpResponse:
    """Who accompanies this student: everyone who could, with reasons; choosing starts or swaps the pair."""
    found = student_of(request, student_id)
    open_pairs = Pair.objects.visible_to(request.actor).open().filter(student=found).select_related("helper")
    pair = open_pairs.of_first_helpers().first()
    if request.method == "POST":
        _check_unchanged(request, pair)
        helper = get_object_or_404(staff_of(request), pk=number(request.POST.get("helper", "")))
        if pair:
            after = actions.swap(request.actor, pair=pair, helper=helper)
        else:
            after = actions.choose_other(request.actor, student=found, helper=helper)
        say(request, _starts(after))
        return redirect("pairing")
    shown = _candidates(request, found, pair) | {"pairs": open_pairs.order_by("-role", "starts_on", "pk")}
    return render(request, "pairing/student.html", shown)


@page(can="pairing.manage")
def also(request: Any, student_id: int) -> HttpResponse:
    """Somebody else also helps this student, perhaps in one subject."""
    found = student_of(request, student_id)
    rows = [
        words.choice(row)
        for row in queries.candidates(request.actor, found, request.term, today())
        if row.can_start
    ]
    form = AlsoForm(request.POST or None, rows=rows)
    if form.is_valid():
        helper = get_object_or_404(staff_of(request), pk=number(form.cleaned_data["helper"]))
        pair = actions.add_helper(
            request.actor, student=found, helper=helper, subject=form.cleaned_data["subject"]
        )
        say(request, _starts(pair))
        return redirect("pairing-student", student_id)
    return render(request, "pairing/also.html", {"student": found, "form": form, "rows": rows})


@page(can="pairing.manage")
@require_POST
def make_first(request: Any, pair_id: int) -> HttpResponse:
    visible = Pair.objects.visible_to(request.actor).filter(school=request.school)
    pair = actions.make_first(request.actor, pair=get_object_or_404(visible, pk=pair_id))
    say(request, _("The promises are asked of %(helper)s from today.") % {"helper": pair.helper.name})
    return redirect("pairing-student", pair.student_id)


def _check_unchanged(request: Any, pair: Pair | None) -> None:
    """What the page showed still holds: nobody's choice is swapped away from a page that is out of date."""
    now = str(pair.pk) if pair else ""
    if request.POST.get("now", now) != now:
        raise Refused(_("Somebody has decided about this student in the meantime. Please look again."))


def _candidates(request: Any, student: Student, pair: Pair | None) -> dict[str, Any]:
    rows = queries.candidates(request.actor, student, request.term, today())
    excluded = Exclusion.objects.visible_to(request.actor).filter(student=student)
    return {
        "student": student,
        "pair": pair,
        "why": words.speaking(pair.explanation.get("reasons", ())) if pair else "",
        "rows": [words.choice(row) for row in rows if not row.exclusion and not row.is_current],
        "exclusions": excluded.select_related("helper").order_by("pk"),
        "pin": Pin.objects.visible_to(request.actor).filter(student=student).select_related("helper").first(),
        "wish": VisitWish.objects.visible_to(request.actor).open().filter(student=student).first(),
    }


@page(can="pairing.manage")
def end(request: Any, pair_id: int) -> HttpResponse:
    visible = Pair.objects.visible_to(request.actor).filter(school=request.school)
    pair = get_object_or_404(visible.select_related("student", "helper"), pk=pair_id)
    form = EndForm(request.POST or None)
    if form.is_valid():
        actions.end_pair(request.actor, pair=pair, **form.cleaned_data)
        say(request, _("The pair has ended. Thank you to %(helper)s.") % {"helper": pair.helper.name})
        return redirect("pairing")
    return render(request, "pairing/end.html", {"form": form, "pair": pair})


def _starts(pair: Pair) -> str:
    return _("From today %(helper)s accompanies %(student)s.") % {
        "helper": pair.helper.name,
        "student": pair.student.name,
    }


urlpatterns = [
    path("pairing/propose/", propose, name="pairing-propose"),
    path("pairing/confirm/", confirm, name="pairing-confirm"),
    path("pairing/checks/", checks, name="pairing-checks"),
    path("pairing/students/<int:student_id>/", student, name="pairing-student"),
    path("pairing/students/<int:student_id>/also/", also, name="pairing-also"),
    path("pairing/pairs/<int:pair_id>/end/", end, name="pairing-end"),
    path("pairing/pairs/<int:pair_id>/first/", make_first, name="pairing-first"),
]
