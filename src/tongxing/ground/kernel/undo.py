"""Undo instead of “are you sure?”: what somebody did a moment ago, they take back without saying why.

Each action that can be taken back asks `is_recent` itself; nothing is stored for it.
"""

import datetime

from . import clock

#: How long one's own step can be taken back at a tap.
UNDO_FOR = datetime.timedelta(minutes=10)


def is_recent(at: datetime.datetime) -> bool:
    return at >= clock.now() - UNDO_FOR
