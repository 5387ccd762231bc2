"""Days of a regular appointment, who comes next, opening hours, and the words that belong to a doctor."""

import datetime
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongxing.care.counselling import rules
from tongxing.ground.kernel.clock import SCHOOL_TIME

DATES = st.dates(datetime.date(2026, 9, 1), datetime.date(2027, 1, 22))
NOW = datetime.datetime(2026, 11, 25, 16, 0, tzinfo=SCHOOL_TIME)


@dataclass(frozen=True)
class Talk:
    at: datetime.datetime
    minutes: int = 40


@dataclass(frozen=True)
class Stretch:
    weekday: int
    opens: datetime.time
    closes: datetime.time


TALKS = st.lists(st.builds(Talk, st.integers(-600, 600).map(lambda m: NOW + datetime.timedelta(minutes=m))))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(DATES, st.sampled_from([1, 2]), DATES, st.sets(DATES, max_size=9))
def test_a_regular_appointment_keeps_its_weekday_and_leaves_out_days_without_school(first, every, until, off):
    days = rules.series_days(first, every, until, lambda day: day not in off)
    everything = sorted(days.held + days.left_out)
    assert all((day - first).days % (7 * every) == 0 and first <= day <= until for day in everything)
    assert len(everything) == (((until - first).days // (7 * every)) + 1 if until >= first else 0)
    assert off.isdisjoint(days.held) and set(days.left_out) <= off


@given(DATES, st.sampled_from([1, 2]))
def test_it_ends_by_itself_after_half_a_year(first, every):
    days = rules.series_days(first, every, datetime.date(2099, 1, 1), lambda day: True)
    assert max(days.held) - first <= rules.LONGEST_SERIES


def test_another_rhythm_is_no_rhythm():
    with pytest.raises(ValueError):
        rules.series_days(NOW.date(), 3, NOW.date(), lambda day: True)


@given(TALKS)
def test_who_comes_next_is_the_first_that_is_not_over(talks):
    found = rules.who_next(talks, NOW)
    coming = [one for one in talks if rules.ends_at(one) > NOW]
    assert (found is None) == (not coming)
    assert found is None or all(rules.ends_at(found) <= rules.ends_at(one) for one in coming)


@given(TALKS)
def test_two_talks_share_a_moment_or_one_is_over_first(talks):
    for one in talks:
        for other in talks:
            apart = rules.ends_at(one) <= other.at or rules.ends_at(other) <= one.at
            assert rules.overlap(one, other) is not apart
            assert rules.overlap(one, other) == rules.overlap(other, one)


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "inside"),
    [
        (2, (16, 0), (17, 0), True),
        (2, (16, 0), (16, 40), True),
        (2, (16, 0), (16, 39), False),
        (2, (16, 1), (17, 0), False),
        (3, (16, 0), (17, 0), False),
    ],
)
def test_a_talk_is_within_opening_hours_from_its_first_to_its_last_minute(weekday, opens, closes, inside):
    hours = [Stretch(weekday, datetime.time(*opens), datetime.time(*closes))]
    assert rules.is_within(hours, Talk(NOW)) is inside


@pytest.mark.parametrize(
    "text",
    [
        "像是抑郁症",
        "有 焦虑症",
        "可能是双相",
        "中度抑郁",
        "注意力障碍",
        "疑似ADHD",
        "诊断为适应障碍",
        "精神分裂的样子",
    ],
)
def test_words_that_belong_to_a_doctor_are_found(text):
    assert rules.diagnostic_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "这两周睡得不好，上课常看窗外",
        "说心里闷，不想说话",
        "她问：“我是不是得了抑郁症？”",
        "说心情抑郁，有点焦虑",
        "强迫自己每天背 50 个词",
    ],
)
def test_what_was_seen_and_what_somebody_said_is_left_alone(text):
    assert rules.diagnostic_words(text) == []


@given(st.text(max_size=40))
def test_words_are_named_once_and_stand_in_the_text(text):
    found = rules.diagnostic_words(text + "抑郁症，抑郁症")
    assert found.count("抑郁症") == 1
