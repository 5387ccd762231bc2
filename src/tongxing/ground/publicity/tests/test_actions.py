"""A notice inside the school: published, gone on its day, taken down early, objected to."""

import datetime
from uuid import UUID

import pytest

from tongxing.ground.kernel.actor import PUBLIC
from tongxing.ground.kernel.encryption import blind_index, destroy, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.models import CalendarDay

from ..actions import (
    On,
    Said,
    answer,
    leave_out,
    no_longer_agreed,
    object_to,
    publish,
    publish_all,
    put_back,
    take_down,
)
from ..models import Notice, Objection
from ..queries import board, named

TODAY = datetime.date(2026, 11, 25)  # a Wednesday
DAY = datetime.timedelta(days=1)


def put_up(cast, role="coordinator", *, number=1, levels=None, school=None, **said):
    usual = {
        "title": "认定结果公示",
        "words": "现将认定结果在校内公示，有不同意见请告诉学生处。",
        "first_day": TODAY,
    }
    return publish(
        cast.actor(role),
        school=school or cast.school,
        kind="hardship",
        said=Said(**usual | said),
        levels={cast.students.key.pk: "特别困难", cast.students.plain.pk: "一般困难"}
        if levels is None
        else levels,
        client_id=UUID(int=number),
    )


def test_colleagues_read_names_and_classes_and_no_more(cast):
    notice = put_up(cast)
    assert [one.pk for one in board(cast.actor("other_class_teacher"), cast.school)] == [notice.pk]
    assert [(one.name, one.class_name, one.level) for one in named(notice)] == [
        ("周晓禾", "初一(1)班", ""),
        ("苏苗苗", "初一(2)班", ""),
    ]
    assert set(notice.lines.values_list("level", flat=True)) == {""}  # not even kept


def test_the_level_stands_there_only_if_the_school_says_so(cast):
    assert [one.level for one in named(put_up(cast, with_level=True))] == ["特别困难", "一般困难"]


def test_it_is_gone_on_its_day_and_nobody_has_to_do_anything(cast, at_school):
    notice = put_up(cast, working_days=3)
    assert notice.last_day == datetime.date(2026, 11, 27)
    reader = cast.actor("helper")
    at_school.move_to(datetime.datetime(2026, 11, 27, 15, 59, tzinfo=datetime.UTC))  # 23:59 at school
    assert board(reader, cast.school).exists()
    at_school.move_to(datetime.datetime(2026, 11, 27, 16, 0, tzinfo=datetime.UTC))  # the next day begins
    assert not board(reader, cast.school).exists()
    assert not Notice.objects.visible_to(reader).exists()
    assert Notice.objects.visible_to(cast.actor("coordinator")).get() == notice


def test_days_off_of_the_school_lengthen_it(cast):
    CalendarDay.objects.create(school=cast.school, date=TODAY + DAY, kind="off", name="运动会")
    assert put_up(cast, working_days=3).last_day == datetime.date(2026, 11, 30)


def test_before_its_first_day_it_is_not_there(cast):
    put_up(cast, first_day=TODAY + DAY)
    assert not board(cast.actor("helper"), cast.school).exists()


def test_one_that_is_only_printed_is_on_no_list(cast):
    put_up(cast, on_board=False)
    assert not board(cast.actor("helper"), cast.school).exists()
    assert not Notice.objects.visible_to(cast.actor("helper")).exists()


@pytest.mark.parametrize(
    "role", ["guardian", "student", "county_supervisor", "county_aid_officer", "outsider", "system_admin"]
)
def test_nobody_else_reads_it(cast, role):
    put_up(cast)
    assert not Notice.objects.visible_to(cast.actor(role)).filter(school=cast.school).exists()


@pytest.mark.parametrize("role", ["class_teacher", "helper", "finance_checker", "guardian", "outsider"])
def test_only_those_who_lead_publish(cast, role):
    with pytest.raises(NotAllowed):
        put_up(cast, role)


def test_the_same_form_twice_is_one_notice(cast):
    assert put_up(cast) == put_up(cast)


