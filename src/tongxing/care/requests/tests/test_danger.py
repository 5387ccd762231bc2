"""Harm goes to those who answer for children's safety, past the class teacher and every adult it names."""

import datetime

import pytest

from tongxing.care.requests import actions, danger, queries
from tongxing.care.requests.models import Evidence, HelpRequest
from tongxing.care.safety import actions as safety
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.models import Message

from .school import a_box, a_door, by_slip, by_square, by_student, by_teacher, read_by, seen_by, told

HIT = "放学后被同学堵在厕所要钱"
BY_TEACHER = "宋桥老师打了我一巴掌"


def flag_of(request):
    return RiskFlag.objects.get(source_kind="request", source_id=request.pk)


def test_somebody_hurts_me_raises_a_flag_and_stands_on_nobodys_list(named):
    request = by_student(named, "hurt", "")
    assert request.in_safety and request.holder is None
    assert flag_of(request).categories == ["harm_by_others"]
    assert seen_by(named, request) == set()
    assert told(named)[0] == "counsellor" and "class_teacher" not in told(named)
    for role in named.users:
        found = queries.asked_for_help(named.actor(role), named.school)
        assert not (found.mine or found.others or found.asked or found.done)


@pytest.mark.parametrize("topic", ["studying", "friend", "low", "other"])
def test_words_of_danger_go_the_same_way_whatever_it_is_about(named, topic):
    request = by_student(named, topic, HIT)
    assert request.in_safety and flag_of(request).categories == ["bullying"]


def test_plain_words_do_not(named):
    assert not by_student(named, "friend", "同桌这几天没怎么理我").in_safety


def test_the_class_teacher_and_a_named_adult_see_nothing_of_it(named):
    named.grant("other_teacher", "safety")
    request = by_student(named, "hurt", BY_TEACHER)
    flag = flag_of(request)
    kept = set(flag.kept_from.values_list("pk", flat=True))
    assert {named.users["class_teacher"].pk, named.users["other_teacher"].pk} <= kept
    assert not RiskFlag.objects.visible_to(named.actor("other_teacher")).exists()
    assert RiskFlag.objects.visible_to(named.actor("counsellor")).exists()


def test_whom_the_child_did_not_want_is_kept_from_the_flag_too(named):
    request = by_student(named, "low", HIT, without=["counsellor"])
    assert not RiskFlag.objects.visible_to(named.actor("counsellor")).exists()
    assert told(named)[0] == "deputy" and request.in_safety


def test_a_teacher_asks_for_a_child_who_is_hurt_and_learns_only_how_it_stands(named):
    request = by_teacher(named, "helper", "hurt", HIT)
    assert seen_by(named, request) == set()
    (outcome,) = queries.outcomes(HelpRequest.objects.asked_by_me(named.actor("helper")))
    assert (outcome.safety, outcome.holder, outcome.told) == ("asked", "", [])


def test_the_asker_learns_that_it_was_taken_on_and_looked_after(named):
    flag = flag_of(by_student(named, "hurt", HIT))
    mine = HelpRequest.objects.asked_by_me(named.actor("student"))
    safety.take_on(named.actor("counsellor"), flag=flag)
    assert queries.outcomes(mine)[0].safety == "taken"
    safety.close(named.actor("counsellor"), flag=flag, outcome="safe", reason="谈过了")
    safety.sign_off(named.actor("head"), flag=flag)
    assert queries.outcomes(mine)[0].safety == "done"


def test_an_unsigned_slip_of_harm_stands_with_those_who_answer(named):
    request = by_slip(named, a_box(named), "other", HIT, school_class=named.class_one)
    assert request.in_safety and not RiskFlag.objects.exists()
    assert seen_by(named, request) == {"head", "counsellor", "deputy"}
    assert told(named) == ["counsellor"]


def test_an_unsigned_slip_that_names_the_head_is_kept_from_the_head(named):
    request = by_slip(named, a_box(named), "hurt", "校长打了我一巴掌", school_class=named.class_one)
    assert seen_by(named, request) == {"counsellor", "deputy"}


