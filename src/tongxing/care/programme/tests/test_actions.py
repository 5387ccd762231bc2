"""Who changes the school's promises, and how an exemption is given and ended."""

import datetime

import pytest
from tests.promised import talk

from tongxing.care.programme import actions, queries
from tongxing.care.programme.models import Commitment, Exemption
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

D = datetime.date


def promise(code="talk") -> Commitment:
    return Commitment.objects.get(code=code, ends_on=None)


def weeks(cast, code, as_of=None):
    found = queries.obligations(SYSTEM, cast.term, as_of or clock.now(), [cast.students.key.pk])
    return {one.weeks: one.state for one in found if one.commitment == code}


def audited(action):
    return AuditEntry.objects.filter(action=action).count()


def test_a_school_gets_the_built_in_promises_once(cast):
    assert actions.install(SYSTEM, school=cast.school) == 14
    assert actions.install(cast.actor("coordinator"), school=cast.school) == 0
    assert audited("programme.install") == 1
    assert {one.programme.code for one in Commitment.objects.all()} == {
        "six_ones",
        "three_conversations",
        "holidays",
    }


@pytest.mark.parametrize("role", ["helper", "class_teacher", "deputy", "counsellor", "guardian", "outsider"])
def test_only_those_who_set_up_the_school_change_promises(promised, role):
    actor = promised.actor(role)
    for change in (
        lambda: actions.install(actor, school=promised.school),
        lambda: actions.change_cadence(actor, commitment=promise(), every="month"),
        lambda: actions.stop(actor, commitment=promise()),
        lambda: actions.resume(actor, commitment=promise()),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_changed_rhythm_begins_next_monday_and_the_past_stays(promised):
    before = weeks(promised, "talk")
    actions.change_cadence(
        promised.actor("coordinator"), commitment=promise(), every="weeks", n=2, due_from=2
    )
    after = weeks(promised, "talk")
    assert {key: state for key, state in before.items() if key[0] <= 12}.items() <= after.items()
    assert [key for key in after if key[0] > 12][:2] == [(13, 14), (15, 16)]
    assert audited("programme.change") == 1


def test_changing_twice_in_a_week_leaves_one_rhythm_from_next_monday(promised):
    head = promised.actor("head")
    actions.change_cadence(head, commitment=promise(), every="weeks", n=2)
    actions.change_cadence(head, commitment=promise(), every="weeks", n=3)
    assert [key for key in weeks(promised, "talk") if key[0] > 12][0] == (13, 14, 15)


def test_a_promise_of_the_term_changes_for_the_whole_term_and_what_is_done_counts(promised):
    visit = datetime.datetime(2026, 10, 20, 18, 0, tzinfo=clock.SCHOOL_TIME)
    talk(
        promised,
        kind="visit",
        channel="at_home",
        body={"at_home": "奶奶在家", "companion": "唐老师"},
        happened_at=visit,
    )
    actions.change_cadence(promised.actor("head"), commitment=promise("visit"), every="term", due_from=3)
    assert list(weeks(promised, "visit").values()) == ["done"]
    actions.stop(promised.actor("head"), commitment=promise("visit"))
    actions.resume(promised.actor("head"), commitment=Commitment.objects.filter(code="visit").latest("pk"))
    assert list(weeks(promised, "visit").values()) == ["done"]


def test_the_same_rhythm_again_changes_nothing(promised):
    assert actions.change_cadence(SYSTEM, commitment=promise(), every="week") == promise()
    assert audited("programme.change") == 0


@pytest.mark.parametrize(
    ("rhythm", "field"),
    [
        ({"every": "daily"}, "every"),
        ({"every": "weeks", "n": 0}, "n"),
        ({"every": "week", "due_from": 99}, "due_from"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(promised, rhythm, field):
    with pytest.raises(Refused) as refused:
        actions.change_cadence(SYSTEM, commitment=promise(), **rhythm)
    assert refused.value.field == field


def test_a_stopped_promise_is_released_and_can_be_resumed(promised, at_school):
    old = promise("goal")
    actions.stop(SYSTEM, commitment=old)
    with pytest.raises(Refused):
        actions.stop(SYSTEM, commitment=old)
    at_school.move_to(datetime.datetime(2026, 12, 1, 9, 0, tzinfo=clock.SCHOOL_TIME))
    found = queries.obligations(SYSTEM, promised.term, clock.now(), [promised.students.key.pk])
    assert [one.starts.month for one in found if one.commitment == "goal"] == [9, 10]
    actions.resume(SYSTEM, commitment=old)
    with pytest.raises(Refused):
        actions.resume(SYSTEM, commitment=old)
    assert promise("goal").starts_on == D(2026, 12, 1)


@pytest.mark.parametrize("role", ["class_teacher", "head", "deputy", "coordinator"])
def test_the_class_teacher_and_the_leading_group_exempt(promised, role):
    found = actions.exempt(
        promised.actor(role), student=promised.students.key, reason="奶奶希望暂不家访", commitment="visit"
    )
    assert (found.starts_on, found.until, found.recorded_by) == (clock.today(), None, promised.users[role])
    entry = AuditEntry.objects.get(action="programme.exempt")
    assert "奶奶" not in str(entry.detail) and entry.subject_id == found.pk
    assert list(weeks(promised, "visit").values()) == ["exempt"]


@pytest.mark.parametrize("role", ["helper", "other_class_teacher", "counsellor", "system_admin", "outsider"])
def test_nobody_excuses_themselves_nor_a_student_of_others(promised, role):
    with pytest.raises(NotAllowed):
        actions.exempt(promised.actor(role), student=promised.students.key, reason="忙")
    assert not Exemption.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"until": D(2026, 11, 1)}, "until"),
        ({"commitment": "nothing"}, "commitment"),
    ],
)
def test_an_exemption_that_says_too_little_is_refused(promised, facts, field):
    with pytest.raises(Refused) as refused:
        actions.exempt(SYSTEM, student=promised.students.key, **({"reason": "住院"} | facts))
    assert refused.value.field == field


def test_who_is_not_on_the_register_needs_no_exemption(promised):
    with pytest.raises(Refused):
        actions.exempt(SYSTEM, student=promised.students.plain, reason="住院")


def test_the_same_exemption_twice_is_one(promised):
    for _ in range(2):
        actions.exempt(SYSTEM, student=promised.students.key, reason="住院")
    assert Exemption.objects.count() == audited("programme.exempt") == 1


def test_ending_an_exemption_asks_again_from_today_and_leaves_the_past_exempt(promised, at_school):
    actions.exempt(SYSTEM, student=promised.students.key, reason="住院", starts_on=D(2026, 11, 16))
    assert weeks(promised, "talk")[11,] == weeks(promised, "talk")[12,] == "exempt"
    at_school.move_to(datetime.datetime(2026, 11, 30, 8, 0, tzinfo=clock.SCHOOL_TIME))
    actions.end_exemption(promised.actor("class_teacher"), exemption=Exemption.objects.get())
    now = weeks(promised, "talk")
    assert (now[11,], now[12,], now[13,]) == ("exempt", "exempt", "due")
    with pytest.raises(Refused):
        actions.end_exemption(SYSTEM, exemption=Exemption.objects.get())
    with pytest.raises(NotAllowed):
        actions.end_exemption(promised.actor("helper"), exemption=Exemption.objects.get())
