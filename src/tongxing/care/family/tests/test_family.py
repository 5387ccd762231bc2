"""What passes between school and family: who may say what to whom, and whose word is whose."""

import datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.contacts.models import Contact
from tongxing.care.family import agreements, consent_words, data_requests, goals, messages, rules
from tongxing.care.family.models import (
    Agreement,
    ConsentWord,
    DataRequest,
    FamilyMessage,
    OwnGoal,
)
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Consent, Guardian, Student

pytestmark = pytest.mark.usefixtures("english")
STRANGERS = ["other_class_teacher", "counsellor", "finance_maker", "outsider", "system_admin"]


def write(cast, child, grandma, by="helper", text="孩子今天领读了。"):
    return messages.write(cast.actor(by), student=child, guardian=grandma, text=text, client_id=uuid4())


def reply(cast, child, text="看到了，好的。", **more):
    return messages.reply(cast.actor("guardian"), student=child, text=text, client_id=uuid4(), **more)


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 1, 1)))
def test_an_answer_is_due_fifteen_days_later(day):
    assert (rules.due_on(day) - day).days == 15


@given(st.text())
def test_tidying_a_text_twice_changes_nothing_and_loses_no_word(text):
    tidy = rules.tidy(text)
    assert rules.tidy(tidy) == tidy and tidy.split() == text.split()
    assert rules.is_good(tidy) == (0 < len(tidy) <= 500)


def test_a_message_is_sealed_read_and_answered(cast, child, grandma):
    message = write(cast, child, grandma)
    assert "领读".encode() not in bytes(message.text_sealed)
    [said] = messages.thread(cast.actor("guardian"), child)
    assert (said.text, said.answered, said.message.read_at) == ("孩子今天领读了。", False, None)
    assert messages.mark_read(cast.actor("guardian"), student=child) == 1
    reply(cast, child)
    answer, first = messages.thread(cast.actor("helper"), child)
    assert first.answered and first.message.read_at and not answer.answered
    assert messages.mark_read(cast.actor("class_teacher"), student=child) == 1


def test_the_teacher_who_wrote_hears_of_the_answer_without_a_name_in_it(cast, child, grandma):
    write(cast, child, grandma, by="class_teacher")
    reply(cast, child)
    heard = Message.objects.get(code="family.message")
    assert heard.to == cast.users["class_teacher"] and heard.link_args == [child.pk]
    assert "周" not in heard.subject


def test_a_family_that_writes_first_reaches_helper_and_class_teacher(cast, child):
    reply(cast, child, "我想来学校看看孩子")
    told = set(Message.objects.filter(code="family.message").values_list("to__login", flat=True))
    assert told == {"helper", "class_teacher"}
    cast_helper = Grant.objects.filter(user=cast.users["helper"])
    cast_helper.update(ends_on=datetime.date(2026, 11, 24))
    reply(cast, child, "还有一件事")
    assert Message.objects.filter(to=cast.users["helper"]).count() == 1


@pytest.mark.parametrize("by", [*STRANGERS, "guardian", "student"])
def test_nobody_else_writes_for_the_school_or_reads(cast, child, grandma, by):
    with pytest.raises(NotAllowed):
        write(cast, child, grandma, by=by)
    write(cast, child, grandma)
    seen = messages.thread(cast.actor(by), child)
    assert len(seen) == (1 if by == "guardian" else 0)


def test_another_guardian_of_the_same_child_reads_none_of_it(cast, child, grandma):
    father = Guardian.objects.get(name="周建军")
    father.user = cast.users["father"] = type(cast.users["guardian"]).objects.create_user("father", "周建军")
    father.save()
    cast.grant("father", "guardian", student=child)
    write(cast, child, grandma)
    assert messages.thread(cast.actor("father"), child) == []
    assert messages.mark_read(cast.actor("father"), student=child) == 0
    messages.reply(cast.actor("father"), student=child, text="我月底回家", client_id=uuid4())
    assert [said.text for said in messages.thread(cast.actor("guardian"), child)] == ["孩子今天领读了。"]


