"""Indicators: declared as data, read by one reader, for whom they are meant."""

import datetime
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.promised import pair, talk

from tongxing.care.attendance_watch.queries.today import rates
from tongxing.care.contacts.actions import withdraw_contact
from tongxing.care.pairing.models import Pair
from tongxing.care.requests.actions import take_on
from tongxing.care.requests.models import HelpRequest
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.models import Registration, SchoolClass
from tongxing.oversight.insight import spans
from tongxing.oversight.insight.behind import behind
from tongxing.oversight.insight.counts import overview_figures, term_figures, week_figures
from tongxing.oversight.insight.definitions import DEFINITIONS
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.indicators import INDICATORS
from tongxing.oversight.insight.reckoning import COUNTED, INSTANT, Reckoning

from .kinds import School, moment

pytestmark = pytest.mark.usefixtures("promised")


def reckoning(cast, role="head", as_of=None) -> Reckoning:
    return Reckoning(cast.actor(role), cast.school, cast.term, as_of or clock.now())


def read(cast, code, role="head", as_of=None, span=None, **place):
    found = reckoning(cast, role, as_of)
    return found.read(INDICATORS[code], found.place(**place), span)


def test_every_indicator_names_figures_that_are_defined_and_counted_once():
    for one in INDICATORS.values():
        assert {one.of, one.out_of, *one.figures} <= set(DEFINITIONS)
        assert one.of in COUNTED and one.by and str(one.says) and str(one.says_not)


def test_an_indicator_is_the_overviews_figures_beside_each_other(cast):
    School(cast)
    facts = facts_for(cast.actor("head"), cast.school, cast.term, clock.now())
    overview = overview_figures(facts)
    for code in ("looked", "helper", "talk", "silent", "load"):
        found = read(cast, code)
        assert (found.of, found.out_of) == (overview[found.of.code], overview[found.out_of.code])
    assert read(cast, "helper").value == Fraction(1, 2)


def test_the_classes_and_grades_together_are_the_school(cast):
    School(cast)
    third = SchoolClass.objects.create(
        school=cast.school, year=cast.year, grade=8, number=1, name="初二(1)班"
    )
    cast.add_student("韩初二", third, "key")
    found = reckoning(cast)
    for one in found.of(found.place()):
        for kind in ("grade", "class"):
            if kind in one.by:
                parts = [found.read(one, place) for place in found.places if place.kind == kind]
                whole = found.read(one, found.place())
                assert sum(part.out_of.value or 0 for part in parts) == (whole.out_of.value or 0), one.code
                assert sorted(record for part in parts for record in part.of.records) == list(
                    whole.of.records
                )


def test_places_stand_in_the_order_of_grades_and_classes(cast):
    names = [(one.kind, one.name) for one in reckoning(cast).places]
    assert names == [
        ("school", "和风镇中心初中"),
        ("grade", "初一"),
        ("class", "初一(1)班"),
        ("class", "初一(2)班"),
    ]


def test_in_time_later_and_missing_are_what_was_promised_and_is_over(cast):
    talk(cast, happened_at=moment(11, 17), recorded_at=moment(11, 17, 18))
    talk(cast, happened_at=moment(11, 10), recorded_at=moment(11, 24))
    in_time, later = read(cast, "in-time"), read(cast, "later")
    facts = facts_for(cast.actor("head"), cast.school, cast.term, clock.now())
    figures = term_figures(facts)
    done, made_up, missing = (
        sum(figures[f"{one.code}.{part}"].value for one in facts.promises)
        for part in ("done", "later", "missing")
    )
    assert (in_time.of.value, in_time.out_of.value) == (done - made_up, done + missing)
    assert (later.of.value, later.out_of.value) == (1, 2)


