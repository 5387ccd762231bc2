"""The two who share a child tell each other a line: seen, answered, read by nobody else."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.pairing import noticed
from tongxing.care.pairing.models import Noticed, Pair
from tongxing.care.pairing.proxies import start_proxy
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.consents import give_consent, withdraw_consent
from tongxing.ground.people.models import Responsibility

TEXT = "这周三次没吃早饭"


@pytest.fixture
def shared(cast):
    """唐雨 is the class teacher and 林岚 the helper of 周晓禾."""
    Responsibility.objects.create(
        school=cast.school,
        staff=cast.staff["class_teacher"],
        post="class_teacher",
        school_class=cast.class_one,
        starts_on=cast.term.starts_on,
    )
    Pair.objects.create(
        school=cast.school,
        student=cast.students.key,
        helper=cast.staff["helper"],
        starts_on=cast.term.starts_on,
        confirmed_at=clock.now(),
    )
    return cast


def tell(cast, by="helper", to="class_teacher", **said):
    said = {"text": TEXT, "client_id": uuid4()} | said
    return noticed.tell(cast.actor(by), student=cast.students.key, to=cast.staff[to], **said)


def lines(cast, by):
    return [line.text for line in noticed.lines_of(cast.actor(by), cast.students.key)]


@pytest.mark.parametrize(("by", "to"), [("helper", "class_teacher"), ("class_teacher", "helper")])
def test_one_writes_the_other_and_both_and_the_coordinator_read_it(shared, by, to):
    tell(shared, by, to)
    assert lines(shared, by) == lines(shared, to) == lines(shared, "coordinator") == [TEXT]
    assert lines(shared, "counsellor") == []
    message = Message.objects.get()
    assert message.to == shared.users[to] and "周" not in message.subject and TEXT not in message.subject
    assert TEXT not in str(AuditEntry.objects.latest("pk").detail)


def test_it_is_seen_with_one_tap_and_answered_in_a_few_words(shared):
    line = tell(shared)
    actor = shared.actor("class_teacher")
    assert Noticed.objects.waiting_for(actor).get() == line
    noticed.see(actor, noticed=line)
    assert not Noticed.objects.waiting_for(actor).exists()
    noticed.see(actor, noticed=line, answer="我请食堂留一份")
    (shown,) = noticed.lines_of(shared.actor("helper"), shared.students.key)
    assert (shown.answer, shown.is_mine, shown.waits) == ("我请食堂留一份", True, False)


@pytest.mark.parametrize("by", ["helper", "coordinator", "other_class_teacher"])
def test_nobody_answers_in_anothers_place(shared, by):
    line = tell(shared)
    with pytest.raises(NotAllowed):
        noticed.see(shared.actor(by), noticed=line)


@pytest.mark.parametrize("by", ["coordinator", "head", "other_teacher", "other_class_teacher", "outsider"])
def test_only_the_two_write(shared, by):
    with pytest.raises(NotAllowed):
        tell(shared, by)


def test_it_goes_to_somebody_who_shares_the_child_and_says_something_that_has_happened(shared):
    for said, field in (
        ({"to": "other_teacher"}, "to"),
        ({"to": "helper"}, "to"),
        ({"text": "  "}, "text"),
        ({"text": "长" * 201}, "text"),
        ({"happened_on": datetime.date(2026, 11, 26)}, "happened_on"),
    ):
        with pytest.raises(Refused) as refusal:
            tell(shared, **said)
        assert refusal.value.field == field
    assert not Noticed.objects.exists()


def test_when_it_was_and_when_it_was_written_are_kept_apart_and_twice_is_once(shared):
    form, day = uuid4(), datetime.date(2026, 11, 23)
    line = tell(shared, happened_on=day, client_id=form)
    assert tell(shared, client_id=form) == line
    assert (line.happened_on, line.recorded_at) == (day, clock.now())


def test_one_takes_back_what_nobody_has_seen_yet(shared):
    line = tell(shared)
    with pytest.raises(NotAllowed):
        noticed.take_back(shared.actor("class_teacher"), noticed=line)
    noticed.take_back(shared.actor("helper"), noticed=line)
    assert lines(shared, "class_teacher") == []
    seen = tell(shared)
    noticed.see(shared.actor("class_teacher"), noticed=seen)
    with pytest.raises(Refused):
        noticed.take_back(shared.actor("helper"), noticed=seen)


def test_words_of_danger_ask_somebody_today(shared):
    tell(shared, text="她说觉得活着没意思")
    assert RiskFlag.objects.get().student == shared.students.key


def test_a_colleague_who_is_proxy_parent_writes_and_is_written_to_while_being_it(shared):
    line = {"by": "other_teacher", "to": "class_teacher"}
    with pytest.raises(NotAllowed):
        tell(shared, **line)
    told = {"purpose": "proxy", "given_by": "奶奶", "student_agreed": True}
    consent = give_consent(shared.actor("head"), student=shared.students.key, **told)
    start_proxy(
        shared.actor("head"), student=shared.students.key, person=shared.staff["other_teacher"],
        agreed_on=clock.today(), rules_read=True, client_id=uuid4(),
    )  # fmt: skip
    tell(shared, **line)
    tell(shared, "helper", "other_teacher", text="今天没来午饭")
    assert set(lines(shared, "other_teacher")) == {TEXT, "今天没来午饭"}
    assert lines(shared, "helper") == ["今天没来午饭"], "a line is read by its two people"
    withdraw_consent(shared.actor("head"), consent=consent)
    with pytest.raises(NotAllowed):
        tell(shared, **line)
    with pytest.raises(Refused) as refusal:
        tell(shared, "helper", "other_teacher")
    assert refusal.value.field == "to" and lines(shared, "other_teacher") == []
