"""Reading offers, places and events, each as far as the reader's rights reach.

Invariants:
- lists stand in the order of names: neither the order nor anything else tells who came first, or why;
- the number of queries does not depend on the number of students.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Volunteer
from tongxing.care.profiles.models import WORDS, Trait
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.calendar import TermCalendar
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Registration, Student, Term
from tongxing.ground.people.queries import term_calendar

from . import outcomes, rules
from .event_actions import expected
from .models import Companion, Event, GroupVolunteer, Offer, Part, PlaceReason, SignUp
from .rights import FOLLOW, SIGN_UP, WISH

BY_NAME = ("student__pinyin", "student__name", "student_id")


def offers(actor: Actor, term: Term) -> list[Offer]:
    """What runs in this term, one's own groups first."""
    found = Offer.objects.visible_to(actor).filter(term=term).running().select_related("leader")
    return sorted(found, key=lambda offer: (offer.leader.user_id != actor.user_id, offer.kind, offer.name))


@dataclass(frozen=True, slots=True)
class Group:
    """Whom of an offer the reader may know, by name."""

    placed: list[SignUp] = field(default_factory=list)
    waiting: list[SignUp] = field(default_factory=list)


def group(actor: Actor, offer: Offer) -> Group:
    rows = SignUp.objects.visible_to(actor).open().filter(offer=offer)
    found = Group()
    for row in _named(rows).order_by(*BY_NAME):
        (found.waiting if row.placed_at is None else found.placed).append(row)
    return found


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Sign-ups or parts with the student and today's class, without a query for each."""
    return rows.prefetch_related(Prefetch("student", Student.objects.with_class(clock.today())))


def own_students(actor: Actor, school_id: int, grades: Collection[int] = ()) -> list[Student]:
    """Whom this actor may sign up, of these grades (none: of all), class by class."""
    mine = Student.objects.visible_to(actor).filter(
        actor.students_where(SIGN_UP, student="pk"), school_id=school_id
    )
    found = mine.enrolled().with_class(clock.today()).exclude(class_id=None)
    if grades:
        found = found.filter(class_grade__in=grades)
    return list(found.order_by("class_grade", "class_number", "pinyin", "pk"))


def may_like(actor: Actor, offer: Offer, student_ids: Collection[int]) -> dict[int, str]:
    """Whose noted interest or talent speaks for this offer, with the word that does: a suggestion for whoever may
    read what is known about the child. One query."""
    known: dict[int, list[str]] = {}
    traits = (
        Trait.objects.visible_to(actor)
        .current()
        .filter(student__in=student_ids, kind__in=(Trait.Kind.TALENT, Trait.Kind.INTEREST))
    )
    for trait in traits.select_related("student__key").order_by("-kind", "pk"):
        known.setdefault(trait.student_id, []).append(unseal(trait.student.key, trait.words_sealed, WORDS))
    words = f"{offer.name} {offer.likes}"
    found = {student: rules.may_like(words, words_of) for student, words_of in known.items()}
    return {student: word for student, word in found.items() if word}


def last_meeting(offer: Offer, calendar: TermCalendar, today: datetime.date) -> datetime.date | None:
    """The latest day on which the group met by its weekday, today included."""
    return max((day for day in rules.meeting_days(calendar, offer.weekday) if day <= today), default=None)


def next_meetings(
    offer: Offer, calendar: TermCalendar, today: datetime.date, most: int
) -> list[datetime.date]:
    return [day for day in rules.meeting_days(calendar, offer.weekday) if day >= today][:most]


def events_of(actor: Actor, offer: Offer) -> list[Event]:
    found = Event.objects.visible_to(actor).filter(offer=offer).select_related("leader")
    return list(found.order_by("-on", "-pk"))


def tutored_in_groups(
    school_id: int, after: datetime.date, before: datetime.date
) -> QuerySet[Part, tuple[int, datetime.date]]:
    """Who was tutored in a group on which day between these two, registered or not: for counting, never for a list."""
    held = Part.objects.standing().filter(
        school_id=school_id,
        state=Part.State.PRESENT,
        event__kind=Event.Kind.MEETING,
        event__offer__kind=Offer.Kind.TUTORING,
        event__cancelled_at=None,
        event__on__gt=after,
        event__on__lt=before,
    )
    return held.values_list("student_id", "event__on")


def coming_events(actor: Actor, term: Term, today: datetime.date) -> list[Event]:
    """What is planned besides the weekly meetings, and what was held lately."""
    found = Event.objects.visible_to(actor).standing().exclude(kind=Event.Kind.MEETING)
    found = found.filter(school_id=term.school_id, on__range=(term.starts_on, term.ends_on))
    rows = list(found.select_related("leader", "offer", "school_class"))
    return sorted(rows, key=lambda event: (event.on < today, abs(event.on - today), event.pk))


@dataclass(frozen=True, slots=True)
class Taking:
    """One student in an event, as far as the reader's rights show: `agreed` to the outing, `pictured`, whether a
    success can be noted (None: not by this reader) or is."""

    part: Part
    agreed: bool
    pictured: bool
    success: bool | None


