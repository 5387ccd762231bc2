"""A list of people that is paid as a whole, by one entry: what the rooms that make such lists share.

Invariants:
- a list is paid by one entry that stands; a second click finds it;
- one that was sent back is written anew, one that was reversed asks for a new list.
"""

import datetime
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from ..models import Account, Entry, Fund, Purpose
from ..rules import Move
from .entries import Said, Source, write_entry


@dataclass(frozen=True, slots=True)
class Paid:
    """`come_from`: where the money leaves; `fund` and `purpose`: what it was given for."""

    day: datetime.date
    come_from: Account
    fund: Fund
    purpose: Purpose | None
    reference: str = ""


class ListToPay(Protocol):
    """A row that its action holds, with what it comes to in fen."""

    school: Any
    total: Any
    entry: Any
    ended_at: Any

    def save(self, *, update_fields: Any) -> None: ...


@transaction.atomic
def pay_as_one(
    actor: Actor,
    *,
    pay_list: ListToPay,
    spent_on: str,
    paid: Paid,
    words: str,
    source: Source,
    client_id: UUID,
) -> Entry:
    """Write the payment of the whole list. `spent_on`: the code of the account for it; whoever calls holds books and list."""
    if pay_list.ended_at:
        raise Refused(_("This list was taken back."))
    found: Entry | None = pay_list.entry
    if found and still_pays(found):
        return found
    if found and not found.ended_at:
        raise Refused(_("Its payment was reversed in the books. Please take the list back and make it anew."))
    account = Account.objects.filter(school=pay_list.school, code=spent_on).first()
    if account is None:
        raise Refused(_("The chart of accounts lacks the account for this."))
    purpose = paid.purpose.pk if paid.purpose else None
    move = Move(paid.come_from.pk, account.pk, paid.fund.pk, pay_list.total, purpose)
    entry = write_entry(
        actor,
        school=pay_list.school,
        client_id=client_id,
        kind=Entry.Kind.PAYMENT,
        moves=[move],
        said=Said(paid.day, words, reference=paid.reference, source=source),
    )
    pay_list.entry = entry
    pay_list.save(update_fields=["entry"])
    return entry


def still_pays(entry: Entry) -> bool:
    """Written and neither sent back nor reversed in the books."""
    return Entry.objects.standing().filter(pk=entry.pk).exists()
