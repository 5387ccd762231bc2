"""白露 answers for children's safety, 裴青 is her deputy, 顾言 the head. 唐雨 is the class teacher of 周晓禾, 林岚 her helper."""

import datetime
from uuid import UUID

import pytest
from tests.race import blind_once

from tongxing.care.contacts.actions import Told, open_for_safety, open_texts, revise_contact, withdraw_contact
from tongxing.care.contacts.queries import may_read, search_notes, timeline
from tongxing.care.safety import actions, naming, queries
from tongxing.care.safety.models import FlagStep, RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

from .school import HIT, SAD, asked, by_hand, note, seen_by

HOUR = datetime.timedelta(hours=1)

# raising


def test_a_note_that_speaks_of_danger_raises_one_flag_and_stays_as_it_is(named):
    contact = note(named, SAD)
    flag = RiskFlag.objects.get()
    assert (flag.student, flag.categories, flag.state) == (named.students.key, ["self_harm"], "raised")
    assert (flag.source_kind, flag.source_id, flag.raised_by) == (
        "contact",
        contact.pk,
        named.users["helper"],
    )
    assert queries.said(flag)["words"] and contact.revisions.get().body == {"thoughts": SAD}
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"safety.raise", "contact.write"}


def test_an_ordinary_note_raises_nothing(named):
    note(named, "作业多得累死了，不想死记硬背")
    assert not RiskFlag.objects.exists() and not Message.objects.exists()


def test_a_correction_with_more_adds_to_the_open_flag_and_the_same_words_add_nothing(named):
    contact = note(named, HIT)
    for number, words in enumerate((HIT + "。", HIT + "，还说不想活了"), start=1):
        revise_contact(
            named.actor("helper"),
            contact=contact,
            after=number,
            told=Told({"thoughts": words}, reached=["student"]),
        )
    flag = RiskFlag.objects.get()
    assert flag.categories == ["self_harm", "bullying"]
    assert list(flag.steps.values_list("kind", flat=True)) == ["raised", "added"]


def test_what_tells_of_harm_by_people_is_kept_from_the_team_and_from_the_search(named):
    contact = note(named, "说班主任打了她")
    assert contact.restricted and not search_notes(named.actor("head"), "班主任").exists()
    (entry,) = timeline(named.actor("class_teacher"), named.students.key)
    assert entry.answers == () and not may_read(named.actor("class_teacher"), contact)
    assert may_read(named.actor("helper"), contact) and may_read(named.actor("counsellor"), contact)
    assert not note(named, SAD).restricted


def test_a_counsellor_who_is_named_in_it_does_not_open_it(named):
    assert not may_read(named.actor("counsellor"), note(named, "说白老师打了她"))


def test_a_correction_that_tells_of_harm_is_kept_from_the_team_from_then_on(named):
    contact = note(named, "放学走得很慢")
    told = Told({"thoughts": HIT}, reached=["student"])
    contact = revise_contact(named.actor("helper"), contact=contact, after=1, told=told)
    assert contact.restricted and not search_notes(named.actor("head"), "走得很慢").exists()
    assert open_texts(named.actor("helper"), contact=contact) == {
        1: {"thoughts": "放学走得很慢"},
        2: {"thoughts": HIT},
    }


def test_a_restricted_note_raises_a_flag_too_and_its_text_is_nowhere_in_the_open(named):
    note(named, SAD, visibility="counsellor")
    flag = RiskFlag.objects.get()
    assert "没意思".encode() not in bytes(flag.said_sealed)


def test_any_writer_raises_a_flag_by_hand_on_any_student_of_the_school(named):
    flag = by_hand(named, student="plain")
    assert queries.said(flag)["note"] == "看到几个人推她" and flag.raised_by == named.users["helper"]


@pytest.mark.parametrize(
    "role", ["guardian", "student", "finance_maker", "system_admin", "county_supervisor", "outsider"]
)
def test_nobody_else_raises_one(named, role):
    with pytest.raises(NotAllowed):
        by_hand(named, role)


def test_raising_asks_what_it_is_about_and_a_sentence(named):
    for wrong, field in (
        ({"categories": ()}, "categories"),
        ({"categories": ("x",)}, "categories"),
        ({"text": " "}, "text"),
    ):
        with pytest.raises(Refused) as no:
            by_hand(named, **wrong)
        assert no.value.field == field


def test_sent_twice_it_is_one_flag(named):
    one = UUID(int=7)
    assert by_hand(named, client_id=one) == by_hand(named, client_id=one)


def test_two_that_arrive_in_the_same_instant_are_one_flag(named, monkeypatch):
    first = by_hand(named, client_id=UUID(int=7))
    blind_once(monkeypatch, actions, "_sent_before")
    assert by_hand(named, client_id=UUID(int=7)) == first
    assert asked(named) == ["counsellor"] and FlagStep.objects.count() == 1


