"""One short question to those who teach a child: who is asked, what they see, when it closes."""

import datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.profiles import asking_actions
from tongxing.care.profiles.models import Asking, Impression
from tongxing.care.profiles.queries import askings_of, question_of
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

TODAY = datetime.date(2026, 11, 25)
WEEK = datetime.timedelta(days=7)
QUESTION = "这个月课上看到了什么？"


@pytest.fixture
def taught(cast):
    """程一川 and 宋桥 teach 初一(1), so does 唐雨, its class teacher; 邵明 teaches the other class."""
    cast.teach("music", cast.class_one)
    cast.teach("other_teacher", cast.class_one)
    cast.teach("class_teacher", cast.class_one)
    cast.teach("other_class_teacher", cast.class_two)
    return cast


def ask(cast, by="class_teacher", words=QUESTION, closes_on=TODAY + WEEK, client_id=None, student=None):
    return asking_actions.ask_colleagues(
        cast.actor(by),
        student=student or cast.students.key,
        words=words,
        closes_on=closes_on,
        client_id=client_id or uuid4(),
    )


def of(cast, asking, key="other_teacher"):
    return Impression.objects.get(asking=asking, staff=cast.staff[key])


def answered(cast, by="class_teacher"):
    (found,) = askings_of(cast.actor(by), cast.students.key)
    return sorted((one.impression.staff.name, one.words) for one in found.answers)


def test_everybody_who_teaches_the_class_is_asked_but_the_one_who_asks(taught):
    asking = ask(taught)
    assert {one.staff.name for one in asking.impressions.all()} == {"程一川", "宋桥"}
    message = Message.objects.get(to=taught.users["other_teacher"])
    assert message.subject == "有同事想问问您课上看到了什么，写一行就够。" and "周晓禾" not in message.subject
    assert message.href.endswith(f"/impressions/{of(taught, asking).pk}/")
    assert QUESTION.encode() not in bytes(asking.words_sealed)
    entry = AuditEntry.objects.filter(action="asking.ask").get()
    assert "课上" not in str(entry.detail)


@pytest.mark.parametrize("by", ["class_teacher", "helper", "coordinator", "counsellor"])
def test_those_who_write_records_about_the_child_may_ask(taught, by):
    assert ask(taught, by).pk


@pytest.mark.parametrize(
    "by", ["other_teacher", "other_class_teacher", "system_admin", "guardian", "outsider"]
)
def test_nobody_else_asks(taught, by):
    with pytest.raises(NotAllowed):
        ask(taught, by)
    assert not Asking.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "问" * 201}, "words"),
        ({"closes_on": TODAY - datetime.timedelta(days=1)}, "closes_on"),
        ({"closes_on": TODAY + datetime.timedelta(days=31)}, "closes_on"),
    ],
)
def test_a_question_without_words_or_a_fitting_day_is_refused(taught, wrong, field):
    with pytest.raises(Refused) as refusal:
        ask(taught, **wrong)
    assert refusal.value.field == field


def test_where_nobody_teaches_nobody_is_asked(cast):
    with pytest.raises(Refused):
        ask(cast)
    assert not Asking.objects.exists() and not Message.objects.exists()


def test_the_asker_reads_answers_with_names_and_a_teacher_may_say_that_there_was_nothing(taught):
    asking = ask(taught)
    act = asking_actions.answer
    act(taught.actor("other_teacher"), impression=of(taught, asking), words=" 举手三次，\n声音很轻 ")
    act(taught.actor("music"), impression=of(taught, asking, "music"), nothing=True)
    assert answered(taught) == [("宋桥", "举手三次， 声音很轻"), ("程一川", "")]
    assert answered(taught, "helper") == answered(taught)
    assert askings_of(taught.actor("other_teacher"), taught.students.key) == []  # not the others' answers
    assert "举手".encode() not in bytes(of(taught, asking).words_sealed)


