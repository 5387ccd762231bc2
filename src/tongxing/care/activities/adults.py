"""Who comes along besides whoever leads, and what must be there before children leave the school."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Staff

from . import rules
from .models import Companion, Event
from .rights import check_adult


def set_companions(event: Event, companions: Collection[Staff]) -> None:
    wanted = {staff.pk for staff in companions} - {event.leader_id}
    for staff in companions:
        check_adult(staff, school_id=event.school_id, field="companions")
    held = {row.staff_id: row for row in event.companions.all()}
    for staff_id, row in held.items():
        if (staff_id in wanted) != (row.ended_at is None):
            row.ended_at = None if staff_id in wanted else clock.now()
            row.save(update_fields=["ended_at"])
    Companion.objects.bulk_create(
        Companion(school_id=event.school_id, event=event, staff_id=pk, recorded_at=clock.now())
        for pk in sorted(wanted - held.keys())
    )


def adults(event: Event) -> int:
    """Whoever leads and whoever comes along."""
    along = set(event.companions.standing().values_list("staff_id", flat=True))
    return len(along | {event.leader_id})


def check_leaving(event: Event, on_list: set[int]) -> None:
    if adults(event) < rules.FEWEST_ADULTS:
        raise Refused(_("Two adults at least come along. Please choose one more."), field="companions")
    if on_list - with_consent(on_list, "outing"):
        raise Refused(
            _(
                "Not every family has agreed yet. Note the consent on the child's page when the slip is back, or"
                " take the name off the list; staying at school has no disadvantage."
            )
        )
