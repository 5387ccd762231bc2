"""The way of a request: taken on, tried, handed on, done, and open again when it did not help."""

import datetime

import pytest

from tongxing.care.contacts.models import Contact
from tongxing.care.requests import actions, queries, reminding
from tongxing.care.requests.asking import words_of
from tongxing.care.requests.models import HelpRequest, RequestStep
from tongxing.ground.files.actions import content_of
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import encryption
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.models import Message

from .school import a_box, by_guardian, by_slip, by_student, by_teacher, read_by, seen_by, told

State = HelpRequest.State


def solved(cast, request, role="helper", text="放学一起做了 5 道题"):
    return actions.solve(cast.actor(role), request=request, text=text)


def test_taken_on_the_next_step_is_waited_for_a_week_later(cast):
    request = actions.take_on(cast.actor("helper"), request=by_student(cast), text="明天大课间找你")
    assert request.state == State.TAKEN and request.due_on == datetime.date(2026, 12, 2)
    assert request.answered_at is not None
    (outcome,) = queries.outcomes(HelpRequest.objects.asked_by_me(cast.actor("student")))
    assert [(who, text) for _at, who, text in outcome.told] == [("林岚", "明天大课间找你")]


def test_who_only_sees_that_it_waits_takes_nothing_on(cast):
    request = by_student(cast)
    for role in ("head", "other_class_teacher", "student", "outsider"):
        with pytest.raises(NotAllowed):
            actions.take_on(cast.actor(role), request=request)


def test_a_step_is_noted_once_and_the_asker_does_not_read_it(cast):
    request = by_student(cast)
    for _twice in range(2):
        actions.note_tried(cast.actor("helper"), request=request, text="先从应用题画图开始")
    assert request.steps.filter(kind="tried").count() == 1
    request.refresh_from_db()
    assert request.state == State.TAKEN
    (outcome,) = queries.outcomes(HelpRequest.objects.asked_by_me(cast.actor("student")))
    assert outcome.told == []
    with pytest.raises(Refused):
        actions.note_tried(cast.actor("helper"), request=request, text=" ")


def test_handed_on_with_a_reason_it_waits_for_the_colleague(cast):
    request = by_student(cast)
    with pytest.raises(Refused):
        actions.hand_on(cast.actor("helper"), request=request, to=cast.staff["class_teacher"], reason=" ")
    actions.hand_on(
        cast.actor("helper"), request=request, to=cast.staff["counsellor"], reason="她想和白老师谈"
    )
    request.refresh_from_db()
    assert request.holder == cast.users["counsellor"] and request.state == State.ASKED
    assert "counsellor" in read_by(cast, request) and told(cast)[-1] == "counsellor"


def test_the_office_hands_on_what_it_may_not_read(cast):
    request = by_student(cast)
    actions.hand_on(
        cast.actor("coordinator"), request=request, to=cast.staff["class_teacher"], reason="林老师这周出差"
    )
    request.refresh_from_db()
    assert request.holder == cast.users["class_teacher"]
    assert "coordinator" not in read_by(cast, request)


@pytest.mark.parametrize("to", ["other_teacher", "deactivated", "outsider", "class_teacher"])
def test_nobody_gets_it_who_may_not_answer_or_from_whom_it_is_kept(cast, to):
    request = by_student(cast, "home", "爸妈总吵架", without=["class_teacher"])
    with pytest.raises(Refused) as refused:
        actions.hand_on(cast.actor("helper"), request=request, to=cast.staff[to], reason="我不在")
    assert refused.value.field == "to"


def test_done_asks_whether_it_helped_and_a_yes_ends_it(cast):
    request = solved(cast, by_student(cast))
    assert request.state == State.SOLVED
    actions.say_whether_it_helped(cast.actor("student"), request=request, helped="yes")
    request.refresh_from_db()
    assert (request.state, request.helped) == (State.DONE, "yes")


def test_not_yet_opens_it_again_with_the_same_colleague_and_a_new_day(cast, at):
    request = solved(cast, by_student(cast))
    at(11, 26)
    actions.say_whether_it_helped(cast.actor("student"), request=request, helped="not_yet", text="还是看不懂")
    request.refresh_from_db()
    assert (request.state, request.holder) == (State.ASKED, cast.users["helper"])
    assert request.due_on == datetime.date(2026, 12, 1)
    assert told(cast) == ["helper", "helper"]
    solved(cast, request, text="换了一种讲法")
    actions.say_whether_it_helped(cast.actor("student"), request=request, helped="little")
    request.refresh_from_db()
    assert request.state == State.DONE
    assert [step.kind for step in request.steps.all()] == ["asked", "solved", "again", "solved", "helped"]


def test_nobody_else_says_whether_it_helped(cast):
    request = solved(cast, by_student(cast))
    for role in ("guardian", "outsider", "coordinator"):
        with pytest.raises(NotAllowed):
            actions.say_whether_it_helped(cast.actor(role), request=request, helped="yes")
    with pytest.raises(Refused):
        actions.say_whether_it_helped(cast.actor("student"), request=request, helped="maybe")


def test_the_holder_notes_the_childs_own_word_for_a_slip(cast):
    request = by_slip(cast, a_box(cast), student=cast.students.key)
    solved(cast, request, role="class_teacher", text="换了座位")
    actions.say_whether_it_helped(cast.actor("class_teacher"), request=request, helped="yes")
    request.refresh_from_db()
    assert request.state == State.DONE


def test_done_a_moment_ago_is_taken_back_by_whoever_said_so(cast):
    request = solved(cast, by_student(cast))
    with pytest.raises(NotAllowed):
        actions.solve_not_yet(cast.actor("class_teacher"), request=request)
    assert actions.solve_not_yet(cast.actor("helper"), request=request).state == State.TAKEN