def takings(actor: Actor, event: Event) -> list[Taking]:
    rows = Part.objects.visible_to(actor).standing().filter(event=event).select_related("event")
    parts = list(_named(rows).order_by(*BY_NAME))
    ids = [part.student_id for part in parts]
    agreed, pictured = with_consent(ids, "outing"), with_consent(ids, "photo")
    success = _successes(actor, event, [part for part in parts if part.honour])
    return [
        Taking(part, part.student_id in agreed, part.student_id in pictured, success.get(part.student_id))
        for part in parts
    ]


def _successes(actor: Actor, event: Event, parts: list[Part]) -> dict[int, bool]:
    """Of those who won something: for whom this reader may note a success, and whether it is noted."""
    ids = [part.student_id for part in parts]
    registered = Registration.objects.visible_to(actor).on(event.on).filter(student__in=ids)
    may = registered.filter(actor.students_where("contact.write"))
    keys = {pk: outcomes.client_id(event, "success", pk) for pk in may.values_list("student_id", flat=True)}
    noted = Contact.objects.visible_to(actor).filter(client_id__in=keys.values())
    done = set(noted.values_list("client_id", flat=True))
    return {pk: key in done for pk, key in keys.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page on which a group is ticked."""

    student: Student
    state: str
    minutes: int | None
    result: str = ""
    prize: str = ""


def rows_to_tick(event: Event) -> list[Row]:
    """For whoever holds the event: everybody expected, with what is ticked so far; else present is proposed."""
    held = {part.student_id: part for part in event.parts.standing()}
    students = Student.objects.filter(pk__in=expected(event)).with_class(clock.today())
    found = []
    for student in students.order_by("pinyin", "name", "pk"):
        part = held.get(student.pk)
        state = part.state if part and part.state != Part.State.LISTED else Part.State.PRESENT
        told = (part.minutes, part.result, part.prize) if part else (None,)
        found.append(Row(student, state, *told))
    return found


@dataclass(frozen=True, slots=True)
class OwnPlace:
    sign_up: SignUp
    first: bool


@dataclass(frozen=True, slots=True)
class File:
    """What one child takes part in: `first` where the reader's rights open why. `minutes`: of service."""

    places: list[OwnPlace]
    parts: list[Part]
    minutes: int


def file_of(actor: Actor, student: Student) -> File:
    """Three queries."""
    rows = (
        SignUp.objects.visible_to(actor)
        .filter(student=student)
        .select_related("offer__leader", "offer__term")
    )
    first = set(
        PlaceReason.objects.visible_to(actor).filter(student=student).values_list("sign_up_id", flat=True)
    )
    parts = Part.objects.visible_to(actor).standing().filter(student=student, event__cancelled_at=None)
    held = list(parts.select_related("event__offer").order_by("-event__on", "-pk"))
    places = [OwnPlace(row, row.pk in first) for row in rows.order_by("-wished_at", "-pk")]
    return File(places, held, sum(part.minutes or 0 for part in held))


def own_clubs(actor: Actor, student: Student, term: Term) -> list[tuple[Offer, SignUp | None]]:
    """For the student: what is offered to the own grade, and the own wish or place with it."""
    mine = SignUp.objects.filter(actor.students_where(WISH), student=student).open()
    own = {row.offer_id: row for row in mine}
    grade = Student.objects.with_class(clock.today()).get(pk=student.pk).class_grade
    found = Offer.objects.visible_to(actor).filter(term=term).running().select_related("leader")
    return [(offer, own.get(offer.pk)) for offer in found if not offer.grades or grade in offer.grades]


def places_at_the_door(actor: Actor, student: Student) -> list[SignUp]:
    """For a guardian: what the own child has a place in or waits for, this term. One query."""
    mine = SignUp.objects.filter(actor.students_where(FOLLOW), student=student).open()
    running = mine.filter(offer__ended_on=None, offer__term__ends_on__gte=clock.today())
    return list(running.select_related("offer__leader").order_by("offer__kind", "offer__name", "pk"))


def volunteers_of(actor: Actor, offer: Offer) -> list[GroupVolunteer]:
    """Who from outside helps to lead this group now."""
    rows = GroupVolunteer.objects.visible_to(actor).standing().filter(offer=offer)
    return list(rows.select_related("volunteer").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Helps:
    """What one volunteer does here besides: groups now, outings from today on."""

    groups: list[Offer]
    outings: list[Event]


def of_volunteer(actor: Actor, volunteer: Volunteer) -> Helps:
    rows = GroupVolunteer.objects.visible_to(actor).standing().filter(volunteer=volunteer)
    along = Companion.objects.visible_to(actor).standing().filter(volunteer=volunteer)
    coming = Event.objects.standing().filter(pk__in=along.values("event"), on__gte=clock.today())
    return Helps([row.offer for row in rows.select_related("offer").order_by("pk")], list(coming))


def suggested_service_day(term: Term) -> tuple[datetime.date, datetime.date] | None:
    """重阳 within the term, and the school day next to it."""
    festival = rules.double_ninth(term.starts_on.year)
    if not term.starts_on <= festival <= term.ends_on:
        return None
    day = rules.nearest(festival, term_calendar(term).days)
    return (festival, day) if day else None
