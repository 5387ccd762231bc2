"""Looking at a plan of the term again, ending it, and what waits for whom; Wednesday 2026-11-25, teaching week 12."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.planned import (
    DRAFT,
    LOOK,
    SEAT,
    TEXT,
    asked,
    handed_in,
    in_force,
    plan_of,
    stage,
    token,
    with_measures,
)
from tests.promised import talk

from tongxing.care.programme import term_plan_actions as writing
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme import term_plan_queries, term_plan_reading
from tongxing.care.programme.models import PlanReview
from tongxing.care.programme.reminders import reminders_of
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused

D = datetime.date
pytestmark = pytest.mark.usefixtures("promised", "english")


def test_a_plan_is_looked_at_again_when_its_day_has_come(cast, at_school):
    plan = in_force(cast)
    assert stage(cast, plan) == "in_force"
    at_school.move_to(datetime.datetime(2026, 12, 30, 9, 0, tzinfo=clock.SCHOOL_TIME))
    assert stage(cast, plan) == "to_review"
    client_id = uuid4()
    for _ in range(2):
        deciding.look_again(cast.actor("helper"), plan=plan, client_id=client_id, look=LOOK)
    assert PlanReview.objects.count() == 1 and stage(cast, plan) == "in_force"
    (review,) = term_plan_reading.whole(cast.actor("helper"), plan).reviews
    assert (review.helped, review.next, review.teacher) == (LOOK.helped, LOOK.next, LOOK.teacher)
    at_school.move_to(datetime.datetime(2027, 1, 15, 9, 0, tzinfo=clock.SCHOOL_TIME))
    assert stage(cast, plan) == "to_review"


def test_what_the_family_said_comes_from_its_record(cast):
    plan = in_force(cast)
    call = talk(
        cast,
        kind="call",
        body={"said": "…", "family_view": "在家肯做作业了"},
        channel="phone",
        reached=["mother"],
    )
    (said,) = term_plan_reading.family_said_in(cast.actor("helper"), plan.student, cast.term)
    assert said.words == "在家肯做作业了"
    look = replace(LOOK, family_record=call.pk)
    deciding.look_again(cast.actor("helper"), plan=plan, client_id=uuid4(), look=look)
    (review,) = term_plan_reading.whole(cast.actor("helper"), plan).reviews
    assert review.from_family == "在家肯做作业了"
    other = talk(cast, student=cast.students.normal, helper="head")
    with pytest.raises(Refused):
        deciding.look_again(
            cast.actor("helper"), plan=plan, client_id=uuid4(), look=replace(LOOK, family_record=other.pk)
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"helped": " "}, "helped"),
        ({"next": ""}, "next"),
        ({"conclusion": "scored"}, "conclusion"),
        ({"next_on": D(2026, 11, 25)}, "next_on"),
        ({"next_on": D(2027, 1, 23)}, "next_on"),
        ({"teacher": "好" * 101}, "teacher"),
    ],
)
def test_a_look_that_says_too_little_is_refused(cast, changes, field):
    plan = in_force(cast)
    with pytest.raises(Refused) as refused:
        deciding.look_again(cast.actor("helper"), plan=plan, client_id=uuid4(), look=replace(LOOK, **changes))
    assert refused.value.field == field


def test_only_a_plan_in_force_is_looked_at_again(cast):
    with pytest.raises(Refused):
        deciding.look_again(cast.actor("helper"), plan=handed_in(cast), client_id=uuid4(), look=LOOK)


def test_the_last_look_ends_the_plan_and_what_it_asked_but_not_by_a_helper_alone(cast):
    before, plan = asked(cast), in_force(cast)
    last = replace(LOOK, conclusion="ends", next_on=None)
    with pytest.raises(Refused) as refused:
        deciding.look_again(cast.actor("helper"), plan=plan, client_id=uuid4(), look=last)
    assert refused.value.field == "conclusion" and stage(cast, plan) == "in_force"
    deciding.look_again(cast.actor("class_teacher"), plan=plan, client_id=uuid4(), look=last)
    assert stage(cast, plan) == "ended" and asked(cast) == before
    with pytest.raises(Refused):
        writing.write_plan(cast.actor("class_teacher"), plan=plan, seen="", draft=DRAFT)


@pytest.mark.parametrize("conclusion", ["goes_on", "changes", "enough"])
def test_a_day_left_empty_ends_no_plan_and_a_plan_that_ends_has_no_next_day(cast, conclusion):
    plan = in_force(cast)
    for look in (
        replace(LOOK, conclusion=conclusion, next_on=None),
        replace(LOOK, conclusion="ends", next_on=D(2027, 1, 15)),
    ):
        with pytest.raises(Refused) as refused:
            deciding.look_again(cast.actor("class_teacher"), plan=plan, client_id=uuid4(), look=look)
        assert refused.value.field == "next_on"
    assert stage(cast, plan) == "in_force" and not PlanReview.objects.exists()


def test_a_plan_ends_early_with_a_reason(cast):
    before, plan = asked(cast), in_force(cast)
    with pytest.raises(NotAllowed):
        deciding.end_plan(cast.actor("helper"), plan=plan, reason="转到县城读书")
    with pytest.raises(Refused):
        deciding.end_plan(cast.actor("class_teacher"), plan=plan, reason=" ")
    deciding.end_plan(cast.actor("class_teacher"), plan=plan, reason="转到县城读书")
    with pytest.raises(Refused):
        deciding.end_plan(cast.actor("class_teacher"), plan=plan, reason="转到县城读书")
    assert asked(cast) == before
    assert term_plan_reading.whole(cast.actor("head"), plan).ended_reason == "转到县城读书"


def test_words_of_danger_in_a_plan_ask_somebody_today(cast):
    plan_of(cast, draft=replace(DRAFT, text=replace(TEXT, habits="说过不想活了")))
    assert RiskFlag.objects.get().student == cast.students.key


def test_lists_and_pages_ask_as_often_for_many_plans_as_for_few(cast, django_assert_num_queries):
    in_force(cast)
    actor = cast.actor("head")
    with django_assert_num_queries(5):
        term_plan_queries.board(actor, cast.term)
    for number in range(3):
        student = cast.add_student(f"新同学{number}", cast.class_one, "normal")
        draft = with_measures(replace(SEAT, key=uuid4()))
        plan_of(cast, "head", draft, student)
    with django_assert_num_queries(5):
        found = term_plan_queries.board(actor, cast.term)
    assert len(found.stages["draft"]) == 3 and [one.name for one in found.to_write] == ["孟宇航"]


def test_what_waits_is_told_to_those_who_can_do_it(cast, at_school):
    plan = handed_in(cast)
    mine = [plan.student_id]
    assert term_plan_queries.waiting(cast.actor("head"), cast.term, []).to_approve == 1
    assert term_plan_queries.waiting(cast.actor("helper"), cast.term, mine).to_approve == 0
    deciding.approve(cast.actor("head"), plan=plan, seen=token(plan))
    at_school.move_to(datetime.datetime(2026, 12, 30, 9, 0, tzinfo=clock.SCHOOL_TIME))
    assert len(term_plan_queries.waiting(cast.actor("helper"), cast.term, mine).own_open) == 1
    assert term_plan_queries.waiting(cast.actor("other_class_teacher"), cast.term, []).own_open == ()


def test_a_week_before_its_day_the_helper_is_reminded_to_look_at_the_plan_again(cast, at_school):
    def looks(role):
        return [one.on for one in reminders_of(cast.actor(role), clock.now()) if one.plan_id]

    in_force(cast)
    assert looks("helper") == []
    at_school.move_to(datetime.datetime(2026, 12, 23, 9, 0, tzinfo=clock.SCHOOL_TIME))
    assert looks("helper") == [D(2026, 12, 30)] and looks("class_teacher") == []
