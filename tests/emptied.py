"""A test that commits is cleaned up by emptying every table. The guards of the aid books would refuse: they step aside.

Only here, between two tests; the product itself has no way to do so.
"""

from collections.abc import Iterable
from importlib import import_module

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

guards = import_module("tongxing.aid.ledger.migrations.0002_guards")


@pytest.fixture(autouse=True, scope="session")
def books_can_be_emptied_between_tests():
    flush = BaseDatabaseOperations.execute_sql_flush

    def without_guards(self: BaseDatabaseOperations, statements: Iterable[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM ledger_books")
            (books,) = cursor.fetchone()
        if not books:
            return flush(self, statements)
        with self.connection.schema_editor() as editor:
            guards.remove(None, editor)
        flush(self, statements)
        with self.connection.schema_editor() as editor:
            guards.create(None, editor)
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", without_guards)
        yield
