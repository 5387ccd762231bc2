"""Calls arranged for a child: open until they became a record, an unanswered one asks for the next date."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.contacts.models import Contact
from tongxing.care.peers import calls
from tongxing.care.peers.models import ArrangedCall
from tongxing.care.peers.queries import calls_of_week
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Guardian

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def father(cast):
    return Guardian.objects.get(name="周建军")


def arrange(cast, by="class_teacher", **said):
    said = {
        "guardian": father(cast),
        "at": clock.now() + HOUR,
        "telephone": "班主任办公室",
        "client_id": uuid4(),
    } | said
    return calls.arrange(cast.actor(by), student=cast.students.key, **said)


def week(cast, by="class_teacher"):
    return calls_of_week(cast.actor(by), cast.school.pk, clock.today())


def test_a_call_that_was_held_is_a_record_that_reached_the_father_away(cast):
    call = arrange(cast)
    assert week(cast) == [call]
    contact = calls.held_call(cast.actor("class_teacher"), call=call, channel="video", said="说了期中的事")
    assert (contact.kind, contact.channel, contact.place, contact.made) == (
        "call",
        "video",
        "班主任办公室",
        True,
    )
    assert contact.reached == ["away_parent", "father"]
    assert calls.held_call(cast.actor("class_teacher"), call=call, channel="phone", said="") == contact
    assert Contact.objects.count() == 1


def test_what_was_held_earlier_happened_when_it_was_arranged_for(cast, at_school):
    call = arrange(cast)
    at_school.shift(3 * HOUR)
    contact = calls.held_call(cast.actor("class_teacher"), call=call, channel="phone", said="")
    assert contact.happened_at == call.at and contact.recorded_at == clock.now()


def test_an_unanswered_call_is_an_attempt_and_asks_for_the_next_date(cast):
    call, actor = arrange(cast), cast.actor("class_teacher")
    with pytest.raises(Refused) as refusal:
        calls.unanswered(actor, call=call, reason="无人接听", next_at=None)
    assert refusal.value.field == "next_at" and not Contact.objects.exists()
    again = calls.unanswered(actor, call=call, reason="无人接听", next_at=clock.now() + DAY)
    assert calls.unanswered(actor, call=call, reason="无人接听", next_at=clock.now() + DAY) == again
    attempt = Contact.objects.get()
    assert (attempt.made, attempt.reached) == (False, [])
    assert (again.follows, again.guardian, again.telephone) == (call, call.guardian, call.telephone)
    assert again in week(cast)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"guardian": None}, "guardian"),
        ({"at": datetime.datetime(2026, 11, 24, 20, tzinfo=clock.SCHOOL_TIME)}, "at"),
        ({"at": datetime.datetime(2027, 6, 1, 20, tzinfo=clock.SCHOOL_TIME)}, "at"),
        ({"telephone": " "}, "telephone"),
    ],
    ids=["nobody", "yesterday", "in half a year", "no telephone"],
)
def test_what_is_missing_is_said_beside_its_field(cast, said, field):
    with pytest.raises(Refused) as refusal:
        arrange(cast, **said)
    assert refusal.value.field == field


def test_a_guardian_without_a_number_or_of_another_child_is_not_called(cast):
    silent = Guardian.objects.create(
        school=cast.school, student=cast.students.key, name="无号", relation="mother"
    )
    other = Guardian.objects.create(
        school=cast.school, student=cast.students.plain, name="他", relation="mother", phone_masked="1*"
    )
    for guardian in (silent, other):
        with pytest.raises(Refused):
            arrange(cast, guardian=guardian)


@pytest.mark.parametrize("by", ["other_class_teacher", "other_teacher", "outsider", "system_admin"])
def test_nobody_else_arranges_or_notes_calls(cast, by):
    with pytest.raises(NotAllowed):
        arrange(cast, by)
    call = arrange(cast)
    for refused in (
        lambda: calls.held_call(cast.actor(by), call=call, channel="phone", said=""),
        lambda: calls.call_off(cast.actor(by), call=call, reason="…"),
        lambda: calls.unanswered(cast.actor(by), call=call, reason="…", next_at=clock.now()),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert week(cast, by) == []


def test_a_call_is_called_off_with_its_reason_and_then_nothing_comes_of_it(cast):
    call, actor = arrange(cast), cast.actor("class_teacher")
    with pytest.raises(Refused):
        calls.call_off(actor, call=call, reason="")
    calls.call_off(actor, call=call, reason="爸爸周末回来")
    assert week(cast) == [] and not ArrangedCall.objects.open().exists()
    with pytest.raises(Refused):
        calls.held_call(actor, call=call, channel="phone", said="")


def test_what_waits_from_before_stays_on_the_list_and_what_is_done_leaves_with_its_week(cast, at_school):
    open_call, done = arrange(cast), arrange(cast, at=clock.now() + 2 * HOUR)
    calls.held_call(cast.actor("class_teacher"), call=done, channel="phone", said="")
    at_school.shift(7 * DAY)
    assert week(cast) == [open_call]
