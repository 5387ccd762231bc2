from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.usefixtures("beside_the_test_database")


@pytest.fixture
def beside_the_test_database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


@contextmanager
def empty_database(name, folder):
    """The one connection, led to a second, empty database on the engine under test."""
    usual = connection.settings_dict["NAME"]
    on_server = connection.vendor == "postgresql"
    name = f"{usual}_{name}" if on_server else str(folder / f"{name}.db")
    quoted = connection.ops.quote_name(name)
    if on_server:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        if on_server:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {quoted}")


def numbered(name):
    """SQLite has no names for foreign keys; Django counts them, in an order that says nothing."""
    return "fk" if connection.vendor == "sqlite" and name.startswith("fk_") else name


def described():
    """What the engine knows of every table: columns, keys, indexes, checks; on SQLite triggers too."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {
            table: (
                sorted(
                    str(column) for column in connection.introspection.get_table_description(cursor, table)
                ),
                sorted(
                    (numbered(name), str({key: each for key, each in parts.items() if key != "definition"}))
                    for name, parts in connection.introspection.get_constraints(cursor, table).items()
                    if not name.startswith("__unnamed")
                ),
            )
            for table in tables
        }
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            found["triggers"] = cursor.fetchall()
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return found | {"migrations": cursor.fetchall()}


@pytest.mark.long
def test_tables_made_at_once_are_those_of_all_migrations_one_by_one(tmp_path):
    with empty_database("at_once", tmp_path):
        call_command("migrate", verbosity=0)
        executor = MigrationExecutor(connection)
        assert not executor.migration_plan(executor.loader.graph.leaf_nodes())
        at_once = described()
    with empty_database("one_by_one", tmp_path):
        call_command(migrate.Command(), verbosity=0)
        one_by_one = described()
    assert len(at_once) > 100
    assert at_once == one_by_one


def test_a_database_that_has_tables_is_migrated_step_by_step(tmp_path):
    with empty_database("older", tmp_path):
        call_command("migrate", "kernel", verbosity=0)
        assert "contacts_contact" not in connection.introspection.table_names()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE left_alone (id integer)")
        call_command("migrate", "accounts", verbosity=0)
        tables = connection.introspection.table_names()
    assert "accounts_user" in tables and "left_alone" in tables and "contacts_contact" not in tables


def test_a_start_that_breaks_off_leaves_nothing_behind(tmp_path, monkeypatch):
    def broken(*args):
        raise OSError("no space left")

    monkeypatch.setattr("django.db.migrations.recorder.MigrationRecorder.record_applied", broken)
    with empty_database("broken", tmp_path):
        with pytest.raises(OSError, match="no space left"):
            call_command("migrate", verbosity=0)
        assert connection.introspection.table_names() == []
