"""A world that is told once per process: its rows go back into the tables for each test that asks, as they were.

A test then begins with a dozen inserts instead of the hundred queries, hashes and seals of the telling, and with
objects of its own. What is told holds nothing but models and plain values; it must not change rows that stand already.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

World = TypeVar("World")
Rows = dict[str, dict[tuple, None]]  # by table, in the order of the table


@dataclass(frozen=True, slots=True, repr=False)
class Kept(Generic[World]):
    pickled: bytes
    inserts: list[tuple[str, list[object]]]

    def again(self) -> World:
        """The world stands in the database, in the transaction that is open."""
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in self.inserts:
                cursor.execute(sql, values)
        return self.world()

    def world(self) -> World:
        return pickle.loads(self.pickled)


def keep(tell: Callable[[], World]) -> Kept[World]:
    """Tell a world, note which rows it wrote, and take them back.

    The ids stay the rows' own: on PostgreSQL what was drawn from a sequence is never drawn again.
    """
    with transaction.atomic():
        before = rows()
        pickled = pickle.dumps(tell())
        after = rows()
        transaction.set_rollback(True)
    if changed := [table for table in after if before[table].keys() - after[table].keys()]:
        raise ValueError(f"cannot be kept, changes rows that stood before: {', '.join(changed)}")
    written = {table: [row for row in found if row not in before[table]] for table, found in after.items()}
    return Kept(pickled, [_insert(table, new) for table, new in written.items() if new])


def rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = dict.fromkeys(map(tuple, cursor.fetchall()))
    return found


def _insert(table: str, new: list[tuple]) -> tuple[str, list[object]]:
    one = f"({', '.join(['%s'] * len(new[0]))})"
    places = ", ".join([one] * len(new))
    sql = f"INSERT INTO {connection.ops.quote_name(table)} VALUES {places}"
    return sql, [value for row in new for value in row]
