"""A school asks for a hand, the county answers, the school says when it is done with."""

import datetime
from uuid import UUID, uuid4

import pytest

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.oversight.county import hands
from tongxing.oversight.county.models import Hand
from tongxing.oversight.county.queries import needing_a_hand
from tongxing.oversight.insight.county import county_sums

WORDS = "想请县里派一位音乐老师"


def asked(cast, role="coordinator", **facts):
    given = {"school": cast.school, "client_id": uuid4(), "kind": "people", "words": WORDS} | facts
    return hands.ask(cast.actor(role), **given)


def needing(cast, role="county_supervisor"):
    sums = county_sums(cast.actor("county_supervisor"), cast.county, clock.now())
    return needing_a_hand(cast.actor(role), cast.county, sums)


def test_who_has_asked_and_where_nothing_is_recorded_in_the_order_of_names(cast):
    asked(cast)
    here, there = needing(cast)
    assert [one.school for one in (here, there)] == [cast.school, cast.other_school]
    assert [hand.words for hand in here.hands] == [WORDS] and not there.hands
    assert here.without and there.without
    told = Message.objects.get(to=cast.users["county_supervisor"])
    assert told.link_name == "county" and not told.urgent


def test_words_of_danger_in_it_are_urgent(cast):
    asked(cast, words="有孩子说不想活了，学校没有心理老师")
    assert Message.objects.get(to=cast.users["county_supervisor"]).urgent


@pytest.mark.parametrize("role", ["class_teacher", "helper", "county_supervisor", "outsider", "guardian"])
def test_only_who_answers_for_the_school_asks(cast, role):
    with pytest.raises(NotAllowed):
        asked(cast, role=role)


@pytest.mark.parametrize(
    "wrong", [{"kind": "money"}, {"words": " "}, {"words": "字" * 301}, {"words": "林岚需要培训"}]
)
def test_it_says_what_would_help_and_names_nobody(cast, wrong):
    with pytest.raises(Refused):
        asked(cast, **wrong)
    assert not Hand.objects.exists()


def test_five_stand_at_a_time(cast):
    made = [asked(cast) for _ in range(5)]
    with pytest.raises(Refused):
        asked(cast)
    hands.done(cast.actor("head"), hand=made[0])
    assert asked(cast).pk


@pytest.mark.parametrize("role", ["head", "county_data_officer", "county_aid_officer", "outsider"])
def test_only_the_supervisor_answers(cast, role):
    hand = asked(cast)
    with pytest.raises(NotAllowed):
        hands.answer(cast.actor(role), hand=hand, words="下周派人来")


def test_the_school_is_told_the_answer(cast):
    hand = asked(cast)
    with pytest.raises(Refused):
        hands.answer(cast.actor("county_supervisor"), hand=hand, words=" ")
    hands.answer(cast.actor("county_supervisor"), hand=hand, words="下周派人来")
    assert Message.objects.filter(to=cast.users["head"], link_name="county-office").exists()
    assert not Message.objects.filter(to=cast.users["outsider"]).exists()


def test_done_with_it_leaves_the_county_s_page_and_is_taken_back_within_minutes(cast, at_school):
    hand = asked(cast)
    with pytest.raises(NotAllowed):
        hands.done(cast.actor("county_supervisor"), hand=hand)
    hands.done(cast.actor("coordinator"), hand=hand)
    assert not needing(cast)[0].hands
    with pytest.raises(Refused):
        hands.answer(cast.actor("county_supervisor"), hand=hand, words="下周派人来")
    hands.not_done(cast.actor("coordinator"), hand=hand)
    assert needing(cast)[0].hands
    hands.done(cast.actor("coordinator"), hand=hand)
    at_school.shift(datetime.timedelta(minutes=11))
    with pytest.raises(Refused):
        hands.not_done(cast.actor("coordinator"), hand=hand)


def test_the_same_form_twice_is_one_and_each_step_leaves_a_row_without_words(cast):
    hand = asked(cast, client_id=UUID(int=9))
    assert asked(cast, client_id=UUID(int=9)) == hand
    hands.answer(cast.actor("county_supervisor"), hand=hand, words="下周派人来")
    hands.done(cast.actor("head"), hand=hand)
    rows = AuditEntry.objects.filter(action__startswith="county.hand").order_by("pk")
    assert [row.action for row in rows] == ["county.hand", "county.hand-answer", "county.hand-done"]
    assert WORDS not in "".join(f"{row.detail}{row.purpose}" for row in rows)


def test_only_the_supervisor_reads_who_needs_one(cast):
    with pytest.raises(NotAllowed):
        needing(cast, role="county_data_officer")
