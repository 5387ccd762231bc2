"""The reports of the aid ledger as spreadsheets and PDF: the same rows in both, every amount from the postings."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.aid.ledger.models import Account
from tongxing.aid.ledger.models_books import VIEW
from tongxing.aid.ledger.queries.reports import (
    CashBook,
    Days,
    FundLine,
    cash_book,
    fund_report,
    trial_balance,
)
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor

from .content import Document, Paragraph, Table, dated_text, moment_text
from .pdf import pdf_file
from .sheets import Cell, Column, Sheet, workbook


@dataclass(frozen=True, slots=True)
class Fen:
    """An amount in a report's row."""

    value: int

    def __str__(self) -> str:
        return money.yuan(self.value)


Value = str | datetime.date | Fen
INDENT = "\u3000"


@dataclass(frozen=True, slots=True)
class Report:
    """`widths` in characters. `total`: the last row, of its own look."""

    code: str
    title: str
    days: Days
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()


def balance_report(actor: Actor, school: Organisation, days: Days) -> Report:
    found = trial_balance(actor, school, days)
    sums = (Fen(sum(one.debit for one in found)), Fen(sum(one.credit for one in found)))
    return Report(
        "balance",
        _("Trial balance"),
        days,
        (_("Code"), pgettext("ledger", "Account"), pgettext("ledger", "Before"), _("Debit"), _("Credit"), pgettext("ledger", "After")),
        (8, 26, 14, 14, 14, 14),
        tuple(
            (one.account.code, one.account.name, Fen(one.before), Fen(one.debit), Fen(one.credit), Fen(one.after))
            for one in found
        ),
        ("", _("Sum"), Fen(sum(one.before for one in found)), *sums, Fen(sum(one.after for one in found))),
    )  # fmt: skip


def cash_report(actor: Actor, account: Account, days: Days) -> Report:
    book = cash_book(actor, account, days)
    return Report(
        "cash",
        _("%(account)s: day by day") % {"account": account.name},
        days,
        (
            _("Day"),
            _("Number"),
            pgettext("ledger", "What for"),
            _("Fund"),
            _("Came"),
            _("Went"),
            _("There after it"),
        ),
        (12, 11, 34, 18, 14, 14, 14),
        (("", "", _("Brought over"), "", "", "", Fen(book.before)), *_cash_rows(book)),
        ("", "", _("Sum"), "", Fen(book.came), Fen(book.went), Fen(book.after)),
    )


def _cash_rows(book: CashBook) -> Iterable[tuple[Value, ...]]:
    for one in book.lines:
        line, entry = one.line, one.line.entry
        number = f"{entry.posting.period.starts_on:%m}-{entry.posting.number:03d}"
        sides = (Fen(line.amount), "") if line.amount > 0 else ("", Fen(-line.amount))
        yield (entry.day, number, entry.narrative, line.fund.name, *sides, Fen(one.balance))


def funds_report(actor: Actor, school: Organisation, days: Days) -> Report:
    found = fund_report(actor, school, days)
    rows = [row for one in found for row in _fund_rows(one)]
    sums = [sum(getattr(one, name) for one in found) for name in ("before", "came", "spent", "after")]
    return Report(
        "funds",
        _("What each fund took in, spent and has left"),
        days,
        (
            _("Fund and what for"),
            pgettext("ledger", "Before"),
            _("Came in"),
            _("Spent"),
            _("Left"),
        ),
        (30, 14, 14, 14, 14),
        tuple(rows),
        (_("Sum"), *map(Fen, sums)),
    )


def _fund_rows(one: FundLine) -> Iterable[tuple[Value, ...]]:
    yield (one.fund.name, Fen(one.before), Fen(one.came), Fen(one.spent), Fen(one.after))
    for spent in one.purposes:
        yield (INDENT + (spent.purpose or _("without a purpose")), "", "", Fen(spent.amount), "")
    if one.promised:
        yield (INDENT + _("besides: promised, not paid yet"), "", "", "", Fen(one.promised))


def note_of(report: Report) -> str:
    return _("%(first)s to %(last)s · checked entries only · as of %(moment)s · in yuan") % {
        "first": dated_text(report.days.first),
        "last": dated_text(report.days.last),
        "moment": moment_text(clock.now()),
    }


def report_sheet(actor: Actor, report: Report, school: Organisation) -> bytes:
    _log(actor, report, school)
    rows = [*report.rows, *([report.total] if report.total else [])]
    sheet = Sheet(
        name=report.title[:31],
        title=f"{school.name} {report.title}",
        note=note_of(report),
        columns=tuple(Column(*both) for both in zip(report.columns, report.widths, strict=True)),
        rows=tuple(tuple(_cell(value) for value in row) for row in rows),
    )
    return workbook(sheet)


def _cell(value: Value) -> Cell:
    return money.decimal(value.value) if isinstance(value, Fen) else value


def report_pdf(actor: Actor, report: Report, school: Organisation) -> bytes:
    _log(actor, report, school)
    rows = [*report.rows, *([report.total] if report.total else [])]
    table = Table(report.columns, tuple(tuple(map(_printed, row)) for row in rows), report.widths)
    blocks = (Paragraph(note_of(report)), table)
    title = f"{school.name}\n{report.title}"
    return pdf_file(Document(title, blocks, issuer=school.name, dated=clock.today()))


def _printed(value: Value) -> str:
    """A day without its year, which stands above the table: the column is narrow."""
    return f"{value:%m-%d}" if isinstance(value, datetime.date) else str(value)


@transaction.atomic
def _log(actor: Actor, report: Report, school: Organisation) -> None:
    actor.require(VIEW, school_id=school.pk)
    audit.record(
        actor,
        "ledger.report",
        school_id=school.pk,
        subject=("report", None),
        detail={"report": report.code, "rows": len(report.rows)},
    )
