"""What is held: ticked on one page, left only with consent and two adults, and one tap from the child's file."""

import datetime
from uuid import UUID

import pytest

from tongxing.care.activities import actions, event_actions, outcomes, queries
from tongxing.care.activities.models import Event, Part
from tongxing.care.contacts import highlights
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Consent, Staff

from .school import TODAY, YESTERDAY, agreed, given, met, offered, on_the_list, planned, ticked, wished


@pytest.fixture
def choir(cast, at_school):
    """合唱团 of other_teacher with 周晓禾, 孟宇航 and 苏苗苗, on Thursday."""
    offer = offered(cast, name="合唱团", places=9)
    wished(offer, cast.students.key, cast.students.normal, cast.students.plain)
    given(cast, offer, at_school)
    offer.refresh_from_db()
    return offer


def test_the_leader_ticks_a_meeting_and_may_correct_it(cast, choir):
    event = met(cast, choir)
    assert met(cast, choir) == event
    assert [row.state for row in queries.rows_to_tick(event)] == ["present"] * 3
    ticked(cast, event, key="present", normal="absent", plain="excused")
    ticked(cast, event, key="present", normal="present", plain="excused")
    states = {part.student.name: part.state for part in event.parts.all()}
    assert states == {"周晓禾": "present", "孟宇航": "present", "苏苗苗": "excused"}
    assert AuditEntry.objects.filter(action="event.tick").count() == 2


def test_nobody_ticks_ahead_or_somebody_who_is_not_of_the_group(cast, choir):
    with pytest.raises(Refused):
        met(cast, choir, on=TODAY + datetime.timedelta(days=8))
    event = met(cast, choir)
    with pytest.raises(Refused):
        ticked(cast, event, far="present")
    with pytest.raises(Refused):
        ticked(cast, event, key="listed")


@pytest.mark.parametrize("by", ["class_teacher", "helper", "counsellor", "student", "outsider"])
def test_whoever_does_not_lead_the_group_neither_meets_nor_ticks_nor_plans(cast, choir, by):
    event = met(cast, choir)
    with pytest.raises(NotAllowed):
        met(cast, choir, by=by)
    with pytest.raises(NotAllowed):
        ticked(cast, event, by=by, key="present")
    with pytest.raises(NotAllowed):
        planned(cast, by=by, kind="competition", leader="helper", offer=choir)
    with pytest.raises(NotAllowed):
        event_actions.cancel(cast.actor(by), event=event, reason="下雨")


def test_a_cancelled_meeting_says_why_and_can_be_held_another_time(cast, choir):
    event = met(cast, choir)
    with pytest.raises(Refused):
        event_actions.cancel(cast.actor("other_teacher"), event=event, reason="")
    event_actions.cancel(cast.actor("other_teacher"), event=event, reason="老师生病")
    with pytest.raises(Refused):
        ticked(cast, event, key="present")
    assert met(cast, choir) != event


def test_what_is_written_about_the_group_hides_no_danger_to_a_child(cast, choir):
    event = met(cast, choir)
    with pytest.raises(Refused) as refusal:
        event_actions.write_record(
            cast.actor("other_teacher"), event=event, facts={"process": "有个孩子说不想活了"}
        )
    assert refusal.value.field == "process"
    event_actions.write_record(cast.actor("other_teacher"), event=event, facts={"process": "练了两个声部"})
    event.refresh_from_db()
    assert event.process == "练了两个声部"


def test_a_class_teacher_plans_for_the_own_class_and_for_no_other(cast):
    def thanks(by, school_class):
        return planned(
            cast, by=by, kind="thanks", leader=by, companions=(), school_class=school_class, way="letter"
        )

    assert thanks("class_teacher", cast.class_one).school_class == cast.class_one
    for by, school_class in (("class_teacher", cast.class_two), ("helper", cast.class_one)):
        with pytest.raises(NotAllowed):
            thanks(by, school_class)


def test_saying_thanks_is_for_a_whole_class_and_nobody_is_listed_or_ticked(cast):
    with pytest.raises(Refused):
        planned(cast, kind="thanks", way="letter", companions=())
    event = planned(cast, kind="thanks", way="letter", companions=(), school_class=cast.class_one)
    with pytest.raises(Refused):
        on_the_list(cast, event, cast.students.key)
    with pytest.raises(Refused):
        ticked(cast, event, by="coordinator", key="absent")
    assert not Part.objects.exists()