def test_who_was_asked_sees_the_own_question_only_and_answers_for_nobody_else(taught):
    asking = ask(taught)
    mine = Impression.objects.own(taught.actor("other_teacher"))
    assert list(mine) == [of(taught, asking)]
    assert question_of(mine.select_related("asking__student__key").get()) == QUESTION
    for by in ("music", "class_teacher", "helper", "outsider"):
        with pytest.raises(NotAllowed):
            asking_actions.answer(taught.actor(by), impression=of(taught, asking), words="好")
    taught.staff["other_teacher"].teaching.all().delete()  # teaches the child no more
    assert not Impression.objects.own(taught.actor("other_teacher")).exists()


@pytest.mark.parametrize("said", [{}, {"words": "  "}, {"words": "长" * 201}])
def test_an_empty_or_endless_answer_is_refused_beside_the_field(taught, said):
    with pytest.raises(Refused) as refusal:
        asking_actions.answer(taught.actor("other_teacher"), impression=of(taught, ask(taught)), **said)
    assert refusal.value.field == "words"


def test_words_beside_nothing_special_count(taught):
    asking = ask(taught)
    asking_actions.answer(
        taught.actor("music"), impression=of(taught, asking, "music"), words="唱得准", nothing=True
    )
    assert answered(taught) == [("程一川", "唱得准")]


def test_it_closes_by_itself_after_its_day(taught, at_school):
    asking = ask(taught, closes_on=TODAY)
    at_school.shift(datetime.timedelta(hours=7))  # still the same day
    asking_actions.answer(taught.actor("music"), impression=of(taught, asking, "music"), words="唱得准")
    at_school.shift(datetime.timedelta(hours=2))
    with pytest.raises(Refused):
        asking_actions.answer(taught.actor("other_teacher"), impression=of(taught, asking), words="来晚了")
    (found,) = askings_of(taught.actor("class_teacher"), taught.students.key)
    assert not found.is_open and found.waiting == ()  # nobody is named for what was not answered


def test_the_asker_closes_it_early_and_opens_it_again(taught):
    asking = ask(taught)
    asking_actions.close_asking(taught.actor("class_teacher"), asking=asking)
    asking_actions.close_asking(taught.actor("class_teacher"), asking=asking)
    with pytest.raises(Refused):
        asking_actions.answer(taught.actor("other_teacher"), impression=of(taught, asking), words="好")
    asking_actions.close_asking(taught.actor("coordinator"), asking=asking, opens=True)
    asking_actions.answer(taught.actor("other_teacher"), impression=of(taught, asking), words="好")
    for by in ("helper", "other_teacher", "other_class_teacher"):
        with pytest.raises(NotAllowed):
            asking_actions.close_asking(taught.actor(by), asking=asking)


def test_an_answer_of_a_moment_ago_is_taken_back_a_later_one_stays(taught, at_school):
    asking = ask(taught)
    me = taught.actor("other_teacher")
    asking_actions.answer(me, impression=of(taught, asking), words="写错人了")
    asking_actions.take_answer_back(me, impression=of(taught, asking))
    asking_actions.take_answer_back(me, impression=of(taught, asking))
    assert answered(taught) == []
    asking_actions.answer(me, impression=of(taught, asking), words="举手三次")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        asking_actions.take_answer_back(me, impression=of(taught, asking))
    assert answered(taught) == [("宋桥", "举手三次")]


def test_a_second_tap_asks_and_answers_once(taught):
    asking = ask(taught, client_id=UUID(int=9))
    assert ask(taught, client_id=UUID(int=9)) == asking
    asking_actions.answer(taught.actor("music"), impression=of(taught, asking, "music"), words="一")
    asking_actions.answer(taught.actor("music"), impression=of(taught, asking, "music"), words="二")
    assert answered(taught) == [("程一川", "一")]
    assert Message.objects.filter(to=taught.users["music"]).count() == 1
    with transaction.atomic(), pytest.raises(IntegrityError):
        Impression.objects.filter(asking=asking).update(nothing=True, answered_at=None)


def test_words_of_danger_in_an_answer_call_for_somebody_today(taught):
    asking = ask(taught)
    asking_actions.answer(taught.actor("music"), impression=of(taught, asking, "music"), words="说过不想活了")
    assert RiskFlag.objects.filter(student=taught.students.key).exists()
