"""The school with its promises: 林岚 accompanies 周晓禾 since September, 唐雨 has the class of both students."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.programme import actions
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Circumstance, Responsibility

START = datetime.date(2026, 9, 7)


@pytest.fixture
def promised(cast):
    actions.install(SYSTEM, school=cast.school)
    pair(cast, cast.students.key, "helper")
    for key, school_class in (("class_teacher", cast.class_one), ("other_class_teacher", cast.class_two)):
        Responsibility.objects.create(
            school=cast.school,
            staff=cast.staff[key],
            post="class_teacher",
            school_class=school_class,
            starts_on=START,
            recorded_at=clock.start_of(START),
        )
    return cast


def pair(cast, student, helper: str, **dates) -> Pair:
    values = {"starts_on": START, "confirmed_at": clock.start_of(START)} | dates
    return Pair.objects.create(school=cast.school, student=student, helper=cast.staff[helper], **values)


def works_away(cast, student) -> None:
    facts = {"category": "left_behind", "since": START, "recorded_at": clock.start_of(START)}
    Circumstance.objects.create(school=cast.school, student=student, **facts)


def talk(cast, student=None, happened_at=None, recorded_at=None, helper="helper", **told) -> Contact:
    values = {"body": {"thoughts": "愿意在校内托管时写完。", "promise": "周五前补交"}, "channel": "in_person"}
    return write_contact(
        SYSTEM,
        student=student or cast.students.key,
        client_id=uuid4(),
        kind=told.pop("kind", "talk"),
        told=Told(**(values | {"reached": ["student"], "happened_at": happened_at} | told)),
        staff=cast.staff[helper],
        recorded_at=recorded_at or happened_at,
    )
