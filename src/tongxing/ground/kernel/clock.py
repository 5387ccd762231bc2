"""The product's clock: moments are aware, the school's day is Asia/Shanghai."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

SCHOOL_TIME = ZoneInfo("Asia/Shanghai")


_told_later: ContextVar[datetime.datetime | None] = ContextVar("told_later", default=None)


def now() -> datetime.datetime:
    return _told_later.get() or timezone.now()


@contextmanager
def telling(moment: datetime.datetime) -> Iterator[None]:
    """Act as if it were `moment`: how the demo school tells its term through the product's own actions."""
    token = _told_later.set(moment)
    try:
        yield
    finally:
        _told_later.reset(token)


def today() -> datetime.date:
    return day_of(now())


def day_of(moment: datetime.datetime) -> datetime.date:
    """The school's calendar day of an aware moment."""
    return moment.astimezone(SCHOOL_TIME).date()


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a school day."""
    return datetime.datetime.combine(day, datetime.time.min, SCHOOL_TIME)


def end_of(day: datetime.date) -> datetime.datetime:
    """The first moment after a school day."""
    return start_of(day + datetime.timedelta(days=1))
