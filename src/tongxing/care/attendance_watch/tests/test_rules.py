"""School hours, rows and shares of days, rates and their words, breaks and the weeks of calls."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.calendar import DAY, Break, TermCalendar, Week

from ..rules import DEFAULT, asks_further, band, call_weeks, gaps, rate, school_hours, suspicion

MONDAY = datetime.date(2026, 11, 23)


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), SCHOOL_TIME)


def on_weekdays(day: datetime.date) -> bool:
    return day.weekday() < 5


moments = st.integers(0, 20 * 24 * 60).map(
    lambda minutes: at(MONDAY, 0) + datetime.timedelta(minutes=minutes)
)
weeks_of_school = st.lists(st.booleans(), min_size=1, max_size=60)


@given(moments, moments, moments)
def test_school_hours_add_up_and_never_go_backwards(one, two, three):
    first, middle, last = sorted((one, two, three))
    whole = school_hours(first, last, DEFAULT, on_weekdays)
    parts = school_hours(first, middle, DEFAULT, on_weekdays) + school_hours(
        middle, last, DEFAULT, on_weekdays
    )
    if last - first < 13 * DAY:
        assert whole == parts
    assert datetime.timedelta() <= whole <= last - first


def test_nights_and_weekends_are_no_school_hours():
    friday = MONDAY + 4 * DAY
    assert school_hours(at(friday, 16), at(friday + 3 * DAY, 9), DEFAULT, on_weekdays) == datetime.timedelta(
        hours=2
    )


@pytest.mark.parametrize(
    ("noted", "now", "asked"),
    [
        ((8, 10), (10, 9), False),
        ((8, 10), (10, 10), True),
        ((16, 30), (16, 59), False),
        ((16, 30), (17, 0), True),
        ((6, 0), (9, 59), False),
    ],
    ids=[
        "not yet",
        "after two hours",
        "late in the day",
        "at the end of school at the latest",
        "from eight on",
    ],
)
def test_coordinator_and_head_are_asked_after_two_school_hours_or_at_the_end_of_school(noted, now, asked):
    assert asks_further(at(MONDAY, *noted), at(MONDAY, *now), DEFAULT, on_weekdays) is asked


@given(weeks_of_school)
def test_three_days_in_a_row_up_to_the_last_one_are_a_suspicion_and_one_day_at_school_ends_the_row(away):
    days = [MONDAY + n * DAY for n in range(len(away))]
    missed = {day for day, gone in zip(days, away, strict=True) if gone}
    found = suspicion(days, missed, DEFAULT)
    in_a_row = len(days) >= 3 and all(away[-3:])
    assert (found is not None and found.origin == "row") == in_a_row
    if in_a_row:
        assert found.days >= 3
        assert suspicion([*days, days[-1] + DAY], missed, DEFAULT) != found


@given(weeks_of_school)
def test_a_share_counts_the_last_twenty_school_days_and_says_nothing_before_there_are_twenty(away):
    days = [MONDAY + n * DAY for n in range(len(away))]
    missed = {day for day, gone in zip(days, away, strict=True) if gone}
    found = suspicion(days, missed, DEFAULT._replace(days_in_a_row=99))
    assert (found is not None) == (len(away) >= 20 and sum(away[-20:]) >= 5)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_rate_is_absent_days_of_school_days_and_its_word_follows_the_thresholds(absent, days):
    found = rate(min(absent, days), days)
    if days == 0:
        assert found is None and band(found, DEFAULT) == "none"
        return
    assert 0 <= found <= 1
    percent = found * 100
    assert band(found, DEFAULT) == ("red" if percent >= 10 else "amber" if percent >= 5 else "calm")


def test_the_edges_belong_to_the_stronger_word():
    assert band(Fraction(5, 100), DEFAULT) == "amber"
    assert band(Fraction(10, 100), DEFAULT) == "red"


def test_breaks_are_five_free_days_or_more_and_the_time_after_the_term():
    start = datetime.date(2026, 9, 1)
    off = frozenset(datetime.date(2026, 10, day) for day in range(1, 8))
    after = Break("winter", datetime.date(2027, 1, 23), datetime.date(2027, 2, 21))
    calendar = TermCalendar(
        start, datetime.date(2027, 1, 22), datetime.date(2026, 9, 7), off, frozenset(), after
    )
    found = gaps(calendar, {datetime.date(2026, 10, 1): "国庆节"})
    assert [(gap.season, gap.name, gap.starts_on.isoformat()) for gap in found] == [
        ("holiday", "国庆节", "2026-10-01"),
        ("winter", "", "2027-01-23"),
    ]


@given(st.integers(0, 10), st.integers(1, 6))
def test_a_child_is_called_in_the_first_week_and_then_every_few_weeks(number, every):
    weeks = [Week(n + 1, MONDAY + 7 * n * DAY, MONDAY + (7 * n + 6) * DAY, ()) for n in range(number)]
    called = [week.number for week in call_weeks(weeks, every)]
    assert called == list(range(1, number + 1, every))
