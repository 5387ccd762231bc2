"""Reminders on the page, and in one's own calendar without any name."""

import datetime

import pytest
from icalendar import Calendar
from tests.promised import talk

from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import close_feed, open_feed, send
from tongxing.ground.outbox.models import Message

pytestmark = pytest.mark.usefixtures("promised")


def reminders(cast, role="helper") -> str:
    return cast.client(role).get("/reminders/").content.decode()


def tell(cast, **facts) -> Message:
    facts = {
        "subject": "有一条整改建议等您看看",
        "link": ("student", [cast.students.key.pk]),
        "key": "1",
    } | facts
    return send(to=cast.users["helper"], school=cast.school, code="finding", **facts)


def test_what_waits_leads_to_its_record_in_one_step(cast):
    page = reminders(cast)
    assert "周晓禾" in page and f"/students/{cast.students.key.pk}/record/?kind=talk" in page
    talk(cast)
    assert f"/students/{cast.students.key.pk}/record/?kind=talk" not in reminders(cast)


def test_an_agreed_date_is_a_reminder_until_people_have_met(cast, client, at_school):
    day = clock.today() + datetime.timedelta(days=5)
    talk(cast, next_on=day)
    page = reminders(cast)
    assert "约在11月30日 周一" in page and "谈心" in page
    secret = open_feed(cast.actor("helper"))
    (event,) = Calendar.from_ical(client.get(f"/feed/{secret}.ics").content).events
    assert event.start == day and "约好" in event["SUMMARY"]
    at_school.shift(datetime.timedelta(days=5))
    assert "约在11月30日" in reminders(cast)
    talk(cast)
    assert "约在11月30日" not in reminders(cast)


def test_others_are_not_reminded_of_this_student(cast):
    assert "周晓禾" not in reminders(cast, "other_teacher")
    assert "没有什么等着您" in reminders(cast, "other_teacher")


def test_a_message_stands_in_the_frame_until_it_is_opened(cast):
    message = tell(cast)
    browser = cast.client("helper")
    assert 'class="badge num">1<' in browser.get("/week/").content.decode()
    assert "有一条整改建议等您看看" in browser.get("/reminders/").content.decode()
    opened = browser.get(f"/reminders/{message.pk}/")
    assert opened.status_code == 302 and opened["Location"] == f"/students/{cast.students.key.pk}/"
    assert 'class="badge' not in browser.get("/week/").content.decode()


def test_nobody_opens_somebody_elses_message(cast):
    message = tell(cast)
    assert cast.client("head").get(f"/reminders/{message.pk}/").status_code == 404
    assert "整改建议" not in reminders(cast, "head")
    message.refresh_from_db()
    assert message.read_at is None


def test_all_are_seen_at_once(cast):
    tell(cast), tell(cast, key="2")
    cast.client("helper").post("/reminders/read/")
    assert not Message.objects.unread().exists()


def test_the_calendar_tells_how_many_wait_and_never_who(cast, client):
    secret = open_feed(cast.actor("helper"))
    response = client.get(f"/feed/{secret}.ics")
    assert response["Content-Type"].startswith("text/calendar")
    (event, *_rest) = Calendar.from_ical(response.content).events
    assert "1 位同学" in event["SUMMARY"] and "周晓禾" not in response.content.decode()


def test_a_calendar_keeps_its_events_uids_so_that_phones_change_them_and_add_none(cast, client):
    secret = open_feed(cast.actor("helper"))
    uids = [
        [event["UID"] for event in Calendar.from_ical(client.get(f"/feed/{secret}.ics").content).events]
        for _twice in range(2)
    ]
    assert uids[0] == uids[1] and len(set(uids[0])) == len(uids[0])


def test_a_wrong_or_withdrawn_secret_opens_nothing(cast, client):
    secret = open_feed(cast.actor("helper"))
    assert client.get(f"/feed/{secret[:-1]}.ics").status_code == 404
    close_feed(cast.actor("helper"))
    assert client.get(f"/feed/{secret}.ics").status_code == 404


def test_the_address_is_shown_once_and_a_new_one_replaces_it(cast):
    browser = cast.client("helper")
    first = browser.post("/reminders/settings/calendar/").content.decode()
    assert "/feed/" in first and "/feed/" not in browser.get("/reminders/settings/").content.decode()
    browser.post("/reminders/settings/calendar/close/")
    assert "地址" in browser.get("/reminders/settings/").content.decode()


def test_without_a_mail_server_the_page_says_so_and_takes_no_address(cast, settings):
    browser = cast.client("helper")
    assert "不发邮件" in browser.get("/reminders/settings/").content.decode()
    sent = {"address": "lin@example.cn", "quiet_from": "21:00", "quiet_until": "06:30"}
    assert browser.post("/reminders/settings/", sent).status_code == 422
    settings.MAIL, settings.ADDRESS = True, "https://care.example.cn"
    assert browser.post("/reminders/settings/", sent).status_code == 302
    assert browser.post("/reminders/settings/", sent | {"address": "no address"}).status_code == 422
    assert "还在等您" in browser.get("/reminders/settings/").content.decode()
