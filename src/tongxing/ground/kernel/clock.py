"""The product's clock: moments are aware, the school's day is Asia/Shanghai."""

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SCHOOL_TIME = ZoneInfo("Asia/Shanghai")


def now() -> datetime.datetime:
    return timezone.now()


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
