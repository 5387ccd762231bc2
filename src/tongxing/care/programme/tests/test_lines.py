"""三沟通: who was reached last on each line, and what is asked for next."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.programme.actions import install
from tongxing.care.programme.lines import lines_of, of_class
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Circumstance

DAY = datetime.timedelta(days=1)


@pytest.fixture
def school(cast):
    install(cast.actor("head"), school=cast.school)
    Circumstance.objects.create(school=cast.school, student=cast.students.key, category="left_behind")
    return cast


def reach(cast, whom, days_ago, made=True, student=None):
    write_contact(
        cast.actor("class_teacher"),
        student=student or cast.students.key,
        client_id=uuid4(),
        kind="call",
        told=Told({"said": "说了近况"}, reached=whom, made=made, happened_at=clock.now() - days_ago * DAY),
    )


def lines(cast, student=None):
    (found,) = lines_of(cast.actor("class_teacher"), [student or cast.students.key], cast.term, clock.now())
    return {line.kind.code: line for line in found.lines}


def test_each_line_names_the_last_time_and_by_whom(school):
    reach(school, ["away_parent", "father"], days_ago=9)
    reach(school, ["away_parent"], days_ago=3)
    found = lines(school)
    assert found["away_parent"].last_on == clock.today() - 3 * DAY and found["away_parent"].by == "唐雨"
    assert found["second_guardian"].last_on is None
    assert [one.name for one in found["away_parent"].whom] == ["周建军"]


def test_a_line_that_is_kept_waits_no_longer_and_the_others_do(school):
    reach(school, ["away_parent"], days_ago=3)
    found = lines(school)
    assert not found["away_parent"].waits and found["second_guardian"].waits
    assert found["second_guardian"].due.promise.code == "with_second_guardian"


def test_an_attempt_keeps_no_line(school):
    reach(school, [], days_ago=1, made=False)
    assert all(line.last_on is None for line in lines(school).values())


def test_whose_parents_are_at_home_has_the_one_line(school):
    assert list(lines(school, school.students.normal)) == ["student"]


def test_whom_nobody_reached_for_the_longest_time_comes_first(school):
    other = school.add_student("何晓", school.class_one, "normal", pinyin="aaa")
    for days, student in ((2, other), (6, school.students.normal)):
        reach(school, ["student"], days_ago=days, student=student)
    names = [one.student.name for one in of_class(
        school.actor("class_teacher"), school.class_one, school.term, clock.now()
    )]  # fmt: skip
    assert names == ["周晓禾", "孟宇航", "何晓"]


@pytest.mark.parametrize("by", ["other_class_teacher", "other_teacher", "outsider"])
def test_of_a_class_one_does_not_look_after_there_is_nothing(school, by):
    assert of_class(school.actor(by), school.class_one, school.term, clock.now()) == ()
