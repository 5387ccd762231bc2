"""Who gets a place where there are too few, and when a group meets."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.activities.rules import (
    TURN,
    Wish,
    double_ninth,
    drawn,
    give,
    in_turn,
    may_like,
    meeting_days,
    nearest,
)
from tongxing.ground.people.calendar import TermCalendar

DAY = datetime.date(2026, 9, 7)


def wish(student, level="", days=0):
    return Wish(student, student, level, DAY + datetime.timedelta(days=days))


WISHES = st.lists(
    st.builds(wish, st.integers(1, 60), st.sampled_from(["", "normal", "key"]), st.integers(0, 5)),
    unique_by=lambda one: one.student_id,
    max_size=40,
)


@given(WISHES, st.integers(1, 30), st.integers(0, 40), st.text(max_size=8))
def test_no_more_places_are_given_than_are_free_and_all_of_them_where_enough_wish(
    wishes, places, taken, seed
):
    given_ = give(places, taken, wishes, seed)
    assert len(given_.placed) == min(max(places - taken, 0), len(wishes))
    assert len({one.id for one in given_.placed}) == len(given_.placed)


@given(WISHES, st.integers(1, 30), st.text(max_size=8))
def test_nobody_waits_behind_somebody_whose_turn_is_later(wishes, places, seed):
    placed = give(places, 0, wishes, seed).placed
    waiting = [one for one in wishes if one not in placed]
    for first in placed:
        for other in waiting:
            assert (TURN.get(first.level, 2), first.since) <= (TURN.get(other.level, 2), other.since)


@given(WISHES, st.text(max_size=8), st.randoms())
def test_the_order_does_not_depend_on_how_the_wishes_come_in(wishes, seed, random):
    shuffled = random.sample(wishes, len(wishes))
    assert in_turn(wishes, seed) == in_turn(shuffled, seed)


@given(WISHES, st.text(max_size=8), st.integers(0, 39))
def test_the_turn_of_two_does_not_depend_on_who_else_wishes(wishes, seed, gone):
    rest = [one for number, one in enumerate(wishes) if number != gone]
    assert in_turn(rest, seed) == [one for one in in_turn(wishes, seed) if one in rest]


@given(WISHES, st.integers(1, 30), st.text(max_size=8))
def test_coming_first_is_said_only_of_registered_students_for_whom_it_made_the_difference(
    wishes, places, seed
):
    given_ = give(places, 0, wishes, seed)
    assert all(one.level in TURN and one in given_.placed for one in given_.first)
    if len(wishes) <= places:
        assert not given_.first


def test_key_students_come_before_other_registered_ones_and_these_before_everybody_else():
    wishes = [wish(1), wish(2, "normal", days=3), wish(3, "key", days=4), wish(4, days=0)]
    assert [one.student_id for one in give(2, 0, wishes, "s").placed] == [3, 2]


def test_whoever_has_waited_longer_comes_before_whoever_wished_later():
    assert [one.student_id for one in give(1, 0, [wish(1, days=1), wish(2, days=0)], "s").placed] == [2]


def test_those_of_one_day_are_drawn_and_other_seeds_draw_others():
    wishes = [wish(number) for number in range(1, 7)]
    firsts = {in_turn(wishes, f"seed {number}")[0].student_id for number in range(60)}
    assert len(firsts) > 3
    assert in_turn(wishes, "seed 1") == sorted(wishes, key=lambda one: drawn("seed 1", one.student_id))


def test_a_free_place_goes_to_the_next_by_the_same_rule():
    wishes = [wish(1, "normal"), wish(2), wish(3)]
    first = give(1, 0, wishes, "s").placed
    rest = [one for one in wishes if one not in first]
    assert give(2, 1, rest, "s").placed == (in_turn(wishes, "s")[1],)


def test_where_places_became_fewer_nobody_leaves_and_nobody_comes():
    assert give(2, 5, [wish(1, "key")], "s").placed == ()


def autumn(off=(), make_up=()):
    return TermCalendar(
        datetime.date(2026, 9, 1), datetime.date(2027, 1, 22), DAY, frozenset(off), frozenset(make_up)
    )


def test_a_group_meets_on_its_weekday_not_on_a_day_off_and_not_on_a_made_up_saturday():
    off, saturday = datetime.date(2026, 10, 2), datetime.date(2026, 10, 10)
    days = meeting_days(autumn([off], [saturday]), 4)
    assert datetime.date(2026, 9, 25) in days and datetime.date(2026, 10, 9) in days
    assert off not in days and saturday not in days
    assert {day.weekday() for day in days} == {4}
    assert meeting_days(autumn([off], [saturday]), 5) == (saturday,)
    assert meeting_days(autumn(), None) == ()


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (10, 11)), (2025, (10, 29)), (2026, (10, 18)), (2027, (10, 8))]
)
def test_the_double_ninth_comes_from_the_chinese_calendar(year, day):
    assert double_ninth(year) == datetime.date(year, *day)


def test_a_festival_on_a_sunday_moves_to_the_school_day_next_to_it():
    assert nearest(double_ninth(2026), autumn().days) == datetime.date(2026, 10, 19)
    monday_off = [day for day in autumn().days if day != datetime.date(2026, 10, 19)]
    assert nearest(double_ninth(2026), monday_off) == datetime.date(2026, 10, 16)
    assert nearest(double_ninth(2026), []) is None


@pytest.mark.parametrize(
    ("words", "known", "found"),
    [
        ("剪纸社", ["剪纸"], "剪纸"),
        ("合唱 唱歌", ["喜欢唱歌"], "喜欢唱歌"),
        ("泥塑 手工、捏泥", ["画画", "捏泥"], "捏泥"),
        ("舞蹈", ["剪纸"], ""),
        ("舞蹈", [], ""),
        ("书", ["书"], ""),
    ],
)
def test_what_a_child_likes_speaks_for_an_offer_that_says_so(words, known, found):
    assert may_like(words, known) == found
