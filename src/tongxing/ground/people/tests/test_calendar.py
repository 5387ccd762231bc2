"""The term's calendar: what a school day is, how teaching weeks are numbered, what is suggested."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.people.calendar import (
    Break,
    TermCalendar,
    holidays_known,
    suggest_special_days,
    suggest_week_one,
)
from tongxing.ground.people.models import Term
from tongxing.ground.people.queries import break_after, term_calendar

D = datetime.date
DAY = datetime.timedelta(days=1)
AUTUMN = (D(2026, 9, 1), D(2027, 1, 22))


def autumn() -> TermCalendar:
    special = suggest_special_days(*AUTUMN)
    return TermCalendar(
        *AUTUMN,
        week_one=suggest_week_one(AUTUMN[0]),
        off=frozenset(day.date for day in special if day.kind == "off"),
        make_up=frozenset(day.date for day in special if day.kind == "make_up"),
    )


@st.composite
def calendars(draw):
    start = draw(st.dates(D(2020, 1, 1), D(2030, 1, 1)))
    end = start + DAY * draw(st.integers(0, 150))
    some_days = st.frozensets(st.dates(start - 7 * DAY, end + 7 * DAY), max_size=20)
    first = suggest_week_one(start) + 7 * DAY * draw(st.integers(-1, 2))
    return TermCalendar(start, end, first, draw(some_days), draw(some_days))


def test_a_term_that_starts_on_a_tuesday_counts_its_weeks_from_the_next_monday():
    assert suggest_week_one(D(2026, 9, 1)) == D(2026, 9, 7)
    assert suggest_week_one(D(2026, 9, 7)) == D(2026, 9, 7)
    assert autumn().week_of(D(2026, 9, 4)) is None
    assert autumn().week_of(D(2026, 11, 23)).number == 12


def test_national_day_keeps_its_week_number_and_make_up_saturdays_are_school_days():
    calendar = autumn()
    assert calendar.week_of(D(2026, 10, 6)).number == 5
    assert calendar.week_of(D(2026, 10, 6)).school_days == (D(2026, 10, 8), D(2026, 10, 9), D(2026, 10, 10))
    assert calendar.is_school_day(D(2026, 9, 20))
    assert not calendar.is_school_day(D(2026, 9, 25))


def test_a_break_counts_every_day_in_calendar_weeks_and_its_short_edges_go_with_their_neighbours():
    winter = Break("winter", D(2027, 1, 23), D(2027, 2, 22))
    assert [(week.number, week.monday, week.sunday) for week in winter.weeks] == [
        (1, D(2027, 1, 23), D(2027, 1, 31)),
        (2, D(2027, 2, 1), D(2027, 2, 7)),
        (3, D(2027, 2, 8), D(2027, 2, 14)),
        (4, D(2027, 2, 15), D(2027, 2, 22)),
    ]
    assert winter.week_of(D(2027, 2, 6)).number == 2
    assert winter.week_of(D(2027, 2, 23)) is None
    assert winter.count(D(2027, 1, 1), D(2027, 1, 25)) == 3


@given(st.dates(D(2020, 1, 1), D(2030, 1, 1)), st.integers(0, 80))
def test_the_weeks_of_a_break_hold_each_of_its_days_once(start, length):
    summer = Break("summer", start, start + DAY * length)
    assert tuple(day for week in summer.weeks for day in week.school_days) == summer.days
    assert len(summer.weeks) == 1 or all(len(week.school_days) >= 3 for week in summer.weeks)


def test_mid_term_falls_into_november():
    assert autumn().mid_term.monday.month == 11


def test_holidays_of_a_year_not_yet_announced_are_left_to_the_schools_table():
    assert holidays_known(2026)
    assert not holidays_known(2099)
    assert suggest_special_days(D(2099, 9, 1), D(2099, 12, 31)) == ()


def test_official_holidays_come_with_their_names():
    assert {day.name for day in suggest_special_days(*AUTUMN)} >= {"国庆节", "中秋"}


@pytest.mark.parametrize(
    "dates", [(D(2026, 9, 2), D(2026, 9, 1), D(2026, 9, 7)), (D(2026, 9, 1), D(2027, 1, 1), D(2026, 9, 8))]
)
def test_a_term_that_cannot_be_is_refused(dates):
    with pytest.raises(ValueError, match="term|Monday"):
        TermCalendar(*dates)


@given(calendars(), st.integers(-20, 190))
def test_a_day_is_a_school_day_by_one_rule(calendar, offset):
    day = calendar.starts_on + DAY * offset
    inside = calendar.starts_on <= day <= calendar.ends_on
    expected = inside and day not in calendar.off and (day.weekday() < 5 or day in calendar.make_up)
    assert calendar.is_school_day(day) is expected
    assert (day in calendar.days) is expected


@given(calendars())
def test_weeks_are_numbered_without_gaps_and_hold_their_school_days(calendar):
    for number, week in enumerate(calendar.weeks, start=1):
        assert week.number == number
        assert week.monday.weekday() == 0
        assert week.sunday - week.monday == 6 * DAY
        assert week.monday == calendar.week_one + 7 * DAY * (number - 1)
        assert all(calendar.is_school_day(day) and calendar.week_of(day) == week for day in week.school_days)
    counted = {day for week in calendar.weeks for day in week.school_days}
    assert counted == {day for day in calendar.days if day >= calendar.week_one}


@given(calendars(), st.integers(-20, 190), st.integers(-5, 60))
def test_school_days_between_two_days_include_both_ends(calendar, offset, length):
    start = calendar.starts_on + DAY * offset
    end = start + DAY * length
    between = calendar.school_days(start, end)
    assert between == tuple(day for day in calendar.days if start <= day <= end)
    assert calendar.count(start, end) == len(between)


@given(calendars(), st.integers(0, 150))
def test_one_more_day_off_takes_away_that_school_day_and_no_other(calendar, offset):
    day = calendar.starts_on + DAY * offset
    fewer = TermCalendar(
        calendar.starts_on, calendar.ends_on, calendar.week_one, calendar.off | {day}, calendar.make_up
    )
    assert set(calendar.days) - set(fewer.days) == ({day} & set(calendar.days))
    assert [week.number for week in fewer.weeks] == [week.number for week in calendar.weeks]


@pytest.mark.django_db
def test_a_break_lasts_until_the_next_term_or_the_school_years_end(cast):
    assert break_after(cast.term).ends_on == cast.term.ends_on + 70 * DAY, "ten weeks at most"
    spring = Term.objects.create(
        school=cast.school,
        year=cast.year,
        number=2,
        starts_on=D(2027, 2, 22),
        ends_on=D(2027, 7, 9),
        week_one=D(2027, 2, 22),
    )
    winter, summer = break_after(cast.term), break_after(spring)
    assert (winter.season, winter.starts_on, winter.ends_on) == ("winter", D(2027, 1, 23), D(2027, 2, 21))
    assert (summer.season, summer.starts_on, summer.ends_on) == ("summer", D(2027, 7, 10), D(2027, 8, 31))
    assert term_calendar(cast.term).until == D(2027, 2, 21)
