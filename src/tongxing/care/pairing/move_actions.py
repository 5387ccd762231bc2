"""Many pairs change hands at once: everyone paired anew for a term, or a helper's students handed over.

Nobody is left alone on the way: a pair ends only when the next one may start.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.audit import record
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff, Student, Term
from tongxing.ground.people.queries import current_term

from . import preview
from .fixed_actions import ABILITY, drop_proposals
from .models import Pair, Proposal
from .standing import Standing
from .steps import DAY, end_all, start, tell_taken_over


@dataclass(frozen=True, slots=True)
class Renewed:
    """`held_back`: students whose new helper may not start yet, with the sentence that says why."""

    started: tuple[Pair, ...]
    kept: int
    held_back: tuple[tuple[Student, str], ...]


@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    moves: Sequence[tuple[Pair, Staff]],
    on: datetime.date,
    reason: str,
    note: str = "",
    over_room: str = "",
) -> list[Pair]:
    """Students of one helper go to one or several colleagues from that day: until the day before the old helper
    sees them, from then on the new one. `over_room` says why somebody takes more than there is room for."""
    if not moves:
        raise Refused(_("Please choose for at least one student who takes over."))
    pairs = {pair.pk: pair for pair in _held([pair for pair, _to in moves])}
    school = moves[0][0].school
    for pair, _to in moves:
        actor.require(ABILITY, school_id=pair.school_id, student_id=pair.student_id)
        _check_move(pairs.get(pair.pk), school, on)
    _check_day(school, on)
    standing = Standing.of(school, {to.pk for _pair, to in moves}, max(on, clock.today()))
    for pair in pairs.values():
        standing.release(pair)
    for pair, to in moves:
        if to.pk == pair.helper_id:
            raise Refused(
                _("%(helper)s accompanies this student already.") % {"helper": to.name}, field="helper"
            )
        standing.check(pair.student_id, to.pk, pair.role, may_exceed=bool(over_room.strip()))
        standing.take(pair.student_id, to.pk, pair.role)
    end_all(actor, school, list(pairs.values()), reason, note, on - DAY)
    made = [_taken_over(actor, pairs[pair.pk], to, on, over_room.strip()) for pair, to in moves]
    record(
        actor,
        "pairing.hand-over",
        school_id=school.pk,
        subject=("staff", moves[0][0].helper_id),
        detail={"pairs": [pair.pk for pair in made], "from": str(on), "over_room": bool(over_room.strip())},
    )
    return made


def _held(pairs: Sequence[Pair]) -> Sequence[Pair]:
    rows = Pair.objects.open().select_for_update(of=("self",)).select_related("student", "helper", "school")
    return list(rows.filter(pk__in=[pair.pk for pair in pairs]))


def _check_move(pair: Pair | None, school: Organisation, on: datetime.date) -> None:
    if pair is None:
        raise Refused(_("This pair has ended already."))
    if pair.school_id != school.pk:
        raise Refused(_("This belongs to another school."))
    if on < pair.starts_on:
        raise Refused(
            _("%(helper)s accompanies %(student)s only later than that.")
            % {"helper": pair.helper.name, "student": pair.student.name},
            field="on",
        )


def _check_day(school: Organisation, on: datetime.date) -> None:
    """A hand-over holds from a day of the present term."""
    term = current_term(school, clock.today())
    if term is None or not term.starts_on <= on <= term.ends_on:
        raise Refused(_("Please choose a day of this term."), field="on")


def _taken_over(actor: Actor, pair: Pair, to: Staff, on: datetime.date, over_room: str) -> Pair:
    why = {"by_hand": True, "after": pair.pk} | ({"over_room": over_room} if over_room else {})
    starts = [(pair.student, to, why)]
    made = start(actor, pair.school, starts, on, role=pair.role, subject=pair.subject)[0]
    drop_proposals(pair.student)
    tell_taken_over(made)
    return made


@transaction.atomic
def renew(actor: Actor, *, school: Organisation, term: Term, seen: str) -> Renewed:
    """Pair everyone anew as it was shown: who changes gets the new helper from today, who stays goes on.

    `seen` is the mark of the preview that was looked at; if the answer is another by now, nothing happens."""
    actor.require(ABILITY, school_id=school.pk)
    Term.objects.select_for_update(no_key=True).get(pk=term.pk)
    effect = preview.of_renewal(actor, school, term, clock.today())
    if effect.mark != seen:
        raise Refused(_("Something has changed in the meantime. Please look at the pairs again."))
    open_pairs = Pair.objects.open().of_first_helpers().filter(school=school).select_related("helper")
    pairs = {pair.student_id: pair for pair in open_pairs.select_for_update(of=("self",))}
    moving = [
        (row.student, row.after.helper, row)
        for row in effect.rows
        if row.after
        and not (row.student.pk in pairs and pairs[row.student.pk].helper_id == row.after.helper.pk)
    ]
    standing = Standing.of(school, {helper.pk for _student, helper, _row in moving})
    for student, _helper, _row in moving:
        if student.pk in pairs:
            standing.release(pairs[student.pk])
    ready, held_back = [], []
    for student, helper, row in moving:
        if refusal := standing.refusal(student.pk, helper.pk):
            held_back.append((student, refusal))
        else:
            standing.take(student.pk, helper.pk)
            ready.append((student, helper, _explained(row, pairs)))
    ending = [pairs[student.pk] for student, _helper, _why in ready if student.pk in pairs]
    end_all(actor, school, ending, Pair.Ended.TERM_END)
    made = start(actor, school, ready)
    _settle(ready)
    record(
        actor,
        "pairing.renew",
        school_id=school.pk,
        subject=("term", term.pk),
        detail={"pairs": [pair.pk for pair in made], "held_back": len(held_back)},
    )
    return Renewed(tuple(made), len(effect.of("kept")), tuple(held_back))


def _explained(row: preview.Change, pairs: dict[int, Pair]) -> dict:
    found = {"reasons": row.after.reasons if row.after else ()}
    before = pairs.get(row.student.pk)
    return found | ({"after": before.pk} if before else {})


def _settle(ready: Sequence[tuple[Student, Staff, dict]]) -> None:
    """Proposals that are overtaken: their students have a helper now."""
    settled = Proposal.objects.open().filter(student__in=[student.pk for student, _helper, _why in ready])
    settled.update(state=Proposal.State.DROPPED)
