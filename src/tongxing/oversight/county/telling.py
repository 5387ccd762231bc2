"""Messages between a county and those who answer for a school; they say what waits where, and name nobody."""

from collections.abc import Iterable

from django.utils.functional import Promise

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import TABLE
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import send

from .scoping import ANSWER


def tell(
    organisations: Iterable[Organisation],
    subject: Promise,
    link: tuple[str, list[int]],
    key: str,
    *,
    ability: str = ANSWER,
    urgent: bool = False,
) -> None:
    """Whoever holds the ability there, at these schools or bureaus, finds it among the reminders. One query to find them."""
    roles = [role for role, rights in TABLE.items() if ability in rights.can]
    of = {one.pk: one for one in organisations}
    held = Grant.objects.on(clock.today()).filter(school__in=of, role__in=roles, user__is_active=True)
    for grant in held.select_related("user").order_by("pk"):
        send(
            to=grant.user, school=of[grant.school_id], code="county", subject=subject, link=link, key=key,
            urgent=urgent,
        )  # fmt: skip
