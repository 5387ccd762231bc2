"""When a dated row held, as it was known at a moment: said once, asked of the database or of rows already read. No query.

Invariants:
- `as_condition` and `holds` read the same rule, so a page that asks the database and one that looks back over rows agree;
- what was recorded, or whose end was recorded, after the moment has not happened yet at that moment.
"""

import datetime
import operator
from typing import Literal, NamedTuple

from django.db.models import Q

from tongxing.ground.kernel.clock import day_of


class Is(NamedTuple):
    """A column beside the day, or the moment, that is asked about. `or_none`: true also where nothing stands there."""

    column: str
    how: Literal["lte", "gte", "gt"]
    than: Literal["day", "as_of"]
    or_none: bool = False


HOW = {"lte": operator.le, "gte": operator.ge, "gt": operator.gt}

#: In every line at least one is true: it has begun · it was written down by then · it goes on, or nobody knew of its end.
HELD: tuple[tuple[Is, ...], ...] = (
    (Is("starts_on", "lte", "day"),),
    (Is("recorded_at", "lte", "as_of", or_none=True),),
    (Is("ends_on", "gte", "day", or_none=True), Is("ended_at", "gt", "as_of")),
)
Against = dict[str, datetime.date]


def as_condition(as_of: datetime.datetime, recorded: str) -> Q:
    """For the database. `recorded`: the column that says when the row was written down."""
    found, against = Q(), _against(as_of)
    for line in HELD:
        either = Q()
        for one in line:
            column = recorded if one.column == "recorded_at" else one.column
            either |= Q(**{f"{column}__{one.how}": against[one.than]})
            if one.or_none:
                either |= Q(**{f"{column}__isnull": True})
        found &= either
    return found


def holds(row: object, as_of: datetime.datetime) -> bool:
    """For a row in memory."""
    against = _against(as_of)
    return all(any(_is(getattr(row, one.column), one, against) for one in line) for line in HELD)


def _is(value: datetime.date | None, one: Is, against: Against) -> bool:
    return one.or_none if value is None else HOW[one.how](value, against[one.than])


def _against(as_of: datetime.datetime) -> Against:
    return {"day": day_of(as_of), "as_of": as_of}
