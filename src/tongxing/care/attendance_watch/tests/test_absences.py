"""The morning, and an absence until somebody knows where the child is."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from tests.cast import NOW

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import CalendarDay, Guardian
from tongxing.ground.records.models import AttendanceEvent

from ..actions.absences import ask_further, came, not_there, note_try, tell_reason
from ..actions.roll import call_roll
from ..models import Absence, AbsenceStep, RollCall, Thresholds
from ..models_absence import TEXT
from ..queries.today import class_day, morning, rates
from ..rules import DEFAULT
from ..thresholds import set_thresholds, thresholds
from ..watch import watch

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


def roll(cast, missing=(), by="class_teacher", school_class=None, **told):
    missing = [student.pk for student in missing]
    return call_roll(cast.actor(by), school_class=school_class or cast.class_one, missing=missing, **told)


def away(cast, by="class_teacher"):
    return roll(cast, [cast.students.key], by)[0]


def at(hour, minute=0, day=TODAY):
    return datetime.datetime.combine(day, datetime.time(hour, minute), SCHOOL_TIME)


@pytest.mark.parametrize("by", ["class_teacher", "coordinator", "head"])
def test_whoever_answers_for_the_class_notes_who_is_not_there_and_everybody_else_is(cast, by):
    absence = away(cast, by)
    assert (absence.student, absence.reason, absence.day) == (cast.students.key, "unknown", TODAY)
    assert Absence.objects.count() == 1
    assert RollCall.objects.get().school_class == cast.class_one


def test_a_teacher_of_the_first_lesson_marks_and_the_class_teacher_learns_of_it(cast):
    cast.teach("subject_teacher", cast.class_one)
    absence = away(cast, "subject_teacher")
    message = Message.objects.get(to=cast.users["class_teacher"])
    assert message.link_args == [absence.pk]
    assert "周晓禾" not in message.subject


@pytest.mark.parametrize("by", ["other_class_teacher", "helper", "counsellor", "outsider", "guardian"])
def test_nobody_else_marks_a_class(cast, by):
    with pytest.raises(NotAllowed):
        away(cast, by)
    assert not Absence.objects.exists() and not RollCall.objects.exists()


def test_sent_twice_it_is_noted_once(cast):
    assert len(roll(cast, [cast.students.key])) == 1
    assert roll(cast, [cast.students.key]) == []
    assert (Absence.objects.count(), AbsenceStep.objects.count()) == (1, 1)


def test_a_child_of_another_class_is_refused(cast):
    with pytest.raises(Refused):
        roll(cast, [cast.students.plain])


@pytest.mark.parametrize("day", [TODAY + DAY, TODAY - 15 * DAY, TODAY - 3 * DAY, TODAY - DAY])
def test_only_a_school_day_of_the_last_two_weeks_is_marked(cast, day):
    CalendarDay.objects.create(school=cast.school, date=TODAY - DAY, kind="off")
    with pytest.raises(Refused):
        roll(cast, [cast.students.key], day=day)


def test_a_family_that_was_reached_says_where_the_child_is_and_the_words_are_sealed(cast):
    absence, father = away(cast), Guardian.objects.get(name="周建军")
    step = tell_reason(
        cast.actor("helper"),
        absence=absence,
        reason="ill",
        words="发烧，奶奶在家照看",
        client_id=uuid4(),
        guardian=father,
        back_on=TODAY + 2 * DAY,
    )
    absence.refresh_from_db()
    assert (absence.reason, absence.back_on, step.kind) == ("ill", TODAY + 2 * DAY, "reached")
    assert "发烧".encode() not in bytes(step.text_sealed)
    assert unseal(cast.students.key.key, step.text_sealed, TEXT) == "发烧，奶奶在家照看"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, "发烧" in str(entry.detail)) == ("attendance.step", False)


def test_without_a_word_who_told_it_nothing_is_explained(cast):
    with pytest.raises(Refused) as refusal:
        tell_reason(cast.actor("helper"), absence=away(cast), reason="leave", words=" ", client_id=uuid4())
    assert refusal.value.field == "words"
    assert Absence.objects.get().is_open


def test_whoever_only_marks_does_not_read_or_write_what_a_family_said(cast):
    cast.teach("subject_teacher", cast.class_one)
    absence = away(cast)
    with pytest.raises(NotAllowed):
        tell_reason(
            cast.actor("subject_teacher"), absence=absence, reason="ill", words="发烧", client_id=uuid4()
        )
    assert not AbsenceStep.objects.visible_to(cast.actor("subject_teacher")).exists()
    assert came(cast.actor("subject_teacher"), absence=absence).reason == "late"


def test_not_reached_names_the_next_try_or_two_who_go_there_and_stays_open(cast):
    absence, by = away(cast), cast.actor("class_teacher")
    two = [cast.staff["helper"], cast.staff["other_teacher"]]
    note_try(by, absence=absence, client_id=uuid4(), next_at=NOW + HOUR)
    going = note_try(by, absence=absence, client_id=uuid4(), goers=two)
    absence.refresh_from_db()
    assert absence.is_open
    assert (going.kind, set(going.goers.all())) == ("going", set(two))
    assert Message.objects.filter(to=cast.users["helper"]).count() == 1


@pytest.mark.parametrize(
    ("names", "told", "field"),
    [
        ((), {}, "next_at"),
        ((), {"next_at": NOW - HOUR}, "next_at"),
        (("helper",), {}, "goers"),
        (("helper", "outsider"), {}, "goers"),
        (("helper", "unchecked"), {}, "goers"),
    ],
    ids=["neither", "a time that has passed", "alone", "somebody of another school", "without the check"],
)
def test_nobody_goes_alone_or_without_the_check_and_a_try_has_its_next_step(cast, names, told, field):
    cast.add_staff("unchecked", "季远")
    goers = [cast.staff[name] for name in names]
    with pytest.raises(Refused) as refusal:
        note_try(cast.actor("class_teacher"), absence=away(cast), client_id=uuid4(), goers=goers, **told)
    assert refusal.value.field == field


def test_words_of_danger_ask_somebody_to_look_after_the_child_today(cast):
    tell_reason(
        cast.actor("helper"),
        absence=away(cast),
        reason="no_leave",
        words="奶奶说孩子说不想活了，躲在屋里",
        client_id=uuid4(),
    )
    assert RiskFlag.objects.get().student == cast.students.key


def test_came_after_all_is_taken_back_to_what_was_known(cast):
    absence, by = away(cast), cast.actor("class_teacher")
    assert came(by, absence=absence, late=False).reason == "mistake"
    assert not_there(by, absence=absence).reason == "unknown"
    with pytest.raises(NotAllowed):
        came(cast.actor("other_class_teacher"), absence=absence)


def test_marked_by_mistake_and_missing_after_all_is_the_same_absence_open_again(cast):
    came(cast.actor("class_teacher"), absence=away(cast), late=False)
    assert [one.reason for one in roll(cast, [cast.students.key])] == ["unknown"]
    assert Absence.objects.count() == 1


def test_who_is_on_leave_for_days_stays_on_leave_and_nobody_says_it_twice(cast):
    tell_reason(
        cast.actor("class_teacher"),
        absence=away(cast),
        reason="leave",
        words="奶奶打电话请假",
        client_id=uuid4(),
        back_on=TODAY + 2 * DAY,
    )
    with time_machine.travel(NOW + DAY, tick=False):
        hints = {
            p.student: p.on_leave_until
            for p in class_day(cast.actor("class_teacher"), cast.class_one, TODAY + DAY)
        }
        assert hints == {cast.students.key: TODAY + 2 * DAY, cast.students.normal: None}
        assert [one.reason for one in roll(cast, [cast.students.key])] == ["leave"]
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        assert [one.reason for one in roll(cast, [cast.students.key])] == ["unknown"]


def test_after_two_school_hours_coordinator_and_head_are_asked_once_and_again_next_morning(cast):
    with time_machine.travel(at(8, 10), tick=False):
        absence = away(cast)
    assert ask_further(at(10, 9)) == 0
    assert ask_further(at(10, 10)) == 2
    assert ask_further(at(12)) == 0
    absence.refresh_from_db()
    assert absence.level == 1
    assert set(Message.objects.values_list("to__login", flat=True)) == {"coordinator", "head"}
    assert ask_further(at(7, 59, TODAY + DAY)) == 0
    ask_further(at(8, 0, TODAY + DAY))
    ask_further(at(8, 30, TODAY + DAY))
    assert Message.objects.count() == 4
    assert "周晓禾" not in "".join(Message.objects.values_list("subject", flat=True))


def test_nobody_is_asked_about_a_child_of_whom_somebody_knows(cast):
    with time_machine.travel(at(8, 10), tick=False):
        absence = away(cast)
        tell_reason(cast.actor("helper"), absence=absence, reason="ill", words="发烧", client_id=uuid4())
    assert ask_further(at(16)) == 0
    assert not Message.objects.filter(to=cast.users["head"]).exists()


def test_the_gates_list_makes_absences_of_today_once_and_never_overrules_a_person(cast):
    morning_at = at(7, 50)
    for student, kind in ((cast.students.key, "absent"), (cast.students.normal, "leave")):
        AttendanceEvent.objects.create(school=cast.school, student=student, at=morning_at, kind=kind)
    came(cast.actor("class_teacher"), absence=away(cast))
    assert watch(at(9))["taken"] == 1
    assert watch(at(9))["taken"] == 0
    assert dict(Absence.objects.values_list("student__name", "reason")) == {
        "周晓禾": "late",
        "孟宇航": "leave",
    }


def test_the_day_begins_with_those_of_whom_nobody_knows_also_of_days_before(cast):
    with time_machine.travel(NOW - DAY, tick=False):
        yesterday = away(cast)
    today = roll(cast, [cast.students.normal])[0]
    tell_reason(cast.actor("head"), absence=today, reason="ill", words="发烧", client_id=uuid4())
    found = morning(cast.actor("head"), cast.school, cast.term, TODAY)
    assert [one.absence for one in found.unknown] == [yesterday]
    assert [one.absence for one in found.known] == [today]
    assert found.unseen == (cast.class_two,)
    other = morning(cast.actor("other_class_teacher"), cast.school, cast.term, TODAY)
    assert (other.unknown, other.known, other.classes) == ((), (), (cast.class_two,))


def test_a_rate_counts_school_days_since_the_child_belongs_here(cast):
    with time_machine.travel(NOW - DAY, tick=False):
        away(cast)
    AttendanceEvent.objects.create(
        school=cast.school, student=cast.students.key, at=NOW - 2 * DAY, kind="leave"
    )
    found = rates(cast.school, cast.term, [cast.students.key.pk, cast.students.normal.pk])
    mine = found[cast.students.key.pk]
    assert (mine.absent, mine.unexcused, mine.school_days, mine.band) == (2, 1, 62, "calm")
    assert found[cast.students.normal.pk].absent == 0


def test_thresholds_hold_from_their_day_on_and_the_past_stays_judged_as_it_was(cast):
    assert thresholds(cast.school, TODAY) == DEFAULT
    set_thresholds(cast.actor("coordinator"), school=cast.school, told=DEFAULT._replace(days_in_a_row=5))
    assert thresholds(cast.school, TODAY).days_in_a_row == 5
    assert thresholds(cast.school, TODAY - DAY).days_in_a_row == 3
    assert Thresholds.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amber_percent": 10}, "amber_percent"),
        ({"days_in_a_row": 0}, "days_in_a_row"),
        ({"closes": datetime.time(7)}, "closes"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(cast, change, field):
    with pytest.raises(Refused) as refusal:
        set_thresholds(cast.actor("head"), school=cast.school, told=DEFAULT._replace(**change))
    assert refusal.value.field == field


def test_a_class_teacher_does_not_set_thresholds(cast):
    with pytest.raises(NotAllowed):
        set_thresholds(cast.actor("class_teacher"), school=cast.school, told=DEFAULT)


def test_the_system_acts_for_lists_alone_and_leaves_its_row(cast):
    AttendanceEvent.objects.create(school=cast.school, student=cast.students.key, at=at(7, 50), kind="absent")
    watch(at(9))
    row = AuditEntry.objects.get(action="attendance.events")
    assert (row.actor_kind, SYSTEM.is_system) == ("system", True)
    assert clock.day_of(Absence.objects.get().noted_at) == TODAY
