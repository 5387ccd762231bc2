"""The move to the next school year: what was promised to those who leave ends with them, and comes back with them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW

from tongxing.care.pairing.models import Pair, Pin
from tongxing.care.programme.actions import install
from tongxing.care.programme.models import PlanItem
from tongxing.care.programme.queries import my_week
from tongxing.ground.access.models import Grant, YearMove
from tongxing.ground.access.year_move import why_not_undo
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.calendar_actions import TermDates, open_year_with_holidays
from tongxing.ground.people.class_actions import add_classes

from ..actions import year
from .test_leaving import own_plan, pair

D = datetime.date
LEFT = D(2027, 7, 12)


@pytest.fixture
def last_grade(cast, at_school):
    """July: 江枫 of 初三(1) has a helper, a second one and a plan of her own; 周晓禾 of 初一 has a helper too."""
    (nine,) = add_classes(cast.actor("coordinator"), year=cast.year, names=["初三(1)班"])
    leaver = cast.students.ninth = cast.add_student("江枫", nine, "key")
    cast.grant("helper", "helper", student=leaver)
    cast.leaving = [
        pair(cast, leaver),
        pair(cast, leaver, "other_teacher", role=Pair.Role.ALSO),
        own_plan(cast, leaver),
    ]
    cast.staying = [pair(cast, cast.students.key), own_plan(cast, cast.students.key)]
    Pin.objects.create(
        school=cast.school, student=leaver, helper=cast.staff["helper"], reason="一直由他带", created_at=NOW
    )
    open_year_with_holidays(
        cast.actor("coordinator"),
        school=cast.school,
        year="2027-2028",
        first=TermDates(D(2027, 9, 1), D(2028, 1, 14), D(2027, 9, 6)),
        second=TermDates(D(2028, 2, 14), D(2028, 7, 1), D(2028, 2, 14)),
    )
    at_school.move_to(datetime.datetime(2027, 7, 12, 10, 0, tzinfo=datetime.UTC))
    return cast


def move(cast, by="coordinator", **chosen):
    return year.move_year(cast.actor(by), school=cast.school, year=cast.year, **{"others": {}, **chosen})


def everything():
    """But for what says that a move was made."""
    return [list(model.objects.order_by("pk").values()) for model in (Pair, PlanItem, Pin, Grant)]


def test_helpers_and_promises_of_the_last_grade_end_with_the_day_and_say_why_and_the_others_go_on(last_grade):
    move(last_grade)
    for row in (*last_grade.leaving, *last_grade.staying):
        row.refresh_from_db()
    assert [row.ends_on for row in last_grade.leaving] == [LEFT] * 3
    assert [row.ends_on for row in last_grade.staying] == [None] * 2
    first, also, item = last_grade.leaving
    assert first.ended_reason == also.ended_reason == Pair.Ended.STUDENT_LEFT and item.ended_reason
    assert (
        first.ended_by == item.ended_by == last_grade.users["coordinator"] and first.ended_at == clock.now()
    )


def test_a_pair_that_would_have_begun_later_ends_on_its_first_day(last_grade):
    later = pair(
        last_grade, last_grade.students.ninth, "class_teacher", role="also", starts_on=D(2027, 7, 20)
    )
    move(last_grade)
    later.refresh_from_db()
    assert later.ends_on == later.starts_on


def test_nothing_is_asked_of_the_helper_any_more_and_the_past_stays_readable(last_grade, at_school):
    install(SYSTEM, school=last_grade.school)
    move(last_grade)
    at_school.move_to(datetime.datetime(2027, 9, 7, 2, 0, tzinfo=datetime.UTC))
    term = last_grade.school_term = type(last_grade.term).objects.get(
        year__name="2027-2028", starts_on=D(2027, 9, 1)
    )
    week = my_week(last_grade.actor("helper"), last_grade.staff["helper"], term, clock.now())
    assert last_grade.students.ninth.pk not in {card.student.pk for card in week.mine}
    seen = Pair.objects.visible_to(last_grade.actor("head")).filter(student=last_grade.students.ninth)
    assert seen.count() == 2 and not seen.open().exists()


def test_the_trail_keeps_one_row_with_counts(last_grade):
    done = move(last_grade)
    entry = AuditEntry.objects.get(action="year.leavers")
    assert entry.detail == {"pairs": 2, "plans": 1} and entry.subject_id == done.pk


def test_nothing_ended_leaves_no_row(last_grade):
    Pair.objects.filter(student=last_grade.students.ninth).update(ends_on=D(2027, 3, 1))
    PlanItem.objects.filter(student=last_grade.students.ninth).update(ends_on=D(2027, 3, 1))
    move(last_grade)
    assert not AuditEntry.objects.filter(action="year.leavers").exists()
    assert Pair.objects.open().count() == 1


def test_taken_back_exactly_these_pairs_and_plans_go_on(last_grade):
    before = everything()
    done = move(last_grade)
    assert everything() != before and why_not_undo(done) == ""
    year.undo_move(last_grade.actor("coordinator"), move=done)
    assert everything() == before


def test_a_pair_that_had_ended_before_stays_ended_when_the_move_is_taken_back(last_grade):
    earlier = last_grade.leaving[1]
    Pair.objects.filter(pk=earlier.pk).update(
        ends_on=D(2027, 3, 1), ended_reason=Pair.Ended.FAMILY_WISH, ended_at=NOW
    )
    year.undo_move(last_grade.actor("coordinator"), move=move(last_grade))
    earlier.refresh_from_db()
    assert (earlier.ends_on, earlier.ended_reason) == (D(2027, 3, 1), Pair.Ended.FAMILY_WISH)


def test_what_is_refused_ends_nobodys_pair(last_grade, at_school):
    done = move(last_grade)
    year.undo_move(last_grade.actor("coordinator"), move=done)
    for by in ("class_teacher", "deputy", "outsider"):
        with pytest.raises(NotAllowed):
            move(last_grade, by=by)
    at_school.move_to(datetime.datetime(2027, 5, 12, 10, 0, tzinfo=datetime.UTC))
    with pytest.raises(Refused):
        move(last_grade)
    assert Pair.objects.open().count() == 3
    at_school.move_to(datetime.datetime(2027, 7, 13, 10, 0, tzinfo=datetime.UTC))
    again = move(last_grade)
    with pytest.raises(NotAllowed):
        year.undo_move(last_grade.actor("deputy"), move=again)
    assert Pair.objects.open().count() == 1 and YearMove.objects.filter(undone_at=None).count() == 1


def test_many_who_leave_take_as_many_queries_as_few(last_grade):
    nine = last_grade.students.ninth.memberships.get().school_class
    for number in range(30):
        pair(last_grade, last_grade.add_student(f"同学{number}", nine, "normal"))
    with CaptureQueriesContext(connection) as made:
        move(last_grade)
    assert len(made) <= 55, len(made)
