"""One figure of every school from month to month: small pictures beside each other, in the order of names.

Each month stands as it was at its end, in tens; below a column of months stands one total, beside a row none: so what
holds for one column (`tens`) holds for all.
"""

import datetime
from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of, end_of

from .county import VIEW, schools_of
from .county_counts import MONTHLY, counts_of_month
from .tens import Tens, tens, total

DAY = datetime.timedelta(days=1)
MONTHS = 6
#: The school year begins with this month.
FIRST_MONTH = 9


@dataclass(frozen=True, slots=True)
class Row:
    school: Organisation
    months: tuple[Tens, ...]


@dataclass(frozen=True, slots=True)
class Months:
    """`highest`: of all schools' figures; every school's picture has the same scale. `known`: schools in each total."""

    code: str
    firsts: tuple[datetime.date, ...]
    rows: tuple[Row, ...]
    totals: tuple[Tens, ...]
    known: tuple[int, ...]

    @property
    def highest(self) -> int:
        return max((one.value for row in self.rows for one in row.months), default=0)


def months_until(day: datetime.date) -> tuple[datetime.date, ...]:
    """The first days of this school year's months so far, six at most."""
    first = day.replace(day=1)
    found = [first]
    while first.month != FIRST_MONTH and len(found) < MONTHS:
        first = (first - DAY).replace(day=1)
        found.append(first)
    return tuple(reversed(found))


def county_months(actor: Actor, county: Organisation, code: str, as_of: datetime.datetime) -> Months:
    """`code`: one of `MONTHLY` or `OF_INDICATORS`. As many queries as months, however many schools."""
    actor.require(VIEW, school_id=county.pk)
    schools, firsts = schools_of(county), months_until(day_of(as_of))
    counted = [
        counts_of_month(
            code, schools, first, min(as_of, end_of(_last_of(first)) - datetime.timedelta.resolution)
        )
        for first in firsts
    ]
    rows = tuple(Row(school, tuple(tens(month.get(school.pk)) for month in counted)) for school in schools)
    return Months(
        code, firsts, rows, tuple(total(one.values()) for one in counted), tuple(len(one) for one in counted)
    )


def _last_of(first: datetime.date) -> datetime.date:
    return (first + 32 * DAY).replace(day=1) - DAY


__all__ = ["MONTHLY", "Months", "Row", "county_months", "months_until"]
