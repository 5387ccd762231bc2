"""Django's SQLite backend on SQLCipher: the whole file is encrypted with the installation's raw key.

SQLCipher also brings its own, current SQLite, so the write-ahead-log flaw of older systems cannot reach us.
"""

import datetime
import decimal

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base, features
from django.db.backends.sqlite3._functions import register as register_functions
from sqlcipher3 import dbapi2 as database

#: Releases before this one can lose committed rows in WAL mode (sqlite.org/wal.html#walresetbug).
SAFE_SQLITE = (3, 51, 3)

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA legacy_alter_table = OFF",
    "PRAGMA temp_store = MEMORY",
)

database.register_converter("bool", b"1".__eq__)
database.register_converter("date", lambda raw: datetime.date.fromisoformat(raw.decode()))
database.register_converter("time", lambda raw: datetime.time.fromisoformat(raw.decode()))
database.register_converter("datetime", lambda raw: datetime.datetime.fromisoformat(raw.decode()))
database.register_converter("timestamp", lambda raw: datetime.datetime.fromisoformat(raw.decode()))
database.register_adapter(decimal.Decimal, str)
database.register_adapter(datetime.date, datetime.date.isoformat)
database.register_adapter(datetime.datetime, lambda moment: moment.isoformat(" "))


class Cursor(database.Cursor):
    """Django's question-mark cursor over SQLCipher's own cursor class."""

    convert_query = base.SQLiteCursorWrapper.convert_query

    def execute(self, query, params=None):
        if params is None:
            return super().execute(query)
        return super().execute(self.convert_query(query, param_names=_names(params)), params)

    def executemany(self, query, param_list):
        rows = list(param_list)
        names = _names(rows[0]) if rows else None
        return super().executemany(self.convert_query(query, param_names=names), rows)


def _names(params):
    return list(params) if hasattr(params, "keys") else None


class DatabaseFeatures(features.DatabaseFeatures):
    #: SQLite's own default since 3.32; Django's 999 would cut bulk writes into many statements.
    max_query_params = 32_766


class DatabaseWrapper(base.DatabaseWrapper):
    Database = database
    features_class = DatabaseFeatures

    def get_new_connection(self, conn_params):
        if database.sqlite_version_info < SAFE_SQLITE:
            raise ImproperlyConfigured(
                f"SQLite {database.sqlite_version} can lose written rows; use a newer sqlcipher3"
            )
        key = conn_params.pop("key")
        connection = database.connect(**conn_params)
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        register_functions(connection)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)
