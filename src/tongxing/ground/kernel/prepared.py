"""A query whose SQL is composed once per process, for what every request asks.

Django composes the SQL of a query set anew at each use; for the few that find out who is asking this takes ten times
as long as the database does. The rules stay where they are, in the query sets: `Prepared` only remembers their SQL.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from . import clock

#: Stand for the id, the day and the moment while the SQL is composed; nothing else in a query has these values.
AN_ID, A_DAY = -7_301_946_528, datetime.date(1, 2, 3)
A_MOMENT = datetime.datetime(1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)


class Prepared:
    """`compose(id, day, moment)` gives a `values_list` of ids and codes; calling this gives its rows as of now."""

    def __init__(
        self, compose: Callable[[int, datetime.date, datetime.datetime], QuerySet[Any, Any]]
    ) -> None:
        self.compose = compose
        self.composed: dict[str, tuple[str, tuple[object, ...]]] = {}

    def __call__(self, of: int, on: datetime.date) -> list[tuple[Any, ...]]:
        if connection.vendor not in self.composed:
            self.composed[connection.vendor] = self.compose(AN_ID, A_DAY, A_MOMENT).query.sql_with_params()
        sql, params = self.composed[connection.vendor]
        now = connection.ops.adapt_datetimefield_value
        given = {AN_ID: of, _adapted(A_DAY): _adapted(on), now(A_MOMENT): now(clock.now())}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(param, param) for param in params])
            return cursor.fetchall()


def _adapted(day: datetime.date) -> Any:
    return connection.ops.adapt_datefield_value(day)
