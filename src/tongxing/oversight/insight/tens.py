"""Counts as a county may see them: in tens, so that no count below ten follows from anything that is shown. No ORM.

A count stands as the ten it lies in: 37 as “30+”, one below ten as “fewer than 10”. Whatever is added or subtracted of
such figures, across schools, figures, months or two moments, gives tens again, never a number from 1 to 9.

Invariants:
- every figure shown is a multiple of ten, and a true lower bound;
- a total leaves each of its parts free: what is shown fits with any count in the ten that stands for it, so also with
  any from 0 to 9 of a school whose count is not shown. For that a total stops where only the largest parts would fit;
- which ten stands there follows from the counts alone, never from who asks or when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

TEN = 10


@dataclass(frozen=True, slots=True)
class Tens:
    """`shown`: at least `value`, a multiple of ten · `few`: below ten · `hidden`: a total that says nothing · `unknown`."""

    kind: Literal["shown", "few", "hidden", "unknown"]
    value: int = 0


UNKNOWN = Tens("unknown")


def tens(count: int | None) -> Tens:
    """The ten in which one count lies."""
    if count is None:
        return UNKNOWN
    return Tens("shown", _floor(count)) if count >= TEN else Tens("few")


def total(counts: Iterable[int | None]) -> Tens:
    """The ten in which their sum lies, those without records left out.

    n parts with the lower bounds L may be 9 n more than L together. A sum near that end would say that every part is
    near its own: so nothing above L + 9 (n − 1) is told apart. Two parts never get a total beyond that of their bounds.
    """
    known = [count for count in counts if count is not None]
    if not known:
        return UNKNOWN
    lowest = sum(_floor(count) for count in known)
    most = lowest + _floor((TEN - 1) * (len(known) - 1))
    value = min(_floor(sum(known)), most)
    return Tens("shown", value) if value else Tens("hidden")


class Range(NamedTuple):
    """What a count may be, from what is shown of it."""

    least: int
    most: int


def range_of(one: Tens) -> Range:
    """Of one count in its ten."""
    return Range(one.value, one.value + TEN - 1)


def range_of_total(whole: Tens, parts: Iterable[Tens]) -> Range:
    """Of a total beside its parts: its ten; where it stops because only the largest parts would fit, up to these."""
    known = [part for part in parts if part.kind != "unknown"]
    lowest = sum(part.value for part in known)
    stops_at = lowest + _floor((TEN - 1) * (len(known) - 1))
    most = lowest + (TEN - 1) * len(known)
    return Range(whole.value, most if whole.value >= stops_at else min(whole.value + TEN - 1, most))


def _floor(count: int) -> int:
    return count - count % TEN
