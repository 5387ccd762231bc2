import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import rules
from ..rules import Floor, Worked

MONDAY = datetime.date(2026, 11, 2)
DAY = datetime.timedelta(days=1)
days = st.dates(datetime.date(2026, 9, 1), datetime.date(2027, 7, 10))


def always(_day: datetime.date) -> bool:
    return True


def never(_day: datetime.date) -> bool:
    return False


@pytest.mark.parametrize(
    ("born", "on", "may"),
    [
        (datetime.date(2010, 11, 25), datetime.date(2026, 11, 24), False),
        (datetime.date(2010, 11, 25), datetime.date(2026, 11, 25), True),
        (datetime.date(2008, 2, 29), datetime.date(2024, 2, 28), False),
        (datetime.date(2010, 2, 28), datetime.date(2026, 2, 28), True),
        (None, datetime.date(2026, 11, 25), False),
    ],
)
def test_sixteen_on_the_day_of_the_work_may_be_paid(born, on, may):
    assert rules.may_be_paid(born, on) is may


@given(born=st.dates(datetime.date(2005, 1, 1), datetime.date(2015, 1, 1)), day=days)
def test_whoever_may_be_paid_one_day_may_be_paid_ever_after(born, day):
    if rules.may_be_paid(born, day):
        assert rules.may_be_paid(born, day + DAY)
    assert rules.may_be_paid(born, day) or rules.needs_guardian(born, day)


def worked(*minutes: int, first=MONDAY, step=1) -> list[Worked]:
    return [Worked(first + n * step * DAY, each) for n, each in enumerate(minutes)]


def test_the_ninth_hour_of_a_week_is_refused_in_term_and_allowed_in_a_break():
    week = worked(120, 120, 120, 120)
    ninth = Worked(MONDAY + 5 * DAY, 60)
    assert rules.limit_passed(week, ninth, always) == "week"
    assert rules.limit_passed(week, ninth, never) == ""
    assert rules.limit_passed(week[:3], Worked(MONDAY + 5 * DAY, 120), always) == ""
    assert rules.limit_passed(week, Worked(MONDAY + 7 * DAY, 60), always) == ""


def test_the_forty_first_hour_of_a_month_is_refused_in_term_and_allowed_in_a_break():
    """Five weeks touch November; eight hours in each are forty."""
    first = datetime.date(2026, 11, 1)  # a Sunday
    month = [Worked(first, 480), *worked(480, 480, 480, 480, first=MONDAY, step=7)]
    one_more = Worked(datetime.date(2026, 11, 30), 60)
    assert rules.limit_passed(month, one_more, always) == "month"
    assert rules.limit_passed(month, one_more, never) == ""
    assert rules.limit_passed(month[1:], one_more, always) == ""


def test_nobody_works_more_than_eight_hours_a_day_not_even_in_a_break():
    assert rules.limit_passed(worked(420), Worked(MONDAY, 61), never) == "day"
    assert rules.limit_passed(worked(420), Worked(MONDAY, 60), never) == ""


def test_days_of_a_break_do_not_use_up_the_hours_of_the_term():
    starts = MONDAY + 3 * DAY
    assert rules.limit_passed(worked(480), Worked(starts, 480), lambda day: day >= starts) == ""
    assert rules.limit_passed(worked(480), Worked(starts, 480), always) == "week"


@given(rows=st.lists(st.tuples(days, st.integers(15, 480)), max_size=60))
def test_whatever_is_written_one_by_one_never_passes_a_limit_in_term(rows):
    kept: list[Worked] = []
    for day, minutes in rows:
        if not rules.limit_passed(kept, Worked(day, minutes), always):
            kept.append(Worked(day, minutes))
    for one in kept:
        week = [each for each in kept if each.day.isocalendar()[:2] == one.day.isocalendar()[:2]]
        month = [each for each in kept if (each.day.year, each.day.month) == (one.day.year, one.day.month)]
        assert sum(each.minutes for each in week) <= rules.WEEK_MOST
        assert sum(each.minutes for each in month) <= rules.MONTH_MOST


@pytest.mark.parametrize(
    ("start", "end", "fine"),
    [("07:30", "08:00", True), ("05:59", "07:00", False), ("21:00", "22:01", False), ("12:00", "12:00", False), ("13:00", "12:00", False)],
)  # fmt: skip
def test_work_lies_between_six_and_ten_and_ends_after_it_began(start, end, fine):
    times = datetime.time.fromisoformat(start), datetime.time.fromisoformat(end)
    assert rules.by_day_only(*times) is fine


def test_the_floor_is_the_highest_of_law_county_and_school_each_as_of_that_day():
    county = [
        Floor("temporary", 1500, datetime.date(2026, 1, 1), "county"),
        Floor("temporary", 1400, datetime.date(2026, 10, 1), "county"),
    ]
    school = [Floor("temporary", 1300, datetime.date(2026, 1, 1), "school")]
    all_of_them = [*rules.OF_THE_LAW, *county, *school]
    assert rules.floor_on(rules.OF_THE_LAW, "temporary", MONDAY) == 1200
    assert rules.floor_on(all_of_them, "temporary", datetime.date(2026, 9, 30)) == 1500
    assert rules.floor_on(all_of_them, "temporary", datetime.date(2026, 10, 1)) == 1400
    assert rules.floor_on(all_of_them, "fixed", MONDAY) is None
    lower = [*rules.OF_THE_LAW, Floor("temporary", 900, datetime.date(2026, 1, 1), "school")]
    assert rules.floor_on(lower, "temporary", MONDAY) == 1200


@given(
    minutes=st.integers(1, 20_000), rate=st.integers(1, 500_000), unit=st.sampled_from(["temporary", "fixed"])
)
def test_pay_is_exact_and_never_rounded_down(minutes, rate, unit):
    whole = rules.PAID_UNIT[unit]
    paid = rules.pay_for(minutes, rate, unit)
    assert 0 <= paid * whole - minutes * rate < whole
    assert rules.pay_for(whole, rate, unit) == rate


@given(minutes=st.integers(0, 10_000), more=st.integers(0, 500), rate=st.integers(1, 500_000))
def test_who_works_longer_is_never_paid_less(minutes, more, rate):
    assert rules.pay_for(minutes + more, rate, "fixed") >= rules.pay_for(minutes, rate, "fixed")
