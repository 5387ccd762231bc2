"""By when a request is answered, who reads it, when a box is opened: pure, tried with made-up calendars."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.requests import rules
from tongxing.care.requests.topics import TOPICS

DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2026, 11, 23)
WEEK = [MONDAY + n * DAY for n in range(28) if (MONDAY + n * DAY).weekday() < 5]

days = st.dates(datetime.date(2026, 9, 1), datetime.date(2027, 1, 22))
calendars = st.sets(days, max_size=60).map(sorted)
roles = st.lists(st.sampled_from(["helper", "class_teacher", "counsellor", "coordinator"]), unique=True)
people = st.dictionaries(
    st.sampled_from(["helper", "class_teacher", "counsellor", "coordinator", "deputy", "head"]),
    st.lists(st.integers(1, 9), max_size=3),
)


def test_a_request_of_friday_is_answered_on_monday_when_urgent_and_on_wednesday_otherwise():
    friday = MONDAY + 4 * DAY
    assert rules.due_on(friday, 1, WEEK) == MONDAY + 7 * DAY
    assert rules.due_on(friday, 3, WEEK) == MONDAY + 9 * DAY


def test_asked_on_a_weekend_the_days_begin_on_monday():
    assert rules.due_on(MONDAY + 5 * DAY, 1, WEEK) == MONDAY + 7 * DAY


@given(days, st.integers(1, 15), calendars)
def test_as_many_days_that_count_lie_between_as_were_promised(day, number, counting):
    due = rules.due_on(day, number, counting)
    assert due > day
    between = [one for one in counting if day < one <= due]
    if number <= len([one for one in counting if one > day]):
        assert due in counting and len(between) == number
    else:
        assert due.weekday() < 5 and len(between) < number


@given(days, st.integers(1, 14), calendars)
def test_more_time_is_never_less(day, number, counting):
    assert rules.due_on(day, number, counting) < rules.due_on(day, number + 1, counting)


@given(roles, people, st.sets(st.sampled_from(["helper", "class_teacher"])), st.sets(st.integers(1, 9)))
def test_nobody_from_whom_it_is_kept_answers_and_no_role_reads_that_was_not_wanted(way, near, without, kept):
    found = rules.route(way, near, without=without, kept_from=kept)
    if found is None:
        assert all(set(near.get(role, [])) <= kept for role in {*way, *rules.LAST_IN_LINE} - without)
        return
    assert found.holder not in kept
    assert not set(found.readers) & without
    assert found.holder in near[found.readers[0]]


@given(roles.filter(bool), people)
def test_the_first_of_the_way_who_is_there_answers(way, near):
    there = [role for role in way if near.get(role)]
    found = rules.route(way, near)
    if there:
        assert found.readers == tuple(there) and found.holder == near[there[0]][0]


def test_every_topic_but_harm_has_a_way():
    assert {code for code, topic in TOPICS.items() if not topic.way} == {"hurt"}


@given(days, st.one_of(st.none(), days), st.integers(1, 15), calendars)
def test_a_box_is_opened_after_it_was_opened_last(since, opened, every, counting):
    due = rules.opens_by(since, opened, every, counting)
    assert due > opened if opened else due >= since


def test_a_new_box_counts_from_its_first_day():
    assert rules.opens_by(MONDAY, None, 3, WEEK) == MONDAY + 2 * DAY
    assert rules.opens_by(MONDAY, MONDAY + 2 * DAY, 3, WEEK) == MONDAY + 7 * DAY


def test_what_is_over_is_late_what_is_today_is_today():
    assert [rules.urgency(MONDAY + n * DAY, MONDAY) for n in (-1, 0, 1)] == ["late", "today", "later"]
