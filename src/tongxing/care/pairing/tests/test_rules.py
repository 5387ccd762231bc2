"""The optimum, proved against a second solver, and the words it gives for itself."""

import random
from collections import Counter
from itertools import combinations, permutations
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tongxing.care.pairing.rules import (
    HelperFacts,
    Reason,
    StudentFacts,
    Weights,
    explain,
    fit,
    propose,
    total,
)

SUBJECTS = ("chinese", "maths", "english", "physics", "history")
VILLAGES = ("", "青石", "柳塘", "上湾")


def a_school(seed, most_students=14, most_helpers=12):
    """Random students, helpers, weights and exclusions; small enough to be short of helpers now and then."""
    dice = random.Random(seed)

    def some(pool, most):
        return frozenset(dice.sample(pool, dice.randint(0, min(most, len(pool)))))

    ids = range(100, 100 + dice.randint(1, most_helpers))
    students = [
        StudentFacts(
            id=n,
            key=dice.random() < 0.4,
            school_class=(cls := dice.randint(1, 6)),
            grade=7 + cls % 3,
            needs=some(SUBJECTS, 2),
            village=dice.choice(VILLAGES),
            sex=dice.choice("fm"),
            same_sex=dice.random() < 0.5,
            continues_with=some(list(ids), 1),
            dormitory=dice.choice(("", "桂园 301", "松园 102")),
        )
        for n in range(1, dice.randint(1, most_students) + 1)
    ]
    helpers = [
        HelperFacts(
            id=n,
            capacity=dice.choice((0, 1, 1, 1, 2, 3)),
            load=dice.choice((0, 0, 0, 1, 2)),
            head=n in (100, 105),
            classes=some(range(1, 7), 3),
            class_teacher_of=some(range(1, 7), 1),
            subjects=some(SUBJECTS, 1),
            grades=some(range(7, 10), 2),
            village=dice.choice(VILLAGES),
            sex=dice.choice("fm"),
            dormitory=dice.choice(("", "", "桂园", "松园 102")),
        )
        for n in ids
    ]
    weights = Weights(**{name: dice.randint(0, 60) for name in Weights.names()}) if seed % 2 else Weights()
    share = dice.choice((0, 0.1, 0.6))
    exclusions = {(s.id, h.id) for s in students for h in helpers if dice.random() < share}
    return students, helpers, weights, exclusions


def some_pins(seed, students, helpers, exclusions):
    """Now and then a student is fixed to a helper, perhaps to one who is full or not there."""
    dice = random.Random(seed + 1)
    ids = [*(h.id for h in helpers), 999]
    found = {s.id: dice.choice(ids) for s in students if dice.random() < 0.3}
    return {s: h for s, h in found.items() if (s, h) not in exclusions}


def second_opinion(students, helpers, weights, exclusions, pins=MappingProxyType({})):
    """(pinned left, key left, all left, cost) of scipy's optimum: a column per free place, a dear one per
    student."""
    places = [(h, nth) for h in helpers for nth in range(1, h.room + 1)]
    dear = 100_000
    table = np.full((len(students), len(places) + len(students)), 1e12)
    for row, student in enumerate(students):
        for column, (helper, nth) in enumerate(places):
            if (student.id, helper.id) not in exclusions and pins.get(student.id, helper.id) == helper.id:
                table[row, column] = total(explain(student, helper, nth, weights))
        table[row, len(places) + row] = dear * (10_000 if student.id in pins else 100 if student.key else 1)
    rows, columns = linear_sum_assignment(table)
    left = [students[r] for r, c in zip(rows, columns, strict=True) if c >= len(places)]
    cost = sum(table[r, c] for r, c in zip(rows, columns, strict=True) if c < len(places))
    return _left(left, pins), int(cost)


def _left(left, pins):
    """What weighs most first: pinned students left out, other key ones, all."""
    return sum(s.id in pins for s in left), sum(s.key for s in left if s.id not in pins), len(left)


@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.parametrize("seed", range(200))
def test_optimum_equals_a_second_solvers(seed, pinned):
    students, helpers, weights, exclusions = a_school(seed)
    pins = some_pins(seed, students, helpers, exclusions) if pinned else {}
    dice = random.Random(seed + 2)
    before = {s.id: dice.choice(helpers).id for s in students if dice.random() < 0.5}
    result = propose(students, helpers, weights, exclusions, pins=pins, before=before)
    by_id = {student.id: student for student in students}
    found = _left([by_id[left.student] for left in result.unpaired], pins), result.cost
    assert found == second_opinion(students, helpers, weights, exclusions, pins)
    assert all(p.helper == pins.get(p.student, p.helper) for p in result.proposals)


