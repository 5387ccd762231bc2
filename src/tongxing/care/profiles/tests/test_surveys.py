"""Interview and survey forms: defined and changed in versions, filled in sealed, asked only where the family agrees."""

import datetime
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.profiles import survey_actions, survey_rules
from tongxing.care.profiles.models import Survey, SurveyAnswers, Topic
from tongxing.care.profiles.queries import essentials_of, filled_in, surveys_in_use, told_of
from tongxing.care.profiles.ready_surveys import READY
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent, withdraw_consent

TODAY = datetime.date(2026, 11, 25)
TOPICS = (Topic("", "喜欢什么", essential=True), Topic("", "几点睡", choices=("九点前", "十点后")))


def define(cast, by="coordinator", **told):
    facts = {"asked": "student", "title": "兴趣", "topics": TOPICS, "client_id": uuid4()} | told
    return survey_actions.define_survey(cast.actor(by), school=cast.school, **facts)


def agree(cast, student=None):
    facts = {"purpose": "survey", "given_by": "奶奶", "student_agreed": True}
    return give_consent(cast.actor("head"), student=student or cast.students.key, **facts)


def fill(cast, survey, by="helper", said=None, student=None, **told):
    facts = {"asked_on": TODAY, "client_id": uuid4()} | told
    return survey_actions.fill_in(
        cast.actor(by),
        student=student or cast.students.key,
        version=survey.current,
        said={"t1": "看书"} if said is None else said,
        **facts,
    )


def told(cast, by="class_teacher"):
    return [one.pairs for one in told_of(cast.actor(by), cast.students.key)]


def test_a_form_is_defined_by_those_who_lead_and_its_topics_get_codes(cast):
    survey = define(cast)
    assert [topic.code for topic in survey.current.questions] == ["t1", "t2"]
    assert surveys_in_use(cast.actor("helper"), cast.school.pk) == [survey]
    assert AuditEntry.objects.latest("pk").action == "survey.define"


@pytest.mark.parametrize(
    "by", ["class_teacher", "helper", "counsellor", "other_teacher", "system_admin", "outsider"]
)
def test_nobody_else_defines_changes_or_ends_one(cast, by):
    survey = define(cast)
    for attempt in (
        lambda: define(cast, by),
        lambda: survey_actions.take_ready(cast.actor(by), school=cast.school, code="interests"),
        lambda: survey_actions.change_survey(
            cast.actor(by), survey=survey, after=1, title="改", topics=TOPICS
        ),
        lambda: survey_actions.end_survey(cast.actor(by), survey=survey),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert Survey.objects.running().count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "长" * 61},
        {"topics": ()},
        {"topics": (Topic("", "  "),)},
        {"topics": (Topic("", "问" * 81),)},
        {"topics": (Topic("", "只有一个", choices=("是",)),)},
        {"topics": (Topic("", "太长", choices=("一" * 31, "二")),)},
        {"topics": tuple(Topic("", f"第{n}问") for n in range(13))},
        {"topics": (Topic("t1", "一"), Topic("t1", "二"))},
        {"asked": "stars"},
    ],
)
def test_an_unfit_form_is_refused_in_words(cast, wrong):
    with pytest.raises(Refused):
        define(cast, **wrong)
    assert not Survey.objects.exists()


def test_a_changed_form_is_a_new_version_and_answers_keep_their_wording(cast):
    agree(cast)
    survey = define(cast)
    fill(cast, survey)
    first = survey.current.questions
    changed = (replace(first[0], label="最喜欢做什么"), Topic("", "和谁一起"))
    lead = cast.actor("head")
    version = survey_actions.change_survey(lead, survey=survey, after=1, title="兴趣爱好", topics=changed)
    assert (version.number, [topic.code for topic in version.questions]) == (2, ["t1", "t2"])
    assert told(cast) == [(("喜欢什么", "看书"),)]
    same = survey_actions.change_survey(
        lead, survey=survey, after=2, title="兴趣爱好", topics=version.questions
    )
    assert same == version
    with pytest.raises(Refused):  # somebody else was faster
        survey_actions.change_survey(lead, survey=survey, after=1, title="又改", topics=changed)


