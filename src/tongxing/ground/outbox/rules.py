"""When a message may disturb somebody. Pure."""

import datetime

from tongxing.ground.kernel.clock import SCHOOL_TIME

QUIET_FROM = datetime.time(21, 0)
QUIET_UNTIL = datetime.time(6, 30)
DAY = datetime.timedelta(days=1)


def is_quiet(time: datetime.time, start: datetime.time, end: datetime.time) -> bool:
    """Whether the time of day lies in [start, end), over midnight too; equal ends mean never quiet."""
    if start <= end:
        return start <= time < end
    return time >= start or time < end


def next_allowed(moment: datetime.datetime, start: datetime.time, end: datetime.time) -> datetime.datetime:
    """The moment itself, or the end of the quiet hours that it lies in; quiet hours are school time."""
    local = moment.astimezone(SCHOOL_TIME)
    if not is_quiet(local.time(), start, end):
        return moment
    over = datetime.datetime.combine(local.date(), end, SCHOOL_TIME)
    return over if over > local else over + DAY
