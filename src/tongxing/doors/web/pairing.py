"""Pairing: the board, confirming, choosing otherwise, ruling out, ending, the weights."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongxing.care.pairing import actions, facts, queries, words
from tongxing.care.pairing.models import Exclusion, Pair, Proposal
from tongxing.care.pairing.rules import Weights
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import note_offence_checks
from tongxing.ground.people.models import Staff, Student, Term


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
    reason = forms.ChoiceField(choices=Pair.Ended.choices, label=gettext_lazy("Why it ends"))
    note = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Note (only the people who manage pairing read it)"),
    )


class ExcludeForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        label=gettext_lazy("Why these two do not suit (only the people who manage pairing read it)"),
    )


class WeightsForm(forms.Form):
    def __init__(self, *args: Any, weights: Weights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Weights.names():
            self.fields[name] = forms.IntegerField(
                min_value=0, max_value=1000, initial=getattr(weights, name), label=words.LABELS[name]
            )


@page(can="pairing.view")
def board(request: Any) -> HttpResponse:
    return render(request, "pairing/board.html", _board(request))


def _board(request: Any) -> dict[str, Any]:
    coverage = queries.coverage(request.actor, request.school, today())
    proposals = list(queries.proposals(request.actor, request.school))
    proposed = {one.student_id for one in proposals}
    why = queries.why_waiting(request.actor, request.school)
    return {
        "coverage": coverage,
        "proposals": [words.line(one) for one in proposals],
        "ready": sum(bool(one.helper and one.helper.offence_check_on) for one in proposals),
        "unproposed": [(one, why.get(one.pk, "")) for one in coverage.waiting if one.pk not in proposed],
        "missing": list(queries.missing_checks(request.actor, request.school)),
        "pairs": list(queries.pairs(request.actor, request.school)),
        "today": today(),
        "manages": request.actor.may("pairing.manage", school_id=request.school.pk),
    }


@page(can="pairing.manage")
@require_POST
def propose(request: Any) -> HttpResponse:
    done = actions.propose(request.actor, school=request.school, term=_term(request))
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
        pair = actions.confirm(request.actor, proposal=get_object_or_404(visible, pk=_number(chosen)))
        say(request, _starts(pair))
    else:
        done = actions.confirm_all(request.actor, school=request.school)
        n = len(done.pairs)
        say(
            request,
            ngettext("%(n)d pair starts today. Thank you.", "%(n)d pairs start today. Thank you.", n)
            % {"n": n},
        )
    return redirect("pairing")


@page(can="pairing.manage")
@require_POST
def checks(request: Any) -> HttpResponse:
    form = CheckForm(request.POST, staff=_staff(request))
    if not form.is_valid():
        raise Refused(" ".join(message for errors in form.errors.values() for message in errors))
    note_offence_checks(request.actor, school=request.school, **form.cleaned_data)
    say(request, _("Noted. Thank you."))
    return redirect("pairing")


@page(can="pairing.manage")
def student(request: Any, student_id: int) -> HttpResponse:
    """Who accompanies this student: everyone who could, with reasons; choosing starts or swaps the pair."""
    found = _student(request, student_id)
    pair = (
        Pair.objects.visible_to(request.actor).open().filter(student=found).select_related("helper").first()
    )
    if request.method == "POST":
        _check_unchanged(request, pair)
        helper = get_object_or_404(_staff(request), pk=_number(request.POST.get("helper", "")))
        if pair:
            after = actions.swap(request.actor, pair=pair, helper=helper)
        else:
            after = actions.choose_other(request.actor, student=found, helper=helper)
        say(request, _starts(after))
        return redirect("pairing")
    return render(request, "pairing/student.html", _candidates(request, found, pair))


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
    }


@page(can="pairing.manage")
def exclude(request: Any, student_id: int, staff_id: int) -> HttpResponse:
    found, helper = _student(request, student_id), get_object_or_404(_staff(request), pk=staff_id)
    form = ExcludeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.exclude(request.actor, student=found, helper=helper, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return _again(request, _("Noted; the two will not be proposed again."))
    return render(request, "pairing/exclude.html", {"form": form, "student": found, "helper": helper})


@page(can="pairing.manage")
@require_POST
def allow(request: Any, exclusion_id: int) -> HttpResponse:
    visible = Exclusion.objects.visible_to(request.actor).filter(school=request.school)
    actions.allow_again(request.actor, exclusion=get_object_or_404(visible, pk=exclusion_id))
    return _again(request, _("They may be proposed again."))


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


@page(can="pairing.manage")
def weights(request: Any) -> HttpResponse:
    form = WeightsForm(request.POST or None, weights=facts.weights_of(request.school))
    if form.is_valid():
        actions.set_weights(request.actor, school=request.school, points=form.cleaned_data)
        return _again(request, _("Saved."))
    return render(request, "pairing/weights.html", {"form": form, "standard": asdict(Weights())})


def _again(request: Any, said: str) -> HttpResponse:
    """Calculate anew where proposals are open, so that the board never shows outdated ones."""
    if (
        request.term
        and Proposal.objects.visible_to(request.actor).open().filter(school=request.school).exists()
    ):
        actions.propose(request.actor, school=request.school, term=request.term)
        said = f"{said} {_('The proposals have been calculated anew.')}"
    say(request, said)
    return redirect("pairing")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Http404
    return int(text)


def _term(request: Any) -> Term:
    if request.term is None:
        raise Refused(_("Please set up the school year and its terms first."))
    return request.term


def _student(request: Any, student_id: int) -> Student:
    visible = Student.objects.visible_to(request.actor, "care").filter(school=request.school)
    return get_object_or_404(visible.with_class(today()), pk=student_id)


def _staff(request: Any) -> QuerySet[Staff]:
    return Staff.objects.visible_to(request.actor).filter(school=request.school)


def _starts(pair: Pair) -> str:
    return _("From today %(helper)s accompanies %(student)s.") % {
        "helper": pair.helper.name,
        "student": pair.student.name,
    }


urlpatterns = [
    path("pairing/", board, name="pairing"),
    path("pairing/propose/", propose, name="pairing-propose"),
    path("pairing/confirm/", confirm, name="pairing-confirm"),
    path("pairing/checks/", checks, name="pairing-checks"),
    path("pairing/weights/", weights, name="pairing-weights"),
    path("pairing/students/<int:student_id>/", student, name="pairing-student"),
    path("pairing/students/<int:student_id>/exclude/<int:staff_id>/", exclude, name="pairing-exclude"),
    path("pairing/exclusions/<int:exclusion_id>/allow/", allow, name="pairing-allow"),
    path("pairing/pairs/<int:pair_id>/end/", end, name="pairing-end"),
]
