"""A child, a family or a colleague asks; what goes back, and to whom."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.counselling import actions
from tongxing.care.counselling.models import Appointment, Referral
from tongxing.care.counselling.queries import reason_of, reply_of, wish_of
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

State = Appointment.State


def seen_by(cast, model):
    return {role for role in cast.users if model.objects.visible_to(cast.actor(role)).exists()}


def messages(cast, role):
    return list(Message.objects.filter(to=cast.users[role]).values_list("subject", flat=True))


def test_a_wish_reaches_the_counsellors_and_nobody_else(room):
    wish = room.room.ask()
    assert wish.state == State.WISHED and wish_of(wish) == "想找您聊聊"
    assert seen_by(room, Appointment) == {"counsellor", "second"}
    assert len(messages(room, "counsellor")) == 1 and not messages(room, "head")
    assert "想找您聊聊".encode() not in bytes(wish.wish_sealed)


@pytest.mark.parametrize("by", ["guardian", "helper", "class_teacher", "counsellor", "head", "outsider"])
def test_nobody_else_asks_as_the_child(room, by):
    with pytest.raises(NotAllowed):
        room.room.ask(by=by)
    assert not Appointment.objects.exists()


def test_a_child_asks_for_itself_alone(room):
    with pytest.raises(NotAllowed):
        actions.ask(room.actor("student"), student=room.students.normal, client_id=uuid4())


def test_a_second_wish_waits_until_the_first_has_its_time(room):
    first = room.room.ask()
    with pytest.raises(Refused):
        room.room.ask("还有一件事")
    again = actions.ask(room.actor("student"), student=room.students.key, client_id=first.client_id)
    assert again == first
    room.room.agree(first)
    assert room.room.ask("还有一件事") != first


def test_a_guardian_asks_to_talk(room):
    wish = actions.ask_to_talk(room.actor("guardian"), student=room.students.key, client_id=uuid4())
    assert wish.whom == "guardian"
    for by in ("student", "helper", "counsellor"):
        with pytest.raises(NotAllowed):
            actions.ask_to_talk(room.actor(by), student=room.students.key, client_id=uuid4())


def test_a_slip_is_keyed_in_with_the_day_it_was_found(room):
    day = datetime.date(2026, 11, 23)
    wish = actions.key_in(
        room.actor("counsellor"), student=room.students.plain, client_id=uuid4(), words="想聊聊", slip_on=day
    )
    assert wish.asked_at < wish.recorded_at and wish.asked_by_id is None
    with pytest.raises(Refused):
        actions.key_in(
            room.actor("counsellor"),
            student=room.students.plain,
            client_id=uuid4(),
            words="…",
            slip_on=datetime.date(2026, 11, 26),
        )
    with pytest.raises(NotAllowed):
        actions.key_in(
            room.actor("class_teacher"), student=room.students.key, client_id=uuid4(), words="…", slip_on=day
        )


def test_a_wish_that_speaks_of_danger_asks_the_responder_the_same_moment(room):
    room.room.ask("觉得活着没意思")
    flag = RiskFlag.objects.get()
    assert flag.source_kind == "appointment" and flag.categories == ["self_harm"]


def test_a_wish_about_the_counsellor_herself_is_kept_from_her(room):
    room.room.ask("白露老师摸了我，不许我说出去")
    assert seen_by(room, Appointment) == {"second"}
    assert room.users["counsellor"] in RiskFlag.objects.get().kept_from.all()


def test_whoever_refers_learns_that_it_was_received_seen_and_one_chosen_sentence(room):
    referral = room.room.refer()
    assert reason_of(referral).startswith("上课") and seen_by(room, Referral) == {"counsellor", "second"}
    actions.see(room.actor("counsellor"), referral=referral)
    assert seen_by(room, Referral) == {"counsellor"}  # taken on: hers alone
    with pytest.raises(Refused):
        actions.answer(room.actor("counsellor"), referral=referral, reply="")
    with pytest.raises(Refused):
        actions.answer(room.actor("counsellor"), referral=referral, reply="她有抑郁症")
    answered = actions.answer(
        room.actor("counsellor"), referral=referral, reply="我们见过了，谢谢您", contact=True
    )
    assert (answered.state, reply_of(answered)) == ("contact", "我们见过了，谢谢您")
    assert Referral.objects.made_by(room.actor("helper")).count() == 1
    assert not Referral.objects.made_by(room.actor("class_teacher")).exists()
    assert len(messages(room, "helper")) == 1
    with pytest.raises(Refused):
        actions.answer(room.actor("counsellor"), referral=referral, reply="再说一句")


@pytest.mark.parametrize("by", ["other_class_teacher", "other_teacher", "student", "guardian", "outsider"])
def test_only_those_who_look_after_a_child_refer_it(room, by):
    with pytest.raises(NotAllowed):
        room.room.refer(by=by)


def test_a_referral_says_why(room):
    with pytest.raises(Refused) as refusal:
        room.room.refer("  ")
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("by", ["helper", "class_teacher", "head", "second"])
def test_nobody_else_answers(room, by):
    referral = actions.see(room.actor("counsellor"), referral=room.room.refer())
    with pytest.raises(NotAllowed):
        actions.answer(room.actor(by), referral=referral, reply="…")


def test_the_trail_holds_ids_and_no_word_of_it(room):
    room.room.ask("想找您聊聊")
    room.room.refer("上课常常看着窗外")
    entries = AuditEntry.objects.filter(action__startswith="counselling.")
    assert entries.count() == 2 and {entry.subject for entry in entries} == {
        "counselling-appointment",
        "counselling-referral",
    }
    assert not any("窗外" in str(entry.detail) or "聊聊" in str(entry.detail) for entry in entries)
