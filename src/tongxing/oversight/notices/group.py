"""The leading group as of a day: read from posts, rights, classes, programmes and places; what nobody holds stands out."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongxing.care.programme.models import Programme
from tongxing.ground.access.actions import POST_OF
from tongxing.ground.access.models import Grant
from tongxing.ground.access.posts import PLAIN
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Responsibility, SchoolClass
from tongxing.ground.people.models_calendar import grade_name

from .models_group import Seat

Post = Responsibility.Post
#: Posts of which every school has somebody; the others are shown where they are held.
NEEDED = (Post.DEPUTY, Post.COORDINATOR, Post.SAFETY, Post.SAFETY_DEPUTY)
OFFICES = (Post.COORDINATOR, Post.TEACHING_OFFICE, Post.GENERAL_OFFICE)
BESIDES = (Post.COUNSELLOR, Post.FINANCE_CLERK, Post.SAFETY, Post.SAFETY_DEPUTY)


@dataclass(frozen=True, slots=True)
class Holder:
    """`held_id`: of the row of a post that can be ended here; `seat`: of a place."""

    name: str
    since: datetime.date
    words: str = ""
    held_id: int | None = None
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """What somebody answers for. `post`, `grade`, `programme_id`: how a form names it, where it is given here."""

    label: str
    holders: tuple[Holder, ...]
    needed: bool = False
    post: str = ""
    grade: int | None = None
    programme_id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.needed and not self.holders


@dataclass(frozen=True, slots=True)
class LeadingGroup:
    leads: list[Slot]
    offices: list[Slot]
    members: list[Holder]
    programmes: list[Slot]
    grades: list[Slot]
    classes: list[Slot]
    cadres: list[Holder]

    @property
    def open(self) -> list[Slot]:
        slots = (*self.leads, *self.offices, *self.programmes, *self.grades, *self.classes)
        return [one for one in slots if one.is_open]


Key = tuple[str, int | None, int | None]


def leading_group(actor: Actor, school: Organisation, day: datetime.date) -> LeadingGroup:
    """Six queries, however many people there are."""
    held = _posts(school, day)
    year = SchoolClass.objects.filter(school=school, year__starts_on__lte=day, year__ends_on__gte=day)
    classes = list(year.order_by("grade", "number", "name"))
    seats = Seat.objects.visible_to(actor).filter(school=school).on(day)
    places = list(seats.select_related("staff", "student", "programme").with_classes(day))
    heads, secretaries = (
        held.get((Post.HEAD, None, None), []),
        held.get((Post.PARTY_SECRETARY, None, None), []),
    )
    programmes = Programme.objects.filter(school=school).order_by("pk")
    return LeadingGroup(
        leads=[
            Slot(str(Post.HEAD.label), tuple(heads), needed=not secretaries),
            Slot(str(Post.PARTY_SECRETARY.label), tuple(secretaries), post=Post.PARTY_SECRETARY),
            _slot(Post.DEPUTY, held),
        ],
        offices=[_slot(post, held) for post in (*OFFICES, *BESIDES)],
        members=[_place(one) for one in places if one.staff and not one.programme],
        programmes=[
            Slot(
                str(one),
                tuple(_place(place) for place in places if place.programme_id == one.pk),
                needed=True,
                programme_id=one.pk,
            )
            for one in programmes
            if (one.starts_on is None or one.starts_on <= day) and (one.ends_on is None or one.ends_on >= day)
        ],
        grades=[
            Slot(
                _("%(grade)s, leader") % {"grade": grade_name(grade)},
                tuple(held.get((Post.GRADE_LEADER, grade, None), ())),
                needed=True,
                post=Post.GRADE_LEADER,
                grade=grade,
            )
            for grade in sorted({one.grade for one in classes})
        ],
        classes=[
            Slot(one.name, tuple(held.get((Post.CLASS_TEACHER, None, one.pk), ())), needed=True)
            for one in classes
        ],
        cadres=[_place(one) for one in places if one.student],
    )


def _slot(post: Post, held: dict[Key, list[Holder]]) -> Slot:
    named = post if post in PLAIN else ""
    return Slot(str(post.label), tuple(held.get((post, None, None), ())), post in NEEDED, named)


def _posts(school: Organisation, day: datetime.date) -> dict[Key, list[Holder]]:
    """Who holds which post: as written down, and by the right that the post comes with; each person once."""
    found: dict[tuple[Key, int], Holder] = {}
    rights = Grant.objects.on(day).filter(school=school, role__in=POST_OF, user__is_active=True)
    given = rights.filter(user__staff__school=school).values_list(
        "role", "school_class", "user__staff", "user__staff__name", "starts_on"
    )
    for role, school_class, staff, name, since in given.order_by("starts_on", "pk"):
        found.setdefault(((POST_OF[Role(role)], None, school_class), staff), Holder(name, since))
    written = Responsibility.objects.on(day).filter(school=school).select_related("staff")
    for one in written.order_by("starts_on", "pk"):
        plain = one.pk if one.post in PLAIN and one.ends_on is None else None
        holder = Holder(one.staff.name, one.starts_on, held_id=plain)
        found.setdefault(((one.post, one.grade, one.school_class_id), one.staff_id), holder)
    by_post: dict[Key, list[Holder]] = {}
    for (key, _staff), holder in found.items():
        by_post.setdefault(key, []).append(holder)
    return by_post


def _place(one: Seat) -> Holder:
    where = getattr(one, "class_name", None) or ""
    return Holder(f"{one.holder.name} {where}".strip(), one.starts_on, one.words, seat=one)