def test_nobody_leaves_the_school_without_a_second_adult(cast):
    event = planned(cast, companions=())
    on_the_list(cast, event, cast.students.key)
    agreed(cast.students.key)
    with pytest.raises(Refused) as refusal:
        event_actions.close_list(cast.actor("coordinator"), event=event)
    assert refusal.value.field == "companions"
    event_actions.change(cast.actor("coordinator"), event=event, facts={}, companions=[cast.staff["head"]])
    event_actions.close_list(cast.actor("coordinator"), event=event)
    event.refresh_from_db()
    assert event.closed_at
    event_actions.change(cast.actor("coordinator"), event=event, facts={}, companions=[])
    event.refresh_from_db()
    assert event.closed_at is None


def test_the_adults_who_come_along_have_the_check_noted(cast):
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(offence_check_on=None)
    cast.staff["helper"].refresh_from_db()
    with pytest.raises(Refused) as refusal:
        planned(cast, companions=("helper",))
    assert refusal.value.field == "companions"


def test_a_child_whose_family_has_not_agreed_stays_and_the_others_go(cast):
    event = planned(cast)
    on_the_list(cast, event, cast.students.key, cast.students.normal)
    agreed(cast.students.key)
    with pytest.raises(Refused):
        event_actions.close_list(cast.actor("coordinator"), event=event)
    with pytest.raises(Refused):
        ticked(cast, event, by="coordinator", key="present")
    part = event.parts.get(student=cast.students.normal)
    event_actions.take_off(cast.actor("coordinator"), event=event, part=part)
    event_actions.close_list(cast.actor("coordinator"), event=event)
    with pytest.raises(Refused):
        on_the_list(cast, event, cast.students.plain)
    assert [taking.part.student.name for taking in queries.takings(cast.actor("coordinator"), event)] == [
        "周晓禾"
    ]


def test_a_consent_withdrawn_shows_at_once_and_a_list_can_be_opened_again(cast):
    event = planned(cast)
    on_the_list(cast, event, cast.students.key)
    agreed(cast.students.key)
    event_actions.close_list(cast.actor("coordinator"), event=event)
    Consent.objects.update(withdrawn_on=TODAY)
    assert not queries.takings(cast.actor("coordinator"), event)[0].agreed
    event_actions.close_list(cast.actor("coordinator"), event=event, again=True)
    on_the_list(cast, event, cast.students.normal)
    assert event.parts.standing().count() == 2


def test_each_teacher_lists_only_the_own_students(cast):
    event = planned(cast)
    on_the_list(cast, event, cast.students.key, by="class_teacher")
    with pytest.raises(NotAllowed):
        on_the_list(cast, event, cast.students.plain, by="class_teacher")
    event_actions.set_list(cast.actor("class_teacher"), event=event, among=[cast.students.key], chosen=set())
    assert not event.parts.standing().exists()


def test_hours_of_service_stand_in_the_file_of_whoever_was_there(cast):
    event = planned(cast)
    on_the_list(cast, event, cast.students.key, cast.students.normal)
    agreed(cast.students.key, cast.students.normal)
    event_actions.close_list(cast.actor("coordinator"), event=event)
    event_actions.tick(
        cast.actor("coordinator"),
        event=event,
        states={cast.students.key.pk: "present", cast.students.normal.pk: "excused"},
        minutes={cast.students.key.pk: 90, cast.students.normal.pk: 90},
    )
    assert queries.file_of(cast.actor("class_teacher"), cast.students.key).minutes == 90
    assert queries.file_of(cast.actor("class_teacher"), cast.students.normal).minutes == 0
    with pytest.raises(Refused):
        event_actions.tick(
            cast.actor("coordinator"),
            event=event,
            states={cast.students.key.pk: "present"},
            minutes={cast.students.key.pk: 2000},
        )


def test_not_in_the_picture_is_whoever_did_not_agree_to_photos(cast):
    event = planned(cast)
    on_the_list(cast, event, cast.students.key, cast.students.normal)
    agreed(cast.students.key, purpose="photo")
    found = {one.part.student.name: one.pictured for one in queries.takings(cast.actor("coordinator"), event)}
    assert found == {"周晓禾": True, "孟宇航": False}


def test_taking_part_keeps_the_promise_of_registered_students_and_the_leader_does_not_learn_of_whom(
    cast, choir
):
    event = met(cast, choir)
    with pytest.raises(Refused):
        outcomes.note_taking_part(cast.actor("other_teacher"), event=event)
    ticked(cast, event, key="present", normal="absent", plain="present")
    for _again in range(2):
        assert outcomes.note_taking_part(cast.actor("other_teacher"), event=event) is None
    contact = Contact.objects.get()
    assert (contact.student, contact.channel, contact.staff) == (
        cast.students.key,
        "activity",
        cast.staff["other_teacher"],
    )
    leader = cast.actor("other_teacher")
    assert not highlights.just_noted(leader) and not Contact.objects.visible_to(leader).exists()
    assert AuditEntry.objects.filter(action="event.count").last().detail == {}


