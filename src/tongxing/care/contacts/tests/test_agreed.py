"""林岚 and 周晓禾 agree on a next time and on a goal; both stand until they have come about."""

import datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.contacts import actions, rules
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.agreed import appointments, goal_of, goals_without_outcome, usual
from tongxing.ground.kernel import clock

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 25)  # a Wednesday


def write(cast, days_ago=0, next_on=None, role="helper", kind="talk", body=None, **more):
    told = Told(
        body or {"thoughts": "想学好英语"},
        reached=more.pop("reached", ["student"]),
        made=more.pop("made", True),
        happened_at=clock.now() - days_ago * DAY,
        next_on=next_on,
    )
    return actions.write_contact(
        cast.actor(role), student=cast.students.key, client_id=uuid4(), kind=kind, told=told, **more
    )


def agreed(cast, role="helper"):
    return appointments(cast.actor(role), [cast.students.key.pk]).get(cast.students.key.pk)


def test_a_next_time_stands_until_people_meet_in_its_week(cast):
    write(cast, days_ago=9, next_on=TODAY - DAY)
    assert agreed(cast).on == TODAY - DAY and agreed(cast).waits(TODAY)
    write(cast, days_ago=7)
    assert agreed(cast), "the week before keeps no appointment"
    write(cast, days_ago=2)
    assert agreed(cast) is None


def test_any_genuine_contact_keeps_it_and_an_attempt_does_not(cast):
    write(cast, days_ago=7, next_on=TODAY)
    write(cast, kind="call", made=False, reached=[], body={"said": "没有接通"})
    write(cast, kind="highlight", body={"seen": "帮同学讲题"}, reached=[])
    assert agreed(cast)
    write(cast, kind="tutoring", role="class_teacher", body={"covered": "移项"})
    assert agreed(cast) is None


def test_a_later_date_takes_the_place_of_an_earlier_one(cast):
    write(cast, days_ago=7, next_on=TODAY)
    write(cast, days_ago=6, next_on=TODAY + 5 * DAY)
    assert agreed(cast).on == TODAY + 5 * DAY and not agreed(cast).waits(TODAY)


def test_what_is_withdrawn_or_restricted_agrees_nothing_here(cast):
    contact = write(cast, next_on=TODAY + DAY)
    actions.withdraw_contact(cast.actor("helper"), contact=contact, reason="重复")
    write(cast, next_on=TODAY + DAY, visibility="counsellor")
    assert agreed(cast) is None


def test_nobody_else_reads_what_was_agreed(cast):
    write(cast, next_on=TODAY + DAY)
    assert agreed(cast, "class_teacher").staff_name == "林岚"
    assert agreed(cast, "other_class_teacher") is None and agreed(cast, "outsider") is None


def test_appointments_take_two_queries(cast, django_assert_num_queries):
    write(cast, next_on=TODAY + DAY)
    helper = cast.actor("helper")
    with django_assert_num_queries(2):
        appointments(helper, [cast.students.key.pk, cast.students.normal.pk])


@given(st.integers(-20, 20), st.integers(0, 20), st.integers(0, 40))
def test_an_appointment_stands_exactly_until_somebody_met_in_its_week_or_later(start, ahead, met):
    agreed_at = clock.start_of(TODAY + start * DAY) + datetime.timedelta(hours=10)
    next_on = clock.day_of(agreed_at) + ahead * DAY
    met_at = agreed_at + met * DAY
    kept = met > 0 and clock.day_of(met_at).isocalendar()[:2] >= next_on.isocalendar()[:2]
    assert rules.still_agreed(next_on, agreed_at, met_at) is not kept


def test_an_outcome_belongs_to_the_goal_before_it(cast):
    helper, student = cast.actor("helper"), cast.students.key
    assert goal_of(helper, student) is None
    write(cast, days_ago=30, kind="goal", body={"goal": "每天记五个单词", "sign": "听写本"})
    outcome = write(cast, days_ago=3, kind="goal_outcome", body={"outcome": "达到了"})
    assert goal_of(helper, student).outcome == "达到了"
    write(cast, days_ago=1, kind="goal", body={"goal": "作业都交"})
    now = goal_of(helper, student)
    assert (now.goal, now.outcome) == ("作业都交", "")
    assert goal_of(helper, student, at=outcome.happened_at).goal == "每天记五个单词"
    assert goal_of(cast.actor("outsider"), student) is None


def test_goals_after_the_last_outcome_are_open(cast, django_assert_num_queries):
    key, term = cast.students.key, cast.term.starts_on

    def open_goals(role="coordinator"):
        found = goals_without_outcome(cast.actor(role), [key.pk, cast.students.normal.pk], term)
        return [goal.goal for goal in found.get(key.pk, [])]

    write(cast, days_ago=40, kind="goal", body={"goal": "每天记五个单词"})
    assert open_goals() == ["每天记五个单词"]
    write(cast, days_ago=12, kind="goal_outcome", body={"outcome": "达到了"})
    assert open_goals() == []
    write(cast, days_ago=9, kind="goal", body={"goal": "作业都交"})
    write(cast, days_ago=1, kind="goal", body={"goal": "每天读十分钟"})
    assert open_goals() == ["作业都交", "每天读十分钟"]
    assert open_goals("outsider") == []
    coordinator = cast.actor("coordinator")
    with django_assert_num_queries(2):
        goals_without_outcome(coordinator, [key.pk, cast.students.normal.pk], term)


def test_the_partners_name_stands_in_the_next_form(cast):
    write(cast, kind="partner", body={"partner": "苏苗苗", "discussed": "错题"})
    assert usual(cast.actor("helper"), cast.students.key, "partner") == {"partner": "苏苗苗"}
    assert usual(cast.actor("helper"), cast.students.key, "talk") == {}
    assert usual(cast.actor("outsider"), cast.students.key, "partner") == {}


@pytest.mark.parametrize("kind", ["message", "praise", "success", "goal"])
def test_short_forms_offer_sentences_at_a_tap(kind):
    from tongxing.care.contacts.kinds import KINDS

    assert any(question.quick for question in KINDS[kind].questions)
