"""Whom a circular is for, and what a confirmation counts for."""

from hypothesis import given
from hypothesis import strategies as st

from tongxing.oversight.notices.rules import ALL, CLASS_TEACHERS, HELPERS, Belonging, asks_from, state_of

GRADES = st.frozensets(st.integers(0, 12), max_size=4)
SOMEBODY = st.builds(Belonging, GRADES, GRADES, GRADES)


@given(SOMEBODY)
def test_what_is_for_all_colleagues_is_for_everybody(one):
    assert one.is_addressed(ALL, None)


@given(SOMEBODY, st.sampled_from([CLASS_TEACHERS, HELPERS]), st.integers(0, 12))
def test_whoever_is_addressed_by_grade_is_addressed_without_one(one, group, grade):
    assert not one.is_addressed(group, grade) or one.is_addressed(group, None)


@given(SOMEBODY, st.sampled_from([ALL, CLASS_TEACHERS, HELPERS, ""]), st.integers(0, 12))
def test_a_grade_reaches_those_who_work_in_it_and_nobody_else(one, group, grade):
    works_in = {
        ALL: one.teaches | one.leads,
        CLASS_TEACHERS: one.leads,
        HELPERS: one.helps,
        "": frozenset(),
    }[group]
    assert one.is_addressed(group, grade) == (grade in works_in)


@given(st.lists(st.booleans(), max_size=8))
def test_a_confirmation_counts_until_a_later_version_asks_anew(asks):
    versions = list(enumerate([True, *asks], 1))
    counts_from = asks_from(versions)
    for number, _asks in versions:
        later = [asks_anew for later, asks_anew in versions if later > number]
        assert (state_of(number, number, counts_from) == "confirmed") == (not any(later))


def test_before_confirming_it_is_received_then_opened():
    assert state_of(None, None, 1) == "received"
    assert state_of(1, None, 1) == "opened"
    assert state_of(2, 1, 2) == "again"
