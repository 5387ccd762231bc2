import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.contacts import rules
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.starters import STARTERS
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.kernel.errors import Refused

NOW = datetime.datetime(2026, 11, 23, 20, 0, tzinfo=SCHOOL_TIME)
YEAR = datetime.date(2026, 9, 1)
TALK, VISIT, HIGHLIGHT = KINDS["talk"], KINDS["visit"], KINDS["highlight"]


def ago(**delta: int) -> datetime.datetime:
    return NOW - datetime.timedelta(**delta)


def happened(moment):
    return rules.happened(moment, recorded_at=NOW, year_starts_on=YEAR)


def check_form(kind, **changes):
    form = {"channel": kind.channels[0], "reached": ["student"], "made": True, "minutes": 15, "body": {}}
    rules.check_form(kind, **(form | changes))


def test_without_a_time_it_happened_as_it_is_written_down():
    assert happened(None) == NOW


def test_a_clock_five_minutes_ahead_is_forgiven():
    assert happened(NOW + datetime.timedelta(minutes=5)) == NOW
    assert happened(ago(minutes=5)) == ago(minutes=5)


def test_what_has_not_happened_is_not_recorded():
    with pytest.raises(Refused) as no:
        happened(NOW + datetime.timedelta(minutes=6))
    assert no.value.field == "happened_at"


def test_nothing_lies_before_the_school_year():
    first = datetime.datetime(2026, 9, 1, tzinfo=SCHOOL_TIME)
    assert happened(first) == first
    with pytest.raises(Refused):
        happened(first - datetime.timedelta(minutes=1))


@pytest.mark.parametrize(("days", "later"), [(0, False), (1, False), (2, True), (30, True)])
def test_written_days_after_means_two_calendar_days_or_more(days, later):
    assert rules.written_days_after(ago(days=days), NOW) is later


def test_a_talk_needs_one_sentence():
    answers = {"thoughts": " 想学好英语 ", "other": "x"}
    assert rules.clean_body(TALK, answers, made=True) == {"thoughts": "想学好英语"}
    with pytest.raises(Refused):
        rules.clean_body(TALK, {"thoughts": "  "}, made=True)


def test_naming_people_alone_says_nothing_yet():
    with pytest.raises(Refused) as no:
        rules.clean_body(VISIT, {"companion": "何静", "met_whom": "奶奶"}, made=True)
    assert no.value.field == "at_home"


def test_an_attempt_needs_no_text():
    assert rules.clean_body(TALK, {}, made=False) == {}


def test_a_needed_answer_is_asked_for_by_name():
    with pytest.raises(Refused) as no:
        rules.clean_body(KINDS["goal"], {"sign": "单词听写"}, made=True)
    assert no.value.field == "goal"


def test_a_text_has_an_end():
    with pytest.raises(Refused):
        rules.clean_body(TALK, {"thoughts": "好" * 4001}, made=True)


def test_topics_follow_from_the_answers():
    assert TALK.topics_of({"thoughts": "…", "promise": "…"}) == {"talk", "thoughts"}
    assert KINDS["book"].topics_of({"title": "…"}) == {"book"}


def test_a_visit_at_home_names_the_second_adult():
    check_form(VISIT, reached=["mother"], body={"companion": "何静"})
    check_form(VISIT, channel="phone", reached=["mother"])
    with pytest.raises(Refused) as no:
        check_form(VISIT, reached=["mother"])
    assert no.value.field == "companion"


def test_nobody_at_home_needs_no_second_adult():
    check_form(VISIT, made=False, reached=[])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "letter"}, "channel"),
        ({"reached": ["neighbour"]}, "reached"),
        ({"reached": []}, "reached"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 601}, "minutes"),
    ],
)
def test_what_a_talk_does_not_know_is_refused(changes, field):
    with pytest.raises(Refused) as no:
        check_form(TALK, **changes)
    assert no.value.field == field


def test_a_bright_moment_reaches_nobody_and_cannot_fail():
    check_form(HIGHLIGHT, reached=[])
    with pytest.raises(Refused):
        check_form(HIGHLIGHT, made=False, reached=[])


def test_the_next_date_is_not_before_the_contact():
    rules.check_next(datetime.date(2026, 11, 23), happened_at=NOW)
    with pytest.raises(Refused):
        rules.check_next(datetime.date(2026, 11, 22), happened_at=NOW)


@pytest.mark.parametrize(
    ("relation", "order", "away", "codes"),
    [
        ("mother", 1, True, {"mother", "away_parent"}),
        ("father", 1, False, {"father"}),
        ("mother", 2, False, {"mother", "second_guardian"}),
        ("grandparent", 2, False, {"second_guardian"}),
        ("grandparent", 1, False, {"second_guardian"}),
        ("relative", 1, True, {"other"}),
    ],
)
def test_who_counts_as_reached(relation, order, away, codes):
    assert rules.guardian_reached(relation, order=order, away=away) == codes


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)))
def test_offered_dates_are_mondays_to_come(day):
    offered = [choice.on for choice in rules.next_dates(day)]
    assert all(on > day and on.weekday() == 0 for on in offered) and offered[0] < offered[1]


def test_a_week_begins_on_monday_at_school():
    sunday_night = datetime.datetime(2026, 11, 22, 23, 59, tzinfo=SCHOOL_TIME)
    assert rules.monday_of(sunday_night) == datetime.date(2026, 11, 16)
    assert rules.monday_of(sunday_night + datetime.timedelta(minutes=1)) == datetime.date(2026, 11, 23)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_every_kind_asks_each_question_once(kind):
    codes = [question.code for question in kind.questions]
    assert codes and len(codes) == len(set(codes)) and kind.channels


def test_every_longer_text_begins_with_a_few_words_or_an_answer_at_a_tap():
    offered = {
        f"{kind.code}.{question.code}": len(question.quick or question.starters)
        for kind in KINDS.values()
        for question in kind.questions
        if question.rows > 1
    }
    assert {code: n for code, n in offered.items() if n < 3} == {}
    assert all(len(beginnings) in (3, 4) for beginnings in STARTERS.values())


def test_beginnings_belong_to_a_question_that_is_asked():
    asked = {question.code for kind in KINDS.values() for question in kind.questions}
    assert STARTERS.keys() <= asked
