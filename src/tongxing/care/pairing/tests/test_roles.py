"""一帮一 and 多帮一: one first helper per student, others also help; one helper may have several students."""

import contextlib
import datetime
import random

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.pairing import actions, move_actions, queries
from tongxing.care.pairing.models import Pair
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Staff

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def lead(cast):
    """林岚 is the first helper of 周晓禾 since last week; 宋桥 and 唐雨 could also help."""
    Staff.objects.filter(school=cast.school).update(pairing_capacity=1)
    lead = cast.actor("coordinator")
    actions.choose_other(
        lead, student=cast.students.key, helper=cast.staff["helper"], starts_on=today() - WEEK
    )
    return lead


def helpers(cast):
    pairs = Pair.objects.open().filter(student=cast.students.key).order_by("-role", "pk")
    return [(pair.helper.name, pair.role, pair.subject) for pair in pairs]


def also(cast, lead, name="other_teacher", subject="数学"):
    return actions.add_helper(lead, student=cast.students.key, helper=cast.staff[name], subject=subject)


def test_several_also_help_each_in_a_subject_and_see_the_student(cast, lead):
    also(cast, lead)
    also(cast, lead, "class_teacher", "")
    assert helpers(cast) == [("林岚", "first", ""), ("宋桥", "also", "数学"), ("唐雨", "also", "")]
    assert cast.actor("other_teacher").sees("care", school_id=cast.school.pk, student_id=cast.students.key.pk)


def test_who_also_helps_needs_what_every_helper_needs_and_a_first_helper(cast, lead):
    with pytest.raises(Refused):
        actions.add_helper(lead, student=cast.students.normal, helper=cast.staff["other_teacher"])
    for name in ("helper", "outsider", "deactivated"):
        with pytest.raises(Refused):
            also(cast, lead, name)
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(offence_check_on=None)
    with pytest.raises(Refused):
        also(cast, lead)
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(
        offence_check_on=today(), pairing_capacity=0
    )
    with pytest.raises(Refused):
        also(cast, lead)
    for role in ("helper", "class_teacher", "counsellor", "guardian", "outsider"):
        with pytest.raises(NotAllowed):
            also(cast, cast.actor(role))
    assert helpers(cast) == [("林岚", "first", "")]


def test_a_student_has_one_first_helper_which_is_a_fact_of_the_database(cast, lead):
    with pytest.raises(Refused):
        actions.choose_other(lead, student=cast.students.key, helper=cast.staff["other_teacher"])
    pair = Pair.objects.get()
    pair.pk, pair.helper = None, cast.staff["other_teacher"]
    with pytest.raises(IntegrityError), transaction.atomic():
        pair.save(force_insert=True)


def test_the_two_change_roles_and_nobody_loses_the_student(cast, lead):
    second = also(cast, lead)
    actions.make_first(lead, pair=second)
    assert helpers(cast) == [("宋桥", "first", ""), ("林岚", "also", "")]
    for name in ("helper", "other_teacher"):
        assert cast.actor(name).sees("care", school_id=cast.school.pk, student_id=cast.students.key.pk)
    with pytest.raises(Refused):
        actions.make_first(lead, pair=second)
    for role in ("helper", "class_teacher", "guardian", "outsider"):
        with pytest.raises(NotAllowed):
            actions.make_first(cast.actor(role), pair=Pair.objects.open().last())


def test_a_student_whose_first_helper_has_gone_waits_though_somebody_also_helps(cast, lead):
    also(cast, lead)
    actions.end_pair(lead, pair=Pair.objects.get(role="first"), reason="helper_left")
    waiting = queries.coverage(lead, cast.school, today()).waiting
    assert cast.students.key in waiting
    actions.choose_other(lead, student=cast.students.key, helper=cast.staff["other_teacher"])
    assert helpers(cast) == [("宋桥", "first", "")]
    assert Pair.objects.get(role="also").ended_reason == "new_role"


def test_who_also_helps_hands_over_in_the_same_role_and_subject(cast, lead):
    second = also(cast, lead)
    moves = [(second, cast.staff["class_teacher"])]
    move_actions.hand_over(lead, moves=moves, on=today(), reason="helper_away")
    assert helpers(cast) == [("林岚", "first", ""), ("唐雨", "also", "数学")]


def test_one_helper_has_several_students_as_far_as_there_is_room(cast, lead):
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(pairing_capacity=2)
    actions.choose_other(lead, student=cast.students.normal, helper=cast.staff["helper"])
    assert Pair.objects.open().filter(helper=cast.staff["helper"]).count() == 2
    third = cast.add_student("欧阳一诺", cast.class_one, "normal")
    with pytest.raises(Refused):
        actions.choose_other(lead, student=third, helper=cast.staff["helper"])


@pytest.mark.parametrize("seed", range(12))
def test_no_student_ever_has_two_first_helpers_on_one_day(cast, lead, seed):
    """Whatever is decided around a hand-over on a later day, in whatever order."""
    Staff.objects.filter(school=cast.school).update(pairing_capacity=5)
    dice, student = random.Random(seed), cast.students.key
    day = today() + dice.randint(1, 6) * datetime.timedelta(days=1)

    def someone():
        return Staff.objects.get(pk=cast.staff[dice.choice(("helper", "other_teacher", "class_teacher"))].pk)

    def first():
        return Pair.objects.open().of_first_helpers().get(student=student)

    def also_first():
        return actions.make_first(lead, pair=also(cast, lead, dice.choice(("helper", "class_teacher"))))

    steps = (
        lambda: move_actions.hand_over(lead, moves=[(first(), someone())], on=day, reason="helper_away"),
        lambda: actions.swap(lead, pair=first(), helper=someone()),
        lambda: actions.choose_other(lead, student=student, helper=someone()),
        lambda: actions.end_pair(lead, pair=first(), reason="other", ends_on=day),
        also_first,
    )
    for step in dice.choices(steps, k=7):
        with contextlib.suppress(Refused, Pair.DoesNotExist), transaction.atomic():
            step()
        for n in range(15):
            on = today() + n * datetime.timedelta(days=1)
            assert Pair.objects.on(on).of_first_helpers().filter(student=student).count() <= 1
