"""Who should accompany whom: the optimum over all students and helpers at once, and why.

Pure: no database, no clock. Invariants:
- a pair's cost is the sum of its reasons' costs; below zero speaks for the pair, above zero against it;
- as many students as possible get a helper, a key student never stands back for another, and among those
  solutions the sum of all pairs' costs is the smallest possible;
- no helper gets more students than there is room for, no excluded pair is proposed;
- a student pinned to a helper gets that helper or nobody, and is placed before all others;
- among equally good answers the one is chosen that changes fewest of the pairs that were there before;
- the same input gives the same answer, in whatever order it comes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import NamedTuple

from .flow import cheapest_flow

OTHER, KEY, PINNED = 1, 2, 3
NOBODY: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each reason counts, in whole points from 0 to 1000. A school may edit every one."""

    head_first: int = 400
    head_key: int = 200
    continues: int = 40
    class_teacher: int = 30
    teaches_class: int = 25
    subject_of_need: int = 20
    same_sex: int = 100
    same_village: int = 8
    same_dormitory: int = 8
    same_grade: int = 6
    workload: int = 15
    spread: int = 35

    def __post_init__(self) -> None:
        for name, points in asdict(self).items():
            if type(points) is not int or not 0 <= points <= 1000:
                raise ValueError(f"{name}: {points!r} is not a whole number from 0 to 1000")

    @classmethod
    def of(cls, changed: Mapping[str, int]) -> "Weights":
        """The defaults with a school's changes; an unknown name is an error, never ignored."""
        if unknown := changed.keys() - set(cls.names()):
            raise ValueError(f"unknown weights: {', '.join(sorted(unknown))}")
        return cls(**changed)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """What matters about a student for pairing. `same_sex`: the family or the student asked for home visits by
    somebody of the same sex."""

    id: int
    key: bool = False
    school_class: int | None = None
    grade: int | None = None
    needs: frozenset[str] = frozenset()
    village: str = ""
    sex: str = ""
    same_sex: bool = False
    continues_with: frozenset[int] = frozenset()
    dormitory: str = ""


@dataclass(frozen=True, slots=True)
class HelperFacts:
    """What matters about a helper. `capacity` counts all students, `load` those accompanied already;
    `dormitory` is the house or room in their care. A student's village or dormitory may say more: the group of
    the village, the room of the house."""

    id: int
    capacity: int = 1
    load: int = 0
    head: bool = False
    classes: frozenset[int] = frozenset()
    class_teacher_of: frozenset[int] = frozenset()
    subjects: frozenset[str] = frozenset()
    grades: frozenset[int] = frozenset()
    village: str = ""
    sex: str = ""
    dormitory: str = ""

    @property
    def room(self) -> int:
        return max(0, self.capacity - self.load)

    @property
    def leads(self) -> bool:
        return self.head and not self.load


class Reason(NamedTuple):
    """One contribution to a pair's cost; `about` names what it rests on (subjects, a count)."""

    code: str
    cost: int
    about: str = ""


class RunnerUp(NamedTuple):
    """The helper who would come next; `free` says whether there is room beside the other proposals.
    `difference` is how much more this pair would cost: never below zero for a free one."""

    helper: int
    reasons: tuple[Reason, ...]
    difference: int
    free: bool


class Proposal(NamedTuple):
    student: int
    helper: int
    reasons: tuple[Reason, ...]
    cost: int
    runner_up: RunnerUp | None


class Unpaired(NamedTuple):
    """A student left without a proposal. `why`: no_helpers | all_excluded | no_capacity | pinned."""

    student: int
    why: str


class Result(NamedTuple):
    proposals: tuple[Proposal, ...]
    unpaired: tuple[Unpaired, ...]
    without_student: tuple[int, ...]
    cost: int


