"""By when a request is answered, who reads it, when a box is opened again. Pure: no database, no clock of its own.

Invariants:
- days that count are given: school days of the term, every day of a break; the day of asking never counts;
- whoever is kept from a request neither reads nor answers it, however the way goes;
- nobody of the way is there: the coordinator, the deputy head, the head, in this order.
"""

import datetime
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

DAY = datetime.timedelta(days=1)
SATURDAY = 5
#: Who takes in what nobody of the way can.
LAST_IN_LINE = ("coordinator", "deputy", "head")


class Pace(NamedTuple):
    """Days that count: until the first answer to what is urgent, to everything else, and until each step after it."""

    urgent_days: int = 1
    other_days: int = 3
    step_days: int = 5

    def until_answer(self, *, urgent: bool) -> int:
        return self.urgent_days if urgent else self.other_days


MOST_DAYS = 15


def due_on(day: datetime.date, number: int, counting: Sequence[datetime.date]) -> datetime.date:
    """The `number`th day that counts after `day`; weekdays go on where the calendar (`counting`, in order) ends."""
    ahead = counting[bisect_right(counting, day) :]
    if number <= len(ahead):
        return ahead[number - 1]
    last = max(day, counting[-1]) if counting else day
    for _more in range(number - len(ahead)):
        last += DAY
        while last.weekday() >= SATURDAY:
            last += DAY
    return last


class Route(NamedTuple):
    """`readers`: the roles that may read it; `holder`: the user id of whoever answers."""

    readers: tuple[str, ...]
    holder: int


def route(
    way: Sequence[str],
    people: Mapping[str, Sequence[int]],
    *,
    without: Collection[str] = (),
    kept_from: Collection[int] = (),
) -> Route | None:
    """Who answers and who reads. `people`: user ids by role; `without`: roles the asker does not want.

    None: there is nobody left in the whole school.
    """
    free = {role: [user for user in people.get(role, ()) if user not in kept_from] for role in people}
    readers = tuple(role for role in way if role not in without and free.get(role))
    if readers:
        return Route(readers, free[readers[0]][0])
    for role in LAST_IN_LINE:
        if role not in without and free.get(role):
            return Route((role,), free[role][0])
    return None


#: How a request stands for whoever waits: code → state of the chip.
CHIP = {"late": "late", "today": "due", "later": "rest", "asked": "brand", "done": "done"}


def urgency(due: datetime.date, today: datetime.date) -> str:
    """late: the day is over; today; later."""
    return "late" if due < today else "today" if due == today else "later"


def opens_by(
    since: datetime.date, opened: datetime.date | None, every: int, counting: Sequence[datetime.date]
) -> datetime.date:
    """By when a box that stands since a day, and was opened last on another, is opened again."""
    return due_on(opened or since - DAY, every, counting)
