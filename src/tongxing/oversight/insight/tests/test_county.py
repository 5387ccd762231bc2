"""What a county sees of its schools: sums in tens, this day and from month to month."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.promised import talk

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Registration
from tongxing.oversight.insight.counts import term_figures
from tongxing.oversight.insight.county import county_sums
from tongxing.oversight.insight.county_counts import counts
from tongxing.oversight.insight.county_months import county_months, months_until
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.tens import Tens

from .kinds import School

FEW, UNKNOWN, HIDDEN = Tens("few"), Tens("unknown"), Tens("hidden")


def sums(cast, role="county_supervisor"):
    return county_sums(cast.actor(role), cast.county, clock.now())


def months(cast, code="registered", role="county_supervisor"):
    return county_months(cast.actor(role), cast.county, code, clock.now())


def new_school(cast, name):
    return Organisation.objects.create(kind="school", name=name, parent=cast.county, stage="primary")


def test_schools_stand_by_the_pinyin_of_their_names(cast):
    new_school(cast, "安桥小学")
    assert [row.school.name for row in sums(cast).schools] == ["安桥小学", "和风镇中心初中", "云岭中学"]


def test_small_schools_show_nothing_and_a_school_without_records_says_so(cast):
    new_school(cast, "安桥小学")
    empty, school, _other = sums(cast).schools
    assert empty.of["enrolled"] == empty.of["registered"] == UNKNOWN
    assert school.of["enrolled"] == school.of["registered"] == FEW
    assert (
        "enrolled" in empty.without and "registered" not in school.without and "looked_at" in school.without
    )


def test_a_larger_school_stands_in_tens(cast):
    for number in range(25):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    found = sums(cast)
    assert found.schools[0].of["enrolled"] == Tens("shown", 20)
    assert found.schools[0].of["registered"] == Tens("shown", 20)
    assert found.schools[0].of["key"] == FEW
    assert found.totals["enrolled"] == Tens("shown", 20) and found.known["enrolled"] == 2
    assert found.totals["key"] == HIDDEN


def test_one_child_more_tomorrow_is_not_told(cast, at_school):
    """The difference between two moments is a sum too."""
    for number in range(20):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    before = sums(cast)
    at_school.shift(datetime.timedelta(days=1))
    cast.add_student("又一位同学", cast.class_one, "normal")
    assert sums(cast) == before


@pytest.mark.parametrize("role", ["head", "county_aid_officer", "county_data_officer", "outsider"])
def test_only_the_county_supervisor_sees_it(cast, role):
    for look in (sums, months):
        with pytest.raises(NotAllowed):
            look(cast, role=role)


def test_what_was_written_down_later_had_not_happened_yet(cast):
    """As of a moment: neither an entry recorded afterwards nor one that had ended counts."""
    then = datetime.datetime(2026, 10, 1, 12, tzinfo=SCHOOL_TIME)
    school = [cast.school]
    assert counts(school, then)["registered"] == {}  # of the cast: recorded in November
    Registration.objects.update(recorded_at=then)
    assert counts(school, then)["registered"] == {cast.school.pk: 2}
    key = Registration.objects.get(student=cast.students.key)
    key.ends_on, key.ended_at = datetime.date(2026, 9, 20), then - datetime.timedelta(days=1)
    key.save()
    assert counts(school, then)["registered"] == {cast.school.pk: 1}


def test_a_month_counts_the_children_with_a_contact_in_it(cast):
    Registration.objects.update(recorded_at=datetime.datetime(2026, 9, 8, tzinfo=SCHOOL_TIME))
    new = [cast.add_student(f"同学{number}", cast.class_one, "normal") for number in range(12)]
    Registration.objects.update(recorded_at=datetime.datetime(2026, 9, 8, tzinfo=SCHOOL_TIME))
    for student in new:
        talk(cast, student, happened_at=clock.now())
    found = months(cast, "reached")
    row = next(one for one in found.rows if one.school == cast.school)
    assert row.months == (UNKNOWN, UNKNOWN, Tens("shown", 10))
    registered = months(cast)
    row = next(one for one in registered.rows if one.school == cast.school)
    assert row.months == (Tens("shown", 10),) * 3
    assert registered.totals == (Tens("shown", 10),) * 3 and registered.highest == 10


@pytest.mark.parametrize(
    ("day", "first"),
    [((2026, 9, 3), (2026, 9, 1)), ((2026, 11, 25), (2026, 9, 1)), ((2027, 6, 30), (2027, 1, 1))],
)
def test_the_months_of_this_school_year_six_at_most(day, first):
    found = months_until(datetime.date(*day))
    assert found[0] == datetime.date(*first) and found[-1] == datetime.date(*day[:2], 1)
    assert len(found) <= 6


def test_the_number_of_queries_does_not_grow_with_the_schools(cast):
    def made():
        actor = cast.actor("county_supervisor")
        with CaptureQueriesContext(connection) as queries:
            county_sums(actor, cast.county, clock.now())
            county_months(actor, cast.county, "paired", clock.now())
        return len(queries)

    before = made()
    for number in range(4):
        new_school(cast, f"学校{number}")
    assert made() == before


def test_what_the_county_counts_is_what_the_school_counts(cast, promised):
    """Before they stand in tens, they are the figures that the school's own overview and summary show."""
    School(cast).visit()
    found = counts([cast.school], clock.now())
    told = term_figures(facts_for(cast.actor("head"), cast.school, cast.term, clock.now()))
    for code in ("enrolled", "looked_at", "registered", "key", "paired", "visited"):
        assert found[code].get(cast.school.pk, 0) == (told[code].value or 0), code
