"""The database itself refuses what must never happen, whoever writes: in plain SQL, past all actions."""

import datetime
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from tongxing.ground.kernel import clock

from ..actions.books import close_month, set_budget
from ..actions.entries import check
from ..models import Entry, Line, Period, Posting
from .books import client_id

guards = import_module("tongxing.aid.ledger.migrations.0002_guards")
DAY = datetime.date(2026, 11, 2)


def refused(sql: str, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


@pytest.fixture
def posted(told):
    return told.received(10_000)


def test_every_guard_stands_in_the_database(db):
    names = {f"ledger_{name}" for name, *_rest in guards.REFUSED} | {"ledger_posting_counted"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert names <= {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_line SET amount = amount + 1 WHERE entry_id = %s",
        "UPDATE ledger_line SET amount = amount WHERE entry_id = %s",
        "DELETE FROM ledger_line WHERE entry_id = %s",
        "UPDATE ledger_posting SET number = 7 WHERE entry_id = %s",
        "UPDATE ledger_posting SET checked_by_id = made_by_id WHERE entry_id = %s",
        "DELETE FROM ledger_posting WHERE entry_id = %s",
        "UPDATE ledger_entry SET day = '2026-11-03' WHERE id = %s",
        "UPDATE ledger_entry SET narrative = 'x' WHERE id = %s",
        "UPDATE ledger_entry SET ended_at = made_at, ended_by_id = made_by_id, ended_reason = 'x' WHERE id = %s",
        "DELETE FROM ledger_entry WHERE id = %s",
    ],
)
def test_what_is_posted_is_neither_changed_nor_deleted(posted, sql):
    assert refused(sql, posted.pk)


def test_no_line_is_added_to_what_is_posted_nor_put_in_its_place(posted, told):
    line = posted.lines.first()
    values = (told.school.pk, line.account_id, line.fund_id)
    columns = "(school_id, account_id, fund_id, amount, entry_id)"
    assert refused(f"INSERT INTO ledger_line {columns} VALUES (%s, %s, %s, 5, %s)", *values, posted.pk)
    waiting = told.pays(100)
    if connection.vendor == "sqlite":
        sql = f"INSERT OR REPLACE INTO ledger_line {columns[:-1]}, id) VALUES (%s, %s, %s, 5, %s, %s)"
        assert refused(sql, *values, waiting.pk, line.pk)
        same = "entry_id, school_id, period_id, number, made_by_id, checked_by_id, posted_at"
        assert refused(f"INSERT OR REPLACE INTO ledger_posting ({same}) SELECT {same} FROM ledger_posting")


def test_lines_that_wait_are_not_changed_either(told):
    waiting = told.write("receipt", told.move("4002", "1002", 100))
    assert refused("UPDATE ledger_line SET amount = amount * 2 WHERE entry_id = %s", waiting.pk)
    assert refused("DELETE FROM ledger_line WHERE entry_id = %s", waiting.pk)


def seal(entry: Entry, told, *, number: int = 1, checked_by=None, period: Period | None = None) -> None:
    period = period or Period.objects.get(school=told.school, starts_on=entry.day.replace(day=1))
    Posting.objects.create(
        entry=entry,
        school=told.school,
        period=period,
        number=number,
        made_by_id=entry.made_by_id,
        checked_by_id=checked_by or told.checker.user_id,
        posted_at=clock.now(),
    )


def cannot_seal(entry: Entry, told, **values) -> bool:
    try:
        with transaction.atomic():
            seal(entry, told, **values)
    except IntegrityError:
        return True
    return False


def test_an_entry_that_does_not_add_up_cannot_stand(told):
    entry = told.write("receipt", told.move("4002", "1002", 100))
    whole = {"school": told.school, "fund": told.fund, "entry": entry}
    Line.objects.create(account=told.accounts["1002"], amount=1, **whole)
    assert cannot_seal(entry, told)
    Line.objects.create(account=told.accounts["4002"], amount=-1, **whole)
    seal(entry, told)
    assert told.balance("1002") == 101


def test_an_entry_without_lines_cannot_stand(told):
    entry = told.write("receipt", told.move("4002", "1002", 100))
    bare = Entry.objects.get(pk=entry.pk)
    bare.pk, bare.client_id = None, client_id()
    bare.save(force_insert=True)
    assert cannot_seal(bare, told)


def test_its_maker_cannot_seal_it_nor_anybody_with_a_gap_or_in_another_month(told):
    entry = told.write("receipt", told.move("4002", "1002", 100))
    assert cannot_seal(entry, told, checked_by=entry.made_by_id)
    assert cannot_seal(entry, told, number=2)
    october = Period.objects.get(school=told.school, starts_on=datetime.date(2026, 10, 1))
    assert cannot_seal(entry, told, period=october)
    seal(entry, told)


def test_a_place_and_a_fund_below_nothing_cannot_stand(told):
    told.received(100)
    assert cannot_seal(told.pays(101), told, number=2)
    seal(told.pays(100), told, number=2)


def test_an_overspent_budget_cannot_stand(told):
    told.received(10_000)
    set_budget(
        told.checker, fund=told.fund, purpose=told.purposes["生活补助"], starts_on=datetime.date(2026, 9, 1),
        ends_on=datetime.date(2027, 1, 31), amount=5_000, client_id=client_id(),
    )  # fmt: skip
    assert cannot_seal(told.pays(5_001), told, number=2)
    seal(told.pays(5_000), told, number=2)


def test_a_closed_month_stays_closed(told):
    september = datetime.date(2026, 9, 10)
    told.received(100, day=september)
    late = told.write("receipt", told.move("4002", "1002", 7), day=datetime.date(2026, 10, 1))
    waiting = told.write("receipt", told.move("4002", "1002", 8), day=september)
    period = Period.objects.get(school=told.school, starts_on=datetime.date(2026, 9, 1))
    Period.objects.filter(pk=period.pk).update(closed_at=clock.now(), closed_by=told.checker.user_id)
    assert cannot_seal(waiting, told, number=2)
    assert refused("UPDATE ledger_period SET closed_at = NULL, closed_by_id = NULL WHERE id = %s", period.pk)
    assert refused("DELETE FROM ledger_period WHERE id = %s", period.pk)
    check(told.checker, entry=late)


def test_closing_asks_nobody_else_than_the_rules(told):
    period = close_month(told.checker, school=told.school, month=datetime.date(2026, 9, 30))
    assert refused("UPDATE ledger_period SET last_number = 5 WHERE id = %s", period.pk)


@pytest.mark.parametrize("table", guards.TABLES)
def test_the_tables_are_not_emptied_in_one_stroke(posted, table):
    assert refused("DELETE FROM ledger_line") and refused("DELETE FROM ledger_posting")
    if connection.vendor == "postgresql":
        # nothing pending that would refuse for another reason
        assert not refused("SET CONSTRAINTS ALL IMMEDIATE")
        assert refused(f"TRUNCATE {table} CASCADE")
        assert refused("TRUNCATE ledger_account, ledger_fund CASCADE")
    assert Posting.objects.filter(entry=posted).exists()
