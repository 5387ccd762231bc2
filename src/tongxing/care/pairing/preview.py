"""What would change, before anything does: with other weights, or if everyone were paired anew for this term.

Invariants:
- nothing here writes; what is shown is what `Facts.propose` and `Facts.renew` give when it is done: there is
  one calculation for both, which breaks ties in one way;
- of equally good answers the one is shown that changes fewest pairs, so every change has its reason;
- the number of queries does not grow with the number of people.
"""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff, Student, Term

from . import facts, rules
from .facts import Facts
from .models import Pair
from .queries import is_key
from .rules import Reason, Result, StudentFacts, Weights

Kind = Literal["kept", "new", "changed", "ended", "waiting"]


@dataclass(frozen=True, slots=True)
class Side:
    """One helper of a change, with the reasons as they count under the weights looked at."""

    helper: Staff
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One student: who before, who after. `gap` is by how many points the new helper suits better now (below
    zero: the earlier one would suit better); `needed_for` is whom the earlier helper goes with instead."""

    student: Student
    before: Side | None
    after: Side | None
    why_none: str = ""
    gap: int = 0
    needed_for: str = ""

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return "new" if self.after else "waiting"
        if self.after is None:
            return "ended"
        return "kept" if self.before.helper == self.after.helper else "changed"


@dataclass(frozen=True, slots=True)
class Effect:
    """All students of one calculation, key students first."""

    rows: tuple[Change, ...]

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        return tuple(row for row in self.rows if row.kind in kinds)

    @property
    def moved(self) -> tuple[Change, ...]:
        return tuple(row for row in self.rows if row.kind not in {"kept", "waiting"})

    @property
    def mark(self) -> str:
        """What a person looked at: confirming compares it, so that nobody confirms what they did not see."""
        seen = [
            (row.student.pk, row.before and row.before.helper.pk, row.after and row.after.helper.pk)
            for row in self.rows
        ]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def of_weights(
    actor: Actor,
    school: Organisation,
    term: Term | None,
    weights: Weights,
    *,
    everyone: bool,
    on: datetime.date,
) -> Effect:
    """The proposals with these weights: for the students without a first helper against the open proposals, or
    as if everyone on the register were paired anew. Where nothing is open, against what the school's present
    weights would give: of answers that are equally good by those, the nearest one."""
    known = facts.gather(actor, school, term, on)
    under = replace(known, weights=weights)
    students, after = (known.students, under.renew()) if everyone else (known.waiting, under.propose())
    now = {} if everyone else known.proposed
    if not now:
        now = _helpers(known.solve(students, before={**_helpers(after), **known.before}))
    return _Comparison(actor, school, known, on).of(students, now, under, after)


def _helpers(result: Result) -> dict[int, int]:
    return {one.student: one.helper for one in result.proposals}


def of_renewal(actor: Actor, school: Organisation, term: Term | None, on: datetime.date) -> Effect:
    """Everyone on the register paired anew, against the helpers so far: those who accompany, or did until the
    last term ended. A pair whose student has left the register comes last, as ended."""
    known = facts.gather(actor, school, term, on)
    effect = _Comparison(actor, school, known, on).of(known.students, known.before, known, known.renew())
    pairs = Pair.objects.visible_to(actor).open().of_first_helpers().filter(school=school)
    gone = pairs.exclude(student__in=list(known.known)).select_related("student", "helper").order_by("pk")
    ended = [Change(pair.student, Side(pair.helper, ()), None) for pair in gone]
    return Effect((*effect.rows, *ended))


class _Comparison:
    """Who was with whom, who would be, and why: read once, told student by student."""

    def __init__(self, actor: Actor, school: Organisation, known: Facts, on: datetime.date) -> None:
        self.known = known
        students = Student.objects.visible_to(actor, "care").filter(pk__in=list(known.known))
        ordered = students.annotate(is_key=is_key(on, student="pk")).with_class(on)
        self.students = {
            one.pk: one for one in ordered.order_by("-is_key", "class_grade", "class_number", "pinyin", "pk")
        }
        self.staff = {one.pk: one for one in Staff.objects.visible_to(actor).filter(school=school)}

    def of(
        self, students: Sequence[StudentFacts], before: Mapping[int, int], under: Facts, after: Result
    ) -> Effect:
        """`under`: the facts with the weights looked at; `after`: what they come to."""
        was = under.solve(students, pins={s: h for s, h in before.items() if s in self.students})
        asked = {one.id for one in students}
        earlier = {one.student: one for one in was.proposals}
        found = {one.student: one for one in after.proposals}
        why = {left.student: left.why for left in after.unpaired}
        rows = []
        for student in (one for one in self.students if one in asked):
            old, new = earlier.get(student), found.get(student)
            gap = old.cost - new.cost if old and new else 0
            rows.append(
                Change(
                    self.students[student],
                    self._before(before.get(student), old),
                    Side(self.staff[new.helper], new.reasons) if new else None,
                    why.get(student, ""),
                    gap,
                    self._needed_for(before, student, found) if new and gap <= 0 else "",
                )
            )
        return Effect(tuple(rows))

    def _before(self, helper: int | None, proposal: rules.Proposal | None) -> Side | None:
        if helper is None:
            return None
        reasons = proposal.reasons if proposal else ()
        return Side(self.staff[helper], tuple(reason for reason in reasons if reason.code != "pinned"))

    def _needed_for(
        self, before: Mapping[int, int], student: int, found: Mapping[int, rules.Proposal]
    ) -> str:
        """The student whom the earlier helper goes with instead, one who is new to them first."""
        helper = before.get(student)
        others = [one.student for one in found.values() if one.helper == helper and one.student != student]
        others.sort(key=lambda other: before.get(other) == helper)
        return self.students[others[0]].name if others else ""
