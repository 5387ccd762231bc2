"""An offer in the school of the cast, and steps that the tests take."""

import datetime
from uuid import UUID, uuid4

from tongxing.care.activities import actions, event_actions, photos
from tongxing.care.activities.models import Offer
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Staff, Teaching, Term

TODAY = datetime.date(2026, 11, 25)  # a Wednesday
YESTERDAY = TODAY - datetime.timedelta(days=1)


def offered(cast, by="coordinator", leader="other_teacher", **more):
    """剪纸社: other_teacher (who has lessons in 初一(2)) leads it on Wednesdays."""
    if leader == "other_teacher" and not cast.staff[leader].teaching.exists():
        cast.teach(leader, cast.class_two)
    facts = {
        "kind": "art",
        "name": "剪纸社",
        "leader": cast.staff[leader],
        "weekday": 2,
        "starts_at": datetime.time(16, 20),
        "room": "美术室",
        "places": 1,
        "grades": [7],
        "wishes_until": TODAY,
    }
    return actions.make_offer(cast.actor(by), term=cast.term, facts=facts | more, client_id=uuid4())


def wished(offer, *students):
    for student in students:
        actions.wish(SYSTEM, offer=offer, students=[student])


def given(cast, offer, clock, by="coordinator"):
    """Places are given after the last day of wishes."""
    clock.shift(datetime.timedelta(days=1))
    return actions.give_places(cast.actor(by), offer=offer)


def planned(cast, by="coordinator", kind="service", leader="coordinator", companions=("head",), **more):
    facts = {"title": "敬老院看望老人", "on": TODAY, "place": "和风镇敬老院"} | {
        name: more.pop(name) for name in list(more) if name in event_actions.FACTS
    }
    return event_actions.plan(
        cast.actor(by),
        school=cast.school,
        kind=kind,
        facts=facts,
        client_id=uuid4(),
        leader=cast.staff[leader],
        companions=[cast.staff[name] for name in companions],
        **more,
    )


def on_the_list(cast, event, *students, by="coordinator"):
    event_actions.set_list(
        cast.actor(by), event=event, among=students, chosen={student.pk for student in students}
    )


def agreed(*students, purpose="outing"):
    for student in students:
        give_consent(SYSTEM, student=student, purpose=purpose, given_by="家长签字", student_agreed=True)


def ticked(cast, event, by="other_teacher", **states):
    of = vars(cast.students)
    event_actions.tick(
        cast.actor(by), event=event, states={of[name].pk: state for name, state in states.items()}
    )


def met(cast, offer, on=TODAY, by="other_teacher"):
    return event_actions.meet(cast.actor(by), offer=offer, on=on, client_id=uuid4())


def example(student, staff):
    """A group of this colleague with this student, and a meeting ticked; asking again gives the same."""
    term = Term.objects.get(school=student.school)
    facts = {"kind": "art", "name": f"剪纸社 {student.pk}", "leader": staff, "weekday": 2, "places": 9}
    offer = Offer.objects.filter(client_id=UUID(int=student.pk)).first()
    if offer is None:
        Staff.objects.filter(pk=staff.pk).update(offence_check_on=TODAY)
        staff.refresh_from_db()
        if not staff.teaching.exists():
            school_class = student.memberships.get().school_class
            Teaching.objects.create(
                school=staff.school, term=term, staff=staff, school_class=school_class, subject="美术"
            )
        offer = actions.make_offer(
            SYSTEM,
            term=term,
            facts=facts | {"grades": [], "wishes_until": TODAY},
            client_id=UUID(int=student.pk),
        )
        Offer.objects.filter(pk=offer.pk).update(given_at=clock.now())
        offer.refresh_from_db()
        actions.wish(SYSTEM, offer=offer, students=[student])
        event = event_actions.meet(SYSTEM, offer=offer, on=TODAY, client_id=UUID(int=student.pk))
        event_actions.tick(SYSTEM, event=event, states={student.pk: "present"})
    event = offer.events.get()
    photo = event.photos.first() or photos.add(
        SYSTEM, event=event, content=picture(), seen=[], nobody=True, client_id=UUID(int=student.pk)
    )
    return {
        "offer_id": offer.pk,
        "sign_up_id": offer.sign_ups.get().pk,
        "event_id": event.pk,
        "part_id": event.parts.get().pk,
        "photo_id": photo.pk,
    }


def after_a_visit(cast):
    """石磊 led a visit; 周晓禾 and 苏苗苗 went along, and their families agree to the outing."""
    key, plain = cast.students.key, cast.students.plain
    event = planned(cast)
    on_the_list(cast, event, key, plain)
    agreed(key, plain)
    event_actions.close_list(cast.actor("coordinator"), event=event)
    states = {key.pk: "present", plain.pk: "present"}
    event_actions.tick(cast.actor("coordinator"), event=event, states=states)
    event.refresh_from_db()
    return event