def test_who_has_not_come_in_is_invited_first_and_an_ended_guardian_is_not_written_to(cast, child, grandma):
    father = Guardian.objects.get(name="周建军")
    with pytest.raises(Refused, match="invitation first"):
        write(cast, child, father)
    Guardian.objects.filter(pk=grandma.pk).update(ends_on=datetime.date(2026, 11, 25))
    grandma.refresh_from_db()
    with pytest.raises(Refused, match="no guardian any more"):
        write(cast, child, grandma)
    with pytest.raises(NotAllowed):
        reply(cast, child)


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 501])
def test_a_message_has_a_few_words(cast, child, grandma, text):
    with pytest.raises(Refused, match="few words"):
        write(cast, child, grandma, text=text)
    with pytest.raises(Refused, match="few words"):
        reply(cast, child, text)


def test_the_same_form_twice_is_one_message(cast, child):
    once = {"student": child, "text": "好的", "client_id": UUID(int=5)}
    first = messages.reply(cast.actor("guardian"), **once)
    assert messages.reply(cast.actor("guardian"), **once) == first
    assert FamilyMessage.objects.count() == 1


def test_a_wish_for_another_day_lies_ahead(cast, child):
    with pytest.raises(Refused, match="over"):
        reply(cast, child, wished_on=datetime.date(2026, 11, 24))
    assert reply(cast, child, wished_on=datetime.date(2026, 11, 25)).wished_on


def test_words_of_danger_from_a_family_ask_somebody_to_look_today(cast, child):
    reply(cast, child, "孩子说不想活了")
    assert RiskFlag.objects.get().student == child
    goals.set_goal(cast.actor("student"), student=child, words="我不想活了", client_id=uuid4())
    assert RiskFlag.objects.count() == 2


def test_rows_hold_no_words_in_the_audit_trail(cast, child, grandma):
    write(cast, child, grandma)
    reply(cast, child)
    details = " ".join(str(entry.detail) for entry in AuditEntry.objects.all())
    assert "领读" not in details and "好的" not in details and "桂兰" not in details


def agree(cast, child, by="family", who="helper", **more):
    facts = {"student": child, "by": by, "text": "写作业时关电视", "client_id": uuid4()} | more
    return agreements.agree(cast.actor(who), **facts)


def test_what_was_agreed_stands_on_both_sides_until_it_is_done(cast, child):
    made = agree(cast, child, due_on=datetime.date(2026, 12, 1))
    for who in ("guardian", "class_teacher"):
        [one] = agreements.agreements_of(cast.actor(who), child)
        assert (one.text, one.state) == ("写作业时关电视", "later")
    agreements.keep(cast.actor("guardian"), agreement=made)
    [one] = agreements.agreements_of(cast.actor("helper"), child)
    assert (one.state, one.agreement.ended_by) == ("done", cast.users["guardian"])
    agreements.take_up(cast.actor("guardian"), agreement=made)
    assert Agreement.objects.standing().count() == 1


def test_what_the_school_does_the_school_ticks(cast, child):
    made = agree(cast, child, by="school")
    with pytest.raises(NotAllowed):
        agreements.keep(cast.actor("guardian"), agreement=made)
    agreements.keep(cast.actor("class_teacher"), agreement=made)
    with pytest.raises(Refused, match="a while ago"):
        agreements.take_up(cast.actor("helper"), agreement=made)


def test_a_tick_is_taken_back_for_a_moment_only(cast, child, at_school):
    made = agree(cast, child)
    agreements.keep(cast.actor("guardian"), agreement=made)
    at_school.shift(datetime.timedelta(minutes=11))
    with pytest.raises(Refused, match="a while ago"):
        agreements.take_up(cast.actor("guardian"), agreement=made)


def test_letting_go_takes_a_reason_and_the_school(cast, child):
    made = agree(cast, child)
    with pytest.raises(Refused, match="why"):
        agreements.let_go(cast.actor("helper"), agreement=made, reason=" ")
    with pytest.raises(NotAllowed):
        agreements.let_go(cast.actor("guardian"), agreement=made, reason="不方便")
    agreements.let_go(cast.actor("helper"), agreement=made, reason="电视坏了")
    [one] = agreements.agreements_of(cast.actor("guardian"), child)
    assert (one.state, one.let_go) == ("rest", "电视坏了")
    with pytest.raises(Refused, match="let go already"):
        agreements.keep(cast.actor("guardian"), agreement=made)


