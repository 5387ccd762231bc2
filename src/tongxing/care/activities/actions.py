"""Offers, wishes and places.

Who may: offer, change and end – `activity.manage`; wish – whoever signs up the student, or the student; give the
places and note that somebody leaves – whoever leads the group, or `activity.manage`.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people import student_actions
from tongxing.ground.people.models import ClassMembership, Registration, Student, Term

from . import rules, telling
from .models import Offer, PlaceReason, SignUp
from .rights import MANAGE, SIGN_UP, WISH, check_leader, leads, plain, require_leads

FACTS = (
    *(
        "kind",
        "name",
        "subject",
        "about",
        "likes",
        "leader",
        "weekday",
        "starts_at",
        "room",
        "places",
        "grades",
    ),
    "wishes_until",
)
TEXTS = {"name": 40, "subject": 30, "about": 200, "likes": 120, "room": 40}
MOST_PLACES = 500


@transaction.atomic
def make_offer(actor: Actor, *, term: Term, facts: Mapping[str, Any], client_id: UUID) -> Offer:
    """`facts` by the names of FACTS."""
    actor.require(MANAGE, school_id=term.school_id)
    return once(
        lambda: Offer.objects.filter(client_id=client_id, term=term).first(),
        lambda: _made(actor, term, facts, client_id),
    )


def _made(actor: Actor, term: Term, facts: Mapping[str, Any], client_id: UUID) -> Offer:
    offer = Offer(
        school_id=term.school_id,
        term=term,
        client_id=client_id,
        seed=secrets.token_hex(16),
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    _put(offer, facts)
    if offer.wishes_until < clock.today():
        raise Refused(_("This day is over. Children need a few days to wish."), field="wishes_until")
    offer.save(force_insert=True)
    _log(actor, "activity.offer", offer)
    return offer


@transaction.atomic
def change_offer(actor: Actor, *, offer: Offer, facts: Mapping[str, Any]) -> Offer:
    """Change what is offered. With more places the next get theirs at once; with fewer nobody loses a place."""
    actor.require(MANAGE, school_id=offer.school_id)
    offer = _held(offer)
    if offer.given_at is not None:
        facts = {**facts, "wishes_until": offer.wishes_until}  # the day is behind, the draw stays as it was
    _put(offer, facts)
    offer.save()
    _log(actor, "activity.change", offer)
    if offer.given_at is not None:
        _give(actor, offer)
    return offer


@transaction.atomic
def end_offer(actor: Actor, *, offer: Offer, reason: str) -> None:
    """The offer ends with all places and wishes; what was held stays readable."""
    actor.require(MANAGE, school_id=offer.school_id)
    offer = _held(offer)
    reason = plain(reason, field="reason", most=200)
    if len(reason) < 2:
        raise Refused(_("Please write down why, so that others understand it later."), field="reason")
    offer.ended_on, offer.ended_by_id, offer.ended_because = clock.today(), actor.user_id, reason
    offer.save(update_fields=["ended_on", "ended_by", "ended_because"])
    offer.sign_ups.open().update(ended_at=clock.now(), ended_by=actor.user_id, ended_because=SignUp.Why.ENDED)
    _log(actor, "activity.end", offer)


@transaction.atomic
def wish(actor: Actor, *, offer: Offer, students: Collection[Student]) -> int:
    """These students would like to come. Once the places are given and some are free, they get one at once.
    Returns how many wishes are new."""
    for student in students:
        _require_wish(actor, student)
    offer = _held(offer)
    held = set(offer.sign_ups.open().filter(student__in=students).values_list("student_id", flat=True))
    new = [student for student in students if student.pk not in held]
    _check_wish(offer, new)
    now = clock.now()
    wishes = [
        SignUp(
            school_id=offer.school_id,
            offer=offer,
            student=student,
            wished_at=now,
            wished_by_id=actor.user_id,
        )
        for student in new
    ]
    SignUp.objects.bulk_create(wishes)
    if new:
        _log(actor, "activity.wish", offer, {"students": sorted(student.pk for student in new)})
    if offer.given_at is not None:
        _give(actor, offer)
        telling.tell_children(offer, offer.sign_ups.waiting().filter(student__in=new), placed=False)
    return len(new)


def _require_wish(actor: Actor, student: Student) -> None:
    ids = {"school_id": student.school_id, "student_id": student.pk}
    if not (actor.may(SIGN_UP, **ids) or actor.may(WISH, **ids)):
        raise NotAllowed(SIGN_UP)


def _check_wish(offer: Offer, students: Collection[Student]) -> None:
    if any(student.school_id != offer.school_id for student in students):
        raise Refused(_("This belongs to another school."))
    members = ClassMembership.objects.on(clock.today()).filter(
        student__in=students, student__status=Student.Status.ENROLLED
    )
    grades = dict(members.values_list("student_id", "school_class__grade"))
    for student in students:
        if student.pk not in grades or (offer.grades and grades[student.pk] not in offer.grades):
            raise Refused(_("This is not offered to the grade of %(name)s.") % {"name": student.name})


@transaction.atomic
def give_places(actor: Actor, *, offer: Offer) -> int:
    """Give the places to those who wished, by `rules.give`. Returns how many got one; again, nothing changes."""
    require_leads(actor, offer)
    offer = _held(offer)
    if offer.given_at is None and clock.today() <= offer.wishes_until:
        raise Refused(
            _(
                "Wishes are open until the end of this day, so that nobody comes too late. Places are given then."
            )
        )
    if offer.given_at is None:
        offer.given_at = clock.now()
        offer.save(update_fields=["given_at"])
    placed = _give(actor, offer, first_time=True)
    telling.tell_children(offer, offer.sign_ups.waiting(), placed=False)
    telling.tell_leader(actor, offer, telling.GIVEN, f"given:{offer.pk}")
    _log(actor, "activity.give", offer, {"placed": placed})
    return placed


@transaction.atomic
def leave(actor: Actor, *, sign_up: SignUp, why: str) -> None:
    """A wish or a place is given back; a place goes to the next by the same rule."""
    if not leads(actor, sign_up.offer):
        _require_wish(actor, sign_up.student)
    if why not in SignUp.Why or why == SignUp.Why.ENDED:
        raise Refused(_("Please choose why."), field="why")
    offer = _held(sign_up.offer)
    sign_up = SignUp.objects.select_for_update().get(pk=sign_up.pk)
    if sign_up.ended_at is not None:
        return  # a second tap
    sign_up.ended_at, sign_up.ended_by_id, sign_up.ended_because = clock.now(), actor.user_id, why
    sign_up.save(update_fields=["ended_at", "ended_by", "ended_because"])
    _log(actor, "activity.leave", offer, {"student": sign_up.student_id, "why": why})
    if offer.given_at is not None:
        _give(actor, offer)


@transaction.atomic
def give_up_places(actor: Actor, *, school_id: int) -> int:
    """Whoever has left the school gives up places and wishes of this term, and the next move up by the same rule and
    are told. Follows from the day the child left, however that was noted; returns how many gave up."""
    actor.require(student_actions.CAN, school_id=school_id)
    left = SignUp.objects.open().of_leavers().filter(school=school_id, offer__ended_on=None)
    still_runs = left.filter(offer__term__ends_on__gte=clock.today())
    number = 0
    for known in Offer.objects.filter(pk__in=still_runs.values("offer")).order_by("pk"):
        offer = _held(known)
        number += _end_of_leavers(actor, offer)
        if offer.given_at is not None:
            _give(actor, offer)
    return number


def _end_of_leavers(actor: Actor, offer: Offer) -> int:
    gone = list(offer.sign_ups.open().of_leavers().values_list("pk", "student_id"))
    offer.sign_ups.filter(pk__in=[pk for pk, _student in gone]).update(
        ended_at=clock.now(), ended_by=actor.user_id, ended_because=SignUp.Why.LEFT
    )
    for _pk, student in gone:
        _log(actor, "activity.leave", offer, {"student": student, "why": SignUp.Why.LEFT})
    return len(gone)


def _give(actor: Actor, offer: Offer, *, first_time: bool = False) -> int:
    """The rule, applied to whoever waits today and is at school; those who get a place are told, and whoever leads
    the group when a free place goes on. The offer is held."""
    rows = list(offer.sign_ups.open().at_school())
    waiting = [row for row in rows if row.placed_at is None]
    levels = dict(
        Registration.objects.on(clock.today())
        .filter(student__in=[row.student_id for row in waiting])
        .values_list("student_id", "level")
    )
    given = rules.give(
        offer.places,
        len(rows) - len(waiting),
        [
            rules.Wish(row.pk, row.student_id, levels.get(row.student_id, ""), clock.day_of(row.wished_at))
            for row in waiting
        ],
        offer.seed,
    )
    now = clock.now()
    SignUp.objects.filter(pk__in=[one.id for one in given.placed]).update(placed_at=now)
    PlaceReason.objects.bulk_create(
        PlaceReason(school_id=offer.school_id, student_id=one.student_id, sign_up_id=one.id, recorded_at=now)
        for one in given.first
    )
    placed = {one.id for one in given.placed}
    telling.tell_children(offer, [row for row in waiting if row.pk in placed], placed=True)
    if placed and not first_time:
        telling.tell_leader(actor, offer, telling.NEXT, f"next:{max(placed)}")
    return len(placed)


def _held(offer: Offer) -> Offer:
    """As it stands now, locked; an offer that has ended takes nothing more."""
    held = (
        Offer.objects.select_for_update(of=("self",))
        .select_related("leader__user", "term", "school")
        .get(pk=offer.pk)
    )
    if held.ended_on is not None:
        raise Refused(_("This offer has ended."))
    return held


def _put(offer: Offer, facts: Mapping[str, Any]) -> None:
    for name in FACTS:
        value = facts[name] if name in facts else getattr(offer, name)
        setattr(offer, name, plain(value, field=name, most=TEXTS[name]) if name in TEXTS else value)
    if not offer.name:
        raise Refused(_("This may not stay empty."), field="name")
    if offer.kind not in Offer.Kind:
        raise Refused(_("Please choose what it is."), field="kind")
    if not 1 <= offer.places <= MOST_PLACES:
        raise Refused(_("There must be at least one place."), field="places")
    if offer.weekday is None and offer.kind != Offer.Kind.SEAT:
        raise Refused(_("Please choose the weekday."), field="weekday")
    if offer.kind != Offer.Kind.TUTORING:
        offer.subject = ""
    offer.grades = sorted({int(grade) for grade in offer.grades})
    check_leader(offer.leader, school_id=offer.school_id)
    same = Offer.objects.running().filter(term=offer.term, name=offer.name).exclude(pk=offer.pk)
    if same.exists():
        raise Refused(_("There is an offer with this name already."), field="name")


def _log(actor: Actor, action: str, offer: Offer, detail: dict[str, object] | None = None) -> None:
    audit.record(actor, action, school_id=offer.school_id, subject=("offer", offer.pk), detail=detail)