@pytest.mark.parametrize(
    "said",
    [
        {"title": "低保学生公示"},
        {"words": "联系电话 13812345678"},
        {"words": "周晓禾住在和风镇 柳溪村三组12号"},
        {"words": "其中特别困难一人"},
        {"words": "经评议拟每人资助625元"},
        {"words": "周晓禾等两位同学经评议认定"},
        {"first_day": TODAY - DAY},
        {"working_days": 0},
        {"words": " "},
        {"levels": {}},
    ],
)
def test_what_may_not_stand_there_is_refused(cast, english, said):
    with pytest.raises(Refused):
        put_up(cast, **said)
    assert not Notice.objects.exists()


def test_what_is_sealed_about_a_child_on_it_is_found(cast, english):
    key = cast.students.key
    key.address_sealed = seal(key.key, "绿荫公寓B座", SEALED["address"])
    key.id_number_index = blind_index("x", "x")
    key.save()
    with pytest.raises(Refused, match="keeps about one of these children"):
        put_up(cast, words="周晓禾（绿荫公寓 B座）等同学")


def test_a_number_in_a_name_keeps_the_notice_back(cast):
    cast.students.plain.name = "苏苗苗13812345678"
    cast.students.plain.save()
    with pytest.raises(Refused):
        put_up(cast)


def test_a_child_may_bear_any_name(cast):
    """A word that gives a reason away in a sentence is a name in a name."""
    cast.students.plain.name = "霍去病"
    cast.students.plain.save()
    assert [one.name for one in named(put_up(cast))] == ["周晓禾", "霍去病"]


def test_only_students_of_the_school_stand_on_it(cast):
    with pytest.raises(Refused):
        put_up(cast, levels={cast.students.far.pk: ""})


def test_taken_down_early_with_a_reason_and_back_for_a_moment(cast, at_school):
    notice, actor = put_up(cast), cast.actor("deputy")
    with pytest.raises(Refused):
        take_down(actor, notice=notice, reason=" ")
    with pytest.raises(NotAllowed):
        take_down(cast.actor("class_teacher"), notice=notice, reason="写错了")
    take_down(actor, notice=notice, reason="班级写错了")
    assert not board(cast.actor("helper"), cast.school).exists()
    put_back(actor, notice=notice)
    assert board(cast.actor("helper"), cast.school).exists()
    take_down(actor, notice=notice, reason="班级写错了")
    at_school.shift(datetime.timedelta(minutes=11))
    with pytest.raises(Refused):
        put_back(actor, notice=notice)


def object_(cast, notice, **more):
    usual = {
        "student": cast.students.key,
        "by": "",
        "text": "听说情况有变化",
        "said_on": TODAY,
        "client_id": UUID(int=9),
    }
    return object_to(cast.actor("coordinator"), notice=notice, **usual | more)


def test_an_objection_is_sealed_answered_once_and_read_by_few(cast):
    notice = put_up(cast)
    made = object_(cast, notice, by="邻居")
    assert object_(cast, notice, by="邻居") == made
    kept = Objection.objects.get(pk=made.pk)
    assert "听说".encode() not in bytes(kept.said_sealed)
    assert (kept.said, kept.said_by) == ("听说情况有变化", "邻居")
    assert not Objection.objects.visible_to(cast.actor("class_teacher")).exists()
    with pytest.raises(Refused):
        answer(cast.actor("deputy"), objection=made, text="", outcome="stands")
    answer(cast.actor("deputy"), objection=made, text="入户看过，情况没有变", outcome="stands")
    kept.refresh_from_db()
    assert (kept.answer, kept.answered_by) == ("入户看过，情况没有变", cast.users["deputy"])
    with pytest.raises(Refused):
        answer(cast.actor("deputy"), objection=made, text="再答", outcome="changes")


