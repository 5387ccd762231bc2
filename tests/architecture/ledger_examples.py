"""What the addresses of the aid ledger name: the books of the cast's school, and those of the other one."""

import datetime
from typing import Any
from uuid import UUID

from tongxing.aid.ledger.actions.books import set_budget
from tongxing.aid.ledger.actions.entries import attach, check
from tongxing.aid.ledger.actions.statements import ReadRow, take_statement
from tongxing.aid.ledger.models import Budget, Entry, EntryFile, Statement
from tongxing.aid.ledger.tests.books import Told, books
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.tests.pictures import picture

from ..cast import NOW, Cast

DAY = NOW.date() - datetime.timedelta(days=20)


def told(cast: Cast, school: Organisation) -> Told:
    """The school's books with a receipt that stands, a payment that waits, its paper, a budget and a statement."""
    names = ("finance_maker", "finance_checker")
    if school != cast.school:
        names = ("far_maker", "far_checker")
        for key, role in zip(names, (Role.FINANCE_MAKER, Role.FINANCE_CHECKER), strict=True):
            if key not in cast.users:
                cast.add_staff(key, "云岭财务", school=school)
                cast.grant(key, role, school)
    return books(school, *(cast.users[name] for name in names))


def entry(cast: Cast, school: Organisation) -> Entry:
    found = told(cast, school)
    if not Entry.objects.filter(school=school).exists():
        first = found.write(
            "receipt", found.move("4002", "1002", 900_000), day=DAY, client_id=UUID(int=school.pk)
        )
        check(found.checker, entry=first)
    return found.write(
        "payment",
        found.move("1002", "5001", 62_500, "生活补助"),
        day=DAY,
        client_id=UUID(int=10_000 + school.pk),
    )


def paper(cast: Cast, school: Organisation) -> int:
    of_entry = entry(cast, school)
    if first := EntryFile.objects.filter(entry=of_entry).first():
        return first.pk
    return attach(told(cast, school).maker, entry=of_entry, contents=[picture()])[0].pk


def budget(cast: Cast, school: Organisation) -> Budget:
    found = told(cast, school)
    return set_budget(
        found.checker, fund=found.fund, purpose=None, starts_on=DAY, ends_on=DAY, amount=100_000,
        client_id=UUID(int=20_000 + school.pk),
    )  # fmt: skip


def statement(cast: Cast, school: Organisation) -> Statement:
    found = told(cast, school)
    rows = [ReadRow(1, DAY, 900_000, "B1", "拨款"), ReadRow(2, DAY, 37, "", "利息")]
    return take_statement(
        found.maker, account=found.accounts["1002"], profile="bank", file_name="x.xlsx", sha256="x", rows=rows
    )


def _of_schools(cast: Cast, make: Any) -> dict[str, int]:
    own, far = make(cast, cast.school), make(cast, cast.other_school)
    return {"own": own, "class": own, "far": far}


EXAMPLES = {
    "way": lambda cast: dict.fromkeys(("own", "class", "far"), "payment"),
    "report_code": lambda cast: dict.fromkeys(("own", "class", "far"), "funds"),
    "file_kind": lambda cast: dict.fromkeys(("own", "class", "far"), "xlsx"),
    "entry_id": lambda cast: _of_schools(cast, lambda *both: entry(*both).pk),
    "paper_id": lambda cast: _of_schools(cast, paper),
    "fund_id": lambda cast: _of_schools(cast, lambda *both: told(*both).fund.pk),
    "budget_id": lambda cast: _of_schools(cast, lambda *both: budget(*both).pk),
    "statement_id": lambda cast: _of_schools(cast, lambda *both: statement(*both).pk),
}
