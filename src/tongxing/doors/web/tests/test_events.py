"""What is held, over HTTP: a choir with a prize, a visit to the old people's home, a word of thanks."""

import datetime
from uuid import UUID

import pytest
from django.urls import reverse

from tongxing.care.activities.models import Event, Part
from tongxing.care.activities.tests.school import TODAY, agreed, given, offered, wished
from tongxing.care.contacts.models import Contact
from tongxing.care.pairing import proxies
from tongxing.ground.people.models import Consent

from .test_activities import post, read

TOMORROW = TODAY + datetime.timedelta(days=1)


@pytest.fixture
def choir(cast, at_school):
    offer = offered(cast, name="合唱团", places=9)
    wished(offer, cast.students.key, cast.students.normal, cast.students.plain)
    given(cast, offer, at_school)
    return offer


def states(cast, **found):
    return {f"state-{getattr(cast.students, name).pk}": state for name, state in found.items()}


def test_a_choir_from_the_weekly_meeting_to_the_prize_and_the_card(cast, choir):
    assert "周三谁到了" in read(cast, "other_teacher", "activity", choir.pk).replace(" ", "")
    tick = post(cast, "other_teacher", "activity-meet", choir.pk, on=TODAY.isoformat())
    meeting = Event.objects.get()
    assert reverse("event-tick", args=[meeting.pk]) in tick.redirect_chain[-1][0]
    sent = states(cast, key="present", normal="excused", plain="present")
    assert "已记下" in post(cast, "other_teacher", "event-tick", meeting.pk, **sent).content.decode()
    plan = {
        "client_id": UUID(int=1),
        "kind": "competition",
        "offer": choir.pk,
        "title": "全县合唱比赛",
        "on": TOMORROW.isoformat(),
        "place": "县文化馆",
    }
    post(cast, "other_teacher", "event-new", **plan)
    event = Event.objects.get(kind="competition")
    post(cast, "other_teacher", "event-group", event.pk)
    told = {"result": "第二名", "prize": "二等奖", "process": "两个声部都唱稳了"}
    assert "记下了" in post(cast, "other_teacher", "event-record", event.pk, **told).content.decode()
    post(cast, "other_teacher", "event-tick", event.pk, **states(cast, key="present", plain="present"))
    cards = read(cast, "other_teacher", "event-cards", event.pk)
    assert "亲爱的周晓禾" in cards and "二等奖" in cards
    part = event.parts.get(student=cast.students.key)
    assert "记为成功体验" in read(cast, "class_teacher", "event", event.pk)
    assert "记为成功体验" not in read(cast, "other_teacher", "event", event.pk)
    assert "已写进周晓禾的档案" in post(cast, "class_teacher", "part-success", part.pk).content.decode()
    assert Contact.objects.get(kind="success").student == cast.students.key
    sheet = read(cast, "other_teacher", "event-paper", event.pk)
    for field in ("时间", "地点", "主题", "参加", "过程", "效果", "照片说明"):
        assert f">{field}</th>" in sheet, field
    assert "两个声部都唱稳了" in sheet


def test_a_notice_names_only_whose_family_agreed_to_praise(cast, choir):
    post(cast, "other_teacher", "activity-meet", choir.pk, on=TODAY.isoformat())
    event = Event.objects.get()
    Event.objects.update(prize="二等奖", kind="competition")
    post(cast, "other_teacher", "event-group", event.pk)
    agreed(cast.students.normal, purpose="praise")
    notice = read(cast, "other_teacher", "event-notice", event.pk)
    assert "孟宇航" in notice and "周晓禾" not in notice and "还有一起练习的同学们" in notice


def contest(cast, by="class_teacher", **more):
    sent = {
        "client_id": UUID(int=8),
        "kind": "competition",
        "school_class": cast.class_one.pk,
        "title": "全县绘画比赛",
        "on": TODAY.isoformat(),
        "single_results": "on",
    }
    return post(cast, by, "event-new", **(sent | more))


