"""Counting answers nobody can be found in, and covering names. No ORM.

Invariants:
- answers are only ever sums: no row belongs to one family;
- below ten answers nothing is shown; before the round is over neither, since what is new would show whose it is.
"""

import re
from collections.abc import Iterable, Sequence

QUESTIONS, SHOWN_FROM = 3, 10
#: What can be tapped, in the order of the columns of a tally.
CHOICES = ("yes", "partly", "not_yet", "cannot_say")
COVER = "○○"
SHORTEST_NAME = 2
Tally = list[list[int]]


def empty() -> Tally:
    return [[0] * len(CHOICES) for _question in range(QUESTIONS)]


def added(tally: Sequence[Sequence[int]], more: Sequence[Sequence[int]]) -> Tally:
    return [[a + b for a, b in zip(old, new, strict=True)] for old, new in zip(tally, more, strict=True)]


def as_tally(choices: Sequence[str]) -> Tally:
    """One family's answers."""
    return [[int(choice == one) for one in CHOICES] for choice in choices]


def fits(tally: Sequence[Sequence[int]], slips: int) -> bool:
    """Whether counted slips can say this: every question has at most one tick a slip."""
    return slips > 0 and all(min(row) >= 0 and sum(row) <= slips for row in tally)


def is_shown(answers: int, is_over: bool) -> bool:
    return is_over and answers >= SHOWN_FROM


def covered(text: str, names: Iterable[str], surnames: Iterable[str] = ()) -> str:
    """The text without these names; “林老师” goes as well where a colleague is called Lin."""
    for name in sorted({one for one in names if len(one) >= SHORTEST_NAME}, key=len, reverse=True):
        text = text.replace(name, COVER)
    known = "|".join(sorted(map(re.escape, set(filter(None, surnames))), key=len, reverse=True))
    return re.sub(f"(?:{known})(?=老师|校长|主任|书记)", COVER, text) if known else text
