"""Messages reach the person they are for, once, and never disturb anybody's night."""

import datetime

import pytest
from django.core import mail as django_mail
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox import actions, mail, rules
from tongxing.ground.outbox.models import Feed, MailAddress, Message

TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@pytest.fixture
def posted(settings):
    """An installation with a mail server, whose tasks are stored."""
    settings.MAIL, settings.ADDRESS = True, "https://care.example.cn"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def tell(cast, who="helper", key="finding:1", **facts) -> Message:
    facts = {"code": "finding", "subject": "有一条整改建议等您看看", "link": ("week", [])} | facts
    return actions.send(to=cast.users[who], school=cast.school, key=key, **facts)


def wants_mail(cast, who="helper", **hours) -> MailAddress:
    return MailAddress.objects.create(
        user=cast.users[who], address="lin@example.cn", confirmed_at=clock.now(), **hours
    )


def test_the_same_key_to_the_same_person_is_one_message(cast):
    assert tell(cast).pk == tell(cast).pk
    assert tell(cast, "other_teacher").pk != tell(cast).pk
    assert tell(cast, key="finding:2").pk != tell(cast).pk


def test_a_message_is_written_in_its_readers_language(cast):
    cast.users["helper"].language = "en"
    assert tell(cast, subject=gettext_lazy("Students")).subject == "Students"
    assert tell(cast, "head", subject=gettext_lazy("Students")).subject == "学生"


def test_only_its_reader_sees_and_opens_a_message(cast):
    message = tell(cast)
    assert list(Message.objects.visible_to(cast.actor("helper"))) == [message]
    assert not Message.objects.visible_to(cast.actor("head")).exists()
    with pytest.raises(NotAllowed):
        actions.mark_read(cast.actor("head"), message)
    actions.mark_read(cast.actor("helper"), message)
    assert not Message.objects.unread().exists()


def test_reading_all_leaves_other_peoples_messages_unread(cast):
    tell(cast), tell(cast, "head")
    assert actions.mark_all_read(cast.actor("helper")) == 1
    assert [one.to for one in Message.objects.unread()] == [cast.users["head"]]


def test_messages_read_long_ago_are_forgotten_and_unread_ones_kept(cast):
    old, unread = tell(cast), tell(cast, key="finding:2")
    Message.objects.filter(pk=old.pk).update(read_at=clock.now() - actions.KEPT - datetime.timedelta(days=1))
    assert actions.forget_old() == 1
    assert list(Message.objects.all()) == [unread]


@given(
    moment=st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2027, 1, 1)),  # noqa: DTZ001  # naive, as asked
    start=TIMES,
    end=TIMES,
)
def test_what_waits_for_the_morning_comes_at_the_end_of_the_quiet_hours(moment, start, end):
    moment = moment.replace(tzinfo=clock.SCHOOL_TIME)
    allowed = rules.next_allowed(moment, start, end)
    assert datetime.timedelta() <= allowed - moment < rules.DAY
    assert not rules.is_quiet(allowed.timetz().replace(tzinfo=None), start, end)
    assert allowed == moment or allowed.timetz().replace(tzinfo=None) == end


def test_without_a_mail_server_or_a_confirmed_address_a_message_stays_on_the_page(cast, posted, settings):
    assert tell(cast).mail == ""
    MailAddress.objects.create(user=cast.users["helper"], address="lin@example.cn")
    tell(cast, key="unconfirmed")
    settings.MAIL = False
    wants_mail(cast, "head")
    tell(cast, "head")
    assert not Message.objects.exclude(mail="").exists() and not DBTaskResult.objects.exists()


def test_mail_waits_for_the_morning_unless_it_is_urgent(cast, posted, at_school):
    wants_mail(cast)
    at_school.move_to(datetime.datetime(2026, 11, 25, 22, 0, tzinfo=clock.SCHOOL_TIME))
    tell(cast, key="calm"), tell(cast, key="urgent", urgent=True)
    calm, urgent = DBTaskResult.objects.order_by("-run_after")
    assert calm.run_after == datetime.datetime(2026, 11, 26, 6, 30, tzinfo=clock.SCHOOL_TIME)
    assert urgent.run_after == clock.now()


