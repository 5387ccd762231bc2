"""Who is told by message about places: the child and the family at their doors, whoever leads the group.

Invariants:
- a message says “a place” or “on the waiting list” and nothing else: no order, no number, no reason, no name of a child;
- the same news is told once, however often it is sent.
"""

from collections.abc import Collection, Iterable

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.outbox.actions import send

from .models import Offer, SignUp

#: By who reads it.
PLACED: dict[str, Promise] = {
    Role.STUDENT: gettext_lazy("“{name}”: you have a place."),
    Role.GUARDIAN: gettext_lazy("“{name}”: your child has a place."),
}
WAITING: dict[str, Promise] = {
    Role.STUDENT: gettext_lazy("“{name}”: you are on the waiting list. You are told when a place is free."),
    Role.GUARDIAN: gettext_lazy(
        "“{name}”: your child is on the waiting list. You are told when a place is free."
    ),
}
GIVEN = gettext_lazy("“{name}”: the places are given.")
NEXT = gettext_lazy("“{name}”: a place that was free has gone to the next.")


def tell_children(offer: Offer, sign_ups: Iterable[SignUp], *, placed: bool) -> None:
    """Each child and each of its guardians who has a door."""
    rows = {row.student_id: row for row in sign_ups}
    words = PLACED if placed else WAITING
    for door in _doors(rows):
        row = rows[door.student_id or 0]
        link: tuple[str, list[int]] = ("clubs", [])
        if door.role == Role.GUARDIAN:
            link = ("family-child", [row.student_id])
        send(
            to=door.user,
            school=door.school,
            code="activity",
            subject=_about(words[door.role], offer),
            link=link,
            key=f"activity.{'placed' if placed else 'waiting'}:{row.pk}",
        )


def _about(words: Promise, offer: Offer) -> Promise:
    """Put into the reader's language when it is sent."""
    return format_lazy(words, name=offer.name)  # type: ignore[arg-type]  # a lazy sentence is one


def _doors(student_ids: Collection[int]) -> list[Grant]:
    open_doors = Grant.objects.on(clock.today()).filter(
        role__in=(Role.STUDENT, Role.GUARDIAN), student__in=student_ids, user__is_active=True
    )
    return list(open_doors.select_related("user", "school").order_by("pk"))


def tell_leader(actor: Actor, offer: Offer, words: Promise, key: str) -> None:
    """Whoever leads the group, unless it was done by that colleague."""
    user = offer.leader.user
    if user.pk != actor.user_id and user.is_active:
        send(
            to=user,
            school=offer.school,
            code="activity",
            subject=_about(words, offer),
            link=("activity", [offer.pk]),
            key=f"activity.{key}",
        )
