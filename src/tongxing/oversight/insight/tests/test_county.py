"""What a county sees of its schools."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.oversight.insight import county
from tongxing.oversight.insight.counts import term_figures
from tongxing.oversight.insight.county import county_sums
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.shielding import Sum, shield

from .kinds import School


def sums(cast, role="county_supervisor"):
    return county_sums(cast.actor(role), cast.county, clock.now())


@pytest.mark.parametrize(
    ("value", "of", "seen"),
    [
        (None, None, Sum("unknown")),
        (0, None, Sum("few")),
        (9, 66, Sum("few")),
        (10, None, Sum("shown", 10)),
        (65, 66, Sum("nearly_all")),
        (66, 66, Sum("shown", 66)),
        (56, 66, Sum("shown", 56)),
    ],
)
def test_a_sum_that_could_point_at_a_child_is_not_shown(value, of, seen):
    assert shield(value, of) == seen


def test_schools_stand_by_the_pinyin_of_their_names(cast):
    Organisation.objects.create(kind="school", name="安桥小学", parent=cast.county, stage="primary")
    assert [row.school.name for row in sums(cast)] == ["安桥小学", "和风镇中心初中", "云岭中学"]


def test_small_schools_show_nothing_and_a_school_without_records_says_so(cast):
    Organisation.objects.create(kind="school", name="安桥小学", parent=cast.county, stage="primary")
    empty, school, _other = sums(cast)
    assert empty.enrolled == empty.registered == Sum("unknown")
    assert school.enrolled == school.registered == Sum("few")


def test_a_larger_school_is_counted(cast):
    for number in range(12):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    row = sums(cast)[0]
    assert row.enrolled == Sum("shown", 15)
    assert row.registered == Sum("shown", 14)
    assert row.key == Sum("few")


@pytest.mark.parametrize("role", ["head", "county_aid_officer", "county_data_officer", "outsider"])
def test_only_the_county_supervisor_sees_it(cast, role):
    with pytest.raises(NotAllowed):
        sums(cast, role)


def test_the_number_of_queries_does_not_grow_with_the_schools(cast):
    def made():
        actor = cast.actor("county_supervisor")
        with CaptureQueriesContext(connection) as queries:
            county_sums(actor, cast.county, clock.now())
        return len(queries)

    before = made()
    for number in range(4):
        Organisation.objects.create(kind="school", name=f"学校{number}", parent=cast.county, stage="primary")
    assert made() == before


def test_what_the_county_adds_up_is_what_the_school_counts(cast, promised, monkeypatch):
    """Unshielded, the sums are the figures that the school's own overview and summary show."""
    School(cast).visit()
    monkeypatch.setattr(county, "shield", lambda value, of=None: Sum("shown", value or 0))
    (row,) = (row for row in sums(cast) if row.school == cast.school)
    head = cast.actor("head")
    told = term_figures(facts_for(head, cast.school, cast.term, clock.now()))
    for code in ("enrolled", "looked_at", "registered", "key", "paired", "visited"):
        assert getattr(row, code).value == told[code].value, code