@pytest.mark.parametrize("by", [*STRANGERS, "guardian", "student"])
def test_the_school_writes_agreements_down(cast, child, by):
    with pytest.raises(NotAllowed):
        agree(cast, child, who=by)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"by": "nobody"}, "by"), ({"due_on": datetime.date(2026, 11, 24)}, "due_on"), ({"text": ""}, "text")],
)
def test_an_agreement_says_what_who_and_until_a_day_to_come(cast, child, more, field):
    with pytest.raises(Refused) as refusal:
        agree(cast, child, **more)
    assert refusal.value.field == field


def test_the_database_keeps_no_end_without_its_kind(cast, child):
    made = agree(cast, child)
    with pytest.raises(IntegrityError):
        Agreement.objects.filter(pk=made.pk).update(outcome="kept")


def set_goal(cast, child, who="student", words="每天早读五分钟"):
    return goals.set_goal(cast.actor(who), student=child, words=words, client_id=uuid4())


def test_a_child_sets_a_goal_and_the_helper_makes_it_the_months(cast, child):
    goal = set_goal(cast, child)
    assert set(Message.objects.filter(code="own-goal").values_list("to__login", flat=True)) == {
        "helper",
        "class_teacher",
    }
    goals.make_it_the_months(cast.actor("helper"), goal=goal)
    goals.make_it_the_months(cast.actor("helper"), goal=goal)
    contact = Contact.objects.get(kind="goal")
    assert contact.revisions.get().body["goal"] == "每天早读五分钟"
    goal.refresh_from_db()
    assert goal.contact == contact


def test_only_the_child_sets_and_ends_a_goal(cast, child):
    for who in ("guardian", "helper", *STRANGERS):
        with pytest.raises(NotAllowed):
            set_goal(cast, child, who=who)
    goal = set_goal(cast, child)
    with pytest.raises(NotAllowed):
        goals.end_goal(cast.actor("helper"), goal=goal, reached=True)
    goals.end_goal(cast.actor("student"), goal=goal, reached=True)
    with pytest.raises(Refused, match="ended"):
        goals.make_it_the_months(cast.actor("helper"), goal=goal)
    goals.go_on(cast.actor("student"), goal=goal)
    assert OwnGoal.objects.get().ended_at is None


def test_a_goal_laid_aside_is_shown_to_nobody(cast, child):
    goals.end_goal(cast.actor("student"), goal=set_goal(cast, child), reached=False)
    assert goals.goals_of(cast.actor("student"), child) == goals.goals_of(cast.actor("helper"), child) == []


def ask(cast, child, who="guardian", kind="correct", text="电话换了"):
    return data_requests.ask(cast.actor(who), student=child, kind=kind, text=text, client_id=uuid4())


def test_a_request_about_data_is_answered_in_writing_until_its_day(cast, child):
    asked = ask(cast, child)
    assert asked.due_on == datetime.date(2026, 12, 10)
    assert Message.objects.get(code="family.request").to == cast.users["coordinator"]
    with pytest.raises(Refused):
        data_requests.answer(cast.actor("coordinator"), request=asked, outcome="refused", text="  ")
    data_requests.answer(cast.actor("coordinator"), request=asked, outcome="refused", text="法律要求保存三年")
    [one] = data_requests.requests_of(cast.actor("guardian"), child)
    assert (one.request.get_outcome_display(), one.answer) == ("not possible", "法律要求保存三年")
    with pytest.raises(Refused, match="already"):
        data_requests.answer(cast.actor("coordinator"), request=asked, outcome="done", text="改了")


@pytest.mark.parametrize("who", ["helper", "class_teacher", "deputy", "guardian", "outsider"])
def test_coordinator_and_head_answer_nobody_else(cast, child, who):
    asked = ask(cast, child)
    with pytest.raises(NotAllowed):
        data_requests.answer(cast.actor(who), request=asked, outcome="done", text="改了")
    assert DataRequest.objects.waiting().count() == 1


