"""Whether help helped: the truth lies within the interval as often as it says, and a mere gain is no effect."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tongxing.care.screening.rules import paper_of
from tongxing.oversight.insight.effect import (
    MIN_N,
    SCALES,
    SHADES,
    beside,
    estimate,
    moves,
    overall_start,
    step,
    student_t,
)

RUNS, CLASSMATES = 1_000, 160
NOISE = 0.6  # of one sitting, beside an ability of 1


def school(rng: random.Random, effect: float) -> tuple[list, list]:
    """One school: most of those who did badly in the first exam are helped, and a few others; z as the product makes it."""
    ability = [rng.gauss(0, 1) for _one in range(CLASSMATES)]
    first = [one + rng.gauss(0, NOISE) for one in ability]
    lowest = sorted(first)[CLASSMATES // 4]
    helped = [rng.random() < (0.7 if points <= lowest else 0.08) for points in first]
    spread = math.sqrt(1 + NOISE**2)
    second = [
        one + rng.gauss(0, NOISE) + effect * spread * got for one, got in zip(ability, helped, strict=True)
    ]
    papers = paper_of(first), paper_of(second)
    rows = [(papers[0].z(a), papers[1].z(b)) for a, b in zip(first, second, strict=True)]
    return (
        [row for row, got in zip(rows, helped, strict=True) if got],
        [row for row, got in zip(rows, helped, strict=True) if not got],
    )


@pytest.mark.parametrize("truth", [0.0, 0.3])
def test_the_interval_holds_the_true_effect_in_93_to_97_of_100_schools(truth):
    rng = random.Random(f"effect {truth}")
    found = [estimate(*school(rng, truth)) for _run in range(RUNS)]
    assert all(found)
    held = sum(one.low <= truth <= one.high for one in found)
    assert 0.93 * RUNS <= held <= 0.97 * RUNS
    assert abs(sum(one.value for one in found) / RUNS - truth) < 0.02


def test_the_lowest_rise_by_themselves_and_that_is_no_effect():
    rng = random.Random(7)
    gains, said = [], []
    for _run in range(100):
        helped, others = school(rng, 0.0)
        gains.append(sum(later - earlier for earlier, later in helped) / len(helped))
        said.append(estimate(helped, others).says)
    assert sum(gain > 0 for gain in gains) >= 95  # nearly each school would have praised itself
    assert said.count("nothing") >= 90


def test_a_large_effect_is_seen_and_its_direction_told():
    rng = random.Random(8)
    assert estimate(*school(rng, 1.0)).says == "more"
    assert estimate(*school(rng, -1.0)).says == "less"


@pytest.mark.parametrize(("helped", "others"), [(MIN_N - 1, 200), (200, MIN_N - 1), (0, 200), (200, 0)])
def test_too_few_children_say_nothing(helped, others):
    rng = random.Random(9)
    rows = [(rng.gauss(0, 1), rng.gauss(0, 1)) for _one in range(200)]
    assert estimate(rows[:helped], rows[:others]) is None


def test_starts_that_only_one_side_knows_are_not_compared():
    far = [(-3 - n / 100, 0.0) for n in range(MIN_N)]
    near = [(n / 100, 0.0) for n in range(MIN_N)]
    assert estimate(far, near) is None


def test_one_start_for_all_is_no_ground_to_compare():
    assert estimate([(0.0, 1.0)] * MIN_N, [(0.0, 0.0)] * MIN_N) is None


rows = st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=MIN_N, max_size=60)


@given(helped=rows, others=rows, shift=st.floats(-2, 2))
def test_when_all_helped_come_further_by_so_much_the_effect_grows_by_so_much(helped, others, shift):
    before = estimate(helped, others)
    after = estimate([(a, b + shift) for a, b in helped], others)
    assert (before is None) == (after is None)
    if before:
        assert math.isclose(after.value - before.value, shift, abs_tol=1e-6)
        assert math.isclose(after.high - after.low, before.high - before.low, abs_tol=1e-6)
        assert before.low <= before.value <= before.high


@pytest.mark.parametrize("free", [20, 37, 100, 1000])
def test_students_t_is_the_one_of_the_tables(free):
    assert student_t(free) == pytest.approx(stats.t.ppf(0.975, free), abs=5e-4)


def test_the_middle_half_of_similar_starts_is_shown_beside_one_child():
    similar = [(60.0, float(later)) for later in range(50, 91)]
    found = beside(62, [*similar, (95.0, 99.0)], sd=12)
    assert (found.low, found.high, found.n) == (60, 80, 41)


def test_few_similar_starts_are_not_shown():
    assert beside(60, [(60.0, 70.0)] * (MIN_N - 1), sd=12) is None
    assert beside(60, [(90.0, 70.0)] * 100, sd=12) is None
    assert beside(60, [(60.0, 70.0)] * 100, sd=0) is None


@given(st.sampled_from(SCALES).flatmap(lambda scale: st.tuples(*[st.sampled_from(scale)] * 2)))
def test_there_and_back_is_the_other_way(bands):
    there, back = step(*bands), step(*reversed(bands))
    assert {there, back} in ({"same"}, {"up", "down"})


def test_bands_of_two_scales_are_not_compared():
    assert step("B", "良") is None


def results(*counted: tuple[str, str, int], start: int = 6) -> list:
    return [(start, earlier, later) for earlier, later, times in counted for _one in range(times)]


def test_movement_stands_beside_that_of_others_from_the_same_start():
    helped = results(("D", "C", 12), ("D", "D", 8), ("B", "B", 4))
    others = results(("D", "C", 10), ("D", "D", 20), ("D", "E", 10), ("A", "B", 50))
    found = moves(helped, others)
    assert found.ways == {"up": 12, "same": 8, "down": 0}  # nobody without help began in B
    assert found.expected == pytest.approx({"up": 5, "same": 10, "down": 5})
    assert found.n == 20


def test_whoever_was_unlucky_in_one_subject_alone_is_no_like_start():
    unlucky = results(("E", "B", 100), start=2)
    alike = results(("E", "D", 5), ("E", "E", 15), start=7)
    found = moves(results(("E", "D", 6), ("E", "E", 14), start=7), unlucky + alike)
    assert found.expected == pytest.approx({"up": 5, "same": 15, "down": 0})


def test_few_results_in_bands_say_nothing():
    assert moves(results(("D", "C", MIN_N - 1)), results(("D", "D", 100))) is None
    assert moves(results(("D", "C", 100)), results(("D", "D", MIN_N - 1), ("A", "A", 100))) is None


@given(st.lists(st.sampled_from(SCALES[0]), min_size=1))
def test_the_overall_start_lies_between_the_best_and_the_lowest(bands):
    assert 0 <= overall_start(bands) <= SHADES
    assert overall_start(["A"]) == overall_start(["优秀"]) == 0 and overall_start(["E"]) == SHADES


def test_bands_that_nobody_knows_tell_no_start():
    assert overall_start(["?"]) == overall_start([]) == 0
