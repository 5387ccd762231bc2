"""A student's own plan: where it differs from what everybody gets; Wednesday 2026-11-25, teaching week 12."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.promised import talk

from tongxing.care.programme import plan_actions, promises, queries
from tongxing.care.programme.models import Commitment, PlanItem
from tongxing.care.programme.plan_actions import Because
from tongxing.care.programme.preview import preview
from tongxing.care.programme.versions import Terms
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

D = datetime.date
BECAUSE = Because("住在镇上姑姑家，两周见一次更合适", D(2027, 1, 4))
pytestmark = pytest.mark.usefixtures("promised")


def schools(code="talk") -> Terms:
    return Terms.of(Commitment.objects.get(code=code, ends_on=None))


def weeks(cast, code="talk", student=None):
    found = queries.obligations(SYSTEM, cast.term, clock.now(), [(student or cast.students.key).pk])
    return {one.weeks: one.state for one in found if one.commitment == code}


def differ(cast, role="class_teacher", code="talk", because=BECAUSE, after=None, never=False, **changes):
    terms = None if never else replace(schools(code), **changes)
    return plan_actions.differ(
        cast.actor(role), student=cast.students.key, code=code, terms=terms, because=because, after=after
    )


def test_another_rhythm_for_one_student_begins_next_monday_and_the_past_stays(cast):
    other = cast.add_student("欧阳一诺", cast.class_one, "key")
    before = weeks(cast)
    item = differ(cast, every="weeks", n=2)
    after = weeks(cast)
    assert {key: state for key, state in before.items() if key[0] <= 12}.items() <= after.items()
    assert [key for key in after if key[0] > 12][:2] == [(13, 14), (15, 16)]
    assert [key for key in weeks(cast, student=other) if key[0] > 12][:2] == [(13,), (14,)]
    assert (item.starts_on, item.recorded_by) == (D(2026, 11, 30), cast.users["class_teacher"])
    entry = AuditEntry.objects.get(action="programme.plan")
    assert "姑姑" not in str(entry.detail)


def test_what_is_left_out_for_one_student_is_not_asked_of_it_this_whole_term(cast):
    differ(cast, code="visit", never=True)
    assert weeks(cast, "visit") == {}
    assert weeks(cast, "visit", cast.students.normal) != {}
    (line,) = promises.plan_lines(SYSTEM, cast.students.key, clock.today())
    assert line.left_out and not line.to_review(clock.today()) and line.to_review(D(2027, 1, 4))


def test_one_more_promise_is_asked_of_this_student_alone_and_once(cast):
    client_id, terms = uuid4(), Terms("晚自习辅导", "week", topics=("tutoring",))
    for _ in range(2):
        item = plan_actions.besides(
            cast.actor("head"), student=cast.students.key, client_id=client_id, terms=terms, because=BECAUSE
        )
    assert PlanItem.objects.count() == 1 and item.record_as == "tutoring"
    assert weeks(cast, item.code)[13,] == "upcoming"
    duties = queries.duties_of(SYSTEM, cast.term, [cast.students.key.pk], clock.now())
    assert "晚自习辅导" in [duty.label for duty in duties[cast.students.key.pk]]
    assert weeks(cast, item.code, cast.students.normal) == {}


def test_a_plan_is_changed_and_ended_and_every_version_stays(cast, at_school):
    first = differ(cast, every="weeks", n=2)
    with pytest.raises(Refused):
        differ(cast, every="weeks", n=3)
    second = differ(cast, after=first.pk, every="weeks", n=3)
    at_school.move_to(datetime.datetime(2026, 12, 16, 9, 0, tzinfo=clock.SCHOOL_TIME))
    with pytest.raises(Refused):
        plan_actions.back_to_all(SYSTEM, item=second, reason="")
    plan_actions.back_to_all(cast.actor("class_teacher"), item=second, reason="回奶奶家住了")
    with pytest.raises(Refused):
        plan_actions.back_to_all(SYSTEM, item=second, reason="回奶奶家住了")
    assert [key for key in weeks(cast) if key[0] > 12][:3] == [(13, 14, 15), (16,), (17,)]
    history = promises.plan_history(SYSTEM, cast.students.key, "talk")
    assert [(one.n, one.ended_reason) for one in history] == [(3, "回奶奶家住了"), (2, BECAUSE.reason)]


def test_done_is_done_also_when_the_plan_asks_for_it_in_another_way(cast):
    differ(cast, code="with_student", every="weeks", n=2, due_from=1)
    talk(cast, happened_at=datetime.datetime(2026, 11, 24, 12, 0, tzinfo=clock.SCHOOL_TIME))
    assert list(weeks(cast, "with_student").values())[2] == "done"


@pytest.mark.parametrize("role", ["helper", "other_class_teacher", "counsellor", "system_admin", "outsider"])
def test_nobody_makes_their_own_work_lighter_nor_plans_for_students_of_others(cast, role):
    with pytest.raises(NotAllowed):
        differ(cast, role, every="month", due_from=1)
    with pytest.raises(NotAllowed):
        plan_actions.besides(
            cast.actor(role),
            student=cast.students.key,
            client_id=uuid4(),
            terms=schools(),
            because=BECAUSE,
        )
    assert not PlanItem.objects.exists()


@pytest.mark.parametrize(
    ("because", "field"),
    [
        (replace(BECAUSE, reason=" "), "reason"),
        (replace(BECAUSE, review_on=None), "review_on"),
        (replace(BECAUSE, review_on=D(2026, 11, 25)), "review_on"),
        (replace(BECAUSE, review_on=D(2028, 1, 1)), "review_on"),
        (replace(BECAUSE, starts_on=D(2026, 11, 26)), "starts_on"),
    ],
)
def test_a_plan_without_reason_review_or_right_day_is_refused(cast, because, field):
    with pytest.raises(Refused) as refused:
        differ(cast, because=because, every="weeks", n=2)
    assert refused.value.field == field


def test_who_is_not_on_the_register_has_no_plan_and_what_nobody_can_keep_is_refused(cast):
    with pytest.raises(Refused):
        plan_actions.differ(SYSTEM, student=cast.students.plain, code="talk", terms=None, because=BECAUSE)
    with pytest.raises(Refused) as refused:
        differ(cast, topics=("book", "goal"))
    assert refused.value.field == "topics"


def test_it_is_looked_at_first_and_what_was_shown_is_what_is_asked(cast):
    student, terms = cast.students.key, replace(schools(), every="weeks", n=2)
    new = plan_actions.draft(student, "talk", terms, BECAUSE, None)
    seen = preview(cast.actor("class_teacher"), cast.term, [new], students=[student.pk])
    assert (seen.before.times, seen.after.times) == (9, 5) and not PlanItem.objects.exists()
    differ(cast, every="weeks", n=2)
    found = queries.obligations(SYSTEM, cast.term, clock.now(), [student.pk])
    assert seen.after.times == sum(one.commitment == "talk" and one.ends >= clock.today() for one in found)


def test_nobody_reads_the_plan_of_a_student_of_others(cast):
    differ(cast, every="weeks", n=2)
    for role, count in (("helper", 1), ("class_teacher", 1), ("other_class_teacher", 0), ("outsider", 0)):
        assert PlanItem.objects.visible_to(cast.actor(role)).count() == count
