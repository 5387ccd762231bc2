"""Complaints and suggestions: without a name nothing is kept of the writer; answered by a day, for every colleague."""

import datetime
from uuid import uuid4

import pytest

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.oversight.notices import suggestions
from tongxing.oversight.notices.models import Suggestion

pytestmark = pytest.mark.usefixtures("english")

DAY = datetime.timedelta(days=1)


def say(cast, who="helper", text="会议能短一些吗？", signed=False, client_id=None):
    return suggestions.say(
        cast.actor(who), school=cast.school, client_id=client_id or uuid4(), text=text, signed=signed
    )


def answer(cast, made, who="head", text="谢谢，以后不超过四十分钟。", shows_words=False):
    suggestions.answer(cast.actor(who), suggestion=made, text=text, shows_words=shows_words)


def seen_by(cast, made):
    return {who for who in cast.users if made in Suggestion.objects.visible_to(cast.actor(who))}


ANSWERERS = {"head", "deputy", "coordinator"}


def test_without_a_name_nothing_of_the_writer_is_kept(cast):
    made = say(cast)
    assert made.said_by is None and made.said == "会议能短一些吗？"
    entry = AuditEntry.objects.get(action="suggestion.say")
    assert entry.user_id is None and entry.actor_kind == "public" and entry.detail == {}
    assert seen_by(cast, made) == ANSWERERS
    assert "会议" not in str(bytes(made.said_sealed))


def test_under_the_own_name_the_writer_sees_how_it_stands(cast):
    made = say(cast, signed=True)
    assert made.said_by == cast.users["helper"] and seen_by(cast, made) == ANSWERERS | {"helper"}
    assert AuditEntry.objects.get(action="suggestion.say").user_id == cast.users["helper"].pk


@pytest.mark.parametrize("who", ["guardian", "student", "outsider", "county_data_officer"])
def test_it_is_for_colleagues_of_the_school(cast, who):
    with pytest.raises(NotAllowed):
        say(cast, who)


def test_the_same_form_twice_is_one_and_empty_words_are_none(cast):
    same = uuid4()
    assert say(cast, client_id=same) == say(cast, client_id=same)
    for text in (" ", "字" * 1_001):
        with pytest.raises(Refused):
            say(cast, text=text)
    assert Suggestion.objects.count() == 1


def test_the_head_finds_a_message_without_the_words(cast):
    say(cast)
    message = Message.objects.get()
    assert message.to == cast.users["head"] and "会议" not in message.subject and not message.urgent


def test_an_answer_is_due_within_a_week_and_late_after_its_day(cast):
    made = say(cast)
    assert made.answer_by == clock.today() + 7 * DAY
    assert not made.is_late(made.answer_by) and made.is_late(made.answer_by + DAY)


def test_words_of_danger_ask_for_an_answer_the_same_day(cast):
    made = say(cast, text="有个孩子说他不想活了，没有人管。")
    assert made.answer_by == clock.today() and Message.objects.get().urgent


def test_the_answer_stands_for_every_colleague(cast):
    made = say(cast)
    answer(cast, made)
    made.refresh_from_db()
    assert made.answer == "谢谢，以后不超过四十分钟。" and not made.shows_words
    assert ANSWERERS | {"helper", "finance_maker", "class_teacher"} <= seen_by(cast, made)
    assert not seen_by(cast, made) & {"guardian", "student", "outsider", "county_supervisor"}


@pytest.mark.parametrize("who", ["helper", "class_teacher", "counsellor", "outsider"])
def test_nobody_else_answers(cast, who):
    with pytest.raises(NotAllowed):
        answer(cast, say(cast), who)


def test_an_answer_says_something_and_is_given_once(cast):
    made = say(cast)
    for text in ("", "字" * 1_001):
        with pytest.raises(Refused):
            answer(cast, made, text=text)
    answer(cast, made)
    with pytest.raises(Refused):
        answer(cast, made)


def test_an_answer_is_taken_back_at_once_but_not_later(cast, at_school):
    made, head = say(cast), cast.actor("head")
    answer(cast, made, shows_words=True)
    suggestions.take_answer_back(head, suggestion=made)
    assert seen_by(cast, made) == ANSWERERS
    answer(cast, made)
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        suggestions.take_answer_back(head, suggestion=made)
