"""Leaving well, and safety before breaks."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from tests.cast import NOW

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.actions import install
from tongxing.care.programme.models import PlanItem
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Guardian, Registration

from ..actions import breaks, leaving
from ..models import CallSwap, Departure, LeavingReview, Lesson, MissedLesson
from ..models_breaks import Topic
from ..queries.breaks import calls, classes_ready, gaps_of, next_gap, reader_of
from ..queries.leaving import reviews_of, term_end

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


def review(cast, by="helper", **told):
    told = {
        "helped": "点名问就愿意回答",
        "next_teachers": "坐前排听得清",
        "with_child": True,
        "with_family": False,
        "client_id": uuid4(),
    } | told
    return leaving.review(cast.actor(by), student=cast.students.key, **told)


def pair(cast, student=None, helper="helper", **facts):
    facts = {"starts_on": cast.term.starts_on, "confirmed_at": NOW} | facts
    return Pair.objects.create(
        school=cast.school, student=student or cast.students.key, helper=cast.staff[helper], **facts
    )


def own_plan(cast, student):
    return PlanItem.objects.create(
        school=cast.school,
        student=student,
        code="talk",
        label_zh="谈心",
        label_en="Talk",
        record_as="talk",
        to="registered",
        every="weeks",
        starts_on=TODAY - 7 * DAY,
        review_on=TODAY + 30 * DAY,
        recorded_at=NOW,
    )


def test_the_helper_says_on_parting_what_helped_and_it_is_sealed(cast):
    row = review(cast)
    assert "点名".encode() not in bytes(row.helped_sealed)
    assert reviews_of(cast.actor("helper"), cast.students.key)[0].next_teachers == "坐前排听得清"
    assert reviews_of(cast.actor("other_class_teacher"), cast.students.key) == []


@pytest.mark.parametrize(
    ("change", "field"), [({"helped": " "}, "helped"), ({"with_child": False}, "with_child")]
)
def test_what_others_shall_read_was_said_with_the_child_first(cast, change, field):
    with pytest.raises(Refused) as refusal:
        review(cast, **change)
    assert refusal.value.field == field


def test_nobody_else_writes_it_and_words_of_danger_are_heard(cast):
    with pytest.raises(NotAllowed):
        review(cast, by="other_class_teacher")
    review(cast, helped="她说过不想活了")
    assert RiskFlag.objects.exists() and LeavingReview.objects.count() == 1


def test_with_the_last_day_class_register_pairs_and_the_own_plan_end_and_everything_stays_readable(cast):
    standing = pair(cast)
    plan = own_plan(cast, cast.students.key)
    leaving.leave(cast.actor("coordinator"), student=cast.students.key, on=TODAY)
    for row in (standing, plan):
        row.refresh_from_db()
        assert row.ends_on == TODAY
    assert Registration.objects.get(student=cast.students.key).ended_reason
    assert not cast.students.key.memberships.filter(ends_on=None).exists()


def test_where_a_child_went_is_noted_after_the_last_day_alone(cast):
    with pytest.raises(Refused):
        leaving.note_departure(
            cast.actor("coordinator"), student=cast.students.key, client_id=uuid4(), kind="abroad"
        )
    with pytest.raises(NotAllowed):
        leaving.note_departure(
            cast.actor("class_teacher"), student=cast.students.key, client_id=uuid4(), kind="abroad"
        )
    assert not Departure.objects.exists()


def test_before_the_term_ends_open_promises_stand_by_name_and_helpers_in_the_order_of_names(cast):
    install(SYSTEM, school=cast.school)
    pair(cast)
    pair(cast, cast.students.normal, "other_teacher")
    end = term_end(cast.actor("head"), cast.school, cast.term)
    assert {one.student for one in end.open_promises} == {cast.students.key, cast.students.normal}
    names = [staff.name for staff, _students in end.thanks]
    assert names == sorted(names) and len(names) == 2
    leaving.leave(cast.actor("coordinator"), student=cast.students.key, on=TODAY)
    end = term_end(cast.actor("head"), cast.school, cast.term)
    assert [one.student for one in end.left_register] == [cast.students.key]
    assert all(one.student != cast.students.key for one in end.open_promises)


def winter(cast):
    return gaps_of(cast.term)[-1]


def lesson(cast, by="class_teacher", **told):
    told = {"held_on": TODAY, "topics": Topic.values, "missed": [cast.students.key.pk]} | told
    return breaks.note_lesson(cast.actor(by), school_class=cast.class_one, gap=winter(cast), **told)


def test_the_next_break_follows_from_the_calendar(cast):
    assert (winter(cast).season, winter(cast).starts_on) == ("winter", cast.term.ends_on + DAY)
    assert next_gap(cast.term, TODAY) == winter(cast)


def test_whoever_missed_the_safety_lesson_stands_there_until_somebody_went_through_it_with_them(cast):
    lesson(cast)
    missed = MissedLesson.objects.get()
    breaks.caught_up(cast.actor("class_teacher"), missed=missed)
    missed.refresh_from_db()
    assert missed.caught_up_on == TODAY
    lesson(cast, missed=[])
    assert MissedLesson.objects.count() == 1 and Lesson.objects.count() == 1
    assert classes_ready(cast.actor("head"), cast.term, winter(cast))[0].missed == ()
    breaks.caught_up(cast.actor("class_teacher"), missed=missed, undone=True)
    missed.refresh_from_db()
    assert missed.caught_up_on is None


def test_a_list_that_is_corrected_keeps_what_it_said_before(cast):
    lesson(cast)
    lesson(cast, missed=[])
    assert MissedLesson.objects.get().taken_back_at == NOW
    assert classes_ready(cast.actor("head"), cast.term, winter(cast))[0].missed == ()
    lesson(cast)
    assert [one.student for one in classes_ready(cast.actor("head"), cast.term, winter(cast))[0].missed] == [
        cast.students.key
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"held_on": TODAY + DAY}, "held_on"), ({"topics": []}, "topics"), ({"topics": ["x"]}, "topics")],
)
def test_a_lesson_was_held_and_about_something(cast, change, field):
    with pytest.raises(Refused) as refusal:
        lesson(cast, **change)
    assert refusal.value.field == field


def test_only_those_of_the_class_note_its_lesson(cast):
    for by in ("other_class_teacher", "helper", "outsider"):
        with pytest.raises(NotAllowed):
            lesson(cast, by)
    lesson(cast)
    with pytest.raises(NotAllowed):
        breaks.caught_up(cast.actor("helper"), missed=MissedLesson.objects.get())
    with pytest.raises(Refused):
        lesson(cast, missed=[cast.students.plain.pk])


def who_calls(cast, by="head"):
    return calls(cast.actor(by), cast.school, cast.term, winter(cast))


def test_callers_follow_from_the_pairs_and_whoever_has_none_stands_first_by_name(cast):
    pair(cast)
    found = who_calls(cast)
    assert found[0].student == cast.students.normal and found[0].caller is None
    mine = [call for call in found if call.student == cast.students.key]
    assert {call.caller for call in mine} == {cast.staff["helper"]}
    assert [call.week.number for call in mine][:2] == [1, 3]
    others = [call.week.number for call in found if call.student == cast.students.normal]
    assert others[:2] == [1, 5]


def test_a_caller_is_changed_by_hand_for_one_week_and_back(cast):
    pair(cast)
    told = {"student": cast.students.key, "gap": winter(cast), "week": 1}
    for _ in range(2):
        breaks.swap_caller(cast.actor("coordinator"), caller=cast.staff["other_teacher"], **told)
    assert CallSwap.objects.count() == 1
    first = next(call for call in who_calls(cast) if call.student == cast.students.key)
    assert (first.caller, first.swapped) == (cast.staff["other_teacher"], True)
    breaks.swap_caller(cast.actor("coordinator"), caller=None, **told)
    assert next(call for call in who_calls(cast) if call.student == cast.students.key).caller is None


def test_who_may_not_be_near_children_or_leads_nobody_is_no_caller_and_changes_none(cast):
    told = {"student": cast.students.key, "gap": winter(cast), "week": 1}
    for caller in (cast.add_staff("unchecked", "季远"), cast.staff["outsider"]):
        with pytest.raises(Refused) as refusal:
            breaks.swap_caller(cast.actor("head"), caller=caller, **told)
        assert refusal.value.field == "caller"
    with pytest.raises(NotAllowed):
        breaks.swap_caller(cast.actor("helper"), caller=cast.staff["helper"], **told)


@pytest.mark.parametrize(
    ("made", "reached", "ticks"), [(True, ["student"], True), (True, ["father"], False), (False, [], False)]
)
def test_any_real_talk_with_the_child_in_that_time_ticks_the_call(cast, made, reached, ticks):
    pair(cast)
    first_day = datetime.datetime.combine(winter(cast).starts_on, datetime.time(10), NOW.tzinfo)
    with time_machine.travel(first_day + 2 * DAY, tick=False):
        write_contact(
            SYSTEM,
            student=cast.students.key,
            client_id=uuid4(),
            kind="call",
            told=Told({"said": "在家" if made else "没人接"}, channel="phone", reached=reached, made=made),
            staff=cast.staff["other_teacher"],
        )
        done = [call.week.number for call in who_calls(cast) if call.done_on]
    assert done == ([1] if ticks else [])


def test_a_letter_is_read_aloud_where_nobody_at_home_is_known_to_read(cast):
    grandma = Guardian.objects.get(name="周桂兰")
    ids = [cast.students.key.pk]
    assert reader_of(ids) == {}
    Guardian.objects.filter(pk=grandma.pk).update(reads=False)
    assert reader_of(ids) == {cast.students.key.pk: [grandma]}
    Guardian.objects.filter(name="周建军").update(reads=True)  # works away: cannot read it to anybody
    assert reader_of(ids) == {cast.students.key.pk: [grandma]}
    Guardian.objects.create(
        school=cast.school, student=cast.students.key, name="周明", relation="relative", reads=True
    )
    assert reader_of(ids) == {}
