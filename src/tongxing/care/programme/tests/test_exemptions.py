"""How a promise rests for a while: who may say so, with which reason, and how it ends."""

import datetime
from uuid import UUID

import pytest

from tongxing.care.programme import exemption_actions as actions
from tongxing.care.programme import promises, queries
from tongxing.care.programme.models import Exemption
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

D = datetime.date


def weeks(cast, code):
    found = queries.obligations(SYSTEM, cast.term, clock.now(), [cast.students.key.pk])
    return {one.weeks: one.state for one in found if one.commitment == code}


def audited(action):
    return AuditEntry.objects.filter(action=action).count()


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


def together(cast, role="head", **facts):
    values = {
        "school": cast.school,
        "client_id": UUID(int=9),
        "reason": "期中考试周",
        "starts_on": D(2026, 11, 23),
        "until": D(2026, 11, 27),
    }
    return actions.exempt_together(cast.actor(role), **(values | facts))


def test_a_week_of_exams_rests_for_the_whole_school_in_one_action(promised):
    assert together(promised) == 2 and together(promised) == 2, "a second click changes nothing"
    assert Exemption.objects.count() == 2 and audited("programme.exempt") == 1
    assert (weeks(promised, "talk")[11,], weeks(promised, "talk")[12,]) == ("overdue", "exempt")
    assert list(weeks(promised, "visit").values()) == ["due"], "a week is no reason not to visit this term"
    (one,) = promises.resting(promised.actor("head"), promised.school, clock.today())
    assert len(one.students) == 2
    assert actions.end_together(promised.actor("head"), school=promised.school, together=UUID(int=9)) == 2
    assert weeks(promised, "talk")[12,] == "due" and audited("programme.end-exemption") == 1
    with pytest.raises(Refused):
        actions.end_together(SYSTEM, school=promised.school, together=UUID(int=9))


def test_a_class_teacher_lets_it_rest_for_the_own_class_alone(promised):
    assert together(promised, "class_teacher", school_class=promised.class_one) == 2
    promised.add_student("欧阳一诺", promised.class_two, "key")
    for role, school_class in (
        ("class_teacher", None),
        ("class_teacher", promised.class_two),
        ("other_class_teacher", promised.class_one),
        ("helper", promised.class_one),
        ("outsider", promised.class_one),
    ):
        with pytest.raises(NotAllowed):
            together(promised, role, school_class=school_class, client_id=UUID(int=10))
    with pytest.raises(NotAllowed):
        actions.end_together(
            promised.actor("other_class_teacher"), school=promised.school, together=UUID(int=9)
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"until": None}, "until"),
        ({"until": D(2026, 11, 1)}, "until"),
        ({"commitment": "nothing"}, "commitment"),
    ],
)
def test_one_action_for_many_says_why_and_until_when(promised, facts, field):
    with pytest.raises(Refused) as refused:
        together(promised, **facts)
    assert refused.value.field == field


def test_a_class_without_registered_students_needs_no_exemption(promised):
    with pytest.raises(Refused):
        together(promised, school_class=promised.class_two)
