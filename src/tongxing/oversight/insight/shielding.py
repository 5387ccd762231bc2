"""Numbers that could point at a single child are not shown. Pure.

Invariants:
- a number under ten is not shown, nor one that leaves fewer than ten others apart;
- what is worked out from few is not shown either: a median of three waits tells of three children.
"""

from dataclasses import dataclass
from typing import Literal

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Sum:
    """`few`: under ten · `nearly_all`: fewer than ten are missing · `shown`: the number itself · `unknown`."""

    kind: Literal["shown", "few", "nearly_all", "unknown"]
    value: int = 0


def shield(value: int | None, of: int | None = None) -> Sum:
    """The sum as somebody outside may see it; `of` is the group it is a part of."""
    if value is None:
        return Sum("unknown")
    if value < FEWEST:
        return Sum("few")
    if of is not None and 0 < of - value < FEWEST:
        return Sum("nearly_all")
    return Sum("shown", value)
