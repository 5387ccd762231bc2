"""Many pairs change hands at once: everyone paired anew for a term, or a helper's students handed over.

Nobody is left alone on the way: a pair ends only when the next one may start.
"""

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

from . import preview
from .fixed_actions import ABILITY
from .models import Pair, Proposal
from .standing import Standing
from .steps import end_all, start


@dataclass(frozen=True, slots=True)
class Renewed:
    """`held_back`: students whose new helper may not start yet, with the sentence that says why."""

    started: tuple[Pair, ...]
    kept: int
    held_back: tuple[tuple[Student, str], ...]


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