def test_a_pinned_student_gets_this_helper_even_before_a_key_student():
    students = [StudentFacts(1), StudentFacts(2, key=True, school_class=1)]
    helpers = [HelperFacts(100, classes=frozenset({1}))]
    result = propose(students, helpers, pins={1: 100})
    assert [(p.student, p.reasons[0].code) for p in result.proposals] == [(1, "pinned")]
    assert result.unpaired == ((2, "no_capacity"),)
    full = propose([StudentFacts(1)], [HelperFacts(100, load=1), HelperFacts(101)], pins={1: 100})
    assert (full.proposals, full.unpaired) == ((), ((1, "pinned"),))


@pytest.mark.parametrize("seed", range(40))
def test_the_answer_so_far_is_kept_wherever_it_is_as_good(seed):
    students, helpers, weights, exclusions = a_school(seed)
    free = propose(students, helpers, weights, exclusions)
    before = {p.student: p.helper for p in free.proposals}
    again = propose(reversed(students), helpers, weights, exclusions, before=before)
    assert {p.student: p.helper for p in again.proposals} == before
    alike = [HelperFacts(n) for n in (100, 101, 102)]
    kept = propose([StudentFacts(1), StudentFacts(2)], alike, before={1: 102, 2: 101})
    assert [p.helper for p in kept.proposals] == [102, 101]


@settings(deadline=None)
@given(st.integers(1000, 10_000_000))
def test_every_result_is_feasible_and_explains_itself(seed):
    students, helpers, weights, exclusions = a_school(seed)
    result = propose(students, helpers, weights, exclusions)
    by_student, by_helper = {s.id: s for s in students}, {h.id: h for h in helpers}
    named = [p.student for p in result.proposals] + [u.student for u in result.unpaired]
    assert sorted(named) == sorted(by_student)
    given_out = Counter(p.helper for p in result.proposals)
    assert all(n <= by_helper[h].room for h, n in given_out.items())
    assert not {(p.student, p.helper) for p in result.proposals} & exclusions
    for helper, count in given_out.items():
        pairs = [p for p in result.proposals if p.helper == helper]
        assert any(
            all(
                p.reasons == explain(by_student[p.student], by_helper[helper], nth, weights)
                for nth, p in enumerate(order, start=1)
            )
            for order in permutations(pairs, count)
        )
    for proposal in result.proposals:
        assert proposal.cost == total(proposal.reasons)
        other = proposal.runner_up
        if other:
            assert other.helper != proposal.helper
            assert (proposal.student, other.helper) not in exclusions
            assert total(other.reasons) - proposal.cost == other.difference
            assert other.free == (given_out[other.helper] < by_helper[other.helper].room)
            assert other.difference >= 0 or not other.free
    idle = {h.id for h in helpers if not h.load and not given_out[h.id]}
    assert set(result.without_student) == idle


@settings(deadline=None)
@given(st.integers(0, 1_000_000), st.randoms())
def test_equal_input_gives_an_equal_answer_in_any_order(seed, dice):
    students, helpers, weights, exclusions = a_school(seed)
    before = propose(students, helpers, weights, exclusions)
    dice.shuffle(students)
    dice.shuffle(helpers)
    assert propose(students, helpers, weights, sorted(exclusions)) == before


def test_as_few_as_possible_stay_unpaired_even_if_the_pairs_then_suit_less():
    students = [StudentFacts(1, school_class=1, continues_with=frozenset({100})), StudentFacts(2)]
    helpers = [HelperFacts(100, classes=frozenset({1}), class_teacher_of=frozenset({1})), HelperFacts(101)]
    result = propose(students, helpers, exclusions={(2, 101)})
    assert {(p.student, p.helper) for p in result.proposals} == {(1, 101), (2, 100)}


@pytest.mark.parametrize("seed", range(60))
def test_as_few_as_trying_every_way_leaves(seed):
    students, helpers, weights, exclusions = a_school(seed, most_students=4, most_helpers=3)
    places = [h.id for h in helpers for _ in range(h.room)]

    def can_pair(group):
        return any(
            all((s.id, h) not in exclusions for s, h in zip(group, order, strict=True))
            for order in permutations(places, len(group))
        )

    best = max(
        (sum(s.key for s in group), len(group))
        for size in range(len(students) + 1)
        for group in combinations(students, size)
        if can_pair(group)
    )
    paired = {p.student for p in propose(students, helpers, weights, exclusions).proposals}
    assert (sum(s.key for s in students if s.id in paired), len(paired)) == best


def test_a_key_student_never_stands_back_for_another():
    well_suited = StudentFacts(1, school_class=1, continues_with=frozenset({100}))
    result = propose([well_suited, StudentFacts(2, key=True)], [HelperFacts(100, classes=frozenset({1}))])
    assert [p.student for p in result.proposals] == [2]
    assert result.unpaired == ((1, "no_capacity"),)


