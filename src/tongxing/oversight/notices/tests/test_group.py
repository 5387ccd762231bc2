"""The leading group: read from posts and rights, what nobody holds stands out, places end with a reason."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.programme.models import Programme
from tongxing.ground.access import posts
from tongxing.ground.access.actions import set_class_teacher
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Responsibility, Student
from tongxing.oversight.notices import seats
from tongxing.oversight.notices.group import leading_group
from tongxing.oversight.notices.models import Seat

pytestmark = pytest.mark.usefixtures("english")

TERM_START = datetime.date(2026, 9, 1)
DAY = datetime.timedelta(days=1)


def shown(cast, who="coordinator", day=None):
    return leading_group(cast.actor(who), cast.school, day or clock.today())


def seat(cast, who="coordinator", words="宣传", programme=None, since=TERM_START, **holder):
    what = seats.What(since, words, programme)
    return seats.seat(cast.actor(who), school=cast.school, client_id=uuid4(), what=what, **holder)


def name(cast, who="coordinator", post="grade_leader", grade=7, staff="other_teacher", since=TERM_START):
    return posts.name_to_post(
        cast.actor(who), school=cast.school, post=post, staff=cast.staff[staff], starts_on=since, grade=grade
    )


def holders(slots):
    return {str(slot.label): [one.name for one in slot.holders] for slot in slots}


def test_posts_and_rights_are_read_from_where_they_are(cast):
    found = shown(cast)
    assert holders(found.leads) == {"head": ["顾言"], "party secretary": [], "deputy head": ["裴青"]}
    assert holders(found.offices)["student affairs office"] == [
        "石磊"
    ]  # the deactivated account is no colleague of today
    assert holders(found.classes) == {"初一(1)班": ["唐雨"], "初一(2)班": ["邵明"]}


def test_somebody_with_right_and_post_stands_there_once(cast):
    set_class_teacher(cast.actor("head"), school_class=cast.class_one, staff=cast.staff["class_teacher"])
    Responsibility.objects.create(
        school=cast.school, staff=cast.staff["head"], post="head", starts_on=TERM_START
    )
    found = shown(cast)
    assert holders(found.leads)["head"] == ["顾言"] and holders(found.classes)["初一(1)班"] == ["唐雨"]


def test_what_nobody_holds_stands_out_until_somebody_is_named(cast):
    set_class_teacher(cast.actor("head"), school_class=cast.class_two, staff=None)
    programme = Programme.objects.create(
        school=cast.school, code="six", name_zh="六个一", name_en="Six things"
    )
    open_now = {str(one.label) for one in shown(cast).open}
    assert open_now == {
        "Grade 7, leader",
        "初一(2)班",
        str(programme),
        "safety responder",
        "deputy safety responder",
    }
    name(cast)
    seat(cast, words="", programme=programme, staff=cast.staff["helper"])
    assert {str(one.label) for one in shown(cast).open} == open_now - {"Grade 7, leader", str(programme)}


def test_a_school_that_a_party_secretary_leads_misses_no_head(cast):
    Grant.objects.filter(role="head", school=cast.school).update(ends_on=TERM_START)
    assert "head" in {str(one.label) for one in shown(cast).open}
    name(cast, post="party_secretary", grade=None)
    assert "head" not in {str(one.label) for one in shown(cast).open}


def test_it_is_shown_as_of_a_day(cast):
    name(cast, since=clock.today())
    assert "Grade 7, leader" in {str(one.label) for one in shown(cast, day=clock.today() - DAY).open}
    assert "Grade 7, leader" not in {str(one.label) for one in shown(cast).open}


def test_naming_to_a_post_gives_no_right(cast):
    before = cast.actor("other_teacher")
    assert name(cast) == name(cast)
    assert cast.actor("other_teacher") == before


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"post": "head", "grade": None}, "post"),
        ({"post": "grade_leader", "grade": None}, "grade"),
        ({"post": "party_secretary", "grade": 7}, "grade"),
        ({"staff": "outsider"}, "staff"),
    ],
)
def test_posts_with_a_right_and_colleagues_of_other_schools_are_refused(cast, told, field):
    with pytest.raises(Refused) as refusal:
        name(cast, **told)
    assert refusal.value.field == field


def test_a_post_ends_and_is_held_again_at_once_but_not_later(cast, at_school):
    held, office = name(cast), cast.actor("coordinator")
    posts.end_post(office, held=held)
    assert holders(shown(cast).grades) == {"Grade 7, leader": []}
    posts.hold_again(office, held=held)
    assert holders(shown(cast).grades) == {"Grade 7, leader": ["宋桥"]}
    posts.end_post(office, held=held)
    with pytest.raises(Refused):
        posts.end_post(office, held=held)
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        posts.hold_again(office, held=held)


@pytest.mark.parametrize("who", ["deputy", "class_teacher", "helper", "counsellor", "outsider", "guardian"])
def test_only_those_who_manage_accounts_name_anybody(cast, who):
    held, place = name(cast), seat(cast, staff=cast.staff["helper"])
    for act in (
        lambda: name(cast, who, staff="helper"),
        lambda: posts.end_post(cast.actor(who), held=held),
        lambda: seat(cast, who, staff=cast.staff["helper"]),
        lambda: seats.leave(cast.actor(who), place=place, reason="…"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_student_cadre_is_named_and_sees_no_file(cast):
    key = cast.students.key
    before = cast.actor("student")
    seat(cast, words="广播站", student=key)
    assert [(one.name, one.words) for one in shown(cast).cadres] == [("周晓禾 初一(1)班", "广播站")]
    after = actor_for(cast.users["student"])
    assert after == before and list(Student.objects.visible_to(after)) == [key]
    assert not Seat.objects.visible_to(after).exists()


def test_a_cadre_is_named_only_to_whom_the_child_is_known(cast):
    seat(cast, words="广播站", student=cast.students.key)
    assert len(shown(cast, "class_teacher").cadres) == 1
    assert shown(cast, "other_class_teacher").cadres == shown(cast, "finance_maker").cadres == []


@pytest.mark.parametrize(
    ("told", "field"),
    [({}, "staff"), ({"words": " ", "staff": True}, "words"), ({"words": "字" * 41, "staff": True}, "words")],
)
def test_a_place_names_somebody_and_says_what_for(cast, told, field):
    told = dict(told)
    holder = {"staff": cast.staff["helper"]} if told.pop("staff", None) else {}
    with pytest.raises(Refused) as refusal:
        seat(cast, **told, **holder)
    assert refusal.value.field == field


def test_nobody_of_another_school_and_no_child_who_has_left(cast):
    with pytest.raises(Refused):
        seat(cast, staff=cast.staff["outsider"])
    with pytest.raises(Refused):
        seat(cast, student=cast.students.far)
    Student.objects.filter(pk=cast.students.plain.pk).update(status="left")
    with pytest.raises(Refused):
        seat(cast, student=cast.students.plain)


def test_a_place_ends_with_a_reason_and_comes_back_at_once_only(cast, at_school):
    place, office = seat(cast, staff=cast.staff["helper"]), cast.actor("coordinator")
    with pytest.raises(Refused):
        seats.leave(office, place=place, reason=" ")
    seats.leave(office, place=place, reason="新学期")
    assert shown(cast).members == []
    seats.stay(office, place=place)
    assert [one.name for one in shown(cast).members] == ["林岚"]
    seats.leave(office, place=place, reason="新学期")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        seats.stay(office, place=place)


def test_the_database_holds_one_person_and_one_programme_once(cast):
    place = seat(cast, staff=cast.staff["helper"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=place.pk).update(student=cast.students.key)
    programme = Programme.objects.create(
        school=cast.school, code="six", name_zh="六个一", name_en="Six things"
    )
    seat(cast, programme=programme, staff=cast.staff["helper"])
    with pytest.raises(Refused):
        seat(cast, programme=programme, staff=cast.staff["helper"])
