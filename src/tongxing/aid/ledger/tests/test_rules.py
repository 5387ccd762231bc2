"""Moves, amounts over days, and a statement beside the books."""

import datetime
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ..rules import Move, Part, Row, adds_up, compare, digest, least_from, months, reversed_parts

DAY = datetime.date(2026, 11, 2)
moves = st.lists(
    st.builds(
        Move,
        st.integers(1, 5),
        st.integers(1, 5),
        st.integers(1, 3),
        st.integers(1, 10**9),
        st.none() | st.integers(1, 3),
    ),
    min_size=1,
)


def day(n: int) -> datetime.date:
    return DAY + datetime.timedelta(days=n)


@given(moves)
def test_what_goes_from_somewhere_to_somewhere_always_adds_up(some):
    parts = [part for move in some for part in move.parts]
    assert adds_up(parts) and adds_up(reversed_parts(parts))
    assert not adds_up([*parts, Part(1, 1, 1)])


@given(moves, st.randoms())
def test_the_order_of_lines_does_not_matter_but_every_word_does(some, chance):
    parts = [part for move in some for part in move.parts]
    mixed = parts.copy()
    chance.shuffle(mixed)
    assert digest("a", parts=parts) == digest("a", parts=mixed) != digest("b", parts=parts)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=20))
def test_the_least_of_the_days_after_is_found_from_the_end(changes):
    later = {day(n): change for n, change in enumerate(changes)}
    standing, least = 100, 100
    for change in changes:
        standing += change
        least = min(least, standing)
    assert least_from(standing, later) == least


def test_months_follow_each_other_without_gaps():
    found = months(datetime.date(2026, 11, 5), datetime.date(2027, 2, 1))
    assert found[0] == (datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))
    assert found[-1] == (datetime.date(2027, 2, 1), datetime.date(2027, 2, 28)) and len(found) == 4


def planted() -> tuple[list[Row], list[Row], list[tuple]]:
    """A statement of 500 rows beside the books, with 20 differences and what they are called."""
    chance = random.Random("statement")
    amounts = chance.sample(range(1_000, 900_000), 502)
    signs = [chance.choice((1, -1)) for _ in amounts]
    lines, rows, expected = [], [], []
    for n, (amount, sign) in enumerate(zip(amounts, signs, strict=True)):
        reference = f"R{n:05d}" if n % 3 else ""
        lines.append(Row(n, day(n % 28), amount * sign, reference))
        known = reference if chance.random() < 0.8 else ""
        rows.append(Row(10_000 + n, day(n % 28 + chance.randrange(3)), amount * sign, known))
    chosen = iter([n for n in range(502) if rows[n].reference])
    for _ in range(4):
        n = next(chosen)
        lines[n] = None
        expected.append(("only_statement", rows[n].key, None))
    for _ in range(4):
        n = next(chosen)
        rows[n] = None
        expected.append(("only_books", None, n))
    for _ in range(4):
        n = next(chosen)
        rows[n] = replace(rows[n], amount=rows[n].amount + (7 if rows[n].amount > 0 else -7))
        expected.append(("amount", rows[n].key, n))
    for _ in range(4):
        n = next(chosen)
        rows[n] = replace(rows[n], day=rows[n].day + datetime.timedelta(days=40))
        expected.append(("day", rows[n].key, n))
    for key in (20_000, 20_001):
        rows.append(replace(rows[next(chosen)], key=key))
        expected.append(("double_statement", key, None))
    for key in (9_001, 9_002):
        lines.append(replace(lines[next(chosen)], key=key))
        expected.append(("double_books", None, key))
    lines = [one for one in lines if one]
    rows = [one for one in rows if one]
    chance.shuffle(lines)
    chance.shuffle(rows)
    return rows, lines, expected


def test_of_500_rows_with_20_planted_differences_exactly_those_are_found():
    rows, lines, expected = planted()
    assert len(rows) == 500 and len(expected) == 20
    result = compare(rows, lines, window=5)
    found = sorted((one.why, one.row or 0, one.line or 0) for one in result.differences)
    assert found == sorted((why, row or 0, line or 0) for why, row, line in expected)


def test_a_row_twice_in_the_books_is_called_double():
    result = compare([Row(1, DAY, 5, "A")], [Row(1, DAY, 5, "A"), Row(2, DAY, 5, "A")], window=5)
    assert [(one.why, one.line) for one in result.differences] == [("double_books", 2)]


def test_same_amounts_find_the_nearest_day_and_nothing_beyond_the_window():
    rows = [Row(1, day(0), 5), Row(2, day(4), 5)]
    lines = [Row(1, day(3), 5), Row(2, day(1), 5), Row(3, day(20), 5)]
    result = compare(rows, lines, window=5)
    assert result.matched == {1: 2, 2: 1}
    assert [(one.why, one.line) for one in result.differences] == [("only_books", 3)]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([-7, 5, 12]), st.sampled_from(["", "A", "B"])),
        max_size=12,
    )
)
def test_everything_is_named_once_and_the_books_fit_themselves(some):
    rows = [Row(n + 1, day(offset), amount, reference) for n, (offset, amount, reference) in enumerate(some)]
    assert compare(rows, rows, window=5).differences == []
    half = compare(rows, rows[::2], window=5)
    named = [one.row for one in half.differences if one.row] + [
        key for key in half.matched if not any(one.row == key for one in half.differences)
    ]
    assert sorted(named) == [row.key for row in rows]
