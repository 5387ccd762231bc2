"""Study partners and friends: every yes before the start, one tap for a talk, an end with thanks."""

import datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.contacts.models import Contact
from tongxing.care.peers import actions, friends, shared
from tongxing.care.peers.actions import Yes
from tongxing.care.peers.models import FriendSignUp, SharedGoal, Together
from tongxing.care.peers.queries import friends_of, partners_of
from tongxing.care.profiles.actions import note_trait
from tongxing.care.programme.actions import install
from tongxing.care.programme.queries import duties_of
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent, withdraw_consent
from tongxing.ground.people.models import ClassMembership, Consent

TODAY = datetime.date(2026, 11, 25)
GOAL = "每天一起订正三道题"


@pytest.fixture
def two(cast):
    """周晓禾 and a classmate, 郑可心, both fond of badminton."""
    mate = cast.add_student("郑可心", cast.class_one, pinyin="zhengkexin")
    for child in (cast.students.key, mate):
        note_trait(cast.actor("head"), student=child, kind="interest", words="羽毛球", client_id=uuid4())
    return SimpleNamespace(cast=cast, key=cast.students.key, mate=mate)


def agree(two, *children):
    return [
        give_consent(
            two.cast.actor("class_teacher"), student=one, purpose="peer", given_by="妈妈", student_agreed=True
        )
        for one in children
    ]


def accept(two, by="class_teacher", student=None, partner=None, client_id=None):
    return actions.accept(
        two.cast.actor(by),
        student=student or two.key,
        partner=partner or two.mate,
        client_id=client_id or uuid4(),
    )


def begin(two, together, by="class_teacher", student=True, partner=True, goal=GOAL):
    return actions.begin(two.cast.actor(by), together=together, yes=Yes(student, partner), goal=goal)


def begun(two):
    agree(two, two.key, two.mate)
    return begin(two, accept(two))


def shown(two, by="class_teacher"):
    return partners_of(two.cast.actor(by), two.cast.class_one, two.cast.term, TODAY)


def test_the_class_teacher_is_shown_who_could_go_together_and_why_without_a_label(two):
    (idea,) = shown(two).ideas
    assert (idea.student, idea.partner) == (two.key, two.mate)
    assert "羽毛球" in idea.why and not any(word in idea.why for word in ("周晓禾", "重点", "搭把手"))


def test_proposed_accepted_begun_and_the_talk_fulfils_the_promise_with_one_tap(two):
    install(two.cast.actor("head"), school=two.cast.school)
    together = begun(two)
    assert (together.starts_on, together.state) == (TODAY, "running")
    tap = uuid4()
    actor = two.cast.actor("class_teacher")
    talk = actions.discussed(actor, together=together, what="作业", client_id=tap)
    assert actions.discussed(actor, together=together, what="作业", client_id=tap) == talk
    assert (talk.kind, talk.student, talk.topics) == ("partner", two.key, ["partner"])
    duties = duties_of(actor, two.cast.term, [two.key.pk], clock.now())[two.key.pk]
    assert {duty.promise.code: duty.state for duty in duties}["partner"] == "done"
    assert GOAL not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    (pair,) = shown(two).running
    assert (pair.goal, pair.last_on) == (GOAL, TODAY)


def test_nothing_begins_before_both_families_agree(two):
    together = accept(two)
    agree(two, two.key)
    with pytest.raises(Refused) as refusal:
        begin(two, together)
    assert "郑可心" in refusal.value.message and "周晓禾" not in refusal.value.message
    assert Together.objects.get().starts_on is None


@pytest.mark.parametrize("said", [{"student": False}, {"partner": False}, {"goal": " "}])
def test_nor_before_both_children_said_yes_and_have_a_goal(two, said):
    together = accept(two)
    agree(two, two.key, two.mate)
    with pytest.raises(Refused) as refusal:
        begin(two, together, **said)
    assert refusal.value.field == (list(said)[0] + ("" if "goal" in said else "_yes"))
    assert Together.objects.get().state == "waiting"


def test_a_talk_is_noted_of_two_who_learn_together_alone(two):
    together = accept(two)
    with pytest.raises(Refused):
        actions.discussed(two.cast.actor("class_teacher"), together=together, what="", client_id=uuid4())
    assert not Contact.objects.exists()


def test_a_consent_that_is_withdrawn_ends_it_in_that_moment(two):
    together = begun(two)
    consent = Consent.objects.get(student=two.mate)
    withdraw_consent(two.cast.actor("class_teacher"), consent=consent)
    assert not Together.objects.running().exists()
    (pair,) = shown(two).ended
    assert pair.together.until == TODAY and pair.together.why_ended
    with pytest.raises(Refused):
        actions.discussed(two.cast.actor("class_teacher"), together=together, what="", client_id=uuid4())
    agree(two, two.mate)
    assert not Together.objects.running().exists(), "a new consent begins nothing by itself"
    other = two.cast.add_student("吴越", two.cast.class_one)
    accept(two, partner=other)
    together.refresh_from_db()
    assert (together.ends_on, together.ended_reason) == (TODAY, "withdrawn")