def test_a_class_teacher_enters_a_drawing_contest_and_each_child_has_its_own_prize(cast):
    assert "每个孩子有自己的名次" in read(cast, "class_teacher", "event-new", kind="competition")
    contest(cast)
    event = Event.objects.get()
    both = [cast.students.key.pk, cast.students.normal.pk]
    post(cast, "class_teacher", "event-going", event.pk, student=both)
    assert 'name="prize"' not in read(cast, "class_teacher", "event-record", event.pk)
    sent = states(cast, key="present", normal="present")
    danger = sent | {f"result-{both[1]}": "他说不想活了"}
    refused = post(cast, "class_teacher", "event-tick", event.pk, **danger)
    assert refused.status_code == 422 and 'value="他说不想活了"' in refused.content.decode()
    sent |= {f"prize-{both[1]}": "一等奖", f"result-{both[1]}": "第一名"}
    page = post(cast, "class_teacher", "event-tick", event.pk, **sent).content.decode()
    assert page.count("记为成功体验") == 1 and "一等奖" in page
    cards = read(cast, "class_teacher", "event-cards", event.pk)
    assert "亲爱的孟宇航" in cards and "第一名，一等奖" in cards and "周晓禾" not in cards
    assert "孟宇航：第一名，一等奖" in read(cast, "class_teacher", "event-paper", event.pk)
    notice = read(cast, "class_teacher", "event-notice", event.pk)
    assert "取得了好成绩" in notice and "孟宇航" not in notice
    agreed(cast.students.normal, purpose="praise")
    agreed(cast.students.key, purpose="praise")
    notice = read(cast, "class_teacher", "event-notice", event.pk)
    assert "孟宇航：第一名，一等奖" in notice and "周晓禾" not in notice and "同样" not in notice
    Consent.objects.filter(student=cast.students.key, purpose="praise").update(withdrawn_on=TODAY)
    also = sent | {f"prize-{both[0]}": "二等奖"}
    post(cast, "class_teacher", "event-tick", event.pk, **also)
    notice = read(cast, "class_teacher", "event-notice", event.pk)
    assert "同样" in notice and "周晓禾" not in notice
    post(cast, "class_teacher", "event-tick", event.pk, **sent)
    own, other = (read(cast, "class_teacher", "student-activities", pk) for pk in reversed(both))
    assert "一等奖" in own and "一等奖" not in other
    part = event.parts.get(student=cast.students.key)
    assert post(cast, "class_teacher", "part-success", part.pk).status_code == 422
    both_ways = {"client_id": UUID(int=8), "title": event.title, "on": TODAY.isoformat()}
    assert "先去掉" in post(cast, "class_teacher", "event-change", event.pk, **both_ways).content.decode()


def test_a_class_teacher_enters_no_contest_without_a_class_or_of_another_one(cast):
    for more in ({"school_class": ""}, {"school_class": cast.class_two.pk}):
        assert contest(cast, **more).status_code == 422
    assert contest(cast, by="helper").status_code == 403
    assert not Event.objects.exists()


def test_one_tap_keeps_the_promise_and_the_leaders_page_is_the_same_after_it(cast, choir):
    post(cast, "other_teacher", "activity-meet", choir.pk, on=TODAY.isoformat())
    event = Event.objects.get()
    assert post(cast, "other_teacher", "event-count", event.pk).status_code == 422
    post(cast, "other_teacher", "event-tick", event.pk, **states(cast, key="present", plain="present"))
    before = read(cast, "other_teacher", "event", event.pk)
    page = post(cast, "other_teacher", "event-count", event.pk).content.decode()
    assert "已写进算得上的档案" in page
    assert {contact.student.name for contact in Contact.objects.all()} == {"周晓禾", "孟宇航"}
    after = read(cast, "other_teacher", "event", event.pk)
    assert len(before) == len(after)
    assert "周晓禾" not in read(cast, "other_teacher", "highlights")
    assert post(cast, "counsellor", "event-count", event.pk).status_code == 403