def test_a_class_teacher_notes_taking_part_for_the_own_class_alone(cast, choir):
    event = met(cast, choir)
    ticked(cast, event, key="present", normal="present", plain="present")
    outcomes.note_taking_part(cast.actor("other_class_teacher"), event=event)
    assert not Contact.objects.exists()
    outcomes.note_taking_part(cast.actor("class_teacher"), event=event)
    assert {contact.student for contact in Contact.objects.all()} == {cast.students.key, cast.students.normal}
    for by in ("counsellor", "outsider", "student"):
        with pytest.raises(NotAllowed):
            outcomes.note_taking_part(cast.actor(by), event=event)


@pytest.fixture
def won(cast, choir):
    event = planned(
        cast, by="other_teacher", kind="competition", leader="other_teacher", companions=(), offer=choir
    )
    event_actions.list_group(cast.actor("other_teacher"), event=event)
    facts = {"result": "第二名", "prize": "县合唱比赛二等奖"}
    return event_actions.write_record(cast.actor("other_teacher"), event=event, facts=facts)


def test_a_prize_is_a_success_in_one_tap_for_whoever_writes_the_childs_records(cast, won):
    found = queries.takings(cast.actor("class_teacher"), won)
    assert {one.part.student.name: one.success for one in found} == {"周晓禾": False, "孟宇航": False}
    for _again in range(2):
        outcomes.note_success(cast.actor("class_teacher"), event=won, student=cast.students.key)
    contact = Contact.objects.get()
    assert contact.kind == "success" and "县合唱比赛二等奖" in contact.revisions.get().body["success"]
    found = queries.takings(cast.actor("class_teacher"), won)
    assert {one.part.student.name: one.success for one in found} == {"周晓禾": True, "孟宇航": False}


def test_the_leader_is_not_shown_for_whom_a_success_counts_nor_notes_one(cast, won):
    assert {one.success for one in queries.takings(cast.actor("other_teacher"), won)} == {None}
    with pytest.raises(NotAllowed):
        outcomes.note_success(cast.actor("other_teacher"), event=won, student=cast.students.key)


def test_a_success_asks_for_a_prize_for_taking_part_and_for_the_register(cast, won):
    with pytest.raises(NotAllowed):  # not on the register
        outcomes.note_success(cast.actor("other_class_teacher"), event=won, student=cast.students.plain)
    part = won.parts.get(student=cast.students.key)
    event_actions.take_off(cast.actor("other_teacher"), event=won, part=part)
    with pytest.raises(Refused):
        outcomes.note_success(cast.actor("class_teacher"), event=won, student=cast.students.key)
    Event.objects.filter(pk=won.pk).update(prize="")
    won.refresh_from_db()
    with pytest.raises(Refused):
        outcomes.note_success(cast.actor("class_teacher"), event=won, student=cast.students.normal)


def test_sent_twice_it_is_planned_once(cast):
    for _again in range(2):
        event_actions.plan(
            cast.actor("coordinator"),
            school=cast.school,
            kind="performance",
            facts={"title": "元旦联欢", "on": TODAY},
            client_id=UUID(int=9),
            leader=cast.staff["coordinator"],
        )
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("title", {"title": " "}),
        ("on", {"on": None}),
        ("kind", {"kind": "party"}),
        ("offer", {"kind": "rehearsal"}),
    ],
)
def test_what_a_plan_lacks_is_said_beside_its_field(cast, field, more):
    with pytest.raises(Refused) as refusal:
        planned(cast, **more)
    assert refusal.value.field == field


def test_the_visit_of_the_double_ninth_is_proposed_for_the_school_day_next_to_it(cast):
    assert queries.suggested_service_day(cast.term) == (
        datetime.date(2026, 10, 18),
        datetime.date(2026, 10, 19),
    )


def test_a_group_that_has_ended_meets_no_more_but_what_was_held_stays(cast, choir):
    event = met(cast, choir, on=YESTERDAY)
    actions.end_offer(cast.actor("coordinator"), offer=choir, reason="学期结束")
    assert list(queries.events_of(cast.actor("other_teacher"), choir)) == [event]
