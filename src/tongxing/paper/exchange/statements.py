"""Statements of the bank and of the county: which column means what is data (`statement_profiles.toml`).

Invariants:
- every row that is not understood is named with its line and what to do; with one of them nothing is taken over;
- sums at the foot and empty lines are passed over, nothing else is; names and card numbers of people are not read.
"""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongxing.aid.ledger.actions.statements import ReadRow, take_statement
from tongxing.aid.ledger.models import Account, Statement
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from . import values
from .kinds import plain
from .reader import Sheet, read

PROFILES = Path(__file__).with_name("statement_profiles.toml")
SEARCHED = 25  # lines above the headings: name, account, days, balance
CAME = frozenset({"贷", "贷方", "收", "收入", "来账", "c", "+"})
WENT = frozenset({"借", "借方", "支", "支出", "往账", "d", "-"})
SUMS = ("合计", "总计", "小计", "本页", "承前", "过次", "期初", "期末")


@cache
def profiles() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PROFILES.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Wrong:
    """`line` counts from 1, as spreadsheet programs do."""

    line: int
    heading: str
    value: str
    message: str


@dataclass(slots=True)
class Understood:
    rows: list[ReadRow] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def hand_in(
    actor: Actor, *, account: Account, profile: str, name: str, content: bytes
) -> Statement | list[Wrong]:
    """Take a statement over, or say which rows are not understood."""
    actor.require("ledger.make", school_id=account.school_id)
    found = understand(read(name, content), profile)
    if found.wrong:
        return found.wrong
    return take_statement(
        actor,
        account=account,
        profile=profile,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        rows=found.rows,
    )


def understand(sheets: Sequence[Sheet], profile: str) -> Understood:
    """The rows of the first sheet whose headings fit."""
    wanted: dict[str, list[str]] = profiles()[profile]["columns"]
    for sheet in sheets:
        for line, row in enumerate(sheet.rows[:SEARCHED]):
            columns = columns_of(row, wanted)
            if "day" in columns and columns.keys() & {"amount", "came", "went"}:
                return _rows(sheet, line, columns)
    raise Refused(
        _("No line of headings was found. There has to be a day and an amount, such as 日期 and 金额."),
        field="upload",
    )


def columns_of(row: Sequence[str], wanted: dict[str, list[str]]) -> dict[str, int]:
    """Field → column; an earlier heading of a field wins, a column means one field."""
    heads = [plain(cell).removesuffix("元") for cell in row]
    columns: dict[str, int] = {}
    for code, headings in wanted.items():
        for heading in headings:
            if (word := plain(heading)) in heads and (place := heads.index(word)) not in columns.values():
                columns[code] = place
                break
    return columns


def _rows(sheet: Sheet, heading: int, columns: dict[str, int]) -> Understood:
    found = Understood()
    for line, row in enumerate(sheet.rows[heading + 1 :], start=heading + 2):
        cells = {code: row[place].strip() if place < len(row) else "" for code, place in columns.items()}
        if not any(cells.values()) or any(cell.strip().startswith(SUMS) for cell in row):
            continue
        code = "day"
        try:
            day = values.date(cells["day"])
            code = "amount" if "amount" in columns else "came" if cells.get("came") else "went"
            amount = _amount(cells)
        except values.NotUnderstood as error:
            place = columns.get(code, 0)
            found.wrong.append(Wrong(line, sheet.rows[heading][place], cells.get(code, ""), str(error)))
            continue
        reference = values.number_text(cells.get("reference", ""))
        found.rows.append(ReadRow(line, day, amount, reference, cells.get("text", "")))
    return found


def _amount(cells: dict[str, str]) -> int:
    """Fen, above nothing what came in: from two columns, from one with its sign, or from one with a word beside it."""
    came, went = (_fen(cells.get(code, "")) for code in ("came", "went"))
    if came and went:
        raise values.NotUnderstood(_("Both came and went: please split this row."))
    amount = came or -went
    if not amount:
        amount = _fen(cells.get("amount", ""))
        sign = cells.get("sign", "").lower()
        if sign in WENT:
            amount = -abs(amount)
        elif sign and sign not in CAME:
            raise values.NotUnderstood(_("Write 借 or 贷, 收 or 支."))
    if not amount:
        raise values.NotUnderstood(_("There is no amount in this row."))
    return amount


def _fen(text: str) -> int:
    plain_text = values.tidy(text).replace(",", "").removeprefix("¥").removeprefix("+")
    if not plain_text or plain_text in {"-", "--"}:
        return 0
    fen = values.decimal(plain_text) * 100
    # spreadsheets hold 12.1 as 12.0999999…
    if abs(fen - round(fen)) > Decimal("0.001") or abs(fen) > 10**12:
        raise values.NotUnderstood(_("Please write an amount in yuan, such as 1250 or 38.50."))
    return int(round(fen))
