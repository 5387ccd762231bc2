"""Who could take over a helper's students: the same optimum, for these students and everyone else's room."""

import datetime
from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff, Term

from . import facts, queries
from .models import Pair
from .rules import Reason, StudentFacts, explain, total


@dataclass(frozen=True, slots=True)
class Successor:
    """A colleague who could take over, with why; `room` counts the places left beside all present pairs."""

    staff: Staff
    reasons: tuple[Reason, ...]
    room: int


@dataclass(frozen=True, slots=True)
class Handing:
    """One student to be handed over. `proposed`: whom the optimum names, None where nobody is found;
    `successors`: everyone who may begin, best suited first, those without room at the end."""

    pair: Pair
    proposed: Successor | None
    successors: tuple[Successor, ...]


def handing(actor: Actor, helper: Staff, term: Term | None, on: datetime.date) -> tuple[Handing, ...]:
    """The open pairs of this helper, each with the proposal and the choices. The queries do not grow."""
    school: Organisation = helper.school
    known = facts.gather(actor, school, term, on)
    pairs = list(queries.pairs(actor, school, on).filter(helper=helper))
    first = [
        known.known[pair.student_id]
        for pair in pairs
        if pair.role == Pair.Role.FIRST and pair.student_id in known.known
    ]
    ready = {
        one.pk: one
        for one in facts.possible_helpers(actor, school, on).exclude(offence_check_on=None)
        if one.pk != helper.pk
    }
    able = facts.only(known, ready)
    named = {one.student: one.helper for one in able.solve(first, without=helper.pk).proposals}
    rows = []
    for pair in pairs:
        student = known.known.get(pair.student_id)
        successors = _successors(able, student, ready) if student else ()
        chosen = next((one for one in successors if one.staff.pk == named.get(pair.student_id)), None)
        rows.append(Handing(pair, chosen, successors))
    return tuple(rows)


def _successors(known: facts.Facts, student: StudentFacts, ready: dict[int, Staff]) -> tuple[Successor, ...]:
    found = [
        Successor(ready[one.id], explain(student, one, 1, known.weights), one.room)
        for one in known.helpers
        if (student.id, one.id) not in known.exclusions and known.first.get(student.id) != one.id
    ]
    return tuple(sorted(found, key=lambda one: (not one.room, total(one.reasons), one.staff.pk)))
