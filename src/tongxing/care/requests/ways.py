"""Which way a request goes in this school: the school's rules, the people behind the roles today, the days that count.

Invariants:
- people are asked by what they may do today: a grant, an open account, not yet left;
- of several helpers the first one comes first.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.care.pairing.models import Pair
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import ClassMembership, SchoolClass, Student, Term
from tongxing.ground.people.queries import term_calendar

from . import rules
from .models import HelpRequest, RequestRules
from .rules import Pace
from .topics import EDITABLE, TOPICS, Reader

OFFICES = (Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.COUNSELLOR)
#: Days off are looked up this far ahead.
AHEAD = datetime.timedelta(days=60)


class SchoolRules(NamedTuple):
    ways: Mapping[str, Sequence[str]]
    pace: Pace


def rules_for(school: Organisation) -> SchoolRules:
    """The school's own ways and days, else the first ones."""
    found = RequestRules.objects.filter(school=school).first()
    ways = {code: topic.way for code, topic in TOPICS.items()}
    if found is None:
        return SchoolRules(ways, Pace())
    own = {code: tuple(found.ways[code]) for code in EDITABLE if found.ways.get(code)}
    return SchoolRules(ways | own, Pace(found.urgent_days, found.other_days, found.step_days))


class Near(NamedTuple):
    """The people near a child, or of a class where no child is named: by role, the first to be asked first."""

    by_role: Mapping[str, list[User]]

    @property
    def ids(self) -> dict[str, list[int]]:
        return {role: [user.pk for user in users] for role, users in self.by_role.items()}

    def first(self, role: str) -> User | None:
        return next(iter(self.by_role.get(role, ())), None)


def people_near(
    school: Organisation, *, student: Student | None = None, school_class: SchoolClass | None = None
) -> Near:
    """Who stands behind each role today. Two queries, three with a child."""
    today = clock.today()
    classes = _classes(student, school_class, today)
    wanted = Q(role__in=OFFICES) | Q(role=Role.CLASS_TEACHER, school_class__in=classes)
    if student is not None:
        wanted |= Q(role=Role.HELPER, student=student)
    held = Grant.objects.on(today).filter(wanted, school=school, user__is_active=True)
    here = held.exclude(user__staff__ends_on__lt=today).select_related("user").order_by("pk")
    found: defaultdict[str, list[User]] = defaultdict(list)
    for grant in here:
        if grant.user not in found[grant.role]:
            found[grant.role].append(grant.user)
    if student is not None and len(found[Role.HELPER]) > 1:
        first = Pair.objects.on(today).of_first_helpers().filter(student=student)
        leads = set(first.values_list("helper__user_id", flat=True))
        found[Role.HELPER].sort(key=lambda user: user.pk not in leads)
    return Near(found)


def _classes(
    student: Student | None, school_class: SchoolClass | None, today: datetime.date
) -> Collection[int]:
    if student is None:
        return [school_class.pk] if school_class else []
    in_class = ClassMembership.objects.on(today).filter(student=student)
    return list(in_class.values_list("school_class_id", flat=True))


def routed(
    school: Organisation,
    topic: str,
    near: Near,
    *,
    without: Collection[str] = (),
    kept_from: Collection[int] = (),
) -> rules.Route:
    """Who answers and who reads; refused when the school has nobody at all."""
    way = rules_for(school).ways[topic]
    found = rules.route(way, near.ids, without=without, kept_from=kept_from)
    if found is None:
        raise Refused(_("Nobody in the school can take this in here yet. Please go to a grown-up you trust."))
    return found


def readers_said(
    school: Organisation, topic: str, near: Near, without: Collection[str] = ()
) -> list[tuple[str, User]]:
    """Who will read it, with the role, whoever answers first: said before anything is written."""
    found = rules.route(rules_for(school).ways[topic], near.ids, without=without)
    people = [] if found is None else [(role, near.first(role)) for role in found.readers]
    return [(role, user) for role, user in people if user]


def put_on_way(request: HelpRequest, route: rules.Route) -> None:
    """Set who answers and who may read; not saved."""
    request.holder_id = route.holder
    for role in Reader.values:
        setattr(request, f"to_{role}", role in route.readers)


def counting_days(school: Organisation, day: datetime.date) -> list[datetime.date]:
    """The days that count around and after `day`, as far as the school's calendar is known: the school days of the
    terms, every day of a break. Outside of it weekdays count."""
    near = Term.objects.filter(school=school, ends_on__gte=day - 2 * AHEAD, starts_on__lte=day + AHEAD)
    counting: set[datetime.date] = set()
    for term in near.select_related("year").order_by("starts_on"):
        calendar = term_calendar(term)
        counting.update(calendar.days)
        counting.update(calendar.recess.days if calendar.recess else ())
    return sorted(counting)


def due_after(school: Organisation, day: datetime.date, number: int) -> datetime.date:
    """The `number`th day that counts after `day` in this school."""
    return rules.due_on(day, number, counting_days(school, day))
