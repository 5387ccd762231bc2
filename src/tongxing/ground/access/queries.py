"""From grants and lessons to the Actor: once per request, three queries. And who works at a school."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import PUBLIC, Actor, Scope
from tongxing.ground.kernel.prepared import Prepared
from tongxing.ground.people.models import ClassMembership, Guardian, SchoolClass, Staff, Teaching, Term

from .models import Grant
from .roles import SUBJECT_TEACHER, TABLE, Role


def actor_for(user: User, on: datetime.date | None = None) -> Actor:
    """The actor that `user` is on that day (today); a deactivated account is nobody."""
    if not user.is_active:
        return PUBLIC
    day = on or clock.today()
    grants = [Held(*row) for row in held_by(user.pk, day)]
    lessons = dict(taught_by(user.pk, day))
    classes = {grant.school_class_id for grant in grants if grant.school_class_id} | lessons.keys()
    students_of: defaultdict[int, set[int]] = defaultdict(set)
    if classes:
        members = ClassMembership.objects.on(day).filter(school_class__in=classes)
        for class_id, student_id in members.values_list("school_class_id", "student_id"):
            students_of[class_id].add(student_id)
    return Actor("person", user.pk, (*_scopes(grants, students_of), *_taught(lessons, students_of)))


class Held(NamedTuple):
    """What the actor needs of a grant."""

    role: str
    school_id: int
    student_id: int | None
    school_class_id: int | None


@Prepared
def held_by(user: int, day: datetime.date, now: datetime.datetime) -> QuerySet[Grant, tuple]:
    """What was granted, without the working roles at a school that the colleague has left by then."""
    left = Staff.objects.filter(user=user, school=OuterRef("school"), ends_on__lt=day)
    of_family = Q(role__in=(Role.GUARDIAN, Role.STUDENT))
    held = Grant.objects.on(day, now).filter(of_family | ~Exists(left), user=user)
    return held.order_by("pk").values_list(*Held._fields)


@Prepared
def taught_by(user: int, day: datetime.date, _now: datetime.datetime) -> QuerySet[Teaching, tuple]:
    """The classes that the user teaches in the term of that day, with their school."""
    taught = Teaching.objects.filter(
        staff__in=Staff.objects.active(day).filter(user=user),
        term__starts_on__lte=day,
        term__ends_on__gte=day,
    )
    return taught.values_list("school_class_id", "school_id")


def _taught(lessons: dict[int, int], students_of: Mapping[int, set[int]]) -> list[Scope]:
    """What lessons open, one scope for each school."""
    rights = TABLE[SUBJECT_TEACHER]
    reached: defaultdict[int, set[int]] = defaultdict(set)
    for class_id, school_id in lessons.items():
        reached[school_id] |= students_of.get(class_id, set())
    return [
        Scope(SUBJECT_TEACHER, school_id, rights.zones, rights.can, frozenset(students))
        for school_id, students in reached.items()
    ]


def helpers_only(on: datetime.date) -> QuerySet[Grant]:
    """What was granted to helpers who hold no other role that day, the earliest first."""
    grants = Grant.objects.on(on)
    others = grants.exclude(role=Role.HELPER)
    return (
        grants.filter(role=Role.HELPER, user__is_active=True)
        .exclude(user__in=others.values("user"))
        .select_related("user", "school_class")
        .order_by("pk")
    )


def _scopes(grants: list[Held], students_of: Mapping[int, set[int]]) -> list[Scope]:
    reached: dict[tuple[str, int], set[int]] = {}
    for grant in grants:
        students = reached.setdefault((grant.role, grant.school_id), set())
        if grant.student_id:
            students.add(grant.student_id)
        if grant.school_class_id:
            students |= students_of.get(grant.school_class_id, set())
    return [
        Scope(
            role,
            organisation,
            TABLE[role].zones,
            TABLE[role].can,
            None if TABLE[role].reach == "school" else frozenset(students),
        )
        for (role, organisation), students in reached.items()
    ]


def classes_for(actor: Actor, ability: str, term: Term) -> QuerySet[SchoolClass]:
    """The classes of the term's year in which this actor holds `ability`: all, or those of the own grants."""
    classes = SchoolClass.objects.visible_to(actor).filter(school_id=term.school_id, year_id=term.year_id)
    if actor.may_all(ability, school_id=term.school_id):
        return classes
    by_class = [role for role, rights in TABLE.items() if rights.reach == "class" and ability in rights.can]
    grants = Grant.objects.on(clock.today()).filter(user=actor.user_id, role__in=by_class)
    return classes.filter(pk__in=grants.values("school_class"))


def family_accounts(student_ids: Collection[int]) -> set[int]:
    """The accounts of those who look after one of these children, as guardians or by a right to its door: a colleague
    among them decides nothing about the child."""
    near = Guardian.objects.present().filter(student__in=student_ids)
    held = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()), role=Role.GUARDIAN)
    rights = held.filter(student__in=student_ids)
    found = {*near.values_list("user_id", flat=True), *rights.values_list("user_id", flat=True)}
    return {user for user in found if user is not None}


def colleagues(school: Organisation) -> QuerySet[User]:
    """The accounts of a school's staff and role holders; never guardians or students."""
    others = (Role.GUARDIAN, Role.STUDENT, Role.COUNTY_NAMED)
    holders = Grant.objects.on(clock.today()).filter(school=school).exclude(role__in=others).values("user")
    found = User.objects.filter(Q(staff__school=school) | Q(pk__in=holders)).distinct()
    current = Grant.objects.on(clock.today()).filter(school=school).order_by("pk")
    return found.prefetch_related(Prefetch("grants", current, "current_grants")).order_by(
        F("staff__pinyin").asc(nulls_last=True), "name", "pk"
    )
