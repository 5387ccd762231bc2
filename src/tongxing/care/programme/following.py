"""What a plan of a term asks of people: from its measures to promises of this one student, and back.

Invariants:
- a measure without a promise and without a kind of record asks nobody: it stands in the plan alone;
- the preview and the approval ask here, so that what was shown is what is asked;
- what does not change goes on as it was: nobody is asked anew because a plan has another version;
- what the plan asks ends with the plan, at the latest on its last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from tongxing.care.contacts.kinds import KINDS, Reached
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from . import plan_actions
from .builtin import FAMILY, TALKING
from .models import Commitment, PlanItem, PlanVersion, TermPlan
from .plan_actions import Because
from .term_plan_rules import Measure
from .versions import LONGEST_LABEL, Terms

HOME = (Reached.FATHER, Reached.MOTHER, Reached.AWAY_PARENT, Reached.SECOND_GUARDIAN)
#: One more promise of each kind: what a record must be like to keep it.
ASKS: dict[str, Terms] = {
    "talk": Terms("", "", reached=("student",), channels=tuple(TALKING), topics=("talk",)),
    "tutoring": Terms("", "", topics=("tutoring",)),
    "partner": Terms("", "", topics=("partner",)),
    "success": Terms("", "", topics=("success",)),
    "visit": Terms("", "", channels=("at_home",), topics=("visit",)),
    "call": Terms("", "", reached=tuple(HOME), channels=tuple(FAMILY), topics=("talk",)),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A promise that begins for this student, in the place of `old` where there is one."""

    measure: Measure
    code: str
    terms: Terms
    because: Because
    old: PlanItem | None
    new: PlanItem


@dataclass(frozen=True, slots=True)
class Following:
    """What approving a version changes; `ends`: what is asked no longer."""

    changes: tuple[Change, ...]
    ends: tuple[PlanItem, ...]
    stays: tuple[PlanItem | Commitment, ...]

    @property
    def drafts(self) -> list[PlanItem]:
        return [one.new for one in self.changes]


def code_of(measure: Measure) -> str:
    """The code of the promise that keeps this measure; empty: none does."""
    return measure.promise or (plan_actions.extra_code(measure.key) if measure.record_as else "")


def following(plan: TermPlan, version: PlanVersion, measures: Iterable[Measure]) -> Following:
    """What follows if this version comes into force today."""
    changes: list[Change] = []
    stays: list[PlanItem | Commitment] = []
    for measure in measures:
        if not measure.is_asked:
            continue
        found = _change(plan, version, measure)
        if isinstance(found, Change):
            changes.append(found)
        else:
            stays.append(found)
    codes = {one.code for one in changes}
    kept = {one.pk for one in stays if isinstance(one, PlanItem)}
    ends = tuple(one for one in items_of(plan) if one.code not in codes and one.pk not in kept)
    return Following(tuple(changes), ends, tuple(stays))


def _change(plan: TermPlan, version: PlanVersion, measure: Measure) -> Change | PlanItem | Commitment:
    """What begins for this measure, or what keeps it already."""
    code, old = code_of(measure), plan_actions.open_item(plan.student, code_of(measure))
    schools = plan_actions.of_school(plan.student, code)
    terms = terms_of(measure, schools)
    until = min(measure.until or version.until, version.until)
    if old is None and schools and _same(terms, schools):
        return schools
    if old and old.term_plan_id == plan.pk and _same(terms, old) and old.until == until:
        return old
    because = Because(_("Agreed in the plan of this term"), version.review_on, until=until, term_plan=plan)
    new = plan_actions.draft(plan.student, code, terms, because, old)
    wanted = max(measure.starts_on or version.starts_on, version.starts_on)
    if new.starts_on and wanted > new.starts_on:
        because = replace(because, starts_on=wanted)
        new = plan_actions.draft(plan.student, code, terms, because, old)
    return Change(measure, code, terms, because, old, new)


def _same(terms: Terms, one: PlanItem | Commitment) -> bool:
    return terms.same_as(replace(Terms.of(one), label=terms.label))


def terms_of(measure: Measure, schools: Commitment | None) -> Terms:
    """What a measure asks for, as a promise says it."""
    by = measure.by if measure.by in {"helper", "class_teacher"} else "helper"
    if measure.promise:
        if schools is None:
            raise Refused(_("The school does not keep this promise at the moment."), field="asks")
        if by == "helper" and schools.by == "proxy_parent":
            by = schools.by  # it stays with the proxy parent, who may be the helper
        due_from = schools.due_from if (schools.every, schools.n) == (measure.every, measure.n) else 1
        return replace(Terms.of(schools), every=measure.every, n=measure.n, due_from=due_from, by=by)
    label = str(KINDS[measure.record_as].label)[:LONGEST_LABEL]
    return replace(ASKS[measure.record_as], label=label, every=measure.every, n=measure.n, by=by)


def begin(actor: Actor, plan: TermPlan, found: Following, reason: str) -> None:
    """Ask what follows from now on, and ask no longer what the plan says no more."""
    for one in found.changes:
        after = one.old.pk if one.old else None
        plan_actions.differ(
            actor, student=plan.student, code=one.code, terms=one.terms, because=one.because, after=after
        )
    end(actor, found.ends, reason)


def end(actor: Actor, items: Iterable[PlanItem], reason: str) -> None:
    """From the next window on this student gets again what everybody gets."""
    for item in items:
        plan_actions.back_to_all(actor, item=item, reason=reason)


def items_of(plan: TermPlan) -> list[PlanItem]:
    """What the plan asks of people today or soon."""
    found = (
        PlanItem.objects.standing(clock.today())
        .filter(term_plan=plan)
        .select_related("student__school", "school")
        .order_by("pk")
    )
    return list(found)
