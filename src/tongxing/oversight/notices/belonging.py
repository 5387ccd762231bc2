"""What colleagues are at a school today, and so which circulars reach whom; one reading of posts, lessons and pairs."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, Responsibility, Staff, Student, Teaching
from tongxing.ground.people.queries import current_term

from .rules import ALL, ASKS_FOR, CLASS_TEACHERS, HELPERS, NO_GRADE, Belonging

MANAGE, FAMILY = "circular.manage", "door.family"
#: What the colleagues of a school read among themselves: meetings, publicity, suggestions, who leads the work.
STAFFROOM = "staffroom.view"
NOTHING = Q(pk__in=())


def belongings(school: Organisation, day: datetime.date, user_id: int | None = None) -> dict[int, Belonging]:
    """Every colleague of the school (or this one) by account; seven queries, however many there are."""
    staff = Staff.objects.filter(school=school, user__is_active=True).active(day)
    if user_id is not None:
        staff = staff.filter(user=user_id)
    users = dict(staff.values_list("pk", "user_id"))
    if not users:
        return {}
    grants = Grant.objects.on(day).filter(school=school, user__in=users.values())
    leads = _by_user(grants.filter(role=Role.CLASS_TEACHER).values_list("user_id", "school_class__grade"))
    teaches = _by_user(_lessons(school, day, users) + _grades_led(school, day, users))
    helped = list(grants.filter(role=Role.HELPER).values_list("user_id", "student_id"))
    grade_of = dict(
        ClassMembership.objects.on(day)
        .filter(student__in={student for _user, student in helped})
        .values_list("student_id", "school_class__grade")
    )
    helps = _by_user((user, grade_of.get(student, NO_GRADE)) for user, student in helped)
    return {user: Belonging(teaches[user], leads[user], helps[user]) for user in users.values()}


def _lessons(school: Organisation, day: datetime.date, users: dict[int, int]) -> list[tuple[int, int]]:
    lessons = Teaching.objects.filter(term=current_term(school, day), staff__in=users)
    return list(lessons.values_list("staff__user_id", "school_class__grade"))


def _grades_led(school: Organisation, day: datetime.date, users: dict[int, int]) -> list[tuple[int, int]]:
    posts = Responsibility.objects.on(day).filter(school=school, staff__in=users, grade__isnull=False)
    return [
        (user, grade) for user, grade in posts.values_list("staff__user_id", "grade") if grade is not None
    ]


def _by_user(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, frozenset[int]]:
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for user, grade in pairs:
        found[user] |= {grade}
    return found


def addressed_q(actor: Actor) -> Q:
    """The circulars that reach this person today, as a colleague, as a guardian, or at a school under a county."""
    return reduce(or_, (_to_colleague(actor), _to_family(actor), _to_school(actor)))


def _to_colleague(actor: Actor) -> Q:
    staff = (
        Staff.objects.filter(user=actor.user_id).select_related("school").first() if actor.user_id else None
    )
    if staff is None:
        return NOTHING
    me = belongings(staff.school, clock.today(), actor.user_id).get(staff.user_id)
    if me is None:
        return NOTHING
    groups = Q(group=ALL, grade=None) | Q(group=ALL, grade__in=me.grades(ALL))
    for group in (CLASS_TEACHERS, HELPERS):
        if grades := me.grades(group):
            groups |= Q(group=group) & (Q(grade=None) | Q(grade__in=grades))
    return Q(school=staff.school_id, ended_at=None) & groups


def _to_family(actor: Actor) -> Q:
    """Guardians read at their door what was written within a year to the families of the grade of a child."""
    found = NOTHING
    if FAMILY not in {ability for scope in actor.scopes for ability in scope.can}:
        return found
    children = Student.objects.enrolled().filter(actor.students_where(FAMILY, student="pk"))
    for school, grade in children.with_class(clock.today()).values_list("school_id", "class_grade"):
        found |= Q(school=school) & (Q(grade=None) | Q(grade=grade))
    lately = clock.now() - ASKS_FOR
    return Q(to_families=True, ended_at=None, entered_at__gte=lately) & found


def _to_school(actor: Actor) -> Q:
    schools = actor.schools_where(MANAGE)
    counties = Organisation.objects.filter(schools__in=schools).values("pk")
    return Q(to_schools=True, ended_at=None, school__in=counties) if schools else NOTHING
