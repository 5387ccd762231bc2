"""How long names stay open, until when an emergency is looked at again, and when a school asks for as much as the county.

No ORM. A programme of the county is a lower bound: a promise `meets` a point when whatever keeps the promise keeps the
point as well, for all whom the point is for, at least as often.
"""

import datetime
from typing import Literal

from tongxing.care.programme.versions import Terms

HOURS = (2, 8, 24, 72)
EMERGENCY_HOURS = 24
MOST_CHILDREN, MOST_OF_A_NAME = 20, 5
SHORTEST_REASON = 20  # characters
REVIEW_WITHIN = datetime.timedelta(days=3)

Standing = Literal["same", "more", "less", "missing"]
#: Weeks between two records in term time; a month counts as its four weeks.
WEEKS_OF = {"week": 1, "month": 4}
ONCE = {"term", "term_start"}
IN_BREAK = {"break", "break_weeks"}
WHOM = {"key": {"key"}, "other": {"other"}, "registered": {"key", "other"}}


def review_by(day: datetime.date) -> datetime.date:
    return day + REVIEW_WITHIN


def standing(point: Terms, own: Terms | None) -> Standing:
    """How a school's promise stands to a point of the county; names and whose list it is on do not matter."""
    if own is None:
        return "missing"
    if not meets(own, point):
        return "less"
    return "same" if meets(point, own) else "more"


def meets(own: Terms, point: Terms) -> bool:
    """Whether keeping `own` keeps `point`."""
    return (
        WHOM[own.to] >= WHOM[point.to]
        and own.needs_circumstance in ("", point.needs_circumstance)
        and _as_often(own, point)
        and _as_strict(own.reached, point.reached)
        and _as_strict(own.channels, point.channels)
        and set(own.topics) >= set(point.topics)
    )


def _as_strict(own: tuple[str, ...], point: tuple[str, ...]) -> bool:
    """One of `own` is enough for it; so each of `own` has to be among those that are enough for the point."""
    return not point or (bool(own) and set(own) <= set(point))


def _as_often(own: Terms, point: Terms) -> bool:
    if (own.every in IN_BREAK) != (point.every in IN_BREAK):
        return False
    if point.every == "break":
        return True
    if point.every == "break_weeks":
        return own.every == "break_weeks" and own.n <= point.n
    if point.every == "term":
        return True
    if point.every == "term_start":
        return (own.every == "term_start" and own.n <= point.n) or (
            own.every not in ONCE and _weeks(own) <= point.n
        )
    return own.every not in ONCE and _weeks(own) <= _weeks(point)


def _weeks(terms: Terms) -> int:
    return WEEKS_OF.get(terms.every, terms.n)
