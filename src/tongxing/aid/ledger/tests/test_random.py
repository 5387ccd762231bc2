"""100,000 random operations: the database, a model without one, and an auditor who shares no code agree to the fen.

Every accepted operation is written into the tables in plain SQL, so that each passes the database's own guards and
counting, a few at a time as in life; after each thousand tried, balances are compared and what the model refuses for
want of money the database is asked to take. The auditor comes at the end. A few hundred more go through the actions.
"""

import random
from itertools import islice
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused

from ..actions import books as actions
from ..actions.entries import Said, check, reverse, write_entry
from ..auditor import complaints
from ..models import Account, Entry, Fund, Line, Period, Posting
from ..rules import Move
from .books import Told, books, client_id
from .model import FIRST, Model, Operation, agrees, operations

MANY = {"sqlite": 100_000, "postgresql": 20_000}
#: Tried between two commits. Within one transaction PostgreSQL walks past every former state of a balance again.
TOGETHER = {"sqlite": 1_000, "postgresql": 50}
#: Tried between two comparisons.
CHUNK = 1_000
LAST = FIRST.replace(month=12, day=31)


@pytest.fixture
def year(cast, at_school):
    """Books since January with three funds and a budget, and their model."""
    at_school.move_to(clock.start_of(LAST))
    grants = cast.users["finance_maker"], cast.users["finance_checker"]
    told = books(cast.school, *grants)
    told_books = actions.Books.objects.get()
    told_books.opened_on = FIRST
    told_books.save()
    more = [
        actions.add_fund(told.checker, school=told.school, name=name, terms="", purposes="买书\n衣物")
        for name in ("图书", "冬衣")
    ]
    funds = [told.fund, *more]
    budgets = {(0, "生活补助"): 60_000, (1, "买书"): 30_000, (2, "衣物"): 5_000}
    for (number, name), amount in budgets.items():
        actions.set_budget(
            told.checker, fund=funds[number], purpose=funds[number].purposes.get(name=name), starts_on=FIRST,
            ends_on=LAST, amount=amount, client_id=client_id(),
        )  # fmt: skip
    with transaction.atomic():
        actions.period_of(actions.hold(told.school), LAST)
    return told, funds, Model(budgets)