def test_a_partner_has_at_most_two_and_a_child_one(two):
    children = [two.cast.add_student(name, two.cast.class_one, "key") for name in ("甲", "乙")]
    accept(two)
    accept(two, student=children[0])
    for said in ({"student": children[1]}, {"partner": children[0]}):
        with pytest.raises(Refused) as refusal:
            accept(two, **said)
        assert refusal.value.field == "partner"


def test_two_key_students_are_not_put_together_and_the_sentence_labels_nobody(two):
    other = two.cast.add_student("丙", two.cast.class_one, "key")
    with pytest.raises(Refused) as refusal:
        accept(two, partner=other)
    assert not any(word in refusal.value.message for word in ("重点", "key"))


def test_only_two_of_one_class_go_together(two):
    for partner in (two.key, two.cast.students.plain):
        with pytest.raises((Refused, NotAllowed)):
            accept(two, by="head", partner=partner)
    together = accept(two)
    agree(two, two.key, two.mate)
    ClassMembership.objects.filter(student=two.mate).update(school_class=two.cast.class_two)
    with pytest.raises(Refused):
        begin(two, together, by="head")


@pytest.mark.parametrize("by", ["helper", "other_class_teacher", "other_teacher", "counsellor", "outsider"])
def test_nobody_else_puts_children_together(two, by):
    with pytest.raises(NotAllowed):
        accept(two, by)
    together = begun(two)
    with pytest.raises(NotAllowed):
        actions.end(two.cast.actor(by), together=together, reason="other")
    with pytest.raises(NotAllowed):
        friends.sign_up(two.cast.actor(by), student=two.mate, wish="", client_id=uuid4())


def test_it_ends_with_a_reason_and_words_of_thanks_and_is_not_proposed_again_against_their_wish(two):
    together = begun(two)
    with pytest.raises(Refused):
        actions.end(two.cast.actor("class_teacher"), together=together, reason="")
    actions.end(
        two.cast.actor("class_teacher"),
        together=together,
        reason="child_wish",
        thanks="谢谢你们一起坚持了五周",
    )
    found = shown(two)
    assert [one.words for one in found.ended[0].shared.thanks] == ["谢谢你们一起坚持了五周"]
    assert not found.ideas and found.left == (two.key,)


def test_what_is_sent_twice_is_one(two):
    form = uuid4()
    assert accept(two, client_id=form) == accept(two, client_id=form)
    assert Together.objects.count() == 1


def test_the_database_lets_nobody_begin_without_every_yes(two):
    together = accept(two)
    together.starts_on = TODAY
    with pytest.raises(IntegrityError), transaction.atomic():
        together.save()


def test_words_of_danger_in_a_goal_ask_somebody_today(two):
    agree(two, two.key, two.mate)
    begin(two, accept(two), goal="她说觉得活着没意思，想有人陪")
    assert RiskFlag.objects.filter(student=two.key).exists()


def sign(two, child, **said):
    said = {"wish": "", "client_id": uuid4()} | said
    return friends.sign_up(two.cast.actor("class_teacher"), student=child, **said)


def match(two, one=None, other=None):
    return friends.match(
        two.cast.actor("class_teacher"), one=one or two.mate, other=other or two.key, client_id=uuid4()
    )


def test_two_who_signed_up_become_friends_once_both_families_agree(two):
    sign(two, two.key, wish="一起打球")
    with pytest.raises(Refused) as refusal:
        match(two)
    assert refusal.value.field == "partner", "one has not signed up"
    sign(two, two.mate)
    with pytest.raises(Refused):
        match(two)
    agree(two, two.key, two.mate)
    match(two)
    found = friends_of(two.cast.actor("class_teacher"), two.cast.class_one, TODAY)
    assert [one.together.both for one in found.friends] == [(two.key, two.mate)]
    assert [one.wish for one in found.signed] == ["一起打球", ""] or [one.wish for one in found.signed] == [
        "",
        "一起打球",
    ]
    with pytest.raises(Refused):
        match(two, two.key, two.mate)


def test_a_sign_up_is_the_childs_own_and_can_be_taken_back(two):
    signed = sign(two, two.key)
    with pytest.raises(Refused):
        sign(two, two.key)
    with pytest.raises(Refused):
        sign(two, two.mate, on=TODAY + datetime.timedelta(days=1))
    actor = two.cast.actor("class_teacher")
    friends.end_sign_up(actor, signed=signed)
    assert not FriendSignUp.objects.open().exists()
    friends.end_sign_up(actor, signed=signed, again=True)
    assert FriendSignUp.objects.open().get() == signed


