"""Feedback, recognition, looking back, what is done next. Wednesday 2026-11-25, teaching week 12."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.cast import NOW
from tests.promised import pair, talk

from tongxing.ground.access.roles import Role
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Guardian, Responsibility
from tongxing.oversight.review import feedback, queries, recognition, reflection, steps
from tongxing.oversight.review.models import FeedbackRound, FeedbackWords, NextStep, Recognition, Reflection

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 25)
YES = ["yes", "partly", "cannot_say"]


def opened(cast, role="coordinator", **told) -> FeedbackRound:
    values = {
        "client_id": uuid4(),
        "questions": [str(one) for one in feedback.ASKED],
        "last_day": TODAY + 7 * DAY,
    }
    return feedback.open_round(cast.actor(role), term=cast.term, **(values | told))


def family(cast, number) -> str:
    """One more family with an account."""
    key = f"family{number}"
    cast.users[key] = type(cast.users["head"]).objects.create_user(key, f"家长{number}")
    cast.grant(key, Role.GUARDIAN, student=cast.students.key)
    return key


def answered(cast, round, many, words=()):
    said = [*words, *[""] * (many - len(words))]
    for number in range(many):
        feedback.answer(cast.actor(family(cast, number)), round=round, choices=YES, words=said[number])
    round.refresh_from_db()


def test_an_answer_is_added_to_the_sums_and_nothing_of_the_family_is_kept(cast):
    round, before = opened(cast), AuditEntry.objects.count()
    feedback.answer(cast.actor("guardian"), round=round, choices=YES, words="谢谢老师")
    round.refresh_from_db()
    assert round.answers == 1 and round.tally == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
    assert AuditEntry.objects.count() == before, "an entry would have its moment"
    fields = {one.name for one in FeedbackWords._meta.get_fields()}
    assert fields == {"id", "school", "round", "place", "said_sealed", "alarms"}
    assert "谢谢" not in bytes(FeedbackWords.objects.get().said_sealed).decode("latin1")
    assert str(cast.users["guardian"].pk) not in round.answered


def test_a_family_answers_once_while_the_round_is_open(cast, at_school):
    round = opened(cast)
    for choices in (["yes"], ["yes", "no", "yes"]):
        with pytest.raises(Refused):
            feedback.answer(cast.actor("guardian"), round=round, choices=choices)
    with pytest.raises(Refused):
        feedback.answer(cast.actor("guardian"), round=round, choices=YES, words="长" * 301)
    feedback.answer(cast.actor("guardian"), round=round, choices=YES)
    with pytest.raises(Refused):
        feedback.answer(cast.actor("guardian"), round=round, choices=YES)
    with pytest.raises(NotAllowed):
        feedback.answer(cast.actor("helper"), round=round, choices=YES)
    other = family(cast, 77)
    at_school.shift(datetime.timedelta(days=8))
    with pytest.raises(Refused):
        feedback.answer(cast.actor(other), round=round, choices=YES)


def test_nothing_is_shown_before_the_end_or_below_ten_answers(cast, at_school):
    round, office = opened(cast), cast.actor("coordinator")
    answered(cast, round, 9)
    assert feedback.result(office, round) is None
    feedback.answer(cast.actor(family(cast, 10)), round=round, choices=YES)
    round.refresh_from_db()
    assert feedback.result(office, round) is None, "while it runs, what is new would show whose it is"
    at_school.shift(datetime.timedelta(days=8))
    found = feedback.result(cast.actor("coordinator"), round)
    assert found.answers == 10 and found.rows[0][1][0] == ("yes", 10)
    with pytest.raises(NotAllowed):
        feedback.result(cast.actor("helper"), round)


def test_words_are_shown_with_names_covered_and_those_of_danger_go_to_the_responder_alone(cast, at_school):
    Responsibility.objects.create(
        school=cast.school, staff=cast.staff["counsellor"], post="safety", starts_on=TODAY, recorded_at=NOW
    )  # fmt: skip
    cast.grant("counsellor", Role.SAFETY)
    round = opened(cast)
    answered(cast, round, 10, ["周晓禾说林老师好", "孩子说有人打他，不敢上学", "谢谢"])
    message = Message.objects.get(code="feedback.alarm")
    assert message.to == cast.users["counsellor"]
    assert feedback.alarms(cast.actor("counsellor"), round) == ["孩子说有人打他，不敢上学"]
    assert AuditEntry.objects.get(action="feedback.alarms").detail == {"words": 1}
    with pytest.raises(NotAllowed):
        feedback.alarms(cast.actor("coordinator"), round)
    at_school.shift(datetime.timedelta(days=8))
    found = feedback.result(cast.actor("coordinator"), round)
    assert sorted(found.words) == ["○○说○○老师好", "谢谢"] and found.held_back == 1


def test_words_that_name_the_responder_are_read_by_the_next_in_line(cast):
    cast.grant("counsellor", Role.SAFETY)
    round = opened(cast)
    feedback.answer(cast.actor("guardian"), round=round, choices=YES, words="有人打他，就是白露")
    assert feedback.alarms(cast.actor("counsellor"), round) == []
    assert feedback.alarms(cast.actor("head"), round) != []


def test_new_words_take_a_random_place(cast, monkeypatch):
    round = opened(cast)
    places = iter([0, 0, 1])
    monkeypatch.setattr(feedback.secrets, "randbelow", lambda below: next(places))
    answered(cast, round, 3, ["一", "二", "三"])
    told = [feedback.unseal(round.key, one.said_sealed, feedback.SAID_AT) for one in round.words.all()]
    assert told == ["二", "三", "一"]


def test_slips_are_counted_into_the_same_sums_once(cast):
    round, same = opened(cast), uuid4()
    tally = [[2, 1, 0, 0], [3, 0, 0, 0], [0, 0, 1, 1]]
    for _twice in range(2):
        feedback.enter_slips(
            cast.actor("coordinator"),
            round=round,
            client_id=same,
            slips=3,
            tally=tally,
            words=["好", "", "谢"],
        )
    round.refresh_from_db()
    assert (round.answers, round.on_paper, round.tally) == (3, 3, tally) and round.words.count() == 2
    assert AuditEntry.objects.get(action="feedback.slips").detail == {"slips": 3}
    with pytest.raises(Refused):
        feedback.enter_slips(
            cast.actor("coordinator"), round=round, client_id=uuid4(), slips=2, tally=tally, words=[]
        )
    with pytest.raises(NotAllowed):
        feedback.enter_slips(
            cast.actor("helper"), round=round, client_id=uuid4(), slips=3, tally=tally, words=[]
        )


def test_families_are_asked_once_a_term_by_those_who_lead(cast, at_school):
    with pytest.raises(NotAllowed):
        opened(cast, "class_teacher")
    for told in ({"questions": ["一", "二"]}, {"questions": ["一", "二", " "]}, {"last_day": TODAY - DAY}):
        with pytest.raises(Refused):
            opened(cast, **told)
    round = opened(cast)
    assert opened(cast, client_id=round.client_id) == round
    with pytest.raises(Refused):
        opened(cast)
    feedback.change_last_day(cast.actor("head"), round=round, last_day=TODAY)
    at_school.shift(datetime.timedelta(days=1))
    with pytest.raises(Refused):
        feedback.change_last_day(cast.actor("head"), round=round, last_day=TODAY + 9 * DAY)


def noted(cast, role="coordinator", **told) -> Recognition:
    facts = {"kind": "superior", "from_whom": "县教育局", "day": TODAY, "text": "帮扶工作有实效"} | told
    client_id = facts.pop("client_id", None) or uuid4()
    return recognition.note(cast.actor(role), school=cast.school, client_id=client_id, facts=facts)


def test_praise_names_an_office_never_a_child_or_a_parent(cast):
    row = noted(cast)
    assert noted(cast, client_id=row.client_id) == row
    Guardian.objects.create(school=cast.school, student=cast.students.key, name="周大山", relation="father")
    wrong = [
        ("from_whom", {"from_whom": "周大山"}),
        ("text", {"text": "周晓禾进步很大"}),
        ("text", {"text": ""}),
        ("kind", {"kind": "friend"}),
        ("day", {"day": TODAY + DAY}),
    ]
    for field, told in wrong:
        with pytest.raises(Refused) as refusal:
            noted(cast, **told)
        assert refusal.value.field == field
    with pytest.raises(NotAllowed):
        noted(cast, "helper")


def test_praise_is_taken_back_with_a_reason_and_put_back_at_once(cast, at_school):
    row, office = noted(cast), cast.actor("coordinator")
    with pytest.raises(Refused):
        recognition.take_back(office, recognition=row, reason="")
    recognition.take_back(office, recognition=row, reason="记错了")
    assert not queries.praise_of(office, cast.term).exists()
    recognition.put_back(office, recognition=row)
    assert list(queries.praise_of(office, cast.term)) == [row]
    recognition.take_back(office, recognition=row, reason="记错了")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        recognition.put_back(office, recognition=row)


def test_a_paper_of_praise_is_kept_and_taken_away_for_good(cast):
    row, office = noted(cast), cast.actor("coordinator")
    kept = recognition.add_file(office, recognition=row, label="表扬信", content=picture())
    assert recognition.open_file(cast.actor("helper"), file=kept)[1] == "image/jpeg"
    with pytest.raises(NotAllowed):
        recognition.take_file_away(cast.actor("helper"), file=kept)
    recognition.take_file_away(office, file=kept)
    kept.refresh_from_db()
    assert kept.file is None and kept.key.destroyed_at


def written(cast, role="helper", text="每周和孩子走一段路。") -> Reflection:
    return reflection.save(cast.actor(role), term=cast.term, text=text)


def readers(cast, row):
    return {who for who in cast.users if row in Reflection.objects.visible_to(cast.actor(who))}


def test_a_look_back_is_ones_own_until_it_is_handed_in_with_the_facts_of_that_day(cast, at_school):
    pair(cast, cast.students.key, "helper")
    for day in (10, 17):
        talk(cast, happened_at=datetime.datetime(2026, 11, day, 8, tzinfo=datetime.UTC))
    row = written(cast)
    assert written(cast, text="想多听少说。") == row and readers(cast, row) == {"helper"}
    assert not AuditEntry.objects.filter(action__startswith="reflection").exists()
    row.refresh_from_db()
    assert row.text == "想多听少说。" and "想" not in bytes(row.text_sealed).decode("latin1")
    with pytest.raises(NotAllowed):
        reflection.hand_in(cast.actor("head"), reflection=row)
    reflection.hand_in(cast.actor("helper"), reflection=row)
    row.refresh_from_db()
    assert [value for _label, value, _means in row.facts] == [1, 2, 0, 0]
    assert readers(cast, row) == {"helper", "head", "deputy", "coordinator"}
    with pytest.raises(Refused):
        written(cast)
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        reflection.take_back(cast.actor("helper"), reflection=row)


def test_handed_in_too_early_it_is_ones_own_again(cast):
    row = written(cast)
    reflection.hand_in(cast.actor("helper"), reflection=row)
    reflection.take_back(cast.actor("helper"), reflection=row)
    row.refresh_from_db()
    assert readers(cast, row) == {"helper"} and row.facts == []
    with pytest.raises(Refused):
        reflection.hand_in(cast.actor("helper"), reflection=written(cast, text=""))
    with pytest.raises(NotAllowed):
        written(cast, "guardian")


def decided(cast, role="coordinator", **told) -> NextStep:
    values = {
        "client_id": uuid4(),
        "text": "把家访安排到周末",
        "person": cast.staff["helper"],
        "due_on": TODAY + 90 * DAY,
    }
    return steps.note(cast.actor(role), term=cast.term, **(values | told))


def test_what_is_done_next_names_a_colleague_and_a_day_and_waits_on_the_week(cast):
    row = decided(cast)
    assert decided(cast, client_id=row.client_id) == row
    assert Message.objects.get(code="review.step").to == cast.users["helper"]
    assert list(queries.my_steps(cast.actor("helper"))) == [row]
    for field, told in (
        ("text", {"text": " "}),
        ("person", {"person": cast.staff["outsider"]}),
        ("due_on", {"due_on": TODAY - DAY}),
    ):
        with pytest.raises(Refused) as refusal:
            decided(cast, **told)
        assert refusal.value.field == field
    with pytest.raises(NotAllowed):
        decided(cast, "helper")


def test_it_is_done_with_a_line_taken_back_the_same_day_or_let_go(cast, at_school):
    row, helper = decided(cast), cast.actor("helper")
    with pytest.raises(Refused):
        steps.see_to(helper, step=row, words="")
    with pytest.raises(NotAllowed):
        steps.see_to(cast.actor("class_teacher"), step=row, words="好了")
    steps.see_to(helper, step=row, words="排好了")
    steps.not_yet(helper, step=row)
    with pytest.raises(NotAllowed):
        steps.let_go(helper, step=row, reason="…")
    steps.see_to(helper, step=row, words="排好了")
    at_school.shift(datetime.timedelta(days=1))
    with pytest.raises(Refused):
        steps.not_yet(cast.actor("helper"), step=row)
    with pytest.raises(Refused):
        steps.let_go(cast.actor("head"), step=row, reason="…")


def test_what_is_not_done_belongs_into_the_next_terms_plan(cast):
    row, done = decided(cast), decided(cast)
    steps.see_to(cast.actor("helper"), step=done, words="排好了")
    next_term = type(cast.term).objects.create(
        school=cast.school, year=cast.year, number=2, starts_on=datetime.date(2027, 2, 22),
        ends_on=datetime.date(2027, 7, 2), week_one=datetime.date(2027, 2, 22),
    )  # fmt: skip
    head = cast.actor("head")
    assert list(queries.left_from_before(head, cast.school, next_term)) == [row]
    assert not queries.left_from_before(head, cast.school, cast.term).exists()


def test_the_database_holds_one_round_a_term_and_done_with_words(cast):
    round, row = opened(cast), decided(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackRound.objects.filter(pk=round.pk).update(on_paper=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        NextStep.objects.filter(pk=row.pk).update(done_on=TODAY)
