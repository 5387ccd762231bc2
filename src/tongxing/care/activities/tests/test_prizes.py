"""Results and prizes: one for all, as of a choir, or one for single children, as of a drawing contest."""

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.activities import event_actions, outcomes, queries
from tongxing.care.activities.event_actions import Won
from tongxing.care.activities.models import Event, Part
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel.errors import NotAllowed, Refused

from .school import on_the_list, planned


@pytest.fixture
def contest(cast):
    """A drawing contest that the class teacher of 初一(1) has entered with 周晓禾 and 孟宇航; nobody is ticked yet."""
    event = planned(
        cast,
        by="class_teacher",
        kind="competition",
        leader="class_teacher",
        companions=(),
        school_class=cast.class_one,
        title="全县绘画比赛",
        single_results=True,
    )
    on_the_list(cast, event, cast.students.key, cast.students.normal, by="class_teacher")
    return event


def ticked(cast, event, by="class_teacher", normal="present", won=None):
    states = {cast.students.key.pk: "present", cast.students.normal.pk: normal}
    event_actions.tick(cast.actor(by), event=event, states=states, won=won)


def prize_for(cast, event, name="normal", **won):
    told = {"prize": "一等奖"} | won
    ticked(cast, event, won={getattr(cast.students, name).pk: Won(**told)})


def honours(cast, event, by="class_teacher"):
    found = queries.takings(cast.actor(by), event)
    return {one.part.student.name: (one.part.honour, one.success) for one in found}


def test_a_prize_of_one_child_is_that_childs_alone(cast, contest):
    prize_for(cast, contest)
    assert honours(cast, contest) == {"周晓禾": ("", None), "孟宇航": ("一等奖", False)}
    outcomes.note_success(cast.actor("class_teacher"), event=contest, student=cast.students.normal)
    body = Contact.objects.get(kind="success").revisions.get().body
    assert body["success"] == "全县绘画比赛，一等奖"
    with pytest.raises(Refused):
        outcomes.note_success(cast.actor("class_teacher"), event=contest, student=cast.students.key)
    assert Contact.objects.count() == 1


def test_a_result_without_a_prize_is_a_success_too(cast, contest):
    prize_for(cast, contest, "key", prize="", result="进了决赛")
    outcomes.note_success(cast.actor("class_teacher"), event=contest, student=cast.students.key)
    assert "进了决赛" in Contact.objects.get().revisions.get().body["success"]


def test_whoever_was_not_there_has_won_nothing_and_ticking_again_keeps_what_was_won(cast, contest):
    prize_for(cast, contest)
    ticked(cast, contest)
    assert honours(cast, contest)["孟宇航"][0] == "一等奖"
    ticked(cast, contest, normal="absent")
    assert honours(cast, contest)["孟宇航"] == ("", None)
    with pytest.raises(Refused):
        outcomes.note_success(cast.actor("class_teacher"), event=contest, student=cast.students.normal)


@pytest.mark.parametrize("by", ["helper", "counsellor", "other_class_teacher", "student", "outsider"])
def test_whoever_does_not_hold_the_contest_notes_no_prize(cast, contest, by):
    with pytest.raises(NotAllowed):
        ticked(cast, contest, by=by, won={cast.students.key.pk: Won(prize="一等奖")})


def test_a_class_teacher_enters_no_contest_of_another_class(cast):
    with pytest.raises(NotAllowed):
        planned(
            cast, by="class_teacher", kind="competition", leader="class_teacher", school_class=cast.class_two
        )


def test_results_are_of_all_or_of_each_and_never_both(cast, contest):
    def change(**facts):
        event_actions.change(cast.actor("class_teacher"), event=contest, facts=facts)

    with pytest.raises(Refused) as refusal:
        event_actions.write_record(cast.actor("class_teacher"), event=contest, facts={"prize": "二等奖"})
    assert refusal.value.field == "single_results"
    prize_for(cast, contest)
    with pytest.raises(Refused) as refusal:
        change(single_results=False)
    assert refusal.value.field == "single_results"
    ticked(cast, contest, won={})
    change(single_results=False)
    event_actions.write_record(cast.actor("class_teacher"), event=contest, facts={"prize": "二等奖"})
    contest.refresh_from_db()
    assert {honour for honour, _success in honours(cast, contest).values()} == {"二等奖"}


def test_where_one_prize_is_for_all_no_child_gets_another(cast):
    event = planned(cast, kind="competition", companions=(), prize="二等奖")
    on_the_list(cast, event, cast.students.key, cast.students.normal)
    ticked(cast, event, by="coordinator", won={cast.students.key.pk: Won(prize="一等奖")})
    event.refresh_from_db()
    assert {honour for honour, _success in honours(cast, event).values()} == {"二等奖"}
    for wrong in ({"single_results": True}, {"kind": "thanks"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**wrong)


def test_only_competitions_and_performances_have_results_of_single_children(cast):
    assert not planned(cast, kind="service", single_results=True).single_results


def test_a_result_of_somebody_who_was_not_there_cannot_be_stored(cast, contest):
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.filter(event=contest).update(prize="一等奖")


def test_words_of_danger_hide_in_no_prize(cast, contest):
    with pytest.raises(Refused) as refusal:
        prize_for(cast, contest, result="他说不想活了")
    assert refusal.value.field == "result"
