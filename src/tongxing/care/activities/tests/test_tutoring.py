"""Tutoring in a group: the tick is the record, once for each child and meeting, and goes with the tick."""

import pytest

from tongxing.care.activities import actions, event_actions, outcomes
from tongxing.care.contacts.actions import withdraw_contact
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from .school import given, met, offered, ticked, wished


@pytest.fixture
def choir(cast, at_school):
    offer = offered(cast, name="合唱团", places=9)
    wished(offer, cast.students.key)
    given(cast, offer, at_school)
    return offer


@pytest.fixture
def tutored(cast, at_school):
    """数学一点通 of other_teacher, tutoring in mathematics, with 周晓禾, 孟宇航 (on the register) and 苏苗苗 (not)."""
    offer = offered(
        cast, kind="tutoring", name="数学一点通", subject="数学", places=9, wishes_until=clock.today()
    )
    wished(offer, cast.students.key, cast.students.normal, cast.students.plain)
    given(cast, offer, at_school)
    offer.refresh_from_db()
    return offer


def standing():
    return {contact.student: contact for contact in Contact.objects.standing()}


def test_a_tick_at_a_tutoring_group_is_tutoring_in_the_file_of_whoever_is_registered_and_was_there(
    cast, tutored
):
    event = met(cast, tutored)
    for _again in range(2):
        ticked(cast, event, key="present", normal="absent", plain="present")
    contact = Contact.objects.get()
    assert (contact.student, contact.kind, contact.staff) == (
        cast.students.key,
        "tutoring",
        cast.staff["other_teacher"],
    )
    assert contact.topics == ["study", "tutoring"] and contact.reached == ["student"]
    assert contact.revisions.get().body == {"covered": "数学 · 数学一点通"}
    assert not Contact.objects.visible_to(
        cast.actor("other_teacher")
    ).exists()  # nor learns who is registered


def test_a_tick_taken_back_takes_the_tutoring_along_and_a_tick_set_again_brings_it_back(cast, tutored):
    event = met(cast, tutored)
    ticked(cast, event, key="present", normal="present")
    ticked(cast, event, key="absent", normal="present")
    assert standing().keys() == {cast.students.normal}
    for _again in range(2):
        ticked(cast, event, key="present", normal="present")
    assert standing().keys() == {cast.students.key, cast.students.normal}
    assert Contact.objects.count() == 3
    event_actions.cancel(cast.actor("other_teacher"), event=event, reason="记错了日子")
    assert not standing()


def test_what_somebody_withdrew_by_hand_does_not_come_back_with_the_next_correction(cast, tutored):
    event = met(cast, tutored)
    ticked(cast, event, key="present", normal="present")
    withdraw_contact(cast.actor("coordinator"), contact=standing()[cast.students.key], reason="那天提前走了")
    ticked(cast, event, key="present", normal="absent")
    assert not standing()


def test_other_groups_are_no_tutoring_and_a_tutoring_group_is_no_activity(cast, choir, tutored):
    ticked(cast, met(cast, choir), key="present")
    assert not Contact.objects.exists()
    event = met(cast, tutored)
    ticked(cast, event, key="present")
    with pytest.raises(Refused):
        outcomes.note_taking_part(cast.actor("other_teacher"), event=event)
    assert {contact.kind for contact in Contact.objects.all()} == {"tutoring"}


def test_a_subject_belongs_to_tutoring_alone(cast, choir, tutored):
    assert (choir.subject, tutored.subject) == ("", "数学")
    changed = actions.change_offer(cast.actor("coordinator"), offer=tutored, facts={"kind": "club"})
    assert changed.subject == ""