def test_whoever_looks_after_one_of_the_two_sees_them_and_nobody_else(two):
    begun(two)
    seen = {role for role in two.cast.users if Together.objects.visible_to(two.cast.actor(role)).exists()}
    assert seen == {"head", "deputy", "coordinator", "class_teacher", "helper", "counsellor"}


def goals(two):
    (found,) = shared.shared_of(Together.objects.with_both()).values()
    return [(one.words, one.row.reached_on, one.stands) for one in found.goals]


def test_a_goal_is_reached_on_its_day_and_the_next_one_begins_without_ending_the_pair(two):
    together, actor = begun(two), two.cast.actor("class_teacher")
    shared.reach_goal(actor, goal=SharedGoal.objects.get())
    assert goals(two) == [(GOAL, TODAY, False)]
    shared.not_reached(actor, goal=SharedGoal.objects.get())
    assert goals(two) == [(GOAL, None, True)], "a slip is taken back"
    shared.reach_goal(actor, goal=SharedGoal.objects.get())
    shared.next_goal(actor, together=together, goal="一起读完一本书")
    with pytest.raises(Refused):
        shared.not_reached(actor, goal=SharedGoal.objects.last())
    shared.next_goal(actor, together=together, goal="一起读完两本书")
    assert goals(two) == [
        ("一起读完两本书", None, True),
        ("一起读完一本书", None, False),
        (GOAL, TODAY, False),
    ]
    actions.end(actor, together=together, reason="term_end")
    assert len(goals(two)) == 3, "the history stays after the end"
    for refused in (
        lambda: shared.next_goal(actor, together=together, goal="再来一个"),
        lambda: shared.reach_goal(actor, goal=SharedGoal.objects.first()),
    ):
        with pytest.raises(Refused):
            refused()


@pytest.mark.parametrize("day", [TODAY + datetime.timedelta(days=1), TODAY - datetime.timedelta(days=1)])
def test_a_goal_is_reached_neither_before_it_was_set_nor_tomorrow(two, day):
    begun(two)
    with pytest.raises(Refused) as refusal:
        shared.reach_goal(two.cast.actor("class_teacher"), goal=SharedGoal.objects.get(), on=day)
    assert refusal.value.field == "on"


def test_thanks_are_said_at_any_time_and_stand_at_both_doors(two):
    together, actor, form = begun(two), two.cast.actor("class_teacher"), uuid4()
    said = shared.say_thanks(actor, together=together, text="谢谢你们互相等着放学", client_id=form)
    again = shared.say_thanks(actor, together=together, text="谢谢你们互相等着放学", client_id=form)
    assert said == again, "sent twice"
    actions.end(actor, together=together, reason="term_end")
    shared.say_thanks(actor, together=together, text="坚持了一个学期", client_id=uuid4())
    for child, other in ((two.key, two.mate), (two.mate, two.key)):
        (found,) = shared.at_the_door(child)
        assert found.partner == other and found.goal == GOAL
        assert [one.words for one in found.thanks] == ["坚持了一个学期", "谢谢你们互相等着放学"]
    shared.take_back(actor, thanks=said)
    assert len(shared.at_the_door(two.key)[0].thanks) == 1
    assert "谢谢" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_nothing_of_the_other_child_stands_at_a_door_once_a_family_agrees_no_longer(two):
    begun(two)
    assert shared.at_the_door(two.mate)
    withdraw_consent(two.cast.actor("class_teacher"), consent=Consent.objects.get(student=two.key))
    assert shared.at_the_door(two.mate) == shared.at_the_door(two.key) == []


@pytest.mark.parametrize("by", ["helper", "other_class_teacher", "outsider"])
def test_goals_and_thanks_are_the_class_teachers_to_write(two, by):
    together = begun(two)
    for refused in (
        lambda: shared.next_goal(two.cast.actor(by), together=together, goal="一起读书"),
        lambda: shared.reach_goal(two.cast.actor(by), goal=SharedGoal.objects.get()),
        lambda: shared.say_thanks(two.cast.actor(by), together=together, text="谢谢", client_id=uuid4()),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_thanks_need_words_and_a_pair_that_has_begun(two):
    actor, waiting = two.cast.actor("class_teacher"), accept(two)
    with pytest.raises(Refused):
        shared.say_thanks(actor, together=waiting, text="谢谢", client_id=uuid4())
    agree(two, two.key, two.mate)
    begin(two, waiting)
    with pytest.raises(Refused) as refusal:
        shared.say_thanks(actor, together=waiting, text=" ", client_id=uuid4())
    assert refusal.value.field == "text"