def test_a_week_of_the_trend_is_that_weeks_column_of_the_map(cast):
    talk(cast, happened_at=moment(11, 17), recorded_at=moment(11, 18))
    found = reckoning(cast)
    trend = found.trend(INDICATORS["talk"], found.place(), "week")
    for reading, week in zip(trend, found.calendar.weeks, strict=False):
        asked = week_figures(found.facts, week)["week_talks_asked"]
        assert (reading.span.weeks, reading.out_of) == ((week.number,), asked)
    assert [reading.of.value for reading in trend][-3:] == [0, 1, 0]


def test_what_holds_at_a_moment_is_read_in_each_week_as_the_overview_read_it_then(cast):
    """A pair of October, a talk taken back later, whoever came on the register: as it was known as the week ended."""
    School(cast)
    Registration.objects.filter(school=cast.school).update(recorded_at=moment(9, 7))
    ended = pair(cast, cast.students.normal, "other_teacher", starts_on=datetime.date(2026, 10, 12),
                 confirmed_at=moment(10, 12))  # fmt: skip
    Pair.objects.filter(pk=ended.pk).update(
        ends_on=datetime.date(2026, 11, 6), ended_at=moment(11, 9), ended_reason="swapped"
    )
    withdraw_contact(
        SYSTEM,
        contact=talk(cast, happened_at=moment(10, 20), recorded_at=moment(10, 20, 18)),
        reason="记错人",
    )
    found = reckoning(cast)
    for code in ("looked", "helper", "silent"):
        for reading in found.trend(INDICATORS[code], found.place(), "week"):
            as_of = min(clock.now(), clock.end_of(reading.span.last) - INSTANT)
            then = overview_figures(facts_for(cast.actor("head"), cast.school, cast.term, as_of))
            assert reading.of == then[reading.of.code], (code, reading.span)
    helped = [one.of.value for one in found.trend(INDICATORS["helper"], found.place(), "week")]
    assert helped == [1] * 5 + [2] * 4 + [1] * 3, "an end that is recorded on Monday was not known on Sunday"


def test_attendance_is_the_days_of_every_child_as_the_morning_counts_them(cast):
    School(cast).absence()
    found = read(cast, "away")
    students = [cast.students.key.pk, cast.students.normal.pk, cast.students.plain.pk]
    of_each = rates(cast.school, cast.term, students).values()
    assert found.of.value == sum(one.absent for one in of_each) == 1
    assert found.out_of.value == sum(one.school_days for one in of_each)


def test_where_nobody_calls_the_roll_nothing_is_known_of_the_days(cast):
    found = read(cast, "away")
    assert found.of.value is None and found.out_of.value is None and found.value is None


def test_the_wait_for_an_answer_is_a_median_and_few_are_not_shown(cast, at_school):
    school = School(cast)
    school.answered()
    few = read(cast, "wait")
    assert few.hidden and few.value is None
    for _one in range(11):
        school.asked()
    at_school.shift(datetime.timedelta(days=3))
    for one in HelpRequest.objects.filter(answered_at=None)[:9]:
        take_on(cast.actor("helper"), request=one)
    found = read(cast, "wait")
    assert (found.of.value, found.out_of.value, found.value) == (10, 12, 3)


def test_few_helpers_show_no_caseload_and_many_show_how_it_is_spread(cast):
    assert read(cast, "load").hidden
    for number in range(10):
        student = cast.add_student(f"同学{number}", cast.class_one, "normal")
        cast.add_staff(f"t{number}", f"老师{number}")
        pair(cast, student, f"t{number}")
    pair(cast, cast.students.normal, "t0")
    found = read(cast, "load")
    assert (found.loads, found.value) == (((1, 10), (2, 1)), 1)


def test_what_is_hidden_opens_no_records(cast):
    School(cast)
    found = reckoning(cast)
    assert found.open(INDICATORS["load"], "helpers", found.place()) is None
    assert found.open(INDICATORS["helper"], "helpers", found.place()) is None, (
        "it is no figure of this indicator"
    )


