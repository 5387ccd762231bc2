"""A measure that a colleague answers for: asked in the own week, said in one tap, handed on; Wednesday 2026-11-25."""

import datetime
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from tests.planned import DRAFT, TUTORING, handed_in, in_force, plan_of, token, with_measures

from tongxing.care.programme import measure_actions as actions
from tongxing.care.programme import queries, term_plan_reading
from tongxing.care.programme import term_plan_actions as writing
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme.measures import held, held_by, of_colleague, without_anybody
from tongxing.care.programme.models import Exemption, MeasureOutcome, PlanMeasure, TermPlan
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Registration

D = datetime.date
pytestmark = pytest.mark.usefixtures("promised", "english")


@pytest.fixture
def dictation(cast):
    """宋桥 teaches the class music and does ten minutes of dictation with 周晓禾 every week."""
    staff = cast.teach("other_teacher", cast.class_one)
    return replace(TUTORING, key=UUID(int=9), record_as="", by="colleague", person_id=staff.pk)


def agreed(cast, dictation, **changes) -> TermPlan:
    return in_force(cast, draft=with_measures(TUTORING, replace(dictation, **changes)))


def mine(cast, role="other_teacher"):
    return of_colleague(cast.actor(role), cast.term)


def states(cast, role="other_teacher") -> list[str]:
    return [duty.state for one in mine(cast, role) for duty in one.duties]


def went(cast, outcome="well", role="other_teacher", held=None, **told) -> MeasureOutcome:
    held = held or mine(cast, "other_teacher")[0]
    told = {"client_id": uuid4()} | told
    return actions.say_how_it_went(cast.actor(role), held=held, outcome=outcome, **told)


def at(month, day, year=2026):
    return datetime.datetime(year, month, day, 16, tzinfo=clock.SCHOOL_TIME)


def test_a_draft_asks_the_colleague_nothing_and_the_approved_plan_does(cast, dictation):
    plan = handed_in(cast, draft=with_measures(TUTORING, dictation))
    assert not mine(cast) and not Message.objects.filter(code="measure").exists()
    deciding.approve(cast.actor("coordinator"), plan=plan, seen=token(plan))
    (one,) = mine(cast)
    assert (one.measure.what, one.student.name, one.holder.name) == (dictation.what, "周晓禾", "宋桥")
    assert Message.objects.get(code="measure").to == cast.users["other_teacher"]
    assert "周晓禾" not in Message.objects.get(code="measure").subject


def test_it_waits_from_its_first_whole_week_and_one_tap_is_enough(cast, dictation, at_school):
    agreed(cast, dictation)
    at_school.move_to(at(11, 30))
    assert states(cast) == ["due"] and mine(cast)[0].waits
    client_id = uuid4()
    for _ in range(2):
        went(cast, client_id=client_id)
    assert MeasureOutcome.objects.count() == 1
    assert states(cast) == ["done"] and not mine(cast)[0].is_open


def test_what_did_not_come_about_fulfils_nothing_and_is_kept(cast, dictation, at_school):
    agreed(cast, dictation)
    at_school.move_to(at(11, 30))
    went(cast, "not")
    (one,) = mine(cast)
    assert [duty.state for duty in one.duties] == ["due"] and one.duties[0].obligation.attempts
    assert [said.outcome.outcome for said in one.said] == ["not"]


def test_a_week_that_went_by_is_seen_as_not_written_down_and_one_done_later_says_so(
    cast, dictation, at_school
):
    agreed(cast, dictation)
    at_school.move_to(at(12, 7))
    assert sorted(states(cast)) == ["due", "overdue"]
    plan = TermPlan.objects.get()
    shown = term_plan_reading.whole(cast.actor("class_teacher"), plan).in_force
    (of_plan,) = [one.held for one in shown.measures if one.held]
    assert "overdue" in [duty.state for duty in of_plan.duties], "those who plan see it as well"
    went(cast, on=D(2026, 12, 3))
    assert states(cast) == ["due"]


def test_once_a_term_is_asked_until_its_last_day_and_then_stands_as_not_written_down(
    cast, dictation, at_school
):
    agreed(cast, dictation, every="term", until=D(2026, 12, 11))
    assert states(cast) == ["due"] and not mine(cast)[0].waits
    at_school.move_to(at(12, 8))
    assert mine(cast)[0].waits
    at_school.move_to(at(12, 14))
    assert states(cast) == ["overdue"]