def fit(student: StudentFacts, helper: HelperFacts, weights: Weights) -> tuple[Reason, ...]:
    """The reasons that hold whoever else is paired; `leading` and `crowding` add what does not."""
    found = []
    if helper.id in student.continues_with:
        found.append(Reason("continues", -weights.continues))
    if student.school_class in helper.class_teacher_of:
        found.append(Reason("class_teacher", -weights.class_teacher))
    if student.school_class in helper.classes:
        found.append(Reason("teaches_class", -weights.teaches_class))
    elif student.grade in helper.grades:
        found.append(Reason("same_grade", -weights.same_grade))
    if shared := student.needs & helper.subjects:
        found.append(Reason("subject_of_need", -weights.subject_of_need, ",".join(sorted(shared))))
    if student.same_sex and student.sex and student.sex == helper.sex:
        found.append(Reason("same_sex", -weights.same_sex))
    if helper.village and student.village.startswith(helper.village):
        found.append(Reason("same_village", -weights.same_village, helper.village))
    if helper.dormitory and student.dormitory.startswith(helper.dormitory):
        found.append(Reason("same_dormitory", -weights.same_dormitory, helper.dormitory))
    if helper.load:
        found.append(Reason("workload", weights.workload * helper.load, str(helper.load)))
    return tuple(found)


def crowding(nth: int, weights: Weights) -> tuple[Reason, ...]:
    """What being a helper's `nth` new student adds (1 is the first): it rises with every further one, which
    is what keeps the whole a flow problem with an exact optimum."""
    return (Reason("spread", weights.spread * (nth - 1), str(nth - 1)),) if nth > 1 else ()


def leading(student: StudentFacts, helper: HelperFacts, nth: int, weights: Weights) -> tuple[Reason, ...]:
    """The head goes first: the first student of a head who has none yet, all the more a key one."""
    if nth > 1 or not helper.leads:
        return ()
    first = Reason("head_first", -weights.head_first)
    return (first, Reason("head_key", -weights.head_key)) if student.key else (first,)


def explain(student: StudentFacts, helper: HelperFacts, nth: int, weights: Weights) -> tuple[Reason, ...]:
    """All reasons of one pair that count, the strongest for it first; their sum is the pair's cost."""
    found = fit(student, helper, weights) + leading(student, helper, nth, weights) + crowding(nth, weights)
    return tuple(sorted((r for r in found if r.cost), key=lambda reason: (reason.cost, reason.code)))


def total(reasons: Iterable[Reason]) -> int:
    return sum(reason.cost for reason in reasons)


def propose(
    students: Iterable[StudentFacts],
    helpers: Iterable[HelperFacts],
    weights: Weights | None = None,
    exclusions: Iterable[tuple[int, int]] = (),
    *,
    pins: Mapping[int, int] = NOBODY,
    before: Mapping[int, int] = NOBODY,
) -> Result:
    """The best pairing of `students` with `helpers`. `exclusions` are (student id, helper id) pairs that
    must not be; helpers without room are left out of the search and keep their place in the coverage.

    pins: student id → the helper fixed beforehand. before: student id → helper so far; it decides only
    between answers that are equally good."""
    search = _Search(
        sorted(students, key=lambda student: student.id),
        sorted(helpers, key=lambda helper: helper.id),
        weights or Weights(),
        frozenset(exclusions),
        pins,
        before,
    )
    return search.result()


class _Seats(NamedTuple):
    """Equal places of one helper, the first being the helper's `nth` new student. A leading
    head has the first place apart, because who sits there matters."""

    helper: int
    nth: int
    places: int


