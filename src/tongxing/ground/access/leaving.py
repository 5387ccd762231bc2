"""A colleague leaves the school: rights and posts end with the last day, what was done stays under the name.

Invariants:
- nobody lets a colleague leave who stands above the own rank, and nobody lets oneself leave;
- pairs are not ended here: each child is handed over by a decision of its own;
- as long as the last day has not passed, staying after all brings back what leaving ended.
"""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Responsibility, Staff

from .actions import check_accounts
from .models import Grant
from .roles import Role


@transaction.atomic
def leave(actor: Actor, *, staff: Staff, last_day: datetime.date) -> None:
    """The colleague's last day at this school."""
    staff = _held(actor, staff)
    if staff.starts_on and last_day < staff.starts_on:
        raise Refused(_("The last day lies before the first day at this school."), field="last_day")
    if last_day > clock.today() + datetime.timedelta(days=366):
        raise Refused(_("That is more than a year away. Please check the date."), field="last_day")
    if staff.ends_on:
        raise Refused(_("The last day is noted already."), field="last_day")
    staff.ends_on = last_day
    staff.save(update_fields=["ends_on"])
    beyond = Q(ends_on=None) | Q(ends_on__gt=last_day)
    Grant.objects.filter(beyond, user=staff.user_id, school=staff.school_id).update(ends_on=last_day)
    posts = Responsibility.objects.filter(beyond, staff=staff)
    posts.filter(starts_on__gt=last_day).update(ends_on=F("starts_on"), ended_at=clock.now())
    posts.filter(starts_on__lte=last_day).update(ends_on=last_day, ended_at=clock.now())
    if last_day < clock.today():
        User.objects.get(pk=staff.user_id).start_codes.all().end()
    audit.record(
        actor,
        "staff.leave",
        school_id=staff.school_id,
        subject=("staff", staff.pk),
        detail={"last_day": last_day.isoformat()},
    )


@transaction.atomic
def stay(actor: Actor, *, staff: Staff, helps: Collection[int] = ()) -> None:
    """The colleague stays after all, or comes back; rights that have ended by then are given anew.

    `helps`: the students whom the colleague still accompanies; those handed over meanwhile stay with their new helper.
    """
    staff = _held(actor, staff)
    last_day = staff.ends_on
    if last_day is None:
        raise Refused(_("No last day is noted."))
    staff.ends_on = None
    staff.save(update_fields=["ends_on"])
    if last_day >= clock.today():
        ended = Grant.objects.filter(user=staff.user_id, school=staff.school_id, ends_on=last_day)
        stays = ~Q(role=Role.HELPER) | Q(student__in=helps) | Q(consent__isnull=False)
        ended.filter(stays).update(ends_on=None)
        Responsibility.objects.filter(staff=staff, ends_on=last_day).update(ends_on=None, ended_at=None)
    audit.record(actor, "staff.stay", school_id=staff.school_id, subject=("staff", staff.pk))


def _held(actor: Actor, staff: Staff) -> Staff:
    actor.require("account.manage", school_id=staff.school_id)
    staff = Staff.objects.select_for_update(of=("self",)).select_related("user", "school").get(pk=staff.pk)
    check_accounts(actor, school=staff.school, users=[staff.user])
    return staff