def test_a_step_in_a_state_it_has_left_is_refused(cast):
    request = solved(cast, by_student(cast))
    with pytest.raises(Refused):
        solved(cast, request)
    with pytest.raises(Refused):
        actions.take_on(cast.actor("helper"), request=request)


def test_what_was_done_becomes_a_record_at_a_tap_without_the_childs_own_words(cast):
    request = by_student(cast, text="我觉得自己很笨")
    actions.note_tried(cast.actor("helper"), request=request, text="先从应用题画图开始")
    solved(cast, request)
    for _twice in range(2):
        contact = actions.keep_as_record(cast.actor("helper"), request=request)
    assert Contact.objects.count() == 1
    body = contact.revisions.get().body
    assert "画图" in body["improvement"] and "5 道题" in body["improvement"]
    assert "很笨" not in str(body) and contact.visibility == "team"


def test_what_is_private_becomes_a_record_for_writer_and_counsellor_alone(cast):
    request = by_student(cast, "low", "最近总想哭")
    solved(cast, request, role="counsellor", text="每周三一起走走")
    assert actions.keep_as_record(cast.actor("counsellor"), request=request).restricted


def test_a_familys_request_becomes_a_call_that_reached_the_one_who_asked(cast):
    request = by_guardian(cast)
    solved(cast, request, role="class_teacher", text="请村医去看过")
    contact = actions.keep_as_record(cast.actor("class_teacher"), request=request)
    assert (contact.kind, contact.reached) == ("call", ["second_guardian"])


def test_an_unsigned_request_and_one_without_an_outcome_become_no_record(cast):
    with pytest.raises(Refused):
        actions.keep_as_record(cast.actor("helper"), request=by_student(cast))
    request = solved(cast, by_slip(cast, a_box(cast), school_class=cast.class_one), role="class_teacher")
    with pytest.raises(Refused):
        actions.keep_as_record(cast.actor("class_teacher"), request=request)


def test_known_by_name_words_steps_and_files_go_under_the_childs_key_and_the_other_is_destroyed(cast):
    request = by_slip(cast, a_box(cast), school_class=cast.class_one, files=[picture()])
    actions.note_tried(cast.actor("class_teacher"), request=request, text="认出了字迹")
    own = request.key
    actions.name_child(cast.actor("class_teacher"), request=request, student=cast.students.key)
    request = HelpRequest.objects.select_related("key").get(pk=request.pk)
    own.refresh_from_db()
    assert request.key == cast.students.key.key and own.wrapped is None
    assert words_of(request) == "同桌不跟我说话了"
    assert "认出了字迹" in [step.text for step in queries.steps_of(request)]
    assert content_of(request.evidence.get().file)
    with pytest.raises(Refused):
        actions.name_child(cast.actor("class_teacher"), request=request, student=cast.students.plain)


def test_a_child_of_another_school_is_not_named(cast):
    request = by_slip(cast, a_box(cast), school_class=cast.class_one)
    with pytest.raises(NotAllowed):
        actions.name_child(cast.actor("class_teacher"), request=request, student=cast.students.far)


def test_words_of_danger_in_a_later_step_go_to_safety_too(named):
    request = by_student(named)
    actions.note_tried(named.actor("helper"), request=request, text="她说放学后被同学堵在厕所要钱")
    request.refresh_from_db()
    assert request.in_safety and seen_by(named, request) == set()


def test_the_list_tells_mine_from_others_and_what_waits_longest_comes_first(cast, at):
    first = by_student(cast)
    at(11, 26)
    second = by_student(cast, text="英语也听不懂")
    urgent = by_teacher(cast, "helper", "studying", "明天就考", cannot_wait=True)
    found = queries.asked_for_help(cast.actor("helper"), cast.school)
    assert [line.request for line in found.mine] == [urgent, first, second]
    found = queries.asked_for_help(cast.actor("coordinator"), cast.school)
    assert found.mine == [] and len(found.others) == 3
    assert queries.asked_for_help(cast.actor("other_class_teacher"), cast.school).others == []


def test_on_the_day_the_holder_is_reminded_and_after_it_the_office_too(cast, at):
    by_student(cast)
    Message.objects.all().delete()
    at(11, 27)
    reminding.remind()
    assert told(cast) == []
    at(11, 30)
    reminding.remind()
    reminding.remind()
    assert told(cast) == ["helper"]
    at(12, 1)
    reminding.remind()
    assert told(cast)[1:] == ["helper", "coordinator"]


def test_on_a_weekend_nobody_is_reminded_and_nobody_from_whom_it_is_kept(cast, at):
    by_student(cast, "low", "睡不着", without=["coordinator"])
    Message.objects.all().delete()
    at(11, 28)
    reminding.remind()
    assert told(cast) == []
    at(11, 30)
    reminding.remind()
    assert told(cast) == ["counsellor"]


def test_it_is_time_to_open_the_box_says_a_message_to_its_opener_then_to_the_office(cast, at):
    a_box(cast, every=2)
    at(11, 26)
    reminding.remind()
    at(11, 27)
    reminding.remind()
    assert told(cast) == ["counsellor", "counsellor", "coordinator"]


def test_steps_are_sealed(cast):
    request = solved(cast, by_student(cast), text="换了座位")
    row = RequestStep.objects.get(request=request, kind="solved")
    assert "换了座位".encode() not in bytes(row.text_sealed)
    assert encryption.unseal(request.key, row.text_sealed, "requests_requeststep.text") == "换了座位"