class _Search:
    """One run: the edges, the flow over them, then the words. Numbers are positions in the sorted lists."""

    def __init__(
        self,
        students: Sequence[StudentFacts],
        helpers: Sequence[HelperFacts],
        weights: Weights,
        exclusions: frozenset[tuple[int, int]],
        pins: Mapping[int, int],
        before: Mapping[int, int],
    ) -> None:
        self.students, self.helpers, self.weights = students, helpers, weights
        self.pins, self.before = pins, before
        self.allowed = [
            [
                h
                for h, helper in enumerate(helpers)
                if helper.room
                and (student.id, helper.id) not in exclusions
                and pins.get(student.id, helper.id) == helper.id
            ]
            for student in students
        ]
        self.seats = list(self._arranged())

    def _arranged(self) -> Iterator[_Seats]:
        for h, helper in enumerate(self.helpers):
            room = min(helper.room, len(self.students))
            if helper.leads and room > 1:
                yield _Seats(h, 1, 1)
                yield _Seats(h, 2, room - 1)
            elif room:
                yield _Seats(h, 1, room)

    def result(self) -> Result:
        taken = self._places(self._flow())
        given = Counter(h for h, _nth in taken.values())
        proposals = tuple(self._proposal(s, *taken[s], given) for s in sorted(taken))
        unpaired = tuple(
            Unpaired(student.id, self._why_left(s))
            for s, student in enumerate(self.students)
            if s not in taken
        )
        without = tuple(one.id for h, one in enumerate(self.helpers) if not given[h] and not one.load)
        return Result(proposals, unpaired, without, sum(proposal.cost for proposal in proposals))

    def _flow(self) -> dict[int, tuple[int, int]]:
        """student → (position of the seats, cost of the edge). Costs are stretched so that one unit per pair
        kept from before can choose between equal sums and never outweighs a point."""
        stretch = len(self.students) + 1
        of_helper: dict[int, list[int]] = defaultdict(list)
        for position, seats in enumerate(self.seats):
            of_helper[seats.helper].append(position)
        edges = []
        for student, allowed in zip(self.students, self.allowed, strict=True):
            row = {}
            for h in allowed:
                helper = self.helpers[h]
                basis = total(fit(student, helper, self.weights))
                kept = self.before.get(student.id) == helper.id
                for position in of_helper[h]:
                    nth = self.seats[position].nth
                    row[position] = (
                        stretch * (basis + total(leading(student, helper, nth, self.weights))) - kept
                    )
            edges.append(row)
        costs = [
            [stretch * total(crowding(seats.nth + k, self.weights)) for k in range(seats.places)]
            for seats in self.seats
        ]
        ranks = [PINNED if s.id in self.pins else KEY if s.key else OTHER for s in self.students]
        chosen = cheapest_flow(ranks, edges, costs)
        return {s: (position, edges[s][position]) for s, position in chosen.items()}

    def _places(self, chosen: Mapping[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
        """student → (helper, that helper's nth new student); the best suited student counts as the first."""
        groups: dict[int, list[int]] = defaultdict(list)
        for s in sorted(chosen, key=lambda s: (*chosen[s], s)):
            groups[self.seats[chosen[s][0]].helper].append(s)
        return {s: (h, nth) for h, group in groups.items() for nth, s in enumerate(group, start=1)}

    def _proposal(self, s: int, h: int, nth: int, given: Counter[int]) -> Proposal:
        reasons = explain(self.students[s], self.helpers[h], nth, self.weights)
        if self.students[s].id in self.pins:
            reasons = (Reason("pinned", 0), *reasons)
        cost = total(reasons)
        return Proposal(
            self.students[s].id, self.helpers[h].id, reasons, cost, self._runner_up(s, h, cost, given)
        )

    def _runner_up(self, s: int, h: int, cost: int, given: Counter[int]) -> RunnerUp | None:
        """The cheapest other helper with room left beside the proposals; with none, the cheapest at all."""
        others = []
        for other in self.allowed[s]:
            if other != h:
                busy = given[other] >= self.helpers[other].room
                reasons = explain(self.students[s], self.helpers[other], given[other] + 1, self.weights)
                others.append((busy, total(reasons), other, reasons))
        if not others:
            return None
        busy, other_cost, other, reasons = min(others)
        return RunnerUp(self.helpers[other].id, reasons, other_cost - cost, not busy)

    def _why_left(self, s: int) -> str:
        if not any(helper.capacity > 0 for helper in self.helpers):
            return "no_helpers"
        if self.students[s].id in self.pins:
            return "pinned"
        with_room = any(helper.room for helper in self.helpers)
        return "all_excluded" if with_room and not self.allowed[s] else "no_capacity"
