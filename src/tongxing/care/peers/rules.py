"""Which classmate could learn with a key student, and why. Pure: no database, no clock, no words.

Invariants:
- both are in the same class, and never the same child;
- a key student is nobody's partner: the two who carry most are never put together;
- whoever is proposed shines in something the other needs, or likes the same; without either nobody is proposed;
- one partner has at most two at a time; as many as possible get a partner, and among those answers the best fitting;
- the same input gives the same answer, in whatever order it comes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tongxing.care.pairing.flow import cheapest_flow

#: With how many a partner learns at a time.
MOST = 2
#: From this share of the full marks on somebody shines in a subject; where there are grades, with the best of them.
SHINES_FROM = 0.85
FULL_MARKS = 100.0
BEST_GRADES = frozenset({"A", "A+", "优", "优秀"})
SUBJECT, LIKING, REGISTERED, SECOND = 20, 8, 15, 12  # points; the last two count against


@dataclass(frozen=True, slots=True)
class Child:
    """A student of the class. `learns_with`: how many this one is a partner of already; `has_partner`: is asked for
    nobody more."""

    id: int
    key: bool = False
    registered: bool = False
    needs: frozenset[str] = frozenset()
    shines: frozenset[str] = frozenset()
    likes: frozenset[str] = frozenset()
    learns_with: int = 0
    has_partner: bool = False

    @property
    def room(self) -> int:
        return max(0, MOST - self.learns_with)


class Proposed(NamedTuple):
    """`subjects`: what they could talk about; `likes`: what both like."""

    student: int
    partner: int
    subjects: tuple[str, ...]
    likes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """`left`: key students for whom nobody fits yet, by id."""

    proposed: tuple[Proposed, ...] = ()
    left: tuple[int, ...] = field(default=())


def shines(points: float | None, full: float | None, grade: str) -> bool:
    """Whether a result speaks for explaining the subject to somebody; marks that say nothing do not."""
    if grade.strip():
        return grade.strip() in BEST_GRADES
    return points is not None and points >= SHINES_FROM * (full or FULL_MARKS)


def may_learn_together(student: Child, partner: Child) -> bool:
    return student.id != partner.id and not partner.key and partner.room > 0


def shared(student: Child, partner: Child) -> Proposed:
    """What speaks for these two."""
    return Proposed(
        student.id,
        partner.id,
        tuple(sorted(student.needs & partner.shines)),
        tuple(sorted(student.likes & partner.likes)),
    )


def cost(student: Child, partner: Child) -> int:
    """Below zero speaks for the two."""
    found = shared(student, partner)
    return REGISTERED * partner.registered - SUBJECT * len(found.subjects) - LIKING * len(found.likes)


def propose(children: Iterable[Child], exclusions: Collection[frozenset[int]] = frozenset()) -> Result:
    """A partner for every key student of one class who has none. `exclusions`: two who do not go together."""
    ordered = sorted(children, key=lambda one: one.id)
    seekers = [one for one in ordered if one.key and not one.has_partner]
    partners = [one for one in ordered if not one.key and one.room]
    edges = [_fitting(one, partners, exclusions) for one in seekers]
    places = [[SECOND * (MOST - one.room + nth) for nth in range(one.room)] for one in partners]
    chosen = cheapest_flow([1] * len(seekers), edges, places)
    proposed = tuple(shared(seekers[s], partners[p]) for s, p in sorted(chosen.items()))
    return Result(proposed, tuple(one.id for s, one in enumerate(seekers) if s not in chosen))


def _fitting(
    seeker: Child, partners: Sequence[Child], exclusions: Collection[frozenset[int]]
) -> dict[int, int]:
    """position of a partner → cost, of those who share something with the seeker."""
    found = {}
    for position, partner in enumerate(partners):
        both = shared(seeker, partner)
        if (both.subjects or both.likes) and frozenset({seeker.id, partner.id}) not in exclusions:
            found[position] = cost(seeker, partner)
    return found
