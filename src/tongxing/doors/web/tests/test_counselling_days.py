"""The counsellor's days over HTTP: kept free, whoever had a time moved or told; her calendar outside the school."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from icalendar import Calendar

from tongxing.care.counselling import actions
from tongxing.care.counselling.models import Appointment, ClosedDay
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import open_feed

DAY = datetime.timedelta(days=1)


@pytest.fixture
def asked(cast):
    """周晓禾 has asked for a talk and has a time tomorrow."""
    wish = actions.ask(
        cast.actor("student"), student=cast.students.key, client_id=uuid4(), words="想说说家里的事"
    )
    plan = actions.Plan(clock.start_of(clock.today() + DAY) + datetime.timedelta(hours=16), place="心理室")
    return actions.agree(cast.actor("counsellor"), appointment=wish, plan=plan)


def read(cast, by, name, *args):
    answer = cast.client(by).get(reverse(name, args=args), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def post(cast, by, name, *args, status=200, **sent):
    answer = cast.client(by).post(reverse(name, args=args), sent, follow=True)
    assert answer.status_code == status
    return answer.content.decode()


def close(cast, number=1, **more):
    day = (clock.today() + number * DAY).isoformat()
    return post(cast, "counsellor", "counselling-days", client_id=uuid4(), day=day, reason="县里培训", **more)


def test_closing_a_day_lists_who_has_a_time_and_each_is_moved(cast, asked):
    assert reverse("counselling-days") in read(cast, "counsellor", "counselling")
    page = close(cast)
    assert "周晓禾" in page and "会收到消息" in page and "撤回" in page
    week = read(cast, "counsellor", "counselling-week")
    assert "您不在" in week and "还有人约在这一天" in week
    wrong = {"day": (clock.today() + DAY).isoformat(), "at": "17:00", "place": "画室"}
    page = post(cast, "counsellor", "counselling-move", asked.pk, status=422, **wrong)
    assert "这一天您不在" in page and 'value="画室"' in page
    page = post(cast, "counsellor", "counselling-move", asked.pk, **wrong | {"day": clock.today() + 2 * DAY})
    assert "预约的人会收到消息" in page and "没有人会空等" in page
    door = read(cast, "student", "counselling-ask")
    assert "11月27日" in door and "培训" not in door
    assert "时间改了" in read(cast, "student", "reminders")


def test_put_off_it_waits_for_an_answer_again_and_the_day_is_reopened_by_undo(cast, asked):
    close(cast)
    page = post(cast, "counsellor", "counselling-put-off", asked.pk)
    assert "先推后了" in page
    room = read(cast, "counsellor", "counselling")
    assert "等着答复" in room or reverse("counselling-appointment", args=[asked.pk]) in room
    closed = ClosedDay.objects.get()
    assert "重新开放" in post(cast, "counsellor", "counselling-day-reopen", closed.pk)
    assert not ClosedDay.objects.standing().exists()


def test_a_day_that_is_over_is_refused_beside_the_field(cast):
    page = close(cast, -1, status=422)
    assert "这一天已经过去了" in page and 'value="县里培训"' in page


@pytest.mark.parametrize("by", ["head", "deputy", "coordinator", "class_teacher", "helper", "student"])
def test_nobody_else_opens_any_of_it(cast, asked, by):
    close(cast)
    closed = ClosedDay.objects.get()
    for name, args in (
        ("counselling-days", ()),
        ("counselling-day", (closed.pk,)),
        ("counselling-move", (asked.pk,)),
    ):
        assert cast.client(by).get(reverse(name, args=args)).status_code in (302, 403, 404)
    for name, args in (("counselling-put-off", (asked.pk,)), ("counselling-day-reopen", (closed.pk,))):
        assert cast.client(by).post(reverse(name, args=args)).status_code in (302, 403, 404)
    assert Appointment.objects.get().state == "agreed"


def test_the_counsellors_calendar_says_when_and_where_and_nobody_elses_says_anything(cast, asked, client):
    told = {"weekday": 3, "opens": datetime.time(16), "closes": datetime.time(18), "place": "心理室"}
    actions.add_hours(cast.actor("counsellor"), school=cast.school, client_id=uuid4(), **told)
    feed = client.get(f"/feed/{open_feed(cast.actor('counsellor'))}.ics").content
    (event,) = Calendar.from_ical(feed).events
    assert (event.start, event["SUMMARY"], event["LOCATION"]) == (asked.at, "辅导预约", "心理室")
    text = feed.decode()
    assert "周晓禾" not in text and "家里的事" not in text and "初一" not in text
    for by in ("head", "coordinator", "class_teacher", "helper"):
        other = client.get(f"/feed/{open_feed(cast.actor(by))}.ics").content.decode()
        assert "辅导" not in other and "心理室" not in other
    Appointment.objects.update(state="did_not", called_off_by="child")
    assert b"VEVENT" not in client.get(f"/feed/{open_feed(cast.actor('counsellor'))}.ics").content
