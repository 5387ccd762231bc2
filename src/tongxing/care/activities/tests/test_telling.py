"""Who is told about places, and what no message says; a child who leaves the school gives up its place."""

import datetime

import pytest

from tongxing.care.activities import actions
from tongxing.care.activities.models import PlaceReason, SignUp
from tongxing.care.activities.queries import places_at_the_door
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people import student_actions
from tongxing.ground.people.models import Student

from .school import TODAY, given, offered, wished


def told(cast, who):
    rows = Message.objects.filter(to=cast.users[who], code="activity").order_by("pk")
    return [message.subject for message in rows]


@pytest.fixture
def family_of_plain(cast):
    """苏苗苗 and her mother have doors, too."""
    for name, title in (("plain_mother", "苏秀英"), ("plain_child", "苏苗苗")):
        cast.users[name] = User.objects.create_user(name, title)
        cast.grant(name, "guardian" if "mother" in name else "student", student=cast.students.plain)
    return cast


def test_a_place_and_the_waiting_list_are_told_at_the_doors_and_to_the_leader(family_of_plain, at_school):
    cast = family_of_plain
    offer = offered(cast)
    wished(offer, cast.students.key, cast.students.plain)
    assert told(cast, "student") == [], "nothing is told before the places are given"
    given(cast, offer, at_school)
    assert told(cast, "student") == ["“剪纸社”有你的名额了。"]
    assert told(cast, "guardian") == ["“剪纸社”有您孩子的名额了。"]
    assert told(cast, "plain_child") == ["“剪纸社”先排上队了，有空位会告诉你。"]
    assert told(cast, "plain_mother") == ["“剪纸社”您的孩子先排上队了，有空位会告诉您。"]
    assert told(cast, "other_teacher") == ["“剪纸社”的名额给好了。"]
    actions.give_places(cast.actor("coordinator"), offer=offer)
    assert Message.objects.filter(code="activity").count() == 5, "given again, nobody is told again"


def test_no_message_says_why_how_many_or_who(family_of_plain, at_school):
    cast = family_of_plain
    offer = offered(cast)
    wished(offer, cast.students.plain, cast.students.key)
    before = SignUp.objects.filter(student=cast.students.plain)
    before.update(wished_at=clock.now() - datetime.timedelta(days=1))
    given(cast, offer, at_school)
    assert PlaceReason.objects.get().student == cast.students.key
    words = "".join(message.subject for message in Message.objects.filter(code="activity"))
    for said in ("优先", "重点", "登记", "名单", "周晓禾", "苏苗苗", "第", "1"):
        assert said not in words


def test_whoever_leads_and_gives_the_places_needs_no_message(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain)
    given(cast, offer, at_school, by="other_teacher")
    assert told(cast, "other_teacher") == []


def test_a_wish_after_the_places_are_given_is_told_how_it_stands(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain)
    given(cast, offer, at_school)
    wished(offer, cast.students.key)
    assert told(cast, "student") == ["“剪纸社”先排上队了，有空位会告诉你。"]
    actions.change_offer(cast.actor("coordinator"), offer=offer, facts={"places": 2})
    assert told(cast, "student")[-1] == "“剪纸社”有你的名额了。"
    assert told(cast, "other_teacher")[-1] == "“剪纸社”空出的名额给了下一位。"


def test_a_closed_door_gets_no_message(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.key)
    cast.users["guardian"].grants.update(ends_on=TODAY - datetime.timedelta(days=1))
    given(cast, offer, at_school)
    assert told(cast, "guardian") == [] and told(cast, "student")


def test_a_child_who_leaves_the_school_gives_up_the_place_and_the_next_is_told(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.plain)
    given(cast, offer, at_school)
    wished(offer, cast.students.key)
    student_actions.leave_school(cast.actor("head"), student=cast.students.plain, on=TODAY)
    assert actions.give_up_places(cast.actor("head"), school_id=cast.school.pk) == 1
    gone = SignUp.objects.get(student=cast.students.plain)
    assert (gone.ended_because, gone.ended_by) == ("left", cast.users["head"])
    assert SignUp.objects.placed().get().student == cast.students.key
    assert told(cast, "student")[-1] == "“剪纸社”有你的名额了。"
    assert told(cast, "other_teacher")[-1] == "“剪纸社”空出的名额给了下一位。"
    assert actions.give_up_places(SYSTEM, school_id=cast.school.pk) == 0
    assert AuditEntry.objects.filter(action="activity.leave").count() == 1


def test_whoever_waits_and_leaves_is_never_given_a_place(cast, at_school):
    offer = offered(cast)
    wished(offer, cast.students.key)
    Student.objects.filter(pk=cast.students.key.pk).update(status="left", left_on=TODAY)
    assert given(cast, offer, at_school) == 0
    assert told(cast, "student") == [] and not SignUp.objects.placed().exists()


def test_nobody_without_the_right_lets_leavers_go(cast):
    for by in ("class_teacher", "helper", "counsellor", "guardian", "outsider"):
        with pytest.raises(NotAllowed):
            actions.give_up_places(cast.actor(by), school_id=cast.school.pk)


def test_a_guardian_sees_the_own_childs_places_and_nobody_elses(cast, at_school):
    offer = offered(cast, places=2)
    wished(offer, cast.students.key, cast.students.plain)
    given(cast, offer, at_school)
    assert [row.student for row in places_at_the_door(cast.actor("guardian"), cast.students.key)] == [
        cast.students.key
    ]
    assert places_at_the_door(cast.actor("guardian"), cast.students.plain) == []
    assert {row.student for row in SignUp.objects.visible_to(cast.actor("guardian"))} == {cast.students.key}
