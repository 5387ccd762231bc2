"""Who at school hears that a family or a child has written. A message names nobody and quotes nothing."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.functional import Promise

from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import ClassMembership, Student

from .models import STAFF


def near(student: Student) -> list[User]:
    """Today's helpers and class teachers of the child; where there is nobody, the coordinators."""
    today = clock.today()
    classes = ClassMembership.objects.on(today).filter(student=student).values("school_class")
    closest = Q(role=Role.HELPER, student=student) | Q(role=Role.CLASS_TEACHER, school_class__in=classes)
    return _holders(student, closest) or coordinators(student)


def coordinators(student: Student) -> list[User]:
    return _holders(student, Q(role=Role.COORDINATOR)) or _holders(student, Q(role=Role.HEAD))


def _holders(student: Student, which: Q) -> list[User]:
    grants = Grant.objects.on(clock.today()).filter(which, school=student.school_id, user__is_active=True)
    return list(
        {grant.user_id: grant.user for grant in grants.select_related("user").order_by("pk")}.values()
    )


def still_near(user: User | None, student: Student) -> bool:
    """Whether whoever wrote last still looks after the child."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    return user is not None and actor_for(user).may(STAFF, **ids)


def tell(
    whom: Iterable[User], student: Student, subject: Promise, link: tuple[str, Sequence[int]], key: str
) -> None:
    for user in whom:
        send(to=user, school=student.school, code=key.split(":")[0], subject=subject, link=link, key=key)
