"""Volunteers from outside: along on an outing, beside the leader of a group, and never without check or school."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.activities import adults, event_actions, queries
from tongxing.care.activities.models import Companion, GroupVolunteer
from tongxing.care.pairing import proxies
from tongxing.care.pairing.models import Volunteer
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from .school import TODAY, agreed, met, offered, on_the_list, planned


def outside(cast, name="何春燕", *, checked=True, school=None):
    office = cast.actor("coordinator")
    told = {"name": name, "comes_from": "镇妇联", "phone": ""}
    volunteer = proxies.add_volunteer(office, school=cast.school, client_id=uuid4(), **told)
    if checked:
        proxies.note_check(office, volunteer=volunteer, on=TODAY)
    Volunteer.objects.filter(pk=volunteer.pk).update(school=school or cast.school)
    volunteer.refresh_from_db()
    return volunteer


def outing(cast, *along, **more):
    event = planned(cast, companions=(), **more)
    on_the_list(cast, event, cast.students.key)
    agreed(cast.students.key)
    event_actions.change(cast.actor("coordinator"), event=event, facts={}, companions=along)
    return event


def close(cast, event):
    event_actions.close_list(cast.actor("coordinator"), event=event)
    event.refresh_from_db()


def test_a_checked_volunteer_is_the_second_adult_of_an_outing(cast):
    volunteer = outside(cast)
    event = outing(cast, volunteer)
    close(cast, event)
    assert event.closed_at and adults.along(event) == [volunteer]
    event_actions.change(cast.actor("coordinator"), event=event, facts={}, companions=[volunteer])
    assert Companion.objects.count() == 1


@pytest.mark.parametrize("why", ["no check", "ended", "of another school"])
def test_nobody_comes_along_or_helps_without_check_after_the_end_or_from_another_school(cast, why):
    offer = offered(cast)
    volunteer = outside(
        cast, checked=why != "no check", school=cast.other_school if why == "of another school" else None
    )
    if why == "ended":
        proxies.end_volunteer(cast.actor("coordinator"), volunteer=volunteer)
        volunteer.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        outing(cast, volunteer)
    assert refusal.value.field == "companions"
    with pytest.raises(Refused) as refusal:
        adults.add_volunteer(cast.actor("other_teacher"), offer=offer, volunteer=volunteer)
    assert refusal.value.field == "volunteer"
    assert adults.code(volunteer) not in adults.to_choose(cast.school.pk)


def test_a_volunteer_who_ends_before_the_day_leaves_the_children_at_school(cast, at_school):
    volunteer = outside(cast)
    event = outing(cast, volunteer, on=TODAY + datetime.timedelta(days=2))
    close(cast, event)
    proxies.end_volunteer(cast.actor("coordinator"), volunteer=volunteer)
    at_school.shift(datetime.timedelta(days=2))
    assert adults.along(event) == []
    with pytest.raises(Refused):
        event_actions.tick(cast.actor("coordinator"), event=event, states={cast.students.key.pk: "present"})
    with pytest.raises(Refused) as refusal:
        close(cast, event)
    assert refusal.value.field == "companions"


def test_a_volunteer_who_ends_afterwards_was_there_all_the_same(cast, at_school):
    volunteer = outside(cast)
    event = outing(cast, volunteer)
    close(cast, event)
    at_school.shift(datetime.timedelta(days=1))
    proxies.end_volunteer(cast.actor("coordinator"), volunteer=volunteer)
    assert adults.along(event) == [volunteer]
    event_actions.change(cast.actor("coordinator"), event=event, facts={}, companions=[volunteer])
    event_actions.tick(cast.actor("coordinator"), event=event, states={cast.students.key.pk: "present"})


def test_a_companion_is_a_colleague_or_a_volunteer_and_never_both_or_none(cast):
    event, volunteer = planned(cast, companions=("head",)), outside(cast)
    for wrong in ({"volunteer": volunteer}, {"staff": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Companion.objects.filter(event=event).update(**wrong)


def test_a_volunteer_helps_whoever_leads_the_group_by_name_and_opens_nothing(cast):
    offer, volunteer = offered(cast), outside(cast)
    for _again in range(2):
        adults.add_volunteer(cast.actor("other_teacher"), offer=offer, volunteer=volunteer)
    assert [row.volunteer for row in queries.volunteers_of(cast.actor("class_teacher"), offer)] == [volunteer]
    assert AuditEntry.objects.filter(action="activity.volunteer").count() == 1
    assert adults.helping_at(met(cast, offer)) == [volunteer]
    assert queries.of_volunteer(cast.actor("coordinator"), volunteer).groups == [offer]
    proxies.end_volunteer(cast.actor("coordinator"), volunteer=volunteer)
    assert queries.volunteers_of(cast.actor("other_teacher"), offer) == []
    assert queries.of_volunteer(cast.actor("coordinator"), volunteer).groups == []


@pytest.mark.parametrize("by", ["class_teacher", "helper", "counsellor", "student", "outsider"])
def test_only_whoever_leads_the_group_takes_a_volunteer_in_or_lets_one_go(cast, by):
    offer, volunteer = offered(cast), outside(cast)
    with pytest.raises(NotAllowed):
        adults.add_volunteer(cast.actor(by), offer=offer, volunteer=volunteer)
    row = adults.add_volunteer(cast.actor("coordinator"), offer=offer, volunteer=volunteer)
    with pytest.raises(NotAllowed):
        adults.end_volunteer(cast.actor(by), row=row, why="time")


def test_helping_ends_with_a_reason_and_may_begin_again(cast):
    offer, volunteer = offered(cast), outside(cast)
    leader = cast.actor("other_teacher")
    row = adults.add_volunteer(leader, offer=offer, volunteer=volunteer)
    with pytest.raises(Refused):
        adults.end_volunteer(leader, row=row, why="")
    for _again in range(2):
        adults.end_volunteer(leader, row=row, why="time")
    assert queries.volunteers_of(leader, offer) == []
    adults.add_volunteer(leader, offer=offer, volunteer=volunteer)
    assert GroupVolunteer.objects.count() == 2
    assert AuditEntry.objects.filter(action="activity.volunteer-end").count() == 1
