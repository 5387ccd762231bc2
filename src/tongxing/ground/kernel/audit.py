"""The audit trail: one row per action, chained with a key that is not in the database.

Invariants:
- the row is written in the action's own transaction: no action without its row, no row without its action;
- rows hold ids, counts and the stated purpose, never names or text;
- a changed, removed, swapped or inserted row, or rows cut off at the end, make `verify` name the place.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction

from . import clock
from .actor import Actor
from .models import AuditEntry, AuditHead


@dataclass(slots=True)
class _Gathered:
    head: AuditHead
    entries: list[AuditEntry] = field(default_factory=list)


_gathered: ContextVar[_Gathered | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Within one transaction of thousands of actions: their entries are chained as they come and written together at
    its end. Only for a story told into an empty database: until then nobody can read them."""
    with transaction.atomic():
        gathered = _Gathered(_locked_head())
        token = _gathered.set(gathered)
        try:
            yield
        finally:
            _gathered.reset(token)
        AuditEntry.objects.bulk_create(gathered.entries, batch_size=1_000)
        gathered.head.save()


def _locked_head() -> AuditHead:
    return AuditHead.objects.select_for_update().get_or_create(pk=1)[0]


def record(
    actor: Actor,
    action: str,
    *,
    school_id: int | None,
    subject: tuple[str, int | None] = ("", None),
    purpose: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append one entry. Must run inside the action's transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit entry belongs into its action's transaction")
    gathered = _gathered.get()
    head = gathered.head if gathered else _locked_head()
    entry = AuditEntry(
        at=clock.now(),
        actor_kind=actor.kind,
        user_id=actor.user_id,
        school_id=school_id,
        action=action,
        subject=subject[0],
        subject_id=subject[1],
        purpose=purpose,
        detail=dict(detail or {}),
    )
    entry.mac = _entry_mac(entry, head.mac)
    head.entries += 1
    head.mac = entry.mac
    head.seal = _seal(head)
    if gathered:
        gathered.entries.append(entry)
    else:
        entry.save(force_insert=True)
        head.save()


def _mac(payload: object) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(settings.KEYRING.audit, text.encode(), hashlib.sha256).hexdigest()


def _entry_mac(entry: AuditEntry, previous: str) -> str:
    return _mac(
        [
            previous,
            entry.at.timestamp(),
            entry.actor_kind,
            entry.user_id,
            entry.school_id,
            entry.action,
            entry.subject,
            entry.subject_id,
            entry.purpose,
            entry.detail,
        ]
    )


def _seal(head: AuditHead) -> str:
    return _mac(["head", head.entries, head.mac])


def position() -> tuple[int, str]:
    """Where the trail ends. Every write leaves a row: at the same position, nothing has been written since."""
    gathered = _gathered.get()
    head = gathered.head if gathered else AuditHead.objects.filter(pk=1).first() or AuditHead()
    return head.entries, head.mac


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    broken_at: int | None = None  # id of the first entry that does not fit, 0: the end was cut off

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the whole chain. Memory stays constant."""
    previous, count = "", 0
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2000):
        if not hmac.compare_digest(entry.mac, _entry_mac(entry, previous)):
            return Verdict(count, entry.pk)
        previous, count = entry.mac, count + 1
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if count == 0 and head.entries == 0 and not head.seal:
        return Verdict(0)
    if head.entries != count or head.mac != previous or not hmac.compare_digest(head.seal, _seal(head)):
        return Verdict(count, 0)
    return Verdict(count)