def test_nobody_took_it_on_then_deputy_and_head_are_asked_the_same_day_and_all_the_next_morning(named, at):
    by_slip(named, a_box(named), "hurt", HIT)
    at(11, 25, 18)
    assert danger.ask_next_in_line(datetime.datetime.now(datetime.UTC)) == 1
    at(11, 25, 20)
    danger.ask_next_in_line(datetime.datetime.now(datetime.UTC))
    danger.ask_next_in_line(datetime.datetime.now(datetime.UTC))
    assert told(named, "request.danger") == ["counsellor", "deputy", "head"]
    at(11, 26, 8)
    danger.ask_next_in_line(datetime.datetime.now(datetime.UTC))
    assert sorted(told(named, "request.danger")[3:]) == ["counsellor", "deputy", "head"]


def test_taken_on_nobody_is_asked_again(named, at):
    request = by_slip(named, a_box(named), "hurt", HIT)
    danger.take_on(named.actor("counsellor"), request=request)
    Message.objects.all().delete()
    at(11, 25, 20)
    assert danger.ask_next_in_line(datetime.datetime.now(datetime.UTC)) == 0
    assert told(named) == []


def test_the_class_teacher_takes_nothing_on(named):
    request = by_slip(named, a_box(named), "hurt", HIT, school_class=named.class_one)
    for act in (
        lambda actor: danger.take_on(actor, request=request),
        lambda actor: danger.note(actor, request=request, text="我来问问"),
        lambda actor: danger.note_report(actor, request=request, to="police"),
        lambda actor: danger.close(actor, request=request, text="没事"),
        lambda actor: danger.release(actor, request=request, reason="没事"),
        lambda actor: actions.take_on(actor, request=request),
        lambda actor: actions.name_child(actor, request=request, student=named.students.key),
    ):
        with pytest.raises(NotAllowed):
            act(named.actor("class_teacher"))


def test_it_is_closed_only_once_the_report_duty_was_answered(named):
    actor = named.actor("counsellor")
    request = danger.take_on(actor, request=by_slip(named, a_box(named), "hurt", HIT))
    with pytest.raises(Refused):
        danger.close(actor, request=request, text="找到了人，谈过了")
    with pytest.raises(Refused):
        danger.note_report(actor, request=request, to="")
    danger.note_report(actor, request=request, to="bureau", text="电话报告")
    danger.close(actor, request=request, text="找到了人，谈过了")
    request.refresh_from_db()
    assert request.state == "done"


def test_once_the_child_is_known_a_flag_goes_its_way(named):
    request = by_slip(named, a_box(named), "hurt", HIT, school_class=named.class_one)
    actions.name_child(named.actor("counsellor"), request=request, student=named.students.key)
    flag = flag_of(request)
    assert flag.student == named.students.key and flag.categories == ["bullying"]
    assert named.users["class_teacher"] in flag.kept_from.all()
    assert seen_by(named, request) == set()


def test_a_false_alarm_goes_the_ordinary_way_still_past_those_it_was_kept_from(named):
    request = by_student(named, "friend", HIT)
    flag, actor = flag_of(request), named.actor("counsellor")
    with pytest.raises(Refused):
        danger.release(actor, request=request, reason="在排话剧")
    safety.close(actor, flag=flag, outcome="false_alarm", reason="在排话剧")
    danger.release(actor, request=request, reason="在排话剧")
    request.refresh_from_db()
    assert not request.in_safety and request.holder == named.users["helper"]
    assert "class_teacher" not in seen_by(named, request)


def test_what_came_with_it_is_opened_by_nobody_else_and_there_is_no_way_to_take_it_away(named):
    request = by_student(named, "hurt", HIT, files=[picture()])
    kept = request.evidence.get()
    for role in named.users:
        assert not Evidence.objects.visible_to(named.actor(role)).exists()
    assert danger.may_look_after(named.actor("counsellor"), request)
    assert not danger.may_look_after(named.actor("class_teacher"), request)
    assert {name for name in dir(kept) if name.startswith("removed")} == set()


def test_through_the_square_with_a_name_it_raises_the_flag_and_the_stranger_learns_nothing(named):
    door = a_door(named)
    request, code = by_square(door, "hurt", HIT, name="周晓禾", class_name="初一1班")
    assert flag_of(request).student == named.students.key and code
    assert read_by(named, request) == set()
