"""The move to the next school year: classes rise, leavers leave, history stays, and it can be taken back."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongxing.ground.access.actions import set_class_teacher
from tongxing.ground.access.models import Grant, YearMove
from tongxing.ground.access.year_move import move_year, undo_move, why_not_undo
from tongxing.ground.access.year_plan import plan
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import register
from tongxing.ground.people.calendar_actions import TermDates, open_year_with_holidays
from tongxing.ground.people.class_actions import add_classes
from tongxing.ground.people.models import (
    ClassMembership,
    Registration,
    Responsibility,
    SchoolClass,
    Student,
)

D = datetime.date
SEPTEMBER = D(2027, 9, 1)


@pytest.fixture
def next_year(cast):
    """2027-2028 stands in the calendar; classes of every grade; 初三(1) with one student on the register."""
    dates = {
        "first": TermDates(SEPTEMBER, D(2028, 1, 14), D(2027, 9, 6)),
        "second": TermDates(D(2028, 2, 14), D(2028, 7, 1), D(2028, 2, 14)),
    }
    actor = cast.actor("coordinator")
    eight, nine = add_classes(actor, year=cast.year, names=["初二(1)班", "初三(1)班"])
    cast.students.eighth = cast.add_student("柳叶", eight, "normal")
    cast.students.ninth = cast.add_student("江枫", nine, "key")
    cast.grant("helper", "helper", student=cast.students.ninth)
    return open_year_with_holidays(actor, school=cast.school, year="2027-2028", **dates)


@pytest.fixture
def july(next_year, at_school):
    at_school.move_to(datetime.datetime(2027, 7, 12, 10, 0, tzinfo=datetime.UTC))
    return next_year


def move(cast, by="coordinator", **chosen):
    return move_year(cast.actor(by), school=cast.school, year=cast.year, **{"others": {}, **chosen})


def class_on(student, day):
    return Student.objects.with_class(day).get(pk=student.pk).class_name


def everything():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (Student, ClassMembership, Registration, SchoolClass, Grant, Responsibility)
    }


def test_classes_rise_with_the_new_year_and_not_before_and_the_old_ones_stay(cast, july):
    move(cast)
    assert class_on(cast.students.key, D(2027, 8, 31)) == "初一(1)班"
    assert class_on(cast.students.key, SEPTEMBER) == "初二(1)班"
    assert class_on(cast.students.eighth, SEPTEMBER) == "初三(1)班"
    assert SchoolClass.objects.filter(year=cast.year).count() == 4
    assert set(SchoolClass.objects.filter(year=july).values_list("name", flat=True)) == {
        "初二(1)班",
        "初二(2)班",
        "初三(1)班",
    }


def test_the_last_grade_leaves_the_school_the_register_and_its_helpers(cast, july):
    move(cast)
    left = Student.objects.get(pk=cast.students.ninth.pk)
    assert (left.status, left.left_on) == ("left", D(2027, 7, 12))
    assert Registration.objects.get(student=left).ends_on == D(2027, 7, 12)
    assert Grant.objects.get(student=left).ends_on == D(2027, 7, 12)
    assert Registration.objects.get(student=cast.students.key).ends_on is None
    assert class_on(left, SEPTEMBER) is None


def test_who_repeats_and_who_leaves_is_decided_one_by_one(cast, july):
    others = {cast.students.eighth.pk: "repeats", cast.students.plain.pk: "leaves"}
    shown = plan(cast.school, cast.year, others)
    assert (shown.staying, shown.leaving) == (3, 2)
    move(cast, others=others)
    assert class_on(cast.students.eighth, SEPTEMBER) == "初二(1)班"
    assert Student.objects.get(pk=cast.students.plain.pk).status == "left"


def test_nobody_repeats_where_no_class_rises_to(cast, july):
    with pytest.raises(Refused, match="初一"):
        move(cast, others={cast.students.key.pk: "repeats"})
    assert not YearMove.objects.exists()


def test_class_teachers_go_along_from_the_first_day_or_stay_behind(cast, july):
    set_class_teacher(cast.actor("head"), school_class=cast.class_two, staff=cast.staff["other_teacher"])
    move(cast)
    risen = SchoolClass.objects.get(year=july, name="初二(2)班")
    assert (
        Grant.objects.on(D(2027, 8, 31)).get(user=cast.users["other_teacher"]).school_class == cast.class_two
    )
    assert Grant.objects.on(SEPTEMBER).get(user=cast.users["other_teacher"]).school_class == risen
    post = Responsibility.objects.on(SEPTEMBER).get(staff=cast.staff["other_teacher"])
    assert post.school_class == risen


def test_class_teachers_need_not_go_along(cast, july):
    move(cast, teachers_go_along=False)
    assert not Grant.objects.on(SEPTEMBER).filter(role="class_teacher", school=cast.school).exists()


def test_taking_it_back_leaves_everything_as_it_was(cast, july):
    before = everything()
    done = move(cast, others={cast.students.plain.pk: "leaves"})
    assert everything() != before
    undo_move(cast.actor("coordinator"), move=done)
    assert everything() == before
    assert plan(cast.school, cast.year, {}).why_not == ""
    with pytest.raises(Refused):
        undo_move(cast.actor("coordinator"), move=done)


def test_it_is_not_taken_back_once_something_builds_on_it(cast, july, at_school):
    done = move(cast)
    at_school.shift(60)
    register(cast.actor("head"), student=cast.students.plain, level="normal")
    assert why_not_undo(done)
    with pytest.raises(Refused):
        undo_move(cast.actor("coordinator"), move=done)


def test_a_look_at_a_phone_number_builds_on_nothing_but_the_new_years_first_entry_does(cast, july, at_school):
    done = move(cast)

    def entry(action):
        AuditEntry.objects.create(
            at=datetime.datetime.now(datetime.UTC),
            actor_kind="system",
            school_id=cast.school.pk,
            action=action,
        )

    for action in ("student.reveal", "account.sign-in", "contact.write"):
        entry(action)
    assert why_not_undo(done) == ""
    at_school.move_to(datetime.datetime(2027, 9, 2, tzinfo=datetime.UTC))
    entry("account.sign-in")
    assert why_not_undo(done) == ""
    entry("contact.write")
    assert why_not_undo(done)


def test_it_is_made_once_after_the_year_and_into_a_year_that_is_there(cast, next_year, at_school):
    with pytest.raises(Refused, match="2027-07-10"):
        move(cast)
    at_school.move_to(datetime.datetime(2027, 7, 12, tzinfo=datetime.UTC))
    move(cast)
    with pytest.raises(Refused):
        move(cast)
    assert YearMove.objects.count() == 1


def test_without_a_next_year_it_is_refused(cast, at_school):
    at_school.move_to(datetime.datetime(2027, 7, 12, tzinfo=datetime.UTC))
    with pytest.raises(Refused, match="校历"):
        move(cast)


def test_a_student_of_another_class_or_school_cannot_be_chosen(cast, july):
    with pytest.raises(Refused):
        move(cast, others={cast.students.far.pk: "leaves"})


@pytest.mark.parametrize("by", ["class_teacher", "deputy", "system_admin", "outsider"])
def test_only_who_manages_rosters_and_accounts_moves_the_school(cast, july, by):
    with pytest.raises(NotAllowed):
        move(cast, by=by)
    done = move(cast)
    with pytest.raises(NotAllowed):
        undo_move(cast.actor(by), move=done)


def test_a_class_that_is_there_already_is_taken_and_two_of_one_name_are_refused(cast, july):
    [waiting] = add_classes(cast.actor("head"), year=july, names=["八年级1班"])
    move(cast)
    assert ClassMembership.objects.get(student=cast.students.key, ends_on=None).school_class == waiting
    assert SchoolClass.objects.filter(year=july, grade=8, number=1).count() == 1


def test_many_students_take_as_many_queries_as_few(cast, july):
    others = {}
    for number in range(40):
        student = cast.add_student(f"新同学{number}", cast.class_one, "normal")
        others[student.pk] = "leaves" if number % 2 else None
    others = {pk: other for pk, other in others.items() if other}
    with CaptureQueriesContext(connection) as made:
        move(cast, others=others)
    assert len(made) <= 45, len(made)
