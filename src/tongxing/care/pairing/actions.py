"""Proposing, confirming, choosing otherwise, ending. Each: require → check → save → audit.

A proposal changes nothing; confirming starts a pair and gives the helper the right to this one student,
ending takes it back in the same moment. Nobody starts before the offence-record check is noted (未成年人保护法 62).
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.audit import record
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff, Student, Term

from . import facts, rules
from .fixed_actions import ABILITY, drop_proposals
from .models import Pair, Proposal
from .standing import Standing
from .steps import DAY, end_all, held, start, tell_taken_over


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one calculation came to; `unpaired` are the students left without a proposal, with the reason."""

    pairs: int
    unpaired: tuple[rules.Unpaired, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`held_back`: proposals that stay open, each with the sentence that says why."""

    pairs: tuple[Pair, ...]
    held_back: tuple[tuple[Proposal, str], ...]


@transaction.atomic
def propose(actor: Actor, *, school: Organisation, term: Term, on: datetime.date | None = None) -> Proposed:
    """Calculate anew for everyone on the register without a helper; earlier open proposals are replaced."""
    actor.require(ABILITY, school_id=school.pk)
    Term.objects.select_for_update(no_key=True).get(
        pk=term.pk
    )  # two calculations at once: one after the other
    known = facts.gather(actor, school, term, on or clock.today())
    result = known.propose()
    Proposal.objects.visible_to(actor).open().filter(school=school).delete()
    made_at = clock.now()
    rows = [
        Proposal(
            school=school,
            term=term,
            student_id=one.student,
            helper_id=one.helper,
            runner_up_id=one.runner_up.helper if one.runner_up else None,
            cost=one.cost,
            reasons=one.reasons,
            runner_up_detail=_runner_up(one.runner_up),
            made_at=made_at,
        )
        for one in result.proposals
    ]
    rows += [
        Proposal(school=school, term=term, student_id=left.student, why_none=left.why, made_at=made_at)
        for left in result.unpaired
    ]
    Proposal.objects.bulk_create(rows)
    record(
        actor,
        "pairing.propose",
        school_id=school.pk,
        subject=("term", term.pk),
        detail={"pairs": len(result.proposals), "unpaired": len(result.unpaired), "cost": result.cost},
    )
    return Proposed(len(result.proposals), result.unpaired, result.cost)


@transaction.atomic
def confirm(actor: Actor, *, proposal: Proposal, starts_on: datetime.date | None = None) -> Pair:
    """Start the proposed pair. Confirming twice is one pair."""
    actor.require(ABILITY, school_id=proposal.school_id)
    latest = Proposal.objects.select_for_update(of=("self",)).select_related("student", "helper", "school")
    current = latest.filter(pk=proposal.pk).first()
    if current and current.state == Proposal.State.CONFIRMED:
        done = Pair.objects.open().filter(student=current.student, helper=current.helper).first()
        if done:
            return done
    if current is None or current.state != Proposal.State.OPEN or current.helper is None:
        raise Refused(_("This proposal has been replaced. Please look at the latest ones."))
    found = _confirm(actor, current.school, [current], starts_on)
    if found.held_back:
        raise Refused(found.held_back[0][1])
    return found.pairs[0]


@transaction.atomic
def confirm_all(
    actor: Actor,
    *,
    school: Organisation,
    starts_on: datetime.date | None = None,
    only: Collection[int] | None = None,
) -> Confirmed:
    """Start every proposed pair that may start (or of these proposals alone); the others stay open and say why."""
    actor.require(ABILITY, school_id=school.pk)
    waiting = (
        Proposal.objects.visible_to(actor)
        .open()
        .filter(school=school, helper__isnull=False)
        .select_related("student", "helper")
        .order_by("pk")
    )
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    return _confirm(actor, school, list(waiting), starts_on)


def _confirm(
    actor: Actor, school: Organisation, waiting: Sequence[Proposal], starts_on: datetime.date | None
) -> Confirmed:
    named = [(one, one.helper) for one in waiting if one.helper is not None]
    day = max(starts_on or clock.today(), clock.today())
    standing = Standing.of(school, {helper.pk for _one, helper in named}, day)
    ready, held_back = [], []
    for one, helper in named:
        refusal = standing.refusal(one.student_id, helper.pk)
        if refusal:
            held_back.append((one, refusal))
        else:
            standing.take(one.student_id, helper.pk)
            ready.append((one, helper))
    starts = [(one.student, helper, _explanation(one)) for one, helper in ready]
    made = start(actor, school, starts, starts_on)
    Proposal.objects.filter(pk__in=[one.pk for one, _helper in ready]).update(state=Proposal.State.CONFIRMED)
    if made:
        record(
            actor,
            "pairing.confirm",
            school_id=school.pk,
            subject=("pair", made[0].pk if len(made) == 1 else None),
            detail={"pairs": [pair.pk for pair in made], "held_back": len(held_back)},
        )
    return Confirmed(tuple(made), tuple(held_back))


@transaction.atomic
def choose_other(
    actor: Actor, *, student: Student, helper: Staff, starts_on: datetime.date | None = None
) -> Pair:
    """Start a pair that a person chose instead of the proposal; the same checks hold."""
    actor.require(ABILITY, school_id=student.school_id, student_id=student.pk)
    day = max(starts_on or clock.today(), clock.today())
    standing = Standing.of(student.school, {helper.pk}, day)
    standing.check(student.pk, helper.pk)
    pair = start(actor, student.school, [(student, helper, {"by_hand": True})], starts_on)[0]
    drop_proposals(student)
    record(actor, "pairing.choose", school_id=student.school_id, subject=("pair", pair.pk))
    return pair


@transaction.atomic
def add_helper(actor: Actor, *, student: Student, helper: Staff, subject: str = "") -> Pair:
    """Somebody else also helps, perhaps in one subject; the promises stay with the first helper."""
    actor.require(ABILITY, school_id=student.school_id, student_id=student.pk)
    standing = Standing.of(student.school, {helper.pk})
    if student.pk not in standing.first:
        raise Refused(_("Please choose the first helper first."), field="helper")
    standing.check(student.pk, helper.pk, Pair.Role.ALSO)
    starts = [(student, helper, {"by_hand": True})]
    pair = start(actor, student.school, starts, role=Pair.Role.ALSO, subject=subject.strip())[0]
    record(actor, "pairing.add", school_id=student.school_id, subject=("pair", pair.pk))
    return pair


@transaction.atomic
def make_first(actor: Actor, *, pair: Pair) -> Pair:
    """Who also helps becomes the first helper from today, or from when both pairs hold; the first helper so far goes on helping."""
    actor.require(ABILITY, school_id=pair.school_id, student_id=pair.student_id)
    pair = held(pair)
    if pair.ends_on is not None:
        raise Refused(_("This pair has ended already."))
    if pair.role == Pair.Role.FIRST:
        return pair
    first = (
        Pair.objects.open().of_first_helpers().filter(student=pair.student).select_related("helper").first()
    )
    both = [one for one in (first, pair) if one]
    day = max(clock.today(), *(one.starts_on for one in both))
    standing = Standing.of(pair.school, {pair.helper_id}, day)
    for one in both:
        standing.release(one)
    standing.check(pair.student_id, pair.helper_id)
    end_all(actor, pair.school, both, Pair.Ended.NEW_ROLE, ends_on=day - DAY)
    if first:
        also = [(pair.student, first.helper, {"by_hand": True, "after": first.pk})]
        start(actor, pair.school, also, day, role=Pair.Role.ALSO)
    now = [(pair.student, pair.helper, {"by_hand": True, "after": pair.pk})]
    made = start(actor, pair.school, now, day)[0]
    record(
        actor,
        "pairing.first",
        school_id=pair.school_id,
        subject=("pair", made.pk),
        detail={"before": first.pk if first else None},
    )
    return made


@transaction.atomic
def swap(
    actor: Actor, *, pair: Pair, helper: Staff, reason: str = Pair.Ended.SWAPPED, note: str = ""
) -> Pair:
    """Another helper takes over, without a day in between."""
    actor.require(ABILITY, school_id=pair.school_id, student_id=pair.student_id)
    pair = held(pair)
    if pair.ends_on is not None:
        raise Refused(_("This pair has ended already."))
    day = max(clock.today(), pair.starts_on)
    standing = Standing.of(pair.school, {helper.pk, pair.helper_id}, day)
    if helper.pk == pair.helper_id:
        raise Refused(
            _("%(helper)s accompanies this student already.") % {"helper": helper.name}, field="helper"
        )
    standing.release(pair)
    standing.check(pair.student_id, helper.pk)
    end_all(actor, pair.school, [pair], reason, note, day - DAY)
    after = start(actor, pair.school, [(pair.student, helper, {"by_hand": True, "after": pair.pk})], day)[0]
    tell_taken_over(after)
    record(
        actor,
        "pairing.swap",
        school_id=pair.school_id,
        subject=("pair", after.pk),
        detail={"before": pair.pk},
    )
    return after


@transaction.atomic
def end_pair(
    actor: Actor, *, pair: Pair, reason: str, note: str = "", ends_on: datetime.date | None = None
) -> None:
    """End a pair and take the helper's right back at once. Ending twice is ending once."""
    actor.require(ABILITY, school_id=pair.school_id, student_id=pair.student_id)
    pair = held(pair)
    if pair.ends_on is not None:
        return
    end_all(actor, pair.school, [pair], reason, note, ends_on)
    record(
        actor,
        "pairing.end",
        school_id=pair.school_id,
        subject=("pair", pair.pk),
        detail={"reason": pair.ended_reason},
    )


def _explanation(proposal: Proposal) -> dict:
    return {
        "cost": proposal.cost,
        "reasons": proposal.reasons,
        "runner_up": proposal.runner_up_detail
        | ({"helper": proposal.runner_up_id} if proposal.runner_up_id else {}),
    }


def _runner_up(other: rules.RunnerUp | None) -> dict:
    if other is None:
        return {}
    return {"difference": other.difference, "free": other.free, "reasons": other.reasons}