def test_a_ready_form_is_taken_over_once_and_again_after_it_ended(cast):
    lead = cast.actor("coordinator")
    taken = survey_actions.take_ready(lead, school=cast.school, code="interests")
    assert survey_actions.take_ready(lead, school=cast.school, code="interests") == taken
    survey_actions.end_survey(lead, survey=taken)
    survey_actions.end_survey(lead, survey=taken)  # a second tap
    other = survey_actions.take_ready(lead, school=cast.school, code="interests")
    assert other != taken
    with pytest.raises(Refused):  # one of a kind at a time
        survey_actions.end_survey(lead, survey=taken, runs=True)
    survey_actions.end_survey(lead, survey=other)
    survey_actions.end_survey(lead, survey=taken, runs=True)
    assert list(Survey.objects.running()) == [taken]
    with pytest.raises(Refused):
        survey_actions.take_ready(lead, school=cast.school, code="horoscope")


@pytest.mark.parametrize("code", READY)
def test_every_ready_form_keeps_the_rules_of_a_form(code):
    ready = READY[code]
    survey_rules.check_form(ready.title, ready.topics)
    assert ready.asked in Survey.Asked and ready.what


def test_answers_are_sealed_and_read_by_those_who_look_after_the_child(cast):
    agree(cast)
    answers = fill(cast, define(cast), said={"t1": " 看书 ", "t2": "九点前", "other": "不在表上"})
    assert "看书".encode() not in bytes(answers.answers_sealed)
    assert told(cast) == [(("喜欢什么", "看书"), ("几点睡", "九点前"))]
    assert told(cast, "counsellor") == told(cast)
    for by in ("other_class_teacher", "other_teacher", "system_admin", "guardian", "outsider"):
        assert told(cast, by) == []
    assert "看书" not in str(AuditEntry.objects.latest("pk").detail)


def test_without_the_familys_word_child_and_family_are_not_asked(cast):
    survey = define(cast)
    with pytest.raises(Refused) as refusal:
        fill(cast, survey)
    assert refusal.value.field == "consent" and "没有同意" in refusal.value.message
    withdraw_consent(cast.actor("head"), consent=agree(cast))
    with pytest.raises(Refused):
        fill(cast, survey)
    fill(cast, define(cast, asked="teacher"))  # what a teacher knows from lessons
    agree(cast)
    assert fill(cast, survey).pk


@pytest.mark.parametrize(
    "by", ["other_class_teacher", "other_teacher", "system_admin", "guardian", "outsider"]
)
def test_who_is_not_near_the_child_fills_in_and_takes_back_nothing(cast, by):
    agree(cast)
    survey = define(cast)
    answers = fill(cast, survey)
    with pytest.raises(NotAllowed):
        fill(cast, survey, by)
    with pytest.raises(NotAllowed):
        survey_actions.take_back(cast.actor(by), answers=answers, reason="弄错了")
    assert SurveyAnswers.objects.standing().count() == 1


def test_a_form_of_another_school_is_not_filled_in(cast):
    agree(cast)
    elsewhere = survey_actions.define_survey(
        cast.actor("outsider"),
        school=cast.other_school,
        asked="teacher",
        title="兴趣",
        topics=TOPICS,
        client_id=uuid4(),
    )
    with pytest.raises(NotAllowed):
        fill(cast, elsewhere)


@pytest.mark.parametrize(
    ("said", "more", "field"),
    [
        ({}, {}, None),
        ({"t1": "  "}, {}, None),
        ({"t1": "字" * 501}, {}, "t1"),
        ({"t2": "半夜"}, {}, "t2"),
        ({"t1": "看书"}, {"asked_on": TODAY + datetime.timedelta(days=1)}, "asked_on"),
    ],
)
def test_empty_endless_unknown_and_coming_answers_are_refused_beside_their_field(cast, said, more, field):
    agree(cast)
    with pytest.raises(Refused) as refusal:
        fill(cast, define(cast), said=said, **more)
    assert refusal.value.field == field


