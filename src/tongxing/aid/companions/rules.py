"""When a promise falls due, and what a letter should not carry along. Pure.

Invariants:
- the dates of a promise lie between its first and its last day, without gaps and without overlap;
- a date is kept by anything noted within it; what is still to come asks for nothing.
"""

import calendar
import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

DAY = datetime.timedelta(days=1)
LONGEST = 366  # days: a companion promises a year at most, and may promise another one after it
State = Literal["done", "due", "late", "later"]


@dataclass(frozen=True, slots=True)
class Due:
    """One date of a promise, from a day to a day; late: over, and nothing is noted."""

    first: datetime.date
    last: datetime.date
    state: State


def months_later(day: datetime.date, months: int) -> datetime.date:
    """31 January and a month: the last day of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def spans(
    starts_on: datetime.date, until: datetime.date, every: str
) -> list[tuple[datetime.date, datetime.date]]:
    """The stretches in which something is promised once. `every`: fortnight, month, quarter, once."""
    found: list[tuple[datetime.date, datetime.date]] = []
    first, number = starts_on, 0
    while first <= until:
        number += 1
        following = _following(starts_on, number, every) or until + DAY
        found.append((first, min(following - DAY, until)))
        first = following
    return found


def _following(starts_on: datetime.date, number: int, every: str) -> datetime.date | None:
    if every == "fortnight":
        return starts_on + 14 * number * DAY
    months = {"month": 1, "quarter": 3}.get(every)
    return months_later(starts_on, months * number) if months else None


def dues(
    starts_on: datetime.date,
    until: datetime.date,
    every: str,
    kept: Collection[datetime.date],
    today: datetime.date,
) -> list[Due]:
    """Every date of a promise and how it stands today. `until`: the last day, also of a promise that ended early."""
    return [
        Due(first, last, _state(first, last, kept, today)) for first, last in spans(starts_on, until, every)
    ]


def _state(
    first: datetime.date, last: datetime.date, kept: Collection[datetime.date], today: datetime.date
) -> State:
    if any(first <= day <= last for day in kept):
        return "done"
    if today < first:
        return "later"
    return "due" if today <= last else "late"


#: What would tell a stranger where a child lives or how to reach it, by what it is.
_TELLING = {
    "number": re.compile(r"(?<!\d)\d{15,17}[\dXx]?(?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:1[3-9](?:[\s-]?\d){9}|0\d{2,3}[\s-]?\d{7,8})(?!\d)"),
    "chat": re.compile(
        r"微信|[Ww]e[Cc]hat|(?<![A-Za-z])[Vv][Xx](?![A-Za-z])|QQ|qq|抖音|[\w.+-]+@[\w-]+\.\w+"
    ),
    "address": re.compile(
        r"[\u4e00-\u9fff]{1,8}(?:村|乡|镇|街道|社区|小区)[\u4e00-\u9fff\d]{0,8}(?:组|号|栋|室|屯)|\d+\s*(?:组|号楼|栋|单元)"
    ),
}


@dataclass(frozen=True, slots=True)
class Telling:
    kind: str
    text: str


def telling(text: str) -> list[Telling]:
    """What the office should look at before a letter is passed on, in the order of the text."""
    wide = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    found = [
        (match.start(), Telling(kind, match[0]))
        for kind, one in _TELLING.items()
        for match in one.finditer(wide)
    ]
    return [one for _at, one in sorted(found, key=lambda pair: pair[0])]