@pytest.mark.parametrize("who", ["helper", "student", "outsider"])
def test_only_a_guardian_asks(cast, child, who):
    with pytest.raises(NotAllowed):
        ask(cast, child, who=who)


def born(child, day: str) -> Student:
    child.birth_date = datetime.date.fromisoformat(day)
    child.save()
    return child


YOUNG, OLD = "2013-05-06", "2012-11-25"


def test_below_fourteen_a_guardians_yes_stands_at_once(cast, child):
    born(child, YOUNG)
    assert consent_words.agree(cast.actor("guardian"), student=child, purpose="photo")
    assert with_consent([child.pk], "photo") == {child.pk}
    assert Consent.objects.get().given_by == "奶奶 周桂兰"


def test_from_fourteen_it_waits_for_the_child_and_the_childs_yes_makes_it_stand(cast, child):
    born(child, OLD)
    assert not consent_words.agree(cast.actor("guardian"), student=child, purpose="photo")
    assert not with_consent([child.pk], "photo")
    consent_words.say(cast.actor("student"), student=child, purpose="photo", agreed=True)
    consent = Consent.objects.get()
    assert (consent.student_agreed, consent.recorded_by) == (True, cast.users["student"])


def test_the_childs_no_is_respected_and_shown(cast, child):
    born(child, OLD)
    consent_words.agree(cast.actor("guardian"), student=child, purpose="photo")
    consent_words.say(cast.actor("student"), student=child, purpose="photo", agreed=False)
    consent_words.say(cast.actor("student"), student=child, purpose="photo", agreed=True)
    assert not Consent.objects.exists()
    photo = next(
        one for one in consent_words.standing_of(cast.actor("guardian"), child) if one.code == "photo"
    )
    assert photo.child_said_no and not photo.waits


def test_nobody_says_the_childs_word_and_the_child_says_no_family_word(cast, child):
    born(child, OLD)
    with pytest.raises(NotAllowed):
        consent_words.agree(cast.actor("student"), student=child, purpose="photo")
    consent_words.agree(cast.actor("guardian"), student=child, purpose="photo")
    for who in ("guardian", "helper", "outsider"):
        with pytest.raises(NotAllowed):
            consent_words.say(cast.actor(who), student=child, purpose="photo", agreed=True)
    assert ConsentWord.objects.waiting().count() == 1


def test_a_guardian_who_ended_meanwhile_gave_no_yes(cast, child, grandma):
    born(child, OLD)
    consent_words.agree(cast.actor("guardian"), student=child, purpose="photo")
    Guardian.objects.filter(pk=grandma.pk).update(ends_on=datetime.date(2026, 11, 25))
    consent_words.say(cast.actor("student"), student=child, purpose="photo", agreed=True)
    assert not Consent.objects.exists()


def test_what_is_withdrawn_stops_alone_by_family_or_child(cast, child):
    born(child, OLD)
    for purpose in ("photo", "peer"):
        consent_words.agree(cast.actor("guardian"), student=child, purpose=purpose)
        consent_words.say(cast.actor("student"), student=child, purpose=purpose, agreed=True)
    consent_words.stop(cast.actor("student"), student=child, purpose="photo")
    assert (with_consent([child.pk], "photo"), with_consent([child.pk], "peer")) == (set(), {child.pk})
    consent_words.stop(cast.actor("guardian"), student=child, purpose="peer")
    assert not Consent.objects.standing().exists() and Consent.objects.count() == 2


def test_below_fourteen_the_child_ends_nothing_that_the_family_agreed(cast, child):
    born(child, YOUNG)
    consent_words.agree(cast.actor("guardian"), student=child, purpose="photo")
    with pytest.raises(Refused, match="fourteen"):
        consent_words.stop(cast.actor("student"), student=child, purpose="photo")
    assert Consent.objects.standing().exists()


def test_what_the_law_lays_on_the_school_is_not_asked(cast, child):
    with pytest.raises(Refused):
        consent_words.agree(cast.actor("guardian"), student=child, purpose="roster")
    assert "roster" not in consent_words.open_purposes()
