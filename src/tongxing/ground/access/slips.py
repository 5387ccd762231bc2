"""Slips: one-time codes on paper, for colleagues who start and for those who lost their password.

Invariants:
- nobody makes a slip for an account above the own rank, or for the own;
- a new slip ends the person's older codes; where there was a password it ends too, and with it every session, the
  calendar feed and an unconfirmed mail address: whoever knew the password may have set them;
- the same batch again gives the same slips, as long as none of them was used or replaced.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, StartCode, User
from tongxing.ground.accounts.start_codes import code_for, fingerprint
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.outbox.actions import forget_ways_out

from .actions import check_accounts, out_of_reach
from .queries import colleagues

LIVES = datetime.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Slip:
    user: User
    code: str
    expires_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Starting:
    """Where a colleague stands: has a password, holds a slip that works until, or is out of the actor's reach."""

    user: User
    has_started: bool
    slip_until: datetime.datetime | None
    out_of_reach: str

    @property
    def waits(self) -> bool:
        """Neither a password nor a slip, and the actor can make one."""
        return not (self.has_started or self.slip_until or self.out_of_reach)


def starting(actor: Actor, school: Organisation) -> list[Starting]:
    """Every colleague with an open account: those who wait for a slip first."""
    actor.require("account.manage", school_id=school.pk)
    users = list(colleagues(school).filter(is_active=True).exclude(staff__ends_on__lt=clock.today()))
    until = dict(StartCode.objects.open().filter(user__in=users).values_list("user", "expires_at"))
    beyond = out_of_reach(actor, school=school, users={user.pk for user in users})
    rows = [
        Starting(user, user.has_usable_password(), until.get(user.pk), beyond.get(user.pk, ""))
        for user in users
    ]
    return sorted(rows, key=lambda row: (not row.waits, row.has_started))


@transaction.atomic
def make_slips(actor: Actor, *, school: Organisation, users: Sequence[User], batch: UUID) -> list[Slip]:
    """A slip for each of these colleagues; `batch` names the page, so that loading it again changes nothing."""
    check_accounts(actor, school=school, users=users)
    if not users:
        raise Refused(_("Please choose at least one colleague."), field="users")
    if any(not user.is_active for user in users):
        raise Refused(_("This account is closed. Open it first."), field="users")
    expires = clock.now() + LIVES
    slips = [Slip(user, code_for(batch, user.pk), expires) for user in users]
    prints = {fingerprint(slip.code): slip for slip in slips}
    made = list(StartCode.objects.filter(fingerprint__in=prints))
    if made:
        return _again(slips, made)
    _lock_out(users)
    StartCode.objects.bulk_create(
        StartCode(school=school, user=slip.user, fingerprint=mark, made_at=clock.now(), expires_at=expires)
        for mark, slip in prints.items()
    )
    audit.record(
        actor,
        "account.activation",
        school_id=school.pk,
        subject=("user", users[0].pk if len(users) == 1 else None),
        detail={"users": sorted(user.pk for user in users)},
    )
    return slips


def _again(slips: list[Slip], made: list[StartCode]) -> list[Slip]:
    """The page was loaded twice: the same slips, or none if one of them no longer holds."""
    if len(made) < len(slips) or any(code.ended_at or code.expires_at <= clock.now() for code in made):
        raise Refused(_("These slips have been used or replaced. Please make new ones."), field="users")
    return [Slip(slip.user, slip.code, made[0].expires_at) for slip in slips]


def _lock_out(users: Sequence[User]) -> None:
    """Older codes end; a password that somebody else may know ends with all its sessions."""
    held = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk for user in users])
    reset = [user for user in held if user.has_usable_password()]
    StartCode.objects.filter(user__in=users).end()
    for user in reset:
        user.set_unusable_password()
    User.objects.bulk_update(reset, ["password"], batch_size=500)
    forget_ways_out(reset)