# whatever is written about a child


def look(named, role, text, **more):
    return actions.look_for_danger(named.actor(role), student=named.students.key, text=text, **more)


def test_words_of_danger_from_anywhere_raise_a_flag_that_keeps_them_and_ordinary_words_none(named):
    assert look(named, "helper", "作业写得慢") is None
    flag = look(named, "helper", SAD)
    assert queries.said(flag)["note"] == SAD and flag.raised_by == named.users["helper"]


def test_the_same_words_by_the_same_person_on_one_day_are_one_flag_and_anybody_elses_another(named):
    assert look(named, "helper", SAD) == look(named, "helper", f" {SAD} ")
    assert look(named, "class_teacher", SAD) != look(named, "helper", SAD)


def test_the_words_of_somebody_who_may_not_raise_flags_count_all_the_same(named):
    assert look(named, "guardian", SAD).raised_by is None and asked(named) == ["counsellor", "head"]


# who sees it and who is asked


def test_responder_deputy_and_head_see_a_flag_and_nobody_else_not_even_who_raised_it(named):
    note(named, SAD)
    assert seen_by(named) == {"counsellor", "deputy", "head"}


def test_without_names_the_head_answers(cast):
    note(cast, HIT)
    assert seen_by(cast) == {"head"} and asked(cast) == ["head"]


def test_the_responder_is_asked_at_once_and_for_self_harm_the_head_is_told(named):
    note(named, HIT)
    assert asked(named) == ["counsellor"]
    note(named, SAD)
    assert asked(named) == ["counsellor", "counsellor", "head"]


def test_a_message_names_nobody(named):
    note(named, SAD)
    for message in Message.objects.all():
        assert "晓禾" not in message.subject and "林岚" not in message.subject and message.urgent


def test_harm_by_people_goes_past_the_class_teacher_whoever_else_they_are(named):
    naming.name_responder(
        named.actor("head"), school=named.school, post="safety", staff=named.staff["class_teacher"]
    )
    note(named, HIT)
    assert seen_by(named) == {"deputy", "head"} and asked(named) == ["deputy"]
    note(named, SAD, student="normal", role="class_teacher")
    assert "class_teacher" in seen_by(named)


@pytest.mark.parametrize("words", ["白露老师打了我", "白老师打我", "被心理老师骂哭、打了一巴掌，不许说出去"])
def test_it_goes_past_an_adult_named_in_the_text(named, words):
    note(named, words)
    assert seen_by(named) == {"deputy", "head"} and asked(named)[0] == "deputy"


def test_it_goes_past_the_head_when_the_head_is_named(named):
    note(named, "说校长打了他一巴掌")
    assert seen_by(named) == {"counsellor", "deputy"} and "head" not in asked(named)
    actions.ask_next_in_line(clock.now() + 24 * HOUR)
    assert "head" not in asked(named)


def test_it_goes_past_those_whom_the_writer_says_it_is_about(named):
    by_hand(named, categories=("self_harm",), named_user_ids=[named.users["counsellor"].pk])
    assert seen_by(named) == {"deputy", "head"}


def test_it_goes_past_a_colleague_who_is_the_childs_family(named):
    named.students.key.guardians.filter(relation="father").update(user=named.users["counsellor"])
    note(named, "说爸爸打她")
    assert "counsellor" not in seen_by(named)


def test_who_is_named_later_does_not_see_the_flag_that_is_about_them(named):
    note(named, "宋老师打我")
    naming.name_responder(
        named.actor("head"), school=named.school, post="safety", staff=named.staff["other_teacher"]
    )
    assert seen_by(named) == {"deputy", "head"}


def test_all_who_answer_are_named_nobody_is_asked(cast):
    note(cast, "说校长打了他")
    assert queries.asked_for(RiskFlag.objects.get()) == [] and not Message.objects.exists()


# the way to its end


def test_taken_on_done_closed_and_looked_at_by_a_second_person(named):
    flag = by_hand(named)
    counsellor, head = named.actor("counsellor"), named.actor("head")
    actions.take_on(counsellor, flag=flag)
    for _twice in range(2):
        actions.note_step(counsellor, flag=flag, text="陪她到心理室，班里几个人分开谈")
    actions.close(counsellor, flag=flag, outcome="safe", reason="已制止，双方家长到校")
    with pytest.raises(Refused):
        actions.sign_off(counsellor, flag=flag)
    actions.sign_off(head, flag=flag)
    flag.refresh_from_db()
    assert flag.state == "done" and not RiskFlag.objects.not_done().exists()
    steps = queries.steps_of(flag)
    assert [step.kind for step in steps] == ["raised", "taken", "measure", "closed", "signed"]
    assert [step.text for step in steps][2:4] == ["陪她到心理室，班里几个人分开谈", "已制止，双方家长到校"]
    assert all(step.row.by and step.row.at for step in steps)