def test_a_form_that_ended_is_not_filled_in_any_more(cast):
    agree(cast)
    survey = define(cast)
    survey_actions.end_survey(cast.actor("head"), survey=survey)
    survey.refresh_from_db()
    with pytest.raises(Refused):
        fill(cast, survey)


def test_the_same_form_sent_twice_is_one(cast):
    agree(cast)
    survey = define(cast)
    assert fill(cast, survey, client_id=UUID(int=5)) == fill(cast, survey, client_id=UUID(int=5))
    assert define(cast, client_id=UUID(int=6)) == define(cast, client_id=UUID(int=6))


def test_answers_are_taken_back_with_a_reason_and_ones_own_of_a_moment_ago_without(cast, at_school):
    agree(cast)
    survey = define(cast)
    mine, later = fill(cast, survey), fill(cast, survey)
    survey_actions.take_back(cast.actor("helper"), answers=mine)
    with pytest.raises(NotAllowed):  # a colleague's are not taken back by a neighbour
        survey_actions.take_back(cast.actor("class_teacher"), answers=later, reason="弄错了")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused) as refusal:
        survey_actions.take_back(cast.actor("helper"), answers=later)
    assert refusal.value.field == "reason"
    survey_actions.take_back(cast.actor("coordinator"), answers=later, reason="录错了人")
    assert told(cast) == [] and SurveyAnswers.objects.count() == 2
    with transaction.atomic(), pytest.raises(IntegrityError):
        SurveyAnswers.objects.filter(pk=mine.pk).update(taken_back_because="")


def test_words_of_danger_call_for_somebody_today(cast):
    agree(cast)
    fill(cast, define(cast), said={"t1": "有时候觉得不想活了"})
    assert RiskFlag.objects.filter(student=cast.students.key).exists()


def test_the_bound_volume_gets_the_essentials_of_the_newest_answers_alone(cast):
    agree(cast)
    survey = define(cast)
    fill(cast, survey, said={"t1": "画画", "t2": "九点前"}, asked_on=TODAY - datetime.timedelta(days=30))
    fill(cast, survey, said={"t1": "看书", "t2": "十点后"})
    ids = [cast.students.key.pk, cast.students.plain.pk]
    assert essentials_of(cast.actor("head"), ids) == {cast.students.key.pk: ["看书"]}
    assert essentials_of(cast.actor("other_teacher"), ids) == {}
    assert filled_in(cast.actor("head"), survey, ids) == {cast.students.key.pk}


labels = st.text("问什么好玩", min_size=1, max_size=6)


@given(st.lists(st.builds(Topic, st.sampled_from(["", "t1", "t7", "x"]), labels), max_size=10))
def test_a_topic_keeps_its_code_and_a_new_one_gets_a_code_nobody_has(topics):
    found = survey_rules.coded(topics)
    assert [one.label for one in found] == [one.label for one in topics]
    kept = [(old, new) for old, new in zip(topics, found, strict=True) if old.code]
    assert all(old.code == new.code for old, new in kept)
    fresh = [new.code for old, new in zip(topics, found, strict=True) if not old.code]
    assert len(set(fresh)) == len(fresh) and not set(fresh) & {one.code for one in topics if one.code}


@given(st.lists(st.text("甲乙丙丁 ", min_size=1, max_size=4), max_size=8))
def test_choices_are_read_each_once_in_their_order_however_they_are_parted(words):
    expected = list(dict.fromkeys(text for word in words if (text := " ".join(word.split()))))
    for sign in ("、", "\n", "；", ";"):
        assert list(survey_rules.choices_in(sign.join(words))) == expected