def test_mail_carries_the_sentence_and_the_way_in_and_is_sent_once(cast, posted):
    wants_mail(cast)
    message = tell(cast)
    assert mail.deliver.call(message.pk) == "sent"
    assert mail.deliver.call(message.pk) == "nothing to do"
    (letter,) = django_mail.outbox
    assert letter.to == ["lin@example.cn"] and letter.subject == "有一条整改建议等您看看"
    assert f"https://care.example.cn/reminders/{message.pk}/" in letter.body


@pytest.mark.parametrize("why", ["read", "no longer wanted", "account closed"])
def test_mail_is_not_sent_when_it_is_no_longer_wanted(cast, posted, why):
    address, message = wants_mail(cast), tell(cast)
    if why == "read":
        actions.mark_read(cast.actor("helper"), message)
    elif why == "no longer wanted":
        address.delete()
    else:
        cast.users["helper"].is_active = False
        cast.users["helper"].save()
    assert mail.deliver.call(message.pk) == "not wanted"
    assert not django_mail.outbox


def test_a_mail_server_that_is_away_is_tried_again_and_in_the_end_the_page_says_so(cast, posted, settings):
    settings.EMAIL_BACKEND = "tongxing.ground.outbox.tests.test_messages.Away"
    wants_mail(cast)
    message = tell(cast)
    for _try in mail.WAITS:
        assert mail.deliver.call(message.pk) == "later"
    waits = [task.run_after - clock.now() for task in DBTaskResult.objects.order_by("run_after")][1:]
    assert waits == [datetime.timedelta(minutes=minutes) for minutes in mail.WAITS]
    assert mail.deliver.call(message.pk) == "given_up"
    assert Message.objects.visible_to(cast.actor("helper")).unread().get().mail == "given_up"


class Away:
    """A mail server that cannot be reached."""

    def __init__(self, **_options):
        pass

    def send_messages(self, _letters):
        raise ConnectionRefusedError


def set_mail(cast, who="helper", address="lin@example.cn"):
    return actions.set_mail(
        cast.actor(who), address=address, quiet_from=rules.QUIET_FROM, quiet_until=rules.QUIET_UNTIL
    )


def confirming_link() -> str:
    subject, text, address = DBTaskResult.objects.get(task_path=mail.confirm.module_path).args_kwargs["args"]
    mail.confirm.call(subject, text, address)
    return django_mail.outbox[-1].body.rsplit("/confirm/", 1)[1].strip().strip("/")


def test_an_address_gets_mail_only_after_its_owner_confirmed_it(cast, posted):
    assert set_mail(cast).confirmed_at is None
    token = confirming_link()
    with pytest.raises(Refused):
        actions.confirm_mail(cast.actor("head"), token)
    with pytest.raises(Refused):
        actions.confirm_mail(cast.actor("helper"), f"{token}x")
    assert actions.confirm_mail(cast.actor("helper"), token).confirmed_at == clock.now()


def test_another_address_has_to_be_confirmed_again_other_hours_do_not(cast, posted):
    wants_mail(cast)
    assert set_mail(cast).confirmed_at
    assert set_mail(cast, address="lan@example.cn").confirmed_at is None


def test_without_a_mail_server_no_address_is_taken(cast):
    with pytest.raises(Refused):
        set_mail(cast)
    assert not MailAddress.objects.exists()


def test_no_more_mail_forgets_the_address(cast, posted):
    wants_mail(cast)
    actions.stop_mail(cast.actor("helper"))
    assert not MailAddress.objects.exists()


def test_a_feed_opens_with_its_secret_alone_and_not_after_it_was_taken_back(cast):
    first = actions.open_feed(cast.actor("helper"))
    second = actions.open_feed(cast.actor("helper"))
    assert actions.feed_owner(first) is None and actions.feed_owner("") is None
    assert actions.feed_owner(second) == cast.users["helper"]
    assert second not in str(Feed.objects.values())
    actions.close_feed(cast.actor("helper"))
    assert actions.feed_owner(second) is None


def test_a_closed_account_has_no_feed(cast):
    secret = actions.open_feed(cast.actor("helper"))
    cast.users["helper"].is_active = False
    cast.users["helper"].save()
    assert actions.feed_owner(secret) is None
