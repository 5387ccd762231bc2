"""The rules in words, and trying out others: what they would find is shown before anything is saved."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongxing.care.screening import actions, queries
from tongxing.care.screening.models import Round, RuleVersion
from tongxing.care.screening.preview import Preview, preview
from tongxing.care.screening.ruleset import RuleSet, default_rules
from tongxing.care.screening.wording import REASON_NAMES
from tongxing.doors.web.page import page, say
from tongxing.doors.web.screening_rule_form import RuleForm
from tongxing.ground.kernel.errors import Refused


@page(can="screening.view")
@require_safe
def rules(request: Any) -> HttpResponse:
    """How this works, with the thresholds in force, and the versions saved so far."""
    shown = {
        "rules": _in_force(request)[0],
        "versions": _versions(request).select_related("saved_by"),
        "manages": request.actor.may("screening.manage", school_id=request.school.pk),
    }
    return render(request, "screening/rules.html", shown)


@page(can="screening.manage")
@require_safe
def try_rules(request: Any) -> HttpResponse:
    """Move thresholds and see what would change; `base` starts from the defaults or from a saved version."""
    in_force, round = _in_force(request)
    base = _base(request, in_force)
    form = RuleForm(
        request.GET if "show" in request.GET else None,
        rules=base,
        compulsory=request.school.is_compulsory,
    )
    tried = (form.rule_set if form.is_valid() else None) if form.is_bound else base
    changes = tried is not None and tried.as_json() != in_force.as_json()
    shown = {"form": form, "round": round, "changes": changes}
    if changes and tried and request.term:
        shown |= _preview(request, round, in_force, tried)
    return render(request, "screening/try_rules.html", shown, status=422 if form.errors else 200)


def _preview(request: Any, round: Round | None, now: RuleSet, then: RuleSet) -> dict[str, Any]:
    found: Preview = preview(request.actor, term=request.term, round=round, now=now, then=then)
    reasons = [(str(REASON_NAMES[code]), was, will) for code, was, will in found.by_reason]
    tried = RuleForm(rules=then, compulsory=request.school.is_compulsory)
    return {"found": found, "reasons": reasons, "sent": tried.as_sent()}


@page(can="screening.manage")
@require_POST
def save(request: Any) -> HttpResponse:
    form = RuleForm(request.POST, rules=_in_force(request)[0], compulsory=request.school.is_compulsory)
    if not form.is_valid():
        raise Refused(_("These thresholds do not fit together."))
    note = request.POST.get("note", "")
    actions.save_rules(request.actor, school=request.school, rules=form.rule_set, note=note)
    round = queries.current_round(request.actor, request.term)
    if round is not None and round.state == Round.State.OPEN:
        say(request, _("Everyone has been looked at again with the new rules; decisions stay as they were."))
    else:
        say(request, _("Saved. The next round looks with these rules."))
    return redirect("screening-rules")


def _in_force(request: Any) -> tuple[RuleSet, Round | None]:
    round = queries.current_round(request.actor, request.term)
    return actions.rules_in_force(request.school, round), round


def _versions(request: Any) -> Any:
    return RuleVersion.objects.visible_to(request.actor).filter(school=request.school).order_by("-number")


def _base(request: Any, in_force: RuleSet) -> RuleSet:
    asked = request.GET.get("base", "")
    if asked == "defaults":
        return default_rules(request.school.stage)
    return get_object_or_404(_versions(request), number=asked).rule_set if asked.isdecimal() else in_force


urlpatterns = [
    path("screening/rules/", rules, name="screening-rules"),
    path("screening/rules/try/", try_rules, name="screening-rules-try"),
    path("screening/rules/save/", save, name="screening-rules-save"),
]