class Writer:
    """Writes accepted operations into the tables, past all actions."""

    def __init__(self, told: Told, funds: list[Fund]) -> None:
        self.told, self.funds = told, funds
        self.purposes = [{one.name: one.pk for one in fund.purposes.all()} | {"": None} for fund in funds]
        self.periods = {one.starts_on.month: one.pk for one in Period.objects.filter(school=told.school)}
        self.numbers = dict.fromkeys(self.periods, 0)
        self.first = (Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        self.written = 0
        self.line = (Line.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1

    @transaction.atomic
    def write(self, some: list[Operation]) -> None:
        now, maker, checker = clock.now().isoformat(" "), self.told.maker.user_id, self.told.checker.user_id
        school, entries, lines, postings = self.told.school.pk, [], [], []
        for operation in some:
            pk, month = self.first + self.written, operation.day.month
            self.written += 1
            about = None if operation.reverses is None else self.first + operation.reverses
            day = operation.day.isoformat()
            entries.append((pk, school, UUID(int=2**64 + pk).hex, operation.kind, day, about, maker, now))
            for account, fund, purpose, fen in operation.parts:
                place = (self.told.accounts[account].pk, self.funds[fund].pk, self.purposes[fund][purpose])
                lines.append((self.line, school, pk, *place, fen))
                self.line += 1
            self.numbers[month] += 1
            postings.append((pk, school, self.periods[month], self.numbers[month], maker, checker, now))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ledger_entry (id, school_id, client_id, kind, day, about_id, made_by_id, made_at, narrative,"
                " party, reference, source_kind, source_id, source_turn, digest, ended_reason)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'x', '', '', '', '', 1, '', '')",
                entries,
            )
            cursor.executemany(
                "INSERT INTO ledger_line (id, school_id, entry_id, account_id, fund_id, purpose_id, amount)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                lines,
            )
            cursor.executemany(
                "INSERT INTO ledger_posting (entry_id, school_id, period_id, number, made_by_id, checked_by_id, posted_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                postings,
            )

    def refuses(self, operation: Operation) -> bool:
        before = self.written, self.line, dict(self.numbers)
        try:
            with transaction.atomic():
                self.write([operation])
        except IntegrityError:
            self.written, self.line, self.numbers = before
            return True
        return False


def too_much(model: Model) -> list[Operation]:
    """One fen more than a place, a fund, a promise or a budget has."""
    left = model.budgets[0, "生活补助"] - model.spent[0, "生活补助"]
    tries = (
        ("payment", "1002", "5001", "减免费用", model.total["1002"] + 1),
        ("payment", "1001", "5002", "减免费用", model.total["1001"] + 1),
        ("promise", "2201", "5002", "减免费用", model.total[0] + 1),
        ("payment", "1002", "2201", "", 1 - model.total["2201"]),
        ("promise", "2201", "5001", "生活补助", left + 1),
    )
    return [
        Operation(kind, LAST, ((go_to, 0, purpose, fen), (come_from, 0, purpose, -fen)))
        for kind, come_from, go_to, purpose, fen in tries
    ]


def run(year, many: int, seed: str) -> Writer:
    told, funds, model = year
    names = [[one.name for one in fund.purposes.all()] for fund in funds]
    tried = operations(model, random.Random(seed), names)
    writer, refused, together = Writer(told, funds), [], TOGETHER[connection.vendor]
    for done in range(together, many + 1, together):
        refused += [one for one in islice(tried, together) if not model.apply(one)]
        writer.write(model.accepted[writer.written :])
        if done % CHUNK == 0:
            assert agrees(model, told, funds) == []
            for operation in (*too_much(model), *refused[-5:]):
                if model.why_not(operation) == "total":
                    assert writer.refuses(operation), operation
            refused.clear()
    return writer


@pytest.mark.parametrize("seed", ["一分钱"])
def test_100_000_random_operations_agree_to_the_fen(transactional_db, year, seed):
    many = MANY[connection.vendor]
    writer = run(year, many, seed)
    told, funds, model = year
    assert agrees(model, told, funds) == []
    assert complaints() == []
    assert many // 3 < Posting.objects.count() == writer.written < many * 3 // 4
    assert Line.objects.posted().aggregate(sum=Sum("amount"))["sum"] == 0
    assert not Account.objects.filter(kind="asset", balance__lt=0).exists()


@pytest.mark.long
@pytest.mark.parametrize("seed", ["一百万"])
def test_a_million_random_operations_agree_to_the_fen(transactional_db, year, seed):
    run(year, 10 * MANY[connection.vendor], seed)
    told, funds, model = year
    assert agrees(model, told, funds) == [] and complaints() == []


def test_the_actions_decide_as_the_model_does(year):
    told, funds, model = year
    names = [[one.name for one in fund.purposes.all()] for fund in funds]
    made: list[Entry] = []
    for operation in islice(operations(model, random.Random("两个人"), names), 250):
        stands = model.apply(operation)
        assert through_actions(told, funds, made, operation) == stands, operation
    assert agrees(model, told, funds) == [] and complaints() == []
    assert len(made) > 60


def through_actions(told: Told, funds: list[Fund], made: list[Entry], operation: Operation) -> bool:
    try:
        with transaction.atomic():
            entry = write(told, funds, made, operation)
            check(told.checker, entry=entry)
    except Refused:
        return False
    made.append(entry)
    return True


def write(told: Told, funds: list[Fund], made: list[Entry], operation: Operation) -> Entry:
    if operation.reverses is not None:
        about = made[operation.reverses]
        return reverse(told.maker, entry=about, day=operation.day, reason="写错", client_id=client_id())
    parts, moves = operation.parts, []
    for (go_to, fund, purpose, fen), (come_from, *_rest) in zip(parts[::2], parts[1::2], strict=True):
        found = funds[fund].purposes.filter(name=purpose).first()
        moves.append(
            Move(
                told.accounts[come_from].pk, told.accounts[go_to].pk, funds[fund].pk, fen, found and found.pk
            )
        )
    return write_entry(
        told.maker,
        school=told.school,
        client_id=client_id(),
        kind=operation.kind,
        moves=moves,
        said=Said(operation.day, "一笔"),
    )


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE ledger_account SET balance = balance + 1 WHERE code = '1002'",
        "UPDATE ledger_fund SET balance = balance + 1 WHERE memo = FALSE",
        "UPDATE ledger_period SET last_number = last_number + 1",
        "UPDATE ledger_budget SET spent = spent - 1",
    ],
)
def test_the_auditor_sees_what_somebody_changed_by_hand(year, harm):
    told, *_rest = year
    told.received(500)
    assert complaints() == []
    with connection.cursor() as cursor:
        cursor.execute(harm)
    assert complaints()
