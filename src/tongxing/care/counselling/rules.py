"""Which days a regular appointment falls on, who comes next, when the room is open, and words that belong to a doctor.

Pure: no database, no clock of its own.

Invariants:
- a regular appointment keeps its weekday; a day without school is left out, never moved;
- whoever is in the room now comes before whoever comes later; what is over comes no more;
- quotation marks hold somebody's own words: they are never taken for the writer's judgement.
"""

import datetime
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from tongxing.ground.kernel.clock import SCHOOL_TIME

#: A regular appointment is agreed for a term and the break after it at most.
LONGEST_SERIES = datetime.timedelta(weeks=26)
GLASS_OPEN = datetime.timedelta(hours=24)
SHORTEST_REASON = 20  # characters
QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"")
#: What stands in the place of what is not looked at.
COVER = "□"


class Days(NamedTuple):
    held: tuple[datetime.date, ...]
    left_out: tuple[datetime.date, ...]


def series_days(
    first: datetime.date,
    every_weeks: int,
    until: datetime.date,
    is_school_day: Callable[[datetime.date], bool],
) -> Days:
    """The days of a regular appointment from `first` to `until`, and those left out because there is no school."""
    if every_weeks not in (1, 2):
        raise ValueError("a regular appointment comes every week or every two")
    last = min(until, first + LONGEST_SERIES)
    step, day, days = datetime.timedelta(weeks=every_weeks), first, []
    while day <= last:
        days.append(day)
        day += step
    return Days(
        tuple(one for one in days if is_school_day(one)), tuple(one for one in days if not is_school_day(one))
    )


class Timed(Protocol):
    @property
    def at(self) -> datetime.datetime | None: ...

    @property
    def minutes(self) -> int: ...


T = TypeVar("T", bound=Timed)


def ends_at(one: Timed) -> datetime.datetime:
    if one.at is None:
        raise ValueError("it has no time yet")
    return one.at + datetime.timedelta(minutes=one.minutes)


def who_next(appointments: Iterable[T], now: datetime.datetime) -> T | None:
    """The first that is not over yet."""
    coming = [one for one in appointments if ends_at(one) > now]
    return min(coming, key=ends_at, default=None)


def overlap(one: Timed, other: Timed) -> bool:
    """Whether two meetings share a moment; one may begin as the other ends."""
    return one.at < ends_at(other) and other.at < ends_at(one)  # type: ignore[operator]  # ends_at has asked


class Hours(Protocol):
    weekday: int
    opens: datetime.time
    closes: datetime.time


def is_within(hours: Sequence[Hours], one: Timed) -> bool:
    """Whether a meeting lies inside one stretch of opening hours, in school time."""
    begin, end = (
        moment.astimezone(SCHOOL_TIME)
        for moment in (ends_at(one) - datetime.timedelta(minutes=one.minutes), ends_at(one))
    )
    return begin.date() == end.date() and any(
        stretch.weekday == begin.weekday() and stretch.opens <= begin.time() and end.time() <= stretch.closes
        for stretch in hours
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = tomllib.loads(Path(__file__).with_name("diagnostic_words.toml").read_text("utf-8"))
    plain, diagnoses = ("|".join(data[part]["phrases"]) for part in ("plain", "diagnoses"))
    return re.compile(plain), re.compile(diagnoses)


def diagnostic_words(text: str) -> list[str]:
    """The words of `text` that judge as a doctor would, each once, in their order."""
    plain, diagnoses = _patterns()
    looked_at = QUOTED.sub(COVER, re.sub(r"[^\S\n]+", "", text))
    looked_at = plain.sub(COVER, looked_at)
    return list(dict.fromkeys(found.group() for found in diagnoses.finditer(looked_at)))
