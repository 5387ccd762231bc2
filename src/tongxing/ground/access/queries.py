"""From grants to the Actor: once per request, two queries. And who works at a school."""

import datetime
from collections import defaultdict

from django.db.models import Prefetch, Q, QuerySet

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import PUBLIC, Actor, Scope
from tongxing.ground.people.models import ClassMembership, SchoolClass, Term

from .models import Grant
from .roles import TABLE, Role


def actor_for(user: User, on: datetime.date | None = None) -> Actor:
    """The actor that `user` is on that day (today); a deactivated account is nobody."""
    if not user.is_active:
        return PUBLIC
    day = on or clock.today()
    grants = list(Grant.objects.on(day).filter(user=user).order_by("pk"))
    classes = {grant.school_class_id for grant in grants if grant.school_class_id}
    students_of: defaultdict[int, set[int]] = defaultdict(set)
    if classes:
        members = ClassMembership.objects.on(day).filter(school_class__in=classes)
        for class_id, student_id in members.values_list("school_class_id", "student_id"):
            students_of[class_id].add(student_id)
    return Actor("person", user.pk, tuple(_scopes(grants, students_of)))


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


def _scopes(grants: list[Grant], students_of: dict[int, set[int]]) -> list[Scope]:
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


def colleagues(school: Organisation) -> QuerySet[User]:
    """The accounts of a school's staff and role holders; never guardians or students."""
    of_family = (Role.GUARDIAN, Role.STUDENT)
    holders = Grant.objects.on(clock.today()).filter(school=school).exclude(role__in=of_family).values("user")
    found = User.objects.filter(Q(staff__school=school) | Q(pk__in=holders)).distinct()
    current = Grant.objects.on(clock.today()).filter(school=school).order_by("pk")
    return found.prefetch_related(Prefetch("grants", current, "current_grants")).order_by("name", "pk")