def test_only_whom_it_is_asked_of_says_how_it_went(cast, dictation):
    agreed(cast, dictation)
    (one,) = mine(cast)
    for role in ("helper", "class_teacher", "head", "counsellor", "outsider", "guardian", "system_admin"):
        assert not mine(cast, role)
        with pytest.raises(NotAllowed):
            went(cast, role=role, held=one)
    assert not MeasureOutcome.objects.exists()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"outcome": "sometimes"}, "outcome"),
        ({"words": "好" * 121}, "words"),
        ({"on": D(2026, 11, 26)}, "on"),
        ({"on": D(2026, 8, 1)}, "on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(cast, dictation, told, field):
    agreed(cast, dictation)
    with pytest.raises(Refused) as refused:
        went(cast, **told)
    assert refused.value.field == field and not MeasureOutcome.objects.exists()


def test_a_slip_is_taken_back_by_whoever_made_it_and_not_by_others(cast, dictation, at_school):
    agreed(cast, dictation)
    said = went(cast)
    with pytest.raises(NotAllowed):
        actions.take_back(cast.actor("helper"), outcome=said)
    actions.take_back(cast.actor("other_teacher"), outcome=said)
    assert not mine(cast)[0].said and MeasureOutcome.objects.count() == 1
    later = went(cast)
    at_school.move_to(at(11, 26))
    with pytest.raises(Refused):
        actions.take_back(cast.actor("other_teacher"), outcome=later)


def test_words_lie_sealed_and_the_log_holds_ids_only(cast, dictation):
    agreed(cast, dictation)
    said = went(cast, words="四题对了三题")
    assert "四题".encode() not in bytes(said.words_sealed)
    assert mine(cast)[0].said[0].words == "四题对了三题"
    assert "四题" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_being_shown_it_is_logged_once_a_day_and_again_when_more_is_shown(cast, dictation, at_school):
    agreed(cast, dictation)
    for _ in range(2):
        actions.note_reading(cast.actor("other_teacher"), mine(cast))
    rows = AuditEntry.objects.filter(action="measure.read", user_id=cast.users["other_teacher"].pk)
    assert [row.detail["students"] for row in rows] == [[cast.students.key.pk]]
    at_school.move_to(at(11, 26))
    actions.note_reading(cast.actor("other_teacher"), mine(cast))
    assert rows.all().count() == 2
    actions.note_reading(cast.actor("helper"), mine(cast, "helper"))
    assert AuditEntry.objects.filter(action="measure.read").count() == 2, "nothing shown, nothing to log"


def test_whoever_leaves_sees_it_no_longer_and_those_who_plan_hand_it_on(cast, dictation, at_school):
    plan = agreed(cast, dictation)
    staff = cast.staff["other_teacher"]
    assert [one.plan for one in held_by(cast.actor("head"), staff, cast.term)] == [plan]
    staff.ends_on = D(2026, 11, 26)
    staff.save()
    assert mine(cast) and not without_anybody(cast.actor("helper"), cast.term, [cast.students.key.pk])
    at_school.move_to(at(11, 27))
    assert not mine(cast)
    (left,) = without_anybody(cast.actor("class_teacher"), cast.term, [cast.students.key.pk])
    assert not without_anybody(cast.actor("other_class_teacher"), cast.term, [cast.students.key.pk])
    facts = {"plan": plan, "measure": left.row, "reason": "调到别的学校"}
    with pytest.raises(NotAllowed):
        actions.hand_on(cast.actor("other_class_teacher"), to=cast.staff["class_teacher"], **facts)
    for to in (staff, cast.staff["outsider"], cast.staff["finance_maker"], None):
        with pytest.raises(Refused):
            actions.hand_on(cast.actor("helper"), to=to, **facts)
    actions.hand_on(cast.actor("helper"), to=cast.staff["class_teacher"], **facts)
    (one,) = mine(cast, "class_teacher")
    assert one.row == left.row and not without_anybody(SYSTEM, cast.term, [cast.students.key.pk])


def test_a_new_version_leaves_what_was_handed_on_and_may_name_somebody_else(cast, dictation, at_school):
    plan = agreed(cast, dictation)
    facts = {"measure": mine(cast)[0].row, "reason": "课表变动"}
    actions.hand_on(cast.actor("helper"), plan=plan, to=cast.staff["class_teacher"], **facts)
    at_school.move_to(at(11, 26))
    _next_version(cast, plan, dictation)
    assert not mine(cast) and len(mine(cast, "class_teacher")) == 1
    cast.teach("deputy", cast.class_one)
    _next_version(cast, plan, replace(dictation, person_id=cast.staff["deputy"].pk))
    assert not mine(cast, "class_teacher") and len(mine(cast, "deputy")) == 1


def _next_version(cast, plan, measure) -> None:
    draft = with_measures(TUTORING, measure, reason="说得更清楚")
    writing.write_plan(cast.actor("helper"), plan=plan, seen=token(plan), draft=draft)
    writing.hand_in(cast.actor("helper"), plan=plan, seen=token(plan))
    deciding.approve(cast.actor("coordinator"), plan=plan, seen=token(plan))


def test_a_new_version_in_the_same_rhythm_does_not_ask_the_same_week_again(cast, dictation, at_school):
    plan = agreed(cast, dictation)
    at_school.move_to(at(11, 30))
    went(cast)
    at_school.move_to(at(12, 2))
    _next_version(cast, plan, dictation)
    assert states(cast) == ["done"]


@pytest.mark.parametrize("how", ["ended", "sent back", "left the register", "left out"])
def test_what_the_plan_asks_no_longer_is_asked_of_nobody(cast, dictation, how):
    plan = agreed(cast, dictation)
    if how == "ended":
        deciding.end_plan(cast.actor("class_teacher"), plan=plan, reason="目标达到")
    elif how == "sent back":
        deciding.send_back(cast.actor("coordinator"), plan=plan, sentence="再想想")
    elif how == "left out":
        draft = with_measures(TUTORING, reason="不需要了")
        writing.write_plan(cast.actor("helper"), plan=plan, seen=token(plan), draft=draft)
        writing.hand_in(cast.actor("helper"), plan=plan, seen=token(plan))
        deciding.approve(cast.actor("coordinator"), plan=plan, seen=token(plan))
    else:
        Registration.objects.update(ends_on=D(2026, 11, 24))
    assert not mine(cast)


def test_days_on_which_everything_rests_do_not_ask(cast, dictation, at_school):
    agreed(cast, dictation)
    at_school.move_to(at(11, 30))
    Exemption.objects.create(
        school=cast.school,
        student=cast.students.key,
        starts_on=D(2026, 11, 30),
        until=D(2026, 12, 6),
        reason="住院",
        recorded_at=clock.now(),
    )
    assert states(cast) == ["exempt"]


def test_helper_and_figures_are_not_asked_for_what_a_colleague_does(cast, dictation):
    before = queries.obligations(SYSTEM, cast.term, clock.now())
    agreed(cast, dictation)
    added = {one.commitment for one in queries.obligations(SYSTEM, cast.term, clock.now())}
    assert added - {one.commitment for one in before} == {f"plan-{TUTORING.key.hex[:20]}"}


def test_a_colleague_is_asked_with_a_rhythm_and_for_the_measure_itself(cast, dictation):
    for wrong, field in (
        (replace(dictation, every="", often="有空时"), "every"),
        (replace(dictation, record_as="talk"), "asks"),
    ):
        with pytest.raises(Refused) as refused:
            plan_of(cast, draft=replace(DRAFT, measures=(wrong,)))
        assert refused.value.field == f"measure-0-{field}"
    cast.staff["other_teacher"].ends_on = D(2026, 11, 1)
    cast.staff["other_teacher"].save()
    with pytest.raises(Refused):
        plan_of(cast, draft=replace(DRAFT, measures=(dictation,)))


def test_the_queries_do_not_grow_with_the_measures(cast, dictation, django_assert_max_num_queries):
    from django.db import connection

    plan = agreed(cast, dictation)
    with CaptureQueriesContext(connection) as few:
        held([plan], cast.term)
    version = plan.versions.get()
    row = version.measures.get(by="colleague")
    for number in range(2, 6):
        row.pk, row.position, row.key = None, number, uuid4()
        row.save(force_insert=True)
    assert PlanMeasure.objects.filter(by="colleague").count() == 5
    with django_assert_max_num_queries(len(few)):
        assert len(held([plan], cast.term)) == 5