def test_an_unpaired_student_says_why():
    full = HelperFacts(100, capacity=1, load=1)
    assert propose([StudentFacts(1)], []).unpaired == ((1, "no_helpers"),)
    assert propose([StudentFacts(1)], [full]).unpaired == ((1, "no_capacity"),)
    alone = propose([StudentFacts(1)], [HelperFacts(100)], exclusions={(1, 100)})
    assert alone.unpaired == ((1, "all_excluded"),)


def test_the_head_goes_first_and_with_a_key_student():
    students = [
        StudentFacts(1, school_class=1, continues_with=frozenset({101})),
        StudentFacts(2, key=True, school_class=2, continues_with=frozenset({102})),
    ]
    own = {n: frozenset({n - 100}) for n in (101, 102)}
    teachers = [HelperFacts(n, class_teacher_of=own[n], classes=own[n]) for n in own]
    head = HelperFacts(100, head=True)
    result = propose(students, [head, *teachers])
    assert {(p.student, p.helper) for p in result.proposals} == {(1, 101), (2, 100)}
    assert [r.code for r in result.proposals[1].reasons] == ["head_first", "head_key"]


def test_the_head_leads_with_one_student_and_takes_further_ones_like_everyone():
    head, teachers = HelperFacts(100, head=True, capacity=3), [HelperFacts(101), HelperFacts(102)]
    students = [StudentFacts(n, key=n != 2) for n in (1, 2, 3)]
    result = propose(students, [head, *teachers])
    led = [p for p in result.proposals if p.helper == 100]
    assert [(p.student in (1, 3), p.cost) for p in led] == [(True, -600)]


def test_a_head_who_accompanies_someone_already_is_a_helper_like_others():
    head = HelperFacts(100, head=True, capacity=2, load=1)
    assert {r.code for r in propose([StudentFacts(1, key=True)], [head]).proposals[0].reasons} == {"workload"}


def test_students_spread_across_helpers():
    suited = HelperFacts(100, capacity=3, classes=frozenset({1}))
    helpers = [suited, HelperFacts(101, capacity=3), HelperFacts(102, capacity=3)]
    result = propose([StudentFacts(n, school_class=1) for n in range(1, 4)], helpers)
    assert {p.helper for p in result.proposals} == {100, 101, 102}


def test_reasons_name_what_they_rest_on():
    student = StudentFacts(
        1, True, 1, 7, frozenset({"maths", "english"}), "青石", "f", True, frozenset({100}), "桂园 301"
    )
    helper = HelperFacts(
        100,
        3,
        1,
        False,
        frozenset({1}),
        frozenset({1}),
        frozenset({"maths"}),
        frozenset({7}),
        "青石",
        "f",
        "桂园",
    )
    assert set(fit(student, helper, Weights())) == {
        Reason("continues", -40),
        Reason("class_teacher", -30),
        Reason("teaches_class", -25),
        Reason("subject_of_need", -20, "maths"),
        Reason("same_sex", -100),
        Reason("same_village", -8, "青石"),
        Reason("same_dormitory", -8, "桂园"),
        Reason("workload", 15, "1"),
    }
    assert fit(StudentFacts(2, grade=7), helper, Weights())[0] == Reason("same_grade", -6)


def test_unknown_facts_are_no_reason():
    assert fit(StudentFacts(1, same_sex=True), HelperFacts(100), Weights()) == ()


def test_the_runner_up_is_the_best_who_still_has_room():
    students = [StudentFacts(1, school_class=1), StudentFacts(2, school_class=2)]
    helpers = [
        HelperFacts(100, classes=frozenset({1}), class_teacher_of=frozenset({1})),
        HelperFacts(101, classes=frozenset({1, 2}), class_teacher_of=frozenset({2})),
        HelperFacts(102, grades=frozenset({7})),
        HelperFacts(103, classes=frozenset({2})),
    ]
    first, second = propose(students, helpers).proposals
    assert (first.helper, first.runner_up.helper, first.runner_up.difference) == (100, 102, 55)
    assert (second.helper, second.runner_up.helper, second.runner_up.difference) == (101, 103, 30)


def test_with_no_room_left_the_runner_up_is_the_best_by_cost():
    students = [StudentFacts(1, school_class=1), StudentFacts(2)]
    first, _ = propose(students, [HelperFacts(100, classes=frozenset({1})), HelperFacts(101)]).proposals
    assert first.runner_up == (101, (Reason("spread", 35, "1"),), 60, False)


def test_the_only_helper_has_no_runner_up():
    assert propose([StudentFacts(1)], [HelperFacts(100)]).proposals[0].runner_up is None


def test_nobody_to_pair_is_an_answer():
    assert propose([], [HelperFacts(100), HelperFacts(101, load=1)]) == ((), (), (100,), 0)


def test_weights_are_edited_by_name_within_bounds():
    assert Weights.of({"continues": 0}).continues == 0
    for wrong in ({"favourite": 3}, {"continues": -1}, {"continues": 1001}, {"continues": 1.5}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Weights.of(wrong)
