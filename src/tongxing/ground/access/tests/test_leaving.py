"""Class teachers come and go; a colleague leaves: rights end with the last day, the past stays."""

import datetime

import pytest

from tongxing.ground.access.actions import end_helpers, set_class_teacher
from tongxing.ground.access.leaving import leave, stay
from tongxing.ground.access.models import Grant
from tongxing.ground.access.slips import starting
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Responsibility, Student

TODAY = datetime.date(2026, 11, 25)
FRIDAY = datetime.date(2026, 11, 27)


def seen_by(cast, who):
    return set(Student.objects.visible_to(cast.actor(who)).values_list("name", flat=True))


def answers(cast, who, day=TODAY):
    return [post.school_class for post in Responsibility.objects.on(day).filter(staff=cast.staff[who])]


def test_a_class_teacher_sees_the_class_and_answers_for_it_and_the_one_before_does_no_longer(cast):
    set_class_teacher(
        cast.actor("coordinator"), school_class=cast.class_one, staff=cast.staff["other_teacher"]
    )
    assert seen_by(cast, "other_teacher") == {"周晓禾", "孟宇航"}
    assert answers(cast, "other_teacher") == [cast.class_one]
    assert seen_by(cast, "class_teacher") == set()
    set_class_teacher(cast.actor("coordinator"), school_class=cast.class_one, staff=None)
    assert seen_by(cast, "other_teacher") == set()
    assert answers(cast, "other_teacher") == []


def test_naming_the_class_teacher_again_changes_nothing(cast):
    before = Grant.objects.count()
    set_class_teacher(cast.actor("head"), school_class=cast.class_one, staff=cast.staff["class_teacher"])
    assert Grant.objects.count() == before


def test_a_class_is_not_given_to_somebody_of_another_school_nor_by_anyone(cast):
    with pytest.raises(Refused):
        set_class_teacher(cast.actor("head"), school_class=cast.class_one, staff=cast.staff["outsider"])
    with pytest.raises(NotAllowed):
        set_class_teacher(cast.actor("class_teacher"), school_class=cast.class_one, staff=None)


def test_rights_end_with_the_last_day_and_not_before(cast, at_school):
    leave(cast.actor("coordinator"), staff=cast.staff["helper"], last_day=FRIDAY)
    assert seen_by(cast, "helper") == {"周晓禾"}
    at_school.shift(datetime.timedelta(days=3))
    assert seen_by(cast, "helper") == set()
    assert cast.actor("helper").scopes == ()
    assert "林岚" not in {row.user.name for row in starting(cast.actor("head"), cast.school)}


def test_posts_end_too_and_what_ended_comes_back_with_staying(cast):
    set_class_teacher(cast.actor("head"), school_class=cast.class_two, staff=cast.staff["helper"])
    leave(cast.actor("head"), staff=cast.staff["helper"], last_day=FRIDAY)
    saturday = FRIDAY + datetime.timedelta(days=1)
    assert answers(cast, "helper", saturday) == []
    stay(cast.actor("head"), staff=cast.staff["helper"], helps=[cast.students.key.pk])
    assert answers(cast, "helper", saturday) == [cast.class_two]
    assert Grant.objects.on(saturday).filter(user=cast.users["helper"]).count() == 2


def test_who_comes_back_later_gets_no_right_by_itself(cast, at_school):
    leave(cast.actor("head"), staff=cast.staff["helper"], last_day=TODAY)
    at_school.shift(datetime.timedelta(days=30))
    stay(cast.actor("head"), staff=cast.staff["helper"])
    assert cast.actor("helper").scopes == ()


@pytest.mark.parametrize("whose", ["head", "deputy", "system_admin", "coordinator"])
def test_a_coordinator_lets_nobody_above_leave_and_not_oneself(cast, whose):
    with pytest.raises(Refused):
        leave(cast.actor("coordinator"), staff=cast.staff[whose], last_day=FRIDAY)
    assert cast.actor(whose).scopes


@pytest.mark.parametrize("last_day", [datetime.date(2020, 1, 1), datetime.date(2028, 1, 1)])
def test_a_last_day_before_the_first_or_far_away_is_refused(cast, last_day):
    cast.staff["helper"].starts_on = datetime.date(2024, 9, 1)
    cast.staff["helper"].save()
    with pytest.raises(Refused) as refusal:
        leave(cast.actor("head"), staff=cast.staff["helper"], last_day=last_day)
    assert refusal.value.field == "last_day"


def test_nobody_else_notes_a_last_day(cast):
    for who in ("class_teacher", "deputy", "outsider"):
        with pytest.raises(NotAllowed):
            leave(cast.actor(who), staff=cast.staff["helper"], last_day=FRIDAY)


def test_a_student_handed_over_before_the_last_day_is_seen_no_longer_and_does_not_come_back_with_staying(
    cast,
):
    leave(cast.actor("coordinator"), staff=cast.staff["helper"], last_day=FRIDAY)
    taken = [(cast.users["helper"].pk, cast.students.key.pk)]
    end_helpers(cast.actor("coordinator"), school=cast.school, taken=taken)
    assert seen_by(cast, "helper") == set()
    stay(cast.actor("coordinator"), staff=cast.staff["helper"])
    assert seen_by(cast, "helper") == set()


def test_a_student_handed_over_from_the_day_after_does_not_come_back_with_staying(cast):
    leave(cast.actor("coordinator"), staff=cast.staff["helper"], last_day=FRIDAY)
    stay(cast.actor("coordinator"), staff=cast.staff["helper"], helps=[])
    assert not Grant.objects.filter(user=cast.users["helper"], role="helper", ends_on=None).exists()


def test_a_class_given_on_before_the_last_day_is_seen_no_longer(cast):
    leave(cast.actor("head"), staff=cast.staff["class_teacher"], last_day=FRIDAY)
    set_class_teacher(cast.actor("head"), school_class=cast.class_one, staff=cast.staff["other_teacher"])
    assert seen_by(cast, "class_teacher") == set()
    assert answers(cast, "class_teacher") == []


def test_a_right_given_after_leaving_opens_nothing_but_ones_own_child_stays(cast, at_school):
    leave(cast.actor("head"), staff=cast.staff["other_teacher"], last_day=TODAY)
    cast.grant("other_teacher", "helper", student=cast.students.normal)
    cast.grant("other_teacher", "guardian", student=cast.students.plain)
    at_school.shift(datetime.timedelta(days=1))
    assert cast.actor("other_teacher").roles == {"guardian"}
