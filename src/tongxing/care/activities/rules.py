"""Who gets a place where there are fewer than wishes (活动优先), and on which days a group meets. Pure.

Invariants:
- nobody who has a place loses it;
- key students come before other registered students, these before everybody else; then whoever has waited longer, by
  the day; those who wished on one day are drawn, and the same seed always draws the same;
- the draw of two students does not depend on who else wishes;
- a place that becomes free goes to the next by the same rule.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lunar_python import Lunar

from tongxing.ground.people.calendar import DAY, TermCalendar

#: The levels of the register in their turn; whoever is not on it comes after them.
TURN = {"key": 0, "normal": 1}
LAST_TURN = 2
FEWEST_ADULTS = 2
#: How far an event moves at most to find a school day.
FARTHEST = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """`level`: of the register on the day the places are given, empty: not on it. `since`: the day of the wish."""

    id: int
    student_id: int
    level: str
    since: datetime.date


def drawn(seed: str, student_id: int) -> str:
    """The student's lot."""
    return hashlib.sha256(f"{seed}:{student_id}".encode()).hexdigest()


def in_turn(wishes: Iterable[Wish], seed: str) -> list[Wish]:
    """The wishes in the order in which they get a place."""
    return sorted(
        wishes,
        key=lambda wish: (
            TURN.get(wish.level, LAST_TURN),
            wish.since,
            drawn(seed, wish.student_id),
            wish.student_id,
        ),
    )


@dataclass(frozen=True, slots=True)
class Given:
    """`placed`: who gets a place now; `first`: those of them who would wait if nobody came first."""

    placed: tuple[Wish, ...] = ()
    first: tuple[Wish, ...] = ()


def give(places: int, taken: int, waiting: Collection[Wish], seed: str) -> Given:
    """Give what is free. More taken than there are places (they became fewer): nothing is free, nobody leaves."""
    free = max(places - taken, 0)
    placed = in_turn(waiting, seed)[:free]
    plain = [Wish(wish.id, wish.student_id, "", wish.since) for wish in waiting]
    without = {wish.id for wish in in_turn(plain, seed)[:free]}
    return Given(tuple(placed), tuple(wish for wish in placed if wish.id not in without))


def meeting_days(calendar: TermCalendar, weekday: int | None) -> tuple[datetime.date, ...]:
    """The school days of a term on which a weekly group meets; a day off has no meeting, a make-up day counts as the
    weekday it is."""
    return tuple(day for day in calendar.days if day.weekday() == weekday)


def double_ninth(year: int) -> datetime.date:
    """重阳: the ninth day of the ninth month of the Chinese calendar."""
    found = Lunar.fromYmd(year, 9, 9).getSolar()
    return datetime.date(found.getYear(), found.getMonth(), found.getDay())


def nearest(day: datetime.date, school_days: Collection[datetime.date]) -> datetime.date | None:
    """The school day next to `day`, the earlier one of two; none within `FARTHEST` days."""
    near = [one for one in school_days if abs(one - day) <= FARTHEST * DAY]
    return min(near, key=lambda one: (abs(one - day), one), default=None)


def may_like(words: str, known: Sequence[str]) -> str:
    """Which of the `known` words about a child speaks for an offer described by `words`; empty: none.

    A suggestion and nothing more: 剪纸 speaks for 剪纸社, 喜欢唱歌 for an offer that says 唱歌.
    """
    keys = [
        key for key in words.replace("、", " ").replace("，", " ").replace(",", " ").split() if len(key) > 1
    ]
    for one in known:
        if len(one) > 1 and any(key in one or one in key for key in keys):
            return one
    return ""