def test_every_figure_of_an_indicator_opens_as_many_records_as_it_counts(cast):
    School(cast)
    head, found = cast.actor("head"), reckoning(cast)
    opened = 0
    for one in found.of(found.place()):
        for reading in (found.read(one, found.place()), *found.trend(one, found.place(), "week")):
            for code in one.figures:
                open_ = found.open(one, code, found.place(), reading.span)
                if open_:
                    assert behind(head, open_.figure, open_.duties).shown == (open_.figure.value or 0), code
                    opened += 1
    assert opened > 100


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("head", set(INDICATORS)),
        ("deputy", set(INDICATORS)),
        ("coordinator", set(INDICATORS)),
        ("class_teacher", {"looked", "helper", "talk", "in-time", "later", "silent", "away"}),
    ],
)
def test_whoever_may_see_every_child_in_the_zone_reads_the_indicator(cast, role, codes):
    found = reckoning(cast, role)
    assert {one.code for one in found.of(found.places[0])} == codes


def test_a_class_teacher_reads_neither_the_school_nor_another_class_nor_aid(cast):
    found = reckoning(cast, "class_teacher")
    assert [(one.kind, one.key) for one in found.places] == [("class", cast.class_one.pk)]
    for kind, key in (("school", 0), ("grade", 7), ("class", cast.class_two.pk)):
        with pytest.raises(NotAllowed):
            found.place(kind, key)
    with pytest.raises(NotAllowed):
        found.read(INDICATORS["aid"], found.places[0])


def test_a_class_has_the_same_readings_for_its_teacher_and_the_head(cast):
    School(cast).contact()
    head, teacher = reckoning(cast), reckoning(cast, "class_teacher")
    place = teacher.places[0]
    for one in teacher.of(place):
        assert teacher.trend(one, place, "week") == head.trend(one, place, "week"), one.code


@pytest.mark.parametrize(
    "role", ["helper", "counsellor", "finance_maker", "county_supervisor", "outsider", "guardian"]
)
def test_nobody_else_reads_any(cast, role):
    with pytest.raises(NotAllowed):
        reckoning(cast, role)


def test_the_queries_grow_with_neither_rows_nor_places_nor_weeks(cast, at_school):
    school = School(cast)

    def made() -> int:
        head = cast.actor("head")
        with CaptureQueriesContext(connection) as queries:
            found = Reckoning(head, cast.school, cast.term, clock.now())
            for one in INDICATORS.values():
                for place in found.places:
                    if found.may(one, place):
                        found.trend(one, place, "week")
        return len(queries)

    before = made()
    third = SchoolClass.objects.create(
        school=cast.school, year=cast.year, grade=8, number=1, name="初二(1)班"
    )
    for number in range(6):
        student = cast.add_student(f"同学{number}", third, "key")
        pair(cast, student, "other_teacher")
        talk(cast, student)
    school.asked()
    at_school.shift(datetime.timedelta(days=21))
    assert made() == before


CALENDAR = TermCalendar(datetime.date(2026, 9, 1), datetime.date(2027, 1, 22), datetime.date(2026, 9, 7))
DAYS = st.dates(datetime.date(2026, 9, 1), datetime.date(2027, 1, 31))


@given(DAYS)
def test_the_weeks_of_the_months_are_the_weeks_that_have_ended_and_this_one(day):
    weeks = spans.begun(CALENDAR, day, "week")
    months = spans.begun(CALENDAR, day, "month")
    assert [one.last < two.first for one, two in zip(months, months[1:], strict=False)] == [True] * (
        len(months) - 1
    )
    counted = [number for month in months for number in month.weeks]
    assert counted == [one.weeks[0] for one in weeks if one.last.replace(day=1) <= months[-1].first]
    assert all(one.first <= day for one in (*weeks, *months))


@given(DAYS)
def test_every_span_is_found_again_by_its_address(day):
    for one in (
        spans.so_far(CALENDAR, day),
        *spans.begun(CALENDAR, day, "week"),
        *spans.begun(CALENDAR, day, "month"),
    ):
        assert spans.by_code(CALENDAR, day, one.code) == one
