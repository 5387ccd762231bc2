"""The plan of a term from the first draft to its end; Wednesday 2026-11-25, teaching week 12."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.planned import (
    DRAFT,
    SEAT,
    TALKS,
    TEXT,
    TUTORING,
    asked,
    handed_in,
    in_force,
    plan_of,
    stage,
    token,
    with_measures,
)

from tongxing.care.programme import plan_actions, queries, term_plan_reading
from tongxing.care.programme import term_plan_actions as writing
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme.following import following
from tongxing.care.programme.models import PlanItem, PlanVersion, TermPlan
from tongxing.care.programme.preview import preview
from tongxing.care.programme.term_plan_texts import measures_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

D = datetime.date
pytestmark = pytest.mark.usefixtures("promised", "english")


def test_a_draft_is_written_once_and_its_words_lie_sealed(cast):
    client_id = uuid4()
    for _ in range(2):
        plan = writing.begin_plan(
            cast.actor("helper"), student=cast.students.key, term=cast.term, client_id=client_id, draft=DRAFT
        )
    version = PlanVersion.objects.get()
    assert TermPlan.objects.count() == 1 and stage(cast, plan) == "draft"
    assert "移项".encode() not in bytes(version.body_sealed)
    assert "移项" not in str(list(AuditEntry.objects.filter(action="plan.write").values_list("detail")))
    shown = term_plan_reading.whole(cast.actor("class_teacher"), plan).shown
    assert shown.text == TEXT
    assert [(one.measure.what, one.who) for one in shown.measures] == [
        (TUTORING.what, "林岚"),
        (TALKS.what, "林岚"),
        (SEAT.what, "唐雨"),
    ]


def test_who_begins_second_writes_on_in_the_first_ones_plan(cast):
    plan = plan_of(cast)
    with pytest.raises(Refused):
        plan_of(cast, "class_teacher")
    seen = token(plan)
    other = replace(DRAFT, text=replace(TEXT, goal="期末数学及格"))
    writing.write_plan(cast.actor("class_teacher"), plan=plan, seen=seen, draft=other)
    with pytest.raises(Refused):
        writing.write_plan(cast.actor("helper"), plan=plan, seen=seen, draft=DRAFT)
    version = PlanVersion.objects.get()
    assert {user.name for user in version.writers.all()} == {"林岚", "唐雨"}


@pytest.mark.parametrize(
    "role", ["other_class_teacher", "other_teacher", "counsellor", "outsider", "guardian"]
)
def test_nobody_writes_or_sees_the_plan_of_a_child_of_others(cast, role):
    with pytest.raises(NotAllowed):
        plan_of(cast, role)
    plan = plan_of(cast)
    with pytest.raises(NotAllowed):
        writing.write_plan(cast.actor(role), plan=plan, seen=token(plan), draft=DRAFT)
    seen = TermPlan.objects.visible_to(cast.actor(role)).count()
    assert seen == (1 if role == "counsellor" else 0)


def test_who_is_not_on_the_register_has_no_plan(cast):
    with pytest.raises(Refused):
        plan_of(cast, "head", student=cast.students.plain)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, text=replace(TEXT, knowledge="", habits=" ", motivation="")), "seen"),
        (replace(DRAFT, text=replace(TEXT, goal="")), "goal"),
        (with_measures(), "measures"),
        (replace(DRAFT, review_on=D(2026, 11, 25)), "review_on"),
    ],
)
def test_without_what_was_seen_goal_measure_or_a_day_to_look_again_it_is_not_handed_in(cast, draft, field):
    plan = plan_of(cast, draft=draft)
    with pytest.raises(Refused) as refused:
        writing.hand_in(cast.actor("helper"), plan=plan, seen=token(plan))
    assert refused.value.field == field
    assert stage(cast, plan) == "draft"


@pytest.mark.parametrize(
    ("measure", "field"),
    [
        (replace(TUTORING, what=" "), "what"),
        (replace(TUTORING, what="题" * 61), "what"),
        (replace(TUTORING, every=""), "often"),
        (replace(TUTORING, every="", often="每天"), "every"),
        (replace(TUTORING, every="break"), "every"),
        (replace(TUTORING, n=9), "every"),
        (replace(TUTORING, record_as="counselling"), "asks"),
        (replace(TALKS, promise="nothing-of-the-kind"), "asks"),
        (replace(SEAT, by="colleague"), "by"),
        (replace(SEAT, by="nobody"), "by"),
        (replace(SEAT, until=D(2027, 2, 10)), "until"),
        (replace(SEAT, starts_on=D(2026, 11, 1)), "until"),
    ],
)
def test_a_measure_that_cannot_be_is_refused_beside_its_field(cast, measure, field):
    with pytest.raises(Refused) as refused:
        plan_of(cast, draft=with_measures(SEAT, replace(measure, key=uuid4())))
    assert refused.value.field == f"measure-1-{field}"
    assert not TermPlan.objects.exists()


def test_two_measures_do_not_change_the_same_promise_and_a_colleague_is_asked_by_no_week(cast):
    with pytest.raises(Refused):
        plan_of(cast, draft=with_measures(TALKS, replace(TALKS, key=uuid4())))
    by = replace(TALKS, by="colleague", person_id=cast.staff["other_teacher"].pk)
    with pytest.raises(Refused):
        plan_of(cast, draft=with_measures(by))
    plan_of(cast, draft=with_measures(replace(by, promise="")))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": D(2026, 8, 1)}, "starts_on"),
        ({"until": D(2027, 9, 1)}, "until"),
        ({"until": D(2026, 11, 24)}, "until"),
        ({"review_on": D(2027, 1, 23)}, "review_on"),
        ({"text": replace(TEXT, habits="题" * 81)}, "habits"),
    ],
)
def test_days_outside_of_the_term_and_words_that_fit_no_page_are_refused(cast, changes, field):
    with pytest.raises(Refused) as refused:
        plan_of(cast, draft=replace(DRAFT, **changes))
    assert refused.value.field == field


def test_what_was_handed_in_stays_as_it_is_until_its_writers_take_it_back(cast):
    plan = handed_in(cast)
    with pytest.raises(Refused):
        writing.write_plan(cast.actor("helper"), plan=plan, seen="", draft=DRAFT)
    with pytest.raises(NotAllowed):
        writing.take_back(cast.actor("coordinator"), plan=plan)
    assert stage(cast, plan) == "to_approve"
    writing.take_back(cast.actor("helper"), plan=plan)
    assert stage(cast, plan) == "draft"


def test_approving_asks_what_was_shown_and_from_whom(cast):
    before, plan = asked(cast), handed_in(cast)
    version = plan.versions.get()
    found = following(plan, version, measures_of(plan.student.key, version))
    seen = preview(cast.actor("coordinator"), cast.term, found.drafts, students=[plan.student_id])
    assert asked(cast) == before and not PlanItem.objects.exists()
    deciding.approve(cast.actor("coordinator"), plan=plan, seen=token(plan))
    after = asked(cast)
    tutoring = plan_actions.extra_code(TUTORING.key)
    assert after["talk"] == 5 < before["talk"] and after[tutoring] == 8
    assert seen.after.times == after["talk"] + after[tutoring]
    assert {name for name in before if before[name] != after.get(name)} == {"talk"}
    items = PlanItem.objects.filter(term_plan=plan)
    assert {(one.code, one.until, one.by) for one in items} == {
        ("talk", D(2027, 1, 22), "helper"),
        (tutoring, D(2027, 1, 22), "helper"),
    }
    assert stage(cast, plan) == "in_force"
    assert Message.objects.get(to=cast.users["helper"]).code == "plan-approved"
    assert AuditEntry.objects.filter(action="plan.approve").count() == 1


@pytest.mark.parametrize("role", ["helper", "class_teacher", "other_class_teacher", "counsellor", "outsider"])
def test_only_those_who_lead_approve_or_send_back(cast, role):
    plan = handed_in(cast)
    with pytest.raises(NotAllowed):
        deciding.approve(cast.actor(role), plan=plan, seen=token(plan))
    with pytest.raises(NotAllowed):
        deciding.send_back(cast.actor(role), plan=plan, sentence="目标再小一点")


def test_nobody_approves_the_own_plan_not_even_a_part_of_it(cast):
    plan = plan_of(cast, "deputy")
    writing.write_plan(cast.actor("class_teacher"), plan=plan, seen=token(plan), draft=DRAFT)
    writing.hand_in(cast.actor("class_teacher"), plan=plan, seen=token(plan))
    with pytest.raises(NotAllowed):
        deciding.approve(cast.actor("deputy"), plan=plan, seen=token(plan))
    deciding.approve(cast.actor("head"), plan=plan, seen=token(plan))
    version = plan.versions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(approved_by=version.handed_in_by)


def test_a_plan_comes_back_with_a_sentence_and_the_next_version_keeps_the_first(cast):
    plan = handed_in(cast)
    with pytest.raises(Refused) as refused:
        deciding.send_back(cast.actor("head"), plan=plan, sentence=" ", seen=token(plan))
    assert refused.value.field == "sentence"
    deciding.send_back(cast.actor("head"), plan=plan, sentence="目标再小一点，一个月看得见", seen=token(plan))
    assert stage(cast, plan) == "sent_back" and not PlanItem.objects.exists()
    assert Message.objects.get(to=cast.users["helper"]).code == "plan-back"
    writing.write_plan(
        cast.actor("helper"),
        plan=plan,
        seen=token(plan),
        draft=replace(DRAFT, text=replace(TEXT, goal="12 月底前作业每次都交")),
    )
    found = term_plan_reading.whole(cast.actor("helper"), plan)
    assert [(one.version.number, one.text.goal) for one in found.versions] == [
        (2, "12 月底前作业每次都交"),
        (1, TEXT.goal),
    ]
    assert found.versions[1].note == "目标再小一点，一个月看得见"


def test_a_plan_in_force_that_is_sent_back_takes_along_what_it_asked(cast):
    before, plan = asked(cast), in_force(cast)
    assert asked(cast) != before
    deciding.send_back(cast.actor("head"), plan=plan, sentence="先和家里商量", seen=token(plan))
    assert asked(cast) == before
    assert stage(cast, plan) == "sent_back"


def test_a_change_is_a_new_version_with_its_reason_and_only_what_changes_is_asked_anew(cast):
    plan = in_force(cast)
    tutoring = PlanItem.objects.get(code=plan_actions.extra_code(TUTORING.key))
    monthly = replace(TALKS, every="month", n=1)
    draft = with_measures(TUTORING, monthly)
    with pytest.raises(Refused) as refused:
        writing.write_plan(cast.actor("class_teacher"), plan=plan, seen=token(plan), draft=draft)
    assert refused.value.field == "reason"
    draft = replace(draft, reason="妈妈 12 月回家，谈心可以少些")
    writing.write_plan(cast.actor("class_teacher"), plan=plan, seen=token(plan), draft=draft)
    assert stage(cast, plan) == "draft" and PlanItem.objects.open().get(code="talk").every == "weeks"
    writing.hand_in(cast.actor("class_teacher"), plan=plan, seen=token(plan))
    deciding.approve(cast.actor("head"), plan=plan, seen=token(plan))
    states = dict(plan.versions.values_list("number", "state"))
    assert states == {1: "replaced", 2: "approved"}
    assert PlanItem.objects.open().get(code="talk").every == "month"
    assert PlanItem.objects.get(code=tutoring.code) == tutoring
    writing.write_plan(
        cast.actor("helper"),
        plan=plan,
        seen=token(plan),
        draft=replace(with_measures(SEAT), reason="辅导先停"),
    )
    writing.hand_in(cast.actor("helper"), plan=plan, seen=token(plan))
    deciding.approve(cast.actor("head"), plan=plan, seen=token(plan))
    assert not PlanItem.objects.open().exists()


def test_a_rhythm_that_is_the_schools_already_asks_nothing_more(cast):
    before = asked(cast)
    in_force(cast, draft=with_measures(replace(TALKS, every="week", n=1)))
    assert asked(cast) == before and not PlanItem.objects.exists()


def test_what_a_plan_asks_ends_on_its_last_day_by_itself_and_makes_room_for_the_next(cast, at_school):
    plan = in_force(cast, draft=with_measures(replace(TALKS, until=D(2026, 12, 20))))
    found = queries.obligations(SYSTEM, cast.term, clock.now(), [plan.student_id])
    weeks = [one.weeks for one in found if one.commitment == "talk" and one.ends > clock.today()]
    assert weeks[:5] == [(12,), (13, 14), (15, 16), (16,), (17,)]
    at_school.move_to(datetime.datetime(2026, 12, 23, 9, 0, tzinfo=clock.SCHOOL_TIME))
    writing.write_plan(
        cast.actor("class_teacher"),
        plan=plan,
        seen=token(plan),
        draft=replace(with_measures(replace(TALKS, n=3)), reason="期末前三周一次"),
    )
    writing.hand_in(cast.actor("class_teacher"), plan=plan, seen=token(plan))
    deciding.approve(cast.actor("head"), plan=plan, seen=token(plan))
    assert [one.n for one in PlanItem.objects.standing(clock.today())] == [3]