def test_a_notice_that_is_wrong_as_a_whole_is_taken_down_with_the_answer(cast):
    notice = put_up(cast)
    made = object_(cast, notice, student=None)
    answer(cast.actor("head"), objection=made, text="少了一个班", outcome="changes")
    notice.refresh_from_db()
    assert notice.taken_down_at and notice.taken_down_reason
    assert not board(cast.actor("helper"), cast.school).exists()


def test_whose_result_an_objection_changed_is_on_the_notice_no_longer(cast):
    notice = put_up(cast)
    answer(cast.actor("deputy"), objection=object_(cast, notice), text="情况没有变", outcome="stands")
    assert [one.name for one in named(notice)] == ["周晓禾", "苏苗苗"]
    made = object_(cast, notice, client_id=UUID(int=10))
    assert [one.name for one in named(notice)] == [
        "周晓禾",
        "苏苗苗",
    ]  # while it is looked into, nothing tells
    answer(cast.actor("deputy"), objection=made, text="父亲已经找到工作", outcome="changes")
    assert [one.name for one in named(notice)] == ["苏苗苗"]


def test_who_is_left_out_is_on_the_notice_no_longer(cast):
    notice = put_up(cast)
    with pytest.raises(NotAllowed):
        leave_out(cast.actor("class_teacher"), notice=notice, student=cast.students.key)
    for _ in range(2):
        leave_out(cast.actor("head"), notice=notice, student=cast.students.key)
    assert [one.name for one in named(notice)] == ["苏苗苗"]
    assert notice.lines.count() == 2  # the line stays readable to those who keep the notice
    assert AuditEntry.objects.filter(action="notice.leave-out").count() == 1


def test_what_is_said_about_a_child_goes_with_its_key(cast):
    made = object_(cast, put_up(cast))
    destroy(cast.students.key.key)
    with pytest.raises(Exception, match="destroyed"):
        _ = Objection.objects.get(pk=made.pk).said


@pytest.mark.parametrize(
    "more", [{"text": " "}, {"said_on": TODAY + DAY}, {"said_on": TODAY - DAY}, {"student": "normal"}]
)
def test_an_objection_that_does_not_fit_is_refused(cast, more):
    if "student" in more:
        more = {"student": getattr(cast.students, more["student"])}
    with pytest.raises(Refused):
        object_(cast, put_up(cast), **more)


def test_the_trail_holds_ids_and_counts_alone(cast):
    notice = put_up(cast)
    take_down(cast.actor("head"), notice=notice, reason="班级写错了")
    object_(cast, notice)
    rows = (
        AuditEntry.objects.filter(action__startswith="notice.")
        .order_by("pk")
        .values_list("detail", flat=True)
    )
    assert [*rows] == [{"students": 2}, {}, {"objection": Objection.objects.get().pk}]


def put_up_by_name(cast, **labels):
    said = Said("表彰公示", "经推荐和评议，现予公示。", TODAY, with_level=True)
    on = On({cast.students.key.pk: "进步之星"}, labels or {"唐雨": "暖心教师"})
    return publish_all(
        cast.actor("coordinator"), school=cast.school, kind="honour", said=said, on=on, client_id=UUID(int=7)
    )


def test_a_colleague_or_a_class_stands_on_it_by_name_beside_students(cast):
    found = [(one.student_id, one.name, one.level) for one in named(put_up_by_name(cast))]
    assert found == [(None, "唐雨", "暖心教师"), (cast.students.key.pk, "周晓禾", "进步之星")]


def test_a_name_with_a_number_in_it_is_refused(cast):
    with pytest.raises(Refused):
        put_up_by_name(cast, 唐雨13812345678="暖心教师")


def test_whoever_agrees_no_more_is_gone_from_it_and_the_public_takes_nobody_off(cast):
    notice = put_up_by_name(cast)
    no_longer_agreed(cast.actor("helper"), notice=notice, label="唐雨")
    assert [one.name for one in named(notice)] == ["周晓禾"]
    no_longer_agreed(cast.actor("guardian"), notice=notice, student=cast.students.key)
    assert named(notice) == []
    with pytest.raises(NotAllowed):
        no_longer_agreed(PUBLIC, notice=notice, label="唐雨")
