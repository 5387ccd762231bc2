"""From a suspicion to the second look; the monthly table says what the records hold."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.cast import NOW

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people import student_actions
from tongxing.ground.people.models import Likeness

from .. import months
from ..actions import cases, leaving
from ..actions.absences import came, tell_reason
from ..actions.cases import Told
from ..actions.roll import call_roll
from ..models import Absence, CaseStep, MonthTable, ReturnCase
from ..queries.cases import steps_of, waiting, where_to
from ..watch import watch

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
NOVEMBER = datetime.date(2026, 11, 1)


def stay_away(cast, days=3, student=None):
    """Marked missing on school days in a row, up to today; nobody gives leave."""
    for back in range(days - 1, -1, -1):
        with time_machine.travel(NOW - back * DAY, tick=False):
            call_roll(
                cast.actor("class_teacher"),
                school_class=cast.class_one,
                missing=[(student or cast.students.key).pk],
            )


def opened(cast, by="class_teacher", **told):
    told = {"found": "同村的孩子说他去镇上的饭店帮工了", "client_id": uuid4()} | told
    return cases.open_case(cast.actor(by), student=cast.students.key, **told)


def two(cast):
    return [cast.staff["class_teacher"], cast.staff["helper"]]


def visited(cast, case, **told):
    told = {"found": "在家，帮奶奶收白菜", "next_on": TODAY + DAY, "people": two(cast)} | told
    return cases.note_step(
        cast.actor("helper"), case=case, kind="visit", told=Told(**told), client_id=uuid4()
    )


def closed(cast, case=None, by="class_teacher", **told):
    told = {"outcome": "back", "on": TODAY, "found": "今天第一节课就在教室"} | told
    return cases.close(cast.actor(by), case=case or opened(cast), **told)


def test_three_days_in_a_row_without_leave_are_noticed_once_and_class_teacher_and_leads_learn_of_it(cast):
    stay_away(cast)
    assert watch(NOW)["opened"] == 1
    assert watch(NOW)["opened"] == 0
    case = ReturnCase.objects.get()
    assert (case.origin, case.facts["days"], case.state) == ("row", 3, "suspected")
    told = set(Message.objects.filter(code="return.case").values_list("to__login", flat=True))
    assert told == {"class_teacher", "coordinator", "head"}


def test_two_days_or_days_with_leave_are_no_suspicion(cast):
    stay_away(cast, 2)
    stay_away(cast, 3, cast.students.normal)
    leave = Absence.objects.get(student=cast.students.normal, day=TODAY - DAY)
    tell_reason(cast.actor("head"), absence=leave, reason="leave", words="父亲来电", client_id=uuid4())
    assert watch(NOW)["opened"] == 0


def test_a_morning_nobody_has_looked_at_yet_does_not_hide_the_days_before(cast):
    stay_away(cast)
    with time_machine.travel(NOW + DAY, tick=False):
        assert watch(NOW + DAY)["opened"] == 1


def test_what_a_case_at_rest_was_about_is_not_noticed_a_second_time(cast):
    stay_away(cast)
    watch(NOW)
    with time_machine.travel(NOW + DAY, tick=False):
        case = closed(cast, ReturnCase.objects.get(), on=TODAY + DAY)
        cases.sign(cast.actor("head"), case=case)
        assert watch(NOW + DAY)["opened"] == 0


@pytest.mark.parametrize("by", ["helper", "class_teacher", "coordinator"])
def test_a_colleague_who_follows_the_child_is_worried_and_opens_one_case(cast, by):
    case = opened(cast, by)
    assert opened(cast, "head") == case
    assert steps_of(cast.actor(by), case_with_key(case))[0].found == "同村的孩子说他去镇上的饭店帮工了"
    assert "饭店".encode() not in bytes(case.steps.get().found_sealed)


def case_with_key(case):
    return ReturnCase.objects.select_related("student__key").get(pk=case.pk)


@pytest.mark.parametrize("by", ["other_class_teacher", "counsellor", "subject_teacher", "outsider"])
def test_nobody_else_opens_or_sees_one(cast, by):
    cast.teach("subject_teacher", cast.class_one)
    with pytest.raises(NotAllowed):
        opened(cast, by)
    opened(cast)
    assert not ReturnCase.objects.visible_to(cast.actor(by)).exists()
    assert not CaseStep.objects.visible_to(cast.actor(by)).exists()


def test_a_worry_needs_a_word(cast):
    with pytest.raises(Refused) as refusal:
        opened(cast, found=" ")
    assert refusal.value.field == "found"


def test_looked_into_then_visited_in_twos_moves_on_and_never_back(cast):
    case, by = opened(cast), cast.actor("class_teacher")
    cases.note_step(by, case=case, kind="checked", told=Told("没有办转学", next_on=TODAY), client_id=uuid4())
    assert state(case) == "checked"
    visited(cast, case)
    assert state(case) == "bringing"
    cases.note_step(by, case=case, kind="checked", told=Told("还在饭店", next_on=TODAY), client_id=uuid4())
    assert state(case) == "bringing"
    assert set(case.steps.get(kind="visit").people.all()) == set(two(cast))


def state(case):
    case.refresh_from_db()
    return case.state


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": []}, "people"),
        ({"found": ""}, "found"),
        ({"next_on": None}, "next_on"),
        ({"next_on": TODAY - DAY}, "next_on"),
        ({"on": TODAY + DAY}, "on"),
    ],
    ids=["without names", "nothing found", "no next date", "a date that has passed", "not yet happened"],
)
def test_a_visit_says_who_what_and_when_next(cast, change, field):
    with pytest.raises(Refused) as refusal:
        visited(cast, opened(cast), **change)
    assert refusal.value.field == field


def test_nobody_visits_alone(cast):
    with pytest.raises(Refused) as refusal:
        visited(cast, opened(cast), people=two(cast)[:1])
    assert refusal.value.field == "people"


def test_what_is_found_passes_the_words_of_danger(cast):
    visited(cast, opened(cast), found="爸爸喝酒后打他，不敢回家")
    assert RiskFlag.objects.filter(student=cast.students.key).exists()


def test_sent_twice_a_step_is_one(cast):
    case, same = opened(cast), uuid4()
    for _ in range(2):
        cases.note_step(
            cast.actor("helper"), case=case, kind="call", told=Told("通了电话", next_on=TODAY), client_id=same
        )
    assert case.steps.filter(kind="call").count() == 1


def test_back_at_school_rests_after_a_second_person_has_looked(cast):
    case = closed(cast)
    assert case.state == "closed"
    cases.sign(cast.actor("coordinator"), case=case)
    assert state(case) == "done"
    assert AuditEntry.objects.filter(action="return.sign").count() == 1


def test_nobody_looks_at_the_own_closing_and_no_helper_is_the_second_person(cast):
    case = closed(cast, by="coordinator")
    with pytest.raises(Refused):
        cases.sign(cast.actor("coordinator"), case=case)
    with pytest.raises(NotAllowed):
        cases.sign(cast.actor("helper"), case=case)
    assert state(case) == "closed"


def test_another_school_is_named_and_has_confirmed_before_it_rests(cast):
    with pytest.raises(Refused) as refusal:
        closed(cast, outcome="transferred")
    assert refusal.value.field == "to_school"
    case = closed(cast, outcome="transferred", to_school="云岭中学")
    with pytest.raises(Refused) as refusal:
        cases.sign(cast.actor("head"), case=case)
    assert refusal.value.field == "confirmed_on"
    assert cases.sign(cast.actor("head"), case=case, confirmed_on=TODAY).state == "done"


def test_the_database_itself_holds_that_a_transfer_is_confirmed(cast):
    case = closed(cast, outcome="transferred", to_school="云岭中学")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnCase.objects.filter(pk=case.pk).update(state="done")


def test_away_again_it_is_taken_up_with_a_word(cast):
    case = closed(cast)
    cases.sign(cast.actor("head"), case=case)
    with pytest.raises(Refused):
        cases.take_up_again(cast.actor("helper"), case=case, found="")
    again = cases.take_up_again(cast.actor("helper"), case=case, found="今天又没有来")
    assert (again.state, again.outcome, again.ended_on) == ("checked", "", None)
    assert [code for code, _ in waiting(cast.actor("helper"), cast.school)] == ["checked"]


def test_who_left_without_anybody_knowing_where_to_is_a_question_until_the_school_confirms(cast):
    office = cast.actor("coordinator")
    leaving.leave(office, student=cast.students.key, on=TODAY)
    student = cast.students.key
    student.refresh_from_db()
    assert where_to(office, cast.school) == [student]
    with pytest.raises(Refused):
        leaving.note_departure(office, student=student, client_id=uuid4(), kind="transfer")
    told = {"kind": "transfer", "to_school": "云岭中学"}
    leaving.note_departure(office, student=student, client_id=uuid4(), **told)
    assert where_to(office, cast.school) == [student]
    leaving.note_departure(office, student=student, client_id=uuid4(), confirmed_on=TODAY, **told)
    assert where_to(office, cast.school) == []
    assert where_to(cast.actor("class_teacher"), cast.school) == []


def test_an_entry_that_was_the_same_child_is_no_question(cast):
    office = cast.actor("coordinator")
    student_actions.decide_likeness(
        office, student=cast.students.key, other=cast.students.normal, verdict=Likeness.Verdict.SAME
    )
    assert where_to(office, cast.school) == []


def test_the_monthly_table_equals_the_records(cast):
    stay_away(cast)
    stay_away(cast, 1, cast.students.normal)
    watch(NOW)
    case = ReturnCase.objects.get()
    found = months.table(cast.actor("head"), cast.school, NOVEMBER)
    one, two_ = found.rows
    assert [row.name for row in found.rows] == ["初一(1)班", "初一(2)班"]
    days = Absence.objects.filter(reason__in=("unknown", "no_leave"))
    assert found.total("days") == days.count() == 4
    assert set(one.ids["children"]) == set(days.values_list("student_id", flat=True))
    assert (one.count("suspected"), two_.count("suspected")) == (1, 0)
    closed(cast, case)
    cases.sign(cast.actor("head"), case=case)
    later = months.table(cast.actor("head"), cast.school, NOVEMBER)
    assert (later.total("suspected"), later.total("returned")) == (0, 1)


def test_a_frozen_month_stays_as_it_was_whatever_is_written_down_later(cast):
    stay_away(cast)
    kept = months.freeze(cast.actor("coordinator"), school=cast.school, month=NOVEMBER)
    with time_machine.travel(NOW + DAY / 24, tick=False):
        for absence in Absence.objects.all():
            came(cast.actor("class_teacher"), absence=absence, late=False)
        assert months.freeze(cast.actor("head"), school=cast.school, month=NOVEMBER) == kept
        assert months.table(cast.actor("head"), cast.school, NOVEMBER).total("days") == 3
        assert months.count(cast.school, NOVEMBER, kept.as_of).total("days") == 3
        assert months.count(cast.school, NOVEMBER, NOW + DAY).total("days") == 0
    assert MonthTable.objects.count() == 1


def test_a_month_to_come_is_not_frozen_and_a_class_teacher_freezes_none(cast):
    with pytest.raises(Refused):
        months.freeze(cast.actor("head"), school=cast.school, month=datetime.date(2026, 12, 1))
    with pytest.raises(NotAllowed):
        months.freeze(cast.actor("class_teacher"), school=cast.school, month=NOVEMBER)
    with pytest.raises(NotAllowed):
        months.table(cast.actor("class_teacher"), cast.school, NOVEMBER)