def visit(cast, **more):
    sent = {
        "client_id": UUID(int=7),
        "kind": "service",
        "title": "重阳节看望老人",
        "on": TODAY.isoformat(),
        "place": "和风镇敬老院",
        "leader": cast.staff["coordinator"].pk,
        "companion_1": f"s{cast.staff['class_teacher'].pk}",
        "programme": "唱歌、剪窗花、陪老人说话",
    }
    post(cast, "coordinator", "event-new", **(sent | more))
    return Event.objects.get()


def test_a_visit_to_the_old_people_where_one_family_says_no(cast):
    """重阳: two adults, consent of each family, the child whose family says no stays without a word about it."""
    event = visit(cast)
    post(
        cast,
        "class_teacher",
        "event-going",
        event.pk,
        **{"class": cast.class_one.pk, "student": [cast.students.key.pk, cast.students.normal.pk]},
    )
    agreed(cast.students.key)
    page = read(cast, "coordinator", "event", event.pk)
    assert "还有 1 家没有同意" in page
    slips = read(cast, "coordinator", "event-slips", event.pk)
    assert "孟宇航" in slips and "周晓禾" not in slips and "没有任何不好" in slips
    assert post(cast, "coordinator", "event-close", event.pk).status_code == 422
    part = event.parts.get(student=cast.students.normal)
    assert "不用说明原因" in post(cast, "coordinator", "part-off", part.pk).content.decode()
    assert "名单定下了" in post(cast, "coordinator", "event-close", event.pk).content.decode()
    paper = read(cast, "coordinator", "event-list", event.pk)
    assert "周晓禾" in paper and "孟宇航" not in paper.replace("不入镜", "")
    assert "不入镜：周晓禾" in paper
    agreed(cast.students.key, purpose="photo")
    assert "不入镜" not in read(cast, "coordinator", "event-list", event.pk)
    sent = states(cast, key="present") | {f"hours-{cast.students.key.pk}": "1.5"}
    post(cast, "coordinator", "event-tick", event.pk, **sent)
    assert Part.objects.get(student=cast.students.key).minutes == 90
    assert "为别人服务：1.5 小时" in read(cast, "class_teacher", "student-activities", cast.students.key.pk)


def test_a_closed_list_opens_again_at_a_tap(cast):
    event = visit(cast)
    post(cast, "class_teacher", "event-going", event.pk, student=[cast.students.key.pk])
    agreed(cast.students.key)
    page = post(cast, "coordinator", "event-close", event.pk).content.decode()
    assert "撤回" in page
    assert "重新打开" in post(cast, "coordinator", "event-close", event.pk, again="1").content.decode()


def test_hours_that_no_day_has_are_refused_and_what_was_ticked_stays(cast):
    event = visit(cast)
    post(cast, "class_teacher", "event-going", event.pk, student=[cast.students.key.pk])
    agreed(cast.students.key)
    post(cast, "coordinator", "event-close", event.pk)
    sent = states(cast, key="present") | {f"hours-{cast.students.key.pk}": "30"}
    response = post(cast, "coordinator", "event-tick", event.pk, **sent)
    assert response.status_code == 422
    assert "小时数" in response.content.decode() and 'value="30"' in response.content.decode()


def test_a_volunteer_from_outside_is_the_second_adult_and_stands_on_the_slips(cast):
    sent = {"name": "何春燕", "comes_from": "镇妇联", "phone": "", "client_id": UUID(int=31)}
    one = proxies.add_volunteer(cast.actor("coordinator"), school=cast.school, **sent)
    proxies.note_check(cast.actor("coordinator"), volunteer=one, on=TODAY)
    event = visit(cast, companion_1=f"v{one.pk}")
    assert "还差一位" not in read(cast, "coordinator", "event", event.pk)
    post(cast, "class_teacher", "event-going", event.pk, student=[cast.students.key.pk])
    assert "何春燕（镇妇联）" in read(cast, "coordinator", "event-slips", event.pk)
    agreed(cast.students.key)
    assert "名单定下了" in post(cast, "coordinator", "event-close", event.pk).content.decode()
    form = read(cast, "coordinator", "event-change", event.pk)
    assert f'<option value="v{one.pk}" selected>' in form
    assert "重阳节看望老人" in read(cast, "coordinator", "volunteer", one.pk)
    wrong = {"client_id": UUID(int=7), "title": "看望老人", "on": TODAY.isoformat(), "companion_1": "v999"}
    assert post(cast, "coordinator", "event-change", event.pk, **wrong).status_code == 422


