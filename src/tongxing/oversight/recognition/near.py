"""Who stands back from one proposal: nobody judges what is near (回避). Read from the records; the rest says so itself."""

from collections.abc import Collection

from django.db.models import Q

from tongxing.care.pairing.models import Pair
from tongxing.ground.access.queries import family_accounts
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Staff

from .models import Commendation
from .whom import class_teachers, classes_of, members


def stands_back(one: Commendation) -> set[int]:
    """The colleagues who may not look at this one: themselves, the own class, the own family, helpers of the child,
    whoever proposed it, and whoever said so."""
    today, who = clock.today(), one.whom
    near = members(one.school, who, one.scheme.kind, today) | class_teachers(classes_of(who, today), today)
    children = [student.pk for student in who.students]
    near |= set(Pair.objects.on(today).filter(student__in=children).values_list("helper_id", flat=True))
    accounts = family_accounts(children) | {one.entered_by_id}
    said = one.stood_back.filter(ended_at=None).values("staff")
    others = Staff.objects.filter(Q(user__in=accounts) | Q(pk__in=said), school_id=one.school_id)
    return near | set(others.values_list("pk", flat=True))


def able(one: Commendation, near: Collection[int] | None = None) -> set[int]:
    """Those of the committee who may look at it. `near`: who stands back, where it is known already."""
    sitting = one.scheme.committee.filter(ended_at=None).values_list("staff_id", flat=True)
    return set(sitting) - set(stands_back(one) if near is None else near)
