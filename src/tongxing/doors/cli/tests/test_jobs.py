"""The morning's reminder: once, on the right day, to those who asked for mail, without a name."""

import datetime

import pytest
from tests.promised import START

from tongxing.care.programme.exemption_actions import exempt
from tongxing.doors.cli import jobs
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.outbox.models import MailAddress, Message

MONDAY = datetime.datetime(2026, 11, 30, 6, 45, tzinfo=clock.SCHOOL_TIME)


@pytest.fixture
def monday(promised, at_school):
    at_school.move_to(MONDAY)
    return promised


def wants_mail(cast, who="helper") -> None:
    MailAddress.objects.create(user=cast.users[who], address="lin@example.cn", confirmed_at=clock.now())


def test_on_monday_a_helper_hears_how_many_wait_this_week_and_hears_it_once(monday):
    wants_mail(monday)
    assert jobs.remind.call() == {"sent": 1}
    jobs.remind.call()
    (message,) = Message.objects.all()
    assert message.to == monday.users["helper"] and "1 位同学" in message.subject
    assert "周晓禾" not in message.subject


def test_nobody_is_written_to_who_did_not_ask_or_for_whom_nobody_waits(monday):
    wants_mail(monday, "other_teacher")
    assert jobs.remind.call() == {"sent": 0}


def test_a_closed_account_hears_nothing(monday):
    wants_mail(monday)
    monday.users["helper"].is_active = False
    monday.users["helper"].save()
    assert jobs.remind.call() == {"sent": 0}


def test_on_other_days_there_is_no_mail_without_an_agreed_date(monday, at_school):
    wants_mail(monday)
    at_school.shift(datetime.timedelta(days=1))
    assert jobs.remind.call() == {"sent": 0}


def test_where_nothing_is_open_monday_is_quiet(monday):
    wants_mail(monday)
    exempt(SYSTEM, student=monday.students.key, reason="去外地看病两周", starts_on=START, until=None)
    assert jobs.remind.call() == {"sent": 0}