def test_alone_nobody_leaves_with_children(cast):
    event = visit(cast, companion_1="")
    assert "还差一位" in read(cast, "coordinator", "event", event.pk)


def test_the_day_next_to_the_double_ninth_is_proposed(cast, at_school):
    at_school.move_to(datetime.datetime(2026, 9, 20, 4, tzinfo=datetime.UTC))
    page = read(cast, "coordinator", "event-new", kind="service")
    assert "10月18日" in page and 'value="2026-10-19"' in page


def test_thanks_are_voluntary_for_the_whole_class_and_the_page_says_so(cast):
    page = read(cast, "class_teacher", "event-new", kind="thanks")
    assert "自愿参加" in page and "不记谁没有参加" in page and "从来不是得到帮助的条件" in page
    sent = {
        "client_id": UUID(int=3),
        "kind": "thanks",
        "school_class": cast.class_one.pk,
        "title": "写给家人的信",
        "way": "letter",
        "on": TOMORROW.isoformat(),
    }
    shown = post(cast, "class_teacher", "event-new", **sent).content.decode()
    assert "写给家人的信" in shown and "自愿参加" in shown
    assert "周晓禾" not in shown and reverse("event-going", args=[Event.objects.get().pk]) not in shown


@pytest.mark.parametrize("by", ["helper", "counsellor", "other_teacher"])
def test_who_has_neither_class_nor_group_plans_nothing(cast, by):
    cast.teach("other_teacher", cast.class_two)
    assert cast.client(by).get(reverse("event-new")).status_code == 403


def test_only_whoever_holds_it_changes_ticks_writes_and_prints(cast, choir):
    post(cast, "other_teacher", "activity-meet", choir.pk, on=TODAY.isoformat())
    event = Event.objects.get()
    names = ("event-change", "event-tick", "event-record", "event-paper", "event-list", "event-cards")
    for by in ("class_teacher", "helper", "counsellor"):
        for name in names:
            assert cast.client(by).get(reverse(name, args=[event.pk])).status_code == 403, (by, name)
        assert post(cast, by, "event-cancel", event.pk, reason="下雨了").status_code == 403
    assert "下雨了" in post(cast, "other_teacher", "event-cancel", event.pk, reason="下雨了").content.decode()


def test_words_of_danger_in_a_record_of_the_group_are_sent_to_the_childs_own_page(cast, choir):
    post(cast, "other_teacher", "activity-meet", choir.pk, on=TODAY.isoformat())
    event = Event.objects.get()
    response = post(cast, "other_teacher", "event-record", event.pk, process="有个孩子说不想活了")
    assert response.status_code == 422
    assert "请写在那个孩子自己的页面上" in response.content.decode()
    assert "有个孩子说不想活了" in response.content.decode()


def test_a_class_teacher_sees_the_own_students_of_a_group_the_leader_everybody(cast, choir):
    post(cast, "other_teacher", "activity-meet", choir.pk, on=TODAY.isoformat())
    event = Event.objects.get()
    sent = states(cast, key="present", normal="present", plain="present")
    post(cast, "other_teacher", "event-tick", event.pk, **sent)
    assert "苏苗苗" in read(cast, "other_teacher", "event", event.pk)
    page = read(cast, "class_teacher", "event", event.pk)
    assert "周晓禾" in page and "苏苗苗" not in page
