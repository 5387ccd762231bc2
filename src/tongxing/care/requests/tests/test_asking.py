"""Who may ask for help by which door, who reads it, and by when it is answered."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.requests import asking, boxes, settings
from tongxing.care.requests.asking import Asked, words_of
from tongxing.care.requests.models import HelpRequest
from tongxing.care.requests.rules import Pace
from tongxing.care.requests.topics import EDITABLE, TOPICS
from tongxing.ground.access.models import Grant
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import encryption
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from .school import a_box, asked, by_guardian, by_slip, by_student, by_teacher, read_by, seen_by, told


def test_a_student_asks_and_the_helper_answers_while_the_class_teacher_reads_it_too(cast):
    request = by_student(cast)
    assert request.holder == cast.users["helper"] and request.door == "student"
    assert read_by(cast, request) == {"helper", "class_teacher"}
    assert told(cast) == ["helper"]


def test_a_student_asks_for_nobody_else(cast):
    with pytest.raises(NotAllowed):
        asking.ask_oneself(cast.actor("student"), student=cast.students.plain, asked=asked())
    assert not HelpRequest.objects.exists()


def test_a_guardian_asks_for_the_own_child_and_for_no_other(cast):
    assert by_guardian(cast).holder == cast.users["class_teacher"]
    with pytest.raises(NotAllowed):
        asking.ask_oneself(cast.actor("guardian"), student=cast.students.plain, asked=asked())


def test_a_teacher_asks_for_a_child_of_the_own_and_not_for_another(cast):
    cast.teach("music", cast.class_one)
    assert by_teacher(cast, "music").door == "teacher"
    with pytest.raises(NotAllowed):
        asking.ask_for(cast.actor("helper"), student=cast.students.plain, asked=asked())


def test_those_who_see_to_it_see_that_it_waits_and_not_what_it_says(cast):
    request = by_student(cast)
    overseers = {"head", "deputy", "coordinator"}
    assert seen_by(cast, request) == {"helper", "class_teacher", *overseers}
    assert not overseers & read_by(cast, request)


def test_feeling_low_goes_to_the_counsellor_alone(cast):
    request = by_student(cast, "low", "最近总想哭")
    assert request.holder == cast.users["counsellor"] and request.urgent
    assert read_by(cast, request) == {"counsellor"}


def test_money_goes_to_the_office(cast):
    assert read_by(cast, by_student(cast, "money", "校服钱还没交")) == {"coordinator"}


def test_whom_the_asker_does_not_want_neither_reads_it_nor_sees_that_it_is_there(cast):
    request = by_student(cast, "home", "爸妈总吵架", without=["class_teacher"])
    assert request.holder == cast.users["helper"]
    assert "class_teacher" not in seen_by(cast, request)


def test_nobody_of_the_way_is_left_then_the_office_answers(cast):
    request = by_student(cast, "home", "爸妈总吵架", without=["class_teacher", "helper"])
    assert request.holder == cast.users["coordinator"]
    assert read_by(cast, request) == {"coordinator"}


def test_without_a_counsellor_the_office_answers(cast):
    Grant.objects.filter(role="counsellor").delete()
    assert by_student(cast, "low", "最近总想哭").holder == cast.users["coordinator"]


def test_a_school_in_which_nobody_answers_says_whom_to_go_to(cast):
    Grant.objects.exclude(role__in=("student", "guardian")).delete()
    with pytest.raises(Refused):
        by_student(cast)
    assert not HelpRequest.objects.exists()


def test_the_words_may_stay_empty_and_are_sealed_under_the_childs_key(cast):
    assert words_of(by_student(cast, text="")) == ""
    request = by_student(cast, text="英语听不懂")
    assert words_of(request) == "英语听不懂" and "英语" not in str(bytes(request.text_sealed))
    assert request.key == cast.students.key.key


def test_once_the_childs_key_is_destroyed_the_words_are_gone(cast):
    request = by_student(cast)
    request.key.wrapped = None
    with pytest.raises(encryption.Unreadable):
        words_of(request)


def test_a_form_that_is_sent_twice_is_one_request_and_with_other_words_another(cast):
    client_id = uuid4()
    for text in ("英语听不懂", "英语听不懂", "数学也听不懂"):
        asking.ask_oneself(
            cast.actor("student"), student=cast.students.key, asked=Asked("studying", client_id, text)
        )
    assert HelpRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [({"topic": "weather"}, "topic"), ({"text": "啊" * 1001}, "text"), ({"without": ["head"]}, "without")],
)
def test_what_cannot_be_is_refused_beside_its_field(cast, more, field):
    with pytest.raises(Refused) as refused:
        by_student(cast, **more)
    assert refused.value.field == field


def test_the_trail_keeps_ids_and_no_words(cast):
    by_student(cast, text="英语听不懂")
    row = AuditEntry.objects.get(action="request.ask")
    assert row.detail == {"topic": "studying", "door": "student"} and row.user_id == cast.users["student"].pk


def test_an_urgent_one_of_friday_is_due_on_monday_the_others_on_wednesday(cast, at):
    at(11, 27)
    assert by_student(cast, "low", "睡不着").due_on == datetime.date(2026, 11, 30)
    assert by_student(cast).due_on == datetime.date(2026, 12, 2)
    assert by_student(cast, text="很急", cannot_wait=True).due_on == datetime.date(2026, 11, 30)


def test_over_the_national_day_the_days_off_do_not_count_and_the_make_up_saturday_does(national_day, at):
    at(9, 30)
    assert by_student(national_day, "low", "想爸妈").due_on == datetime.date(2026, 10, 8)
    assert by_student(national_day).due_on == datetime.date(2026, 10, 10)


def test_in_a_break_every_day_counts(cast, at_school):
    at_school.move_to(datetime.datetime(2027, 1, 29, 16, tzinfo=datetime.UTC))
    assert by_student(cast, "low", "想爸妈").due_on == datetime.date(2027, 1, 31)


def test_the_school_edits_ways_and_days_and_what_was_promised_before_stays(cast):
    before = by_student(cast)
    ways = {code: TOPICS[code].way for code in EDITABLE} | {"studying": ["class_teacher"]}
    settings.set_rules(cast.actor("coordinator"), school=cast.school, ways=ways, pace=Pace(1, 2, 5))
    after = by_student(cast, text="物理也难")
    assert after.holder == cast.users["class_teacher"] and after.due_on == datetime.date(2026, 11, 27)
    before.refresh_from_db()
    assert before.holder == cast.users["helper"] and before.due_on == datetime.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("ways", "pace", "field"),
    [
        ({}, Pace(), "first_studying"),
        (None, Pace(0, 3, 5), "urgent_days"),
        (None, Pace(4, 3, 5), "urgent_days"),
        (None, Pace(1, 3, 16), "step_days"),
    ],
)
def test_rules_that_lead_nowhere_are_refused(cast, ways, pace, field):
    given = {code: TOPICS[code].way for code in EDITABLE} if ways is None else ways
    with pytest.raises(Refused) as refused:
        settings.set_rules(cast.actor("head"), school=cast.school, ways=given, pace=pace)
    assert refused.value.field == field


def test_a_helper_edits_no_rules(cast):
    with pytest.raises(NotAllowed):
        settings.set_rules(cast.actor("helper"), school=cast.school, ways={}, pace=Pace())


def test_a_slip_with_a_name_goes_to_the_people_near_that_child(cast):
    request = by_slip(cast, a_box(cast), student=cast.students.key)
    assert request.holder == cast.users["class_teacher"] and request.key == cast.students.key.key
    assert request.asked_by is None


def test_an_unsigned_slip_belongs_to_its_class_and_is_sealed_under_a_key_of_its_own(cast):
    request = by_slip(cast, a_box(cast), school_class=cast.class_two)
    assert request.holder == cast.users["other_class_teacher"]
    assert words_of(request) == "同桌不跟我说话了"
    assert request.key.pk not in {student.key_id for student in vars(cast.students).values()}
    assert not read_by(cast, request) & {"class_teacher", "helper"}


def test_an_unsigned_slip_of_no_class_goes_to_the_office(cast):
    assert by_slip(cast, a_box(cast)).holder == cast.users["coordinator"]


def test_only_whoever_opens_the_box_keys_its_slips_in(cast):
    box = a_box(cast)
    with pytest.raises(NotAllowed):
        by_slip(cast, box, opener="helper")
    assert by_slip(cast, box, opener="coordinator")  # stands in, since she sees to the boxes


def test_an_empty_slip_without_a_name_is_refused_a_scan_is_enough(cast):
    box = a_box(cast)
    with pytest.raises(Refused):
        by_slip(cast, box, text="")
    request = by_slip(cast, box, text="", files=[picture()])
    assert request.evidence.count() == 1


def test_a_slip_of_tomorrow_is_refused(cast):
    with pytest.raises(Refused) as refused:
        by_slip(cast, a_box(cast), on=datetime.date(2026, 11, 26))
    assert refused.value.field == "on"


def test_a_box_is_late_when_its_days_are_over_and_the_office_sees_it(cast, at):
    box = a_box(cast, every=2)
    assert [one.urgency for one in boxes.boxes_now(cast.actor("coordinator"), cast.school)] == ["later"]
    at(11, 30)
    for role in ("coordinator", "counsellor"):
        assert [one.urgency for one in boxes.boxes_now(cast.actor(role), cast.school)] == ["late"]
    assert boxes.boxes_now(cast.actor("helper"), cast.school) == []
    boxes.note_opening(cast.actor("counsellor"), box=box, client_id=uuid4(), slips=0)
    assert [one.urgency for one in boxes.boxes_now(cast.actor("coordinator"), cast.school)] == ["later"]


def test_the_log_keeps_day_slips_and_who_and_only_the_opener_writes_it(cast):
    box, client_id = a_box(cast), uuid4()
    for _twice in range(2):
        opening = boxes.note_opening(cast.actor("counsellor"), box=box, client_id=client_id, slips=2)
    assert (opening.slips, opening.opened_by) == (2, cast.staff["counsellor"]) and box.openings.count() == 1
    for role in ("coordinator", "helper"):
        with pytest.raises(NotAllowed):
            boxes.note_opening(cast.actor(role), box=box, client_id=uuid4(), slips=1)


def test_a_box_changes_hands_and_both_stay_readable_with_their_days(cast, at):
    box = a_box(cast)
    at(11, 26)
    boxes.change(
        cast.actor("coordinator"), box=box, place=box.place, every=5, opener=cast.staff["class_teacher"]
    )
    assert list(box.openers.order_by("pk").values_list("staff__name", "ends_on")) == [
        ("白露", datetime.date(2026, 11, 25)),
        ("唐雨", None),
    ]
    with pytest.raises(NotAllowed):
        boxes.note_opening(cast.actor("counsellor"), box=box, client_id=uuid4(), slips=1)


def test_a_helper_hangs_up_no_box_and_no_two_hang_in_one_place(cast):
    a_box(cast)
    with pytest.raises(NotAllowed):
        boxes.hang_up(
            cast.actor("helper"), school=cast.school, place="食堂", every=3, opener=cast.staff["helper"]
        )
    with pytest.raises(Refused) as refused:
        a_box(cast)
    assert refused.value.field == "place"


def test_a_box_is_taken_down_with_a_reason_and_its_log_stays(cast):
    box = a_box(cast)
    boxes.note_opening(cast.actor("counsellor"), box=box, client_id=uuid4(), slips=1)
    with pytest.raises(Refused):
        boxes.take_down(cast.actor("coordinator"), box=box, reason=" ")
    boxes.take_down(cast.actor("coordinator"), box=box, reason="楼梯间翻修")
    assert boxes.boxes_now(cast.actor("coordinator"), cast.school) == [] and box.openings.count() == 1
