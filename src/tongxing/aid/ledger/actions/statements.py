"""Taking over a statement, saying what is behind a difference, noting what the county has paid.

Invariants:
- a statement is taken over as a whole or not at all, and the same sheet once;
- what the county paid becomes a note in the books (备查) and never a payment of the school.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from ..models import Account, Entry, Fund, Line, Settled, Statement, StatementLine
from ..models_books import MAKE, WORDS
from ..queries.statements import not_noted, read
from ..rules import Move
from .books import hold, person
from .entries import Said, Source, write_entry

#: Numbers this long are accounts, cards or ids of somebody: nobody needs them here.
LONG_NUMBER = re.compile(r"\d[\d\s*]{5,}\d")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it was read; `amount` in fen, above nothing what came in."""

    row: int
    day: date
    amount: int
    reference: str = ""
    text: str = ""


@transaction.atomic
def take_statement(
    actor: Actor, *, account: Account, profile: str, file_name: str, sha256: str, rows: Sequence[ReadRow]
) -> Statement:
    """Keep the rows of a statement. The same sheet again is the same statement."""
    user_id = person(actor, MAKE, account.school_id)
    hold(account.school)
    standing = Statement.objects.standing().filter(account=account)
    if found := standing.filter(sha256=sha256).first():
        return found
    if not rows:
        raise Refused(_("There are no rows in this sheet."), field="upload")
    days = [row.day for row in rows]
    if max(days) > clock.today():
        raise Refused(_("A day of this sheet has not come yet."), field="upload")
    statement = Statement.objects.create(
        school_id=account.school_id, account=account, profile=profile, file_name=file_name[:100],
        sha256=sha256, starts_on=min(days), ends_on=max(days), taken_by_id=user_id, taken_at=clock.now(),
    )  # fmt: skip
    StatementLine.objects.bulk_create(
        StatementLine(
            school_id=account.school_id, statement=statement, row=row.row, day=row.day, amount=row.amount,
            reference=row.reference[:40], text=LONG_NUMBER.sub("***", " ".join(row.text.split()))[:WORDS],
        )
        for row in rows
    )  # fmt: skip
    _log(actor, "ledger.statement", statement, {"rows": len(rows)})
    return statement


def _log(actor: Actor, action: str, statement: Statement, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=statement.school_id,
        subject=("statement", statement.pk),
        detail=detail or {},
    )


@transaction.atomic
def undo_statement(actor: Actor, *, statement: Statement) -> None:
    """It counts no longer, nor what was said about it; its rows stay. What was noted from it is reversed first."""
    user_id = person(actor, MAKE, statement.school_id)
    hold(statement.school)
    statement = Statement.objects.select_related("account").get(pk=statement.pk)
    if statement.undone_at:
        return
    if statement.account.kind == Account.Kind.MEMO and len(not_noted(statement)) < statement.lines.count():
        raise Refused(_("Payments of the county were noted from this sheet. Take these entries back first."))
    statement.undone_at, statement.undone_by_id = clock.now(), user_id
    statement.save(update_fields=["undone_at", "undone_by"])
    statement.settled.update(ended_at=statement.undone_at)
    _log(actor, "ledger.statement-undo", statement)


@transaction.atomic
def settle(
    actor: Actor, *, statement: Statement, row: StatementLine | None, line: Line | None, words: str
) -> Settled:
    """Say what is behind a difference; with row and line: that both are the same money."""
    user_id = person(actor, MAKE, statement.school_id)
    hold(statement.school)
    words = " ".join(words.split())[:WORDS]
    if not words:
        raise Refused(_("Please say what is behind it, in a few words."), field="words")
    open_now = read(statement).open
    rows = {one.row.pk for one in open_now if one.row}
    lines = {one.line.pk for one in open_now if one.line}
    if (row and row.pk not in rows) or (line and line.pk not in lines) or not (row or line):
        raise Refused(_("This difference is no longer open. Please look at the statement again."))
    settled = Settled.objects.create(
        school_id=statement.school_id, statement=statement, row=row, line=line, words=words,
        by_id=user_id, at=clock.now(),
    )  # fmt: skip
    _log(actor, "ledger.settle", statement, {"row": row and row.pk, "line": line and line.pk})
    return settled


@transaction.atomic
def note_county(actor: Actor, *, statement: Statement) -> list[Entry]:
    """Note every payment of the county that is not in the books yet; each waits to be checked like any entry."""
    person(actor, MAKE, statement.school_id)
    hold(statement.school)
    if statement.account.kind != Account.Kind.MEMO or statement.undone_at:
        raise Refused(_("Only payments by the county are noted this way."))
    of_school = Account.objects.filter(school=statement.school_id, kind=Account.Kind.MEMO)
    source = of_school.exclude(pk=statement.account_id).first()
    fund = Fund.objects.open().filter(school=statement.school_id, memo=True).first()
    if source is None or fund is None:
        raise Refused(_("The chart of accounts lacks the place for payments of the county."))
    entries = []
    for row, named in not_noted(statement):
        ways = (source.pk, statement.account_id) if row.amount > 0 else (statement.account_id, source.pk)
        said = Said(
            row.day,
            row.text or _("paid by the county"),
            reference=row.reference,
            source=Source("county", named),
        )
        entries.append(
            write_entry(
                actor,
                school=statement.school,
                client_id=uuid4(),  # the source tells the same payment again
                kind=Entry.Kind.MEMO,
                moves=[Move(*ways, fund.pk, abs(row.amount))],
                said=said,
            )
        )
    _log(actor, "ledger.note-county", statement, {"entries": len(entries)})
    return entries
