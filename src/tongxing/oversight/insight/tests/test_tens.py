"""No count below ten can be worked out from what a county is shown: checked against every table that fits."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.oversight.insight.tens import TEN, Tens, tens, total

COUNTS = st.one_of(st.none(), st.integers(0, 45))
COLUMNS = st.lists(st.lists(COUNTS, min_size=4, max_size=4), min_size=1, max_size=5)


def shown(columns):
    """What a county sees of schools (rows) and months or figures (columns): the cells, and a total under each column."""
    return tuple((tuple(map(tens, column)), total(column)) for column in columns)


@pytest.mark.parametrize(
    ("count", "seen"),
    [
        (None, Tens("unknown")),
        (0, Tens("few")),
        (9, Tens("few")),
        (10, Tens("shown", 10)),
        (19, Tens("shown", 10)),
        (1184, Tens("shown", 1180)),
    ],
)
def test_a_count_stands_as_its_ten(count, seen):
    assert tens(count) == seen


@pytest.mark.parametrize(
    ("counts", "seen"),
    [
        ([], Tens("unknown")),
        ([None, None], Tens("unknown")),
        ([37], Tens("shown", 30)),
        ([9, 9], Tens("hidden")),  # ten or more would tell that neither has 0
        ([19, 19], Tens("shown", 20)),
        ([5, 5, 5], Tens("shown", 10)),
        ([None, 41, 38, 27], Tens("shown", 100)),
        ([14] * 30, Tens("shown", 420)),
        ([9] * 10, Tens("shown", 80)),  # 90 would tell that each has nine
    ],
)
def test_a_total_stops_where_only_the_largest_parts_would_fit(counts, seen):
    assert total(counts) == seen


@given(COLUMNS, st.data())
def test_adding_and_subtracting_what_is_shown_gives_tens_alone(columns, data):
    """Rows, columns, totals, months, moments: any whole-number combination of them all."""
    values = [one.value for cells, whole in shown(columns) for one in (*cells, whole)]
    times = data.draw(st.lists(st.integers(-3, 3), min_size=len(values), max_size=len(values)))
    assert sum(a * b for a, b in zip(values, times, strict=True)) % TEN == 0


@given(COLUMNS)
def test_what_is_shown_is_true(columns):
    for column, (cells, whole) in zip(columns, shown(columns), strict=True):
        for count, cell in zip(column, cells, strict=True):
            assert (cell.kind == "unknown") == (count is None)
            assert cell.kind != "shown" or cell.value <= count < cell.value + TEN
            assert cell.kind != "few" or count < TEN
        assert whole.value <= sum(count for count in column if count is not None)


def fitting(column):
    """Every column of counts that looks exactly like this one: tried one by one, by no formula."""
    places = [range(count - count % TEN, count - count % TEN + TEN) for count in column]
    seen = shown([column])
    return [one for one in product(*places) if shown([one]) == seen]


@given(st.lists(st.integers(0, 32), min_size=1, max_size=3))
def test_each_count_below_ten_may_be_any_of_ten(column):
    fits = fitting(column)
    for place in range(len(column)):
        lowest = column[place] - column[place] % TEN
        assert {one[place] for one in fits} == set(range(lowest, lowest + TEN))


@pytest.mark.parametrize("column", [[9, 9], [0, 0], [9, 9, 9], [0, 9, 19], [9, 9, 9, 9], [9, 0, 9, 9]])
def test_so_it_is_at_the_ends_where_a_plain_total_would_give_it_away(column):
    fits = fitting(column)
    assert all({one[place] for one in fits} >= {column[place] - column[place] % TEN + n for n in range(TEN)}
               for place in range(len(column)))  # fmt: skip


def test_a_plain_total_would_give_it_away():
    """The check above can fail: with the exact sum beside the tens, two nines are told."""
    fits = [one for one in product(range(TEN), repeat=2) if sum(one) == 18]
    assert fits == [(9, 9)]


@given(
    st.lists(st.integers(0, 19), min_size=2, max_size=2), st.lists(st.integers(-9, 9), min_size=2, max_size=2)
)
def test_between_two_moments_a_change_below_ten_is_not_told(before, changes):
    """Two schools at two moments: whichever change a school had, no change, or one of five either way, fits as well."""
    after = [max(0, count + change) for count, change in zip(before, changes, strict=True)]
    for place in range(2):
        possible = {two[place] - one[place] for one, two in product(fitting(before), fitting(after))}
        ten_later = after[place] // TEN * TEN - before[place] // TEN * TEN
        assert possible == set(range(ten_later - 9, ten_later + TEN))
        assert len(possible) > TEN