def test_a_false_alarm_is_closed_at_once_with_its_reason_and_looked_at_again(named):
    flag = by_hand(named)
    flag = actions.close(named.actor("counsellor"), flag=flag, outcome="false_alarm", reason="说的是电影情节")
    assert flag.state == "closed"
    with pytest.raises(Refused):
        actions.close(named.actor("head"), flag=by_hand(named), outcome="safe", reason="没事了")


@pytest.mark.parametrize(("outcome", "reason"), [("", "好了"), ("x", "好了"), ("safe", "  ")])
def test_closing_asks_how_it_ended_and_why(named, outcome, reason):
    flag = actions.take_on(named.actor("counsellor"), flag=by_hand(named))
    with pytest.raises(Refused):
        actions.close(named.actor("counsellor"), flag=flag, outcome=outcome, reason=reason)


def test_what_is_not_over_is_taken_up_again(named):
    flag = by_hand(named)
    actions.close(named.actor("counsellor"), flag=flag, outcome="false_alarm", reason="玩笑")
    flag = actions.take_up_again(named.actor("head"), flag=flag, reason="家长说又发生了")
    assert (flag.state, flag.responder, flag.outcome) == ("taken", named.users["head"], "")


@pytest.mark.parametrize(
    "role", ["helper", "class_teacher", "coordinator", "system_admin", "guardian", "outsider"]
)
def test_nobody_else_touches_a_flag(named, role):
    flag = by_hand(named)
    actor = named.actor(role)
    for act in (
        lambda: actions.take_on(actor, flag=flag),
        lambda: actions.note_step(actor, flag=flag, text="…"),
        lambda: actions.close(actor, flag=flag, outcome="false_alarm", reason="…"),
        lambda: actions.sign_off(actor, flag=flag),
        lambda: actions.escalate(actor, flag=flag, seen=0),
        lambda: actions.note_opened(actor, flag=flag),
        lambda: actions.take_up_again(actor, flag=flag, reason="…"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_who_is_named_in_it_does_not_touch_it_either(named):
    note(named, "白老师打我")
    with pytest.raises(NotAllowed):
        actions.take_on(named.actor("counsellor"), flag=RiskFlag.objects.get())


def test_a_restricted_text_opens_for_who_answers_and_every_opening_is_noted(named):
    note(named, SAD, "class_teacher", visibility="counsellor")
    flag = RiskFlag.objects.get()
    contact, text = open_for_safety(named.actor("deputy"), flag=flag)
    assert contact.restricted and text == {"thoughts": SAD}
    assert FlagStep.objects.filter(kind="opened", by=named.users["deputy"]).count() == 1
    assert AuditEntry.objects.filter(action="safety.open").count() == 1
    with pytest.raises(NotAllowed):
        open_for_safety(named.actor("coordinator"), flag=flag)
    with pytest.raises(Refused):
        open_for_safety(named.actor("deputy"), flag=by_hand(named))


def test_a_destroyed_key_takes_along_what_was_said(named):
    note(named, SAD)
    key = named.students.key.key
    key.wrapped = None
    key.save()
    with pytest.raises(Unreadable):
        queries.said(RiskFlag.objects.select_related("student__key").get())


def test_who_is_named_only_in_a_correction_lets_go_and_the_others_are_asked(named):
    contact = note(named, "孩子说挨打了")
    flag = RiskFlag.objects.get()
    actions.take_on(named.actor("counsellor"), flag=flag)
    told = Told({"thoughts": "孩子说挨打了，是白露老师动的手"}, reached=["student"])
    revise_contact(named.actor("helper"), contact=contact, after=1, told=told)
    flag.refresh_from_db()
    assert (flag.state, flag.responder) == ("raised", None)
    assert "counsellor" not in seen_by(named) and "deputy" in asked(named)


@pytest.mark.parametrize("words", ["副校长打了他", "裴副校长打了他"])
def test_a_deputy_is_known_by_the_title_and_the_head_is_not_meant(named, words):
    note(named, words)
    assert "deputy" not in seen_by(named) and "head" in seen_by(named)


def test_who_may_not_read_a_sealed_record_does_not_take_it_back(named):
    contact = note(named, HIT)
    contact.refresh_from_db()
    assert contact.restricted
    with pytest.raises(NotAllowed):
        withdraw_contact(named.actor("head"), contact=contact, reason="写错了")


def test_the_trail_keeps_from_a_head_what_is_kept_from_them(named):
    by_hand(named, text="学生说顾言校长打人", categories=("harm_by_others",))
    assert "head" not in seen_by(named)
    assert "请人跟进一个孩子" not in named.client("head").get("/settings/audit/?all=1").content.decode()
    rows = AuditEntry.objects.filter(action="safety.raise").count()
    assert rows == 1
