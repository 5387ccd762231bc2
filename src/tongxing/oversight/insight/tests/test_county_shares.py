"""Indicators of a county: from what is shown in tens alone, and nothing can be worked out of them."""

import datetime
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promised import pair, talk

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Registration
from tongxing.oversight.insight.county_counts import counts_of_month
from tongxing.oversight.insight.county_shares import FROM_AFAR, county_shares, percent, share
from tongxing.oversight.insight.indicators import INDICATORS
from tongxing.oversight.insight.reckoning import Reckoning
from tongxing.oversight.insight.tens import TEN, Range, range_of, range_of_total, tens, total

from .kinds import School, moment

PART = st.tuples(st.integers(0, 45), st.integers(0, 45)).map(lambda two: (min(two), max(two)))
SCHOOLS = st.lists(PART, min_size=1, max_size=4)


def shown(schools):
    """What the page shows of one month: for each school a share, and one of all of them."""
    columns = [[one[place] for one in schools] for place in (0, 1)]
    whole = [range_of_total(total(column), map(tens, column)) for column in columns]
    cells = tuple(share(tens(of), tens(out_of)) for of, out_of in schools)
    return cells, tuple(map(total, columns)), percent(*whole) if whole[1].least else None


@given(SCHOOLS)
def test_a_share_is_true_and_so_is_that_of_all_schools(schools):
    cells, _totals, whole = shown(schools)
    for (of, out_of), cell in zip(schools, cells, strict=True):
        assert (cell.percent is None) == (out_of < TEN)
        if cell.percent:
            assert cell.percent.least <= 100 * of / out_of <= cell.percent.most
    if whole:
        assert (
            whole.least
            <= 100 * sum(of for of, _out in schools) / sum(out for _of, out in schools)
            <= whole.most
        )


@given(SCHOOLS, SCHOOLS)
def test_whatever_stands_in_the_same_tens_has_the_same_shares(schools, others):
    """No share is worked out from an exact count: two counties that show the same counts show the same shares."""
    alike = [
        (of - of % TEN + (a % TEN), out - out % TEN + (b % TEN))
        for (of, out), (a, b) in zip(schools, others, strict=False)
    ]
    if total(of for of, _out in alike) == total(of for of, _out in schools[: len(alike)]) and (
        total(out for _of, out in alike) == total(out for _of, out in schools[: len(alike)])
    ):
        assert shown(alike) == shown(schools[: len(alike)])


@settings(max_examples=25)
@given(st.lists(PART, min_size=1, max_size=3))
def test_subtracting_gives_no_count_away(schools):
    """All tables of a part and its whole that look exactly like this one, tried one by one: every count of every school
    may still be any of the ten in its ten, as if no share and no total stood there."""
    fits = [_alike([one[place] for one in schools]) for place in (0, 1)]
    for school, which in product(range(len(schools)), (0, 1)):
        lowest = schools[school][which] - schools[school][which] % TEN
        for wanted in range(lowest, lowest + TEN):
            columns = list(fits)
            columns[which] = [one for one in fits[which] if one[school] == wanted]
            assert any(
                all(of <= out for of, out in zip(one, other, strict=True)) for one, other in product(*columns)
            ), (schools, school, which, wanted)


def _alike(column):
    places = [range(count - count % TEN, count - count % TEN + TEN) for count in column]
    return [one for one in product(*places) if total(one) == total(column)]


@pytest.mark.parametrize(
    ("of", "out_of", "seen"),
    [(62, 66, (86, 100)), (5, 66, (0, 15)), (1187, 1192, (98, 100)), (0, 12, (0, 90))],
)
def test_a_share_reaches_from_the_least_to_the_most_it_may_be(of, out_of, seen):
    assert share(tens(of), tens(out_of)).percent == Range(*seen)


def test_out_of_fewer_than_ten_or_without_a_record_there_is_none():
    assert share(tens(3), tens(9)).percent is None
    assert share(tens(None), tens(40)).percent is None
    assert range_of(tens(9)) == Range(0, 9)


def shares(cast, code="helper", role="county_supervisor"):
    return county_shares(cast.actor(role), cast.county, code, clock.now())


def test_they_are_the_schools_own_figures_in_tens(cast, promised, at_school):
    """Before they stand in tens, they are what the school's indicators are read from: one declaration, one count."""
    School(cast)
    Registration.objects.filter(school=cast.school).update(recorded_at=moment(9, 7))
    silent = cast.add_student("韩安静", cast.class_one, "normal")
    Registration.objects.filter(student=silent).update(recorded_at=moment(9, 7))
    pair(cast, silent, "other_teacher")
    found = Reckoning(cast.actor("head"), cast.school, cast.term, clock.now())
    for code, one in FROM_AFAR.items():
        reading = found.read(INDICATORS[code], found.place())
        for figure in (reading.of, reading.out_of):
            counted = counts_of_month(figure.code, [cast.school], clock.today().replace(day=1), clock.now())
            assert counted.get(cast.school.pk, 0) == figure.value, (code, figure.code)
        assert one.of == reading.of.code
    assert found.read(INDICATORS["silent"], found.place()).of.value, "somebody is silent here"


def test_each_month_and_school_has_its_share_and_schools_stand_by_name(cast):
    Organisation.objects.create(kind="school", name="安桥小学", parent=cast.county, stage="primary")
    new = [cast.add_student(f"同学{number}", cast.class_one, "normal") for number in range(18)]
    Registration.objects.update(recorded_at=moment(9, 8))
    for student in new[:11]:
        pair(cast, student, "helper", starts_on=datetime.date(2026, 11, 2), confirmed_at=moment(11, 2))
    found = shares(cast)
    assert [row.school.name for row in found.rows] == ["安桥小学", "和风镇中心初中", "云岭中学"]
    empty, school, _other = found.rows
    assert [one.percent for one in empty.months] == [None] * 3
    assert [one.percent for one in school.months] == [None, None, Range(34, 95)]
    # the other school's few may be nine, so all together are 38 at most
    assert [one.percent for one in found.whole] == [None, None, Range(26, 95)]
    assert found.without == (2, 2, 1), "who keeps no pairs counts as not yet"


def test_where_a_register_is_kept_nobody_silent_is_known_too(cast):
    new = [cast.add_student(f"同学{number}", cast.class_one, "normal") for number in range(18)]
    Registration.objects.update(recorded_at=moment(9, 8))
    for student in new:
        talk(cast, student, happened_at=clock.now())
    row = next(one for one in shares(cast, "silent").rows if one.school == cast.school)
    assert row.months[-1].percent == Range(0, 45)


@pytest.mark.parametrize("role", ["head", "county_aid_officer", "county_data_officer", "outsider"])
def test_only_the_county_supervisor_sees_them(cast, role):
    with pytest.raises(NotAllowed):
        shares(cast, role=role)


def test_no_indicator_of_aid_of_single_days_or_of_colleagues_goes_to_the_county():
    assert set(FROM_AFAR) == {"looked", "helper", "silent"}


def test_the_number_of_queries_does_not_grow_with_the_schools(cast):
    def made():
        actor = cast.actor("county_supervisor")
        with CaptureQueriesContext(connection) as queries:
            for code in FROM_AFAR:
                county_shares(actor, cast.county, code, clock.now())
        return len(queries)

    before = made()
    for number in range(4):
        Organisation.objects.create(kind="school", name=f"学校{number}", parent=cast.county, stage="primary")
    assert made() == before
