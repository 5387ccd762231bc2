"""A suggestion from a few answers, with its reasons. Pure: people decide, and nobody is put in an order of need.

Invariants:
- what is not answered counts nothing; an unknown answer counts nothing;
- a reason more never suggests a lower level; the order in which answers come changes nothing;
- the number behind it is not handed on: only the level it speaks for and why.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

READY = Path(__file__).with_name("questions.toml")
MOST_POINTS = 100


@cache
def ready() -> dict[str, Any]:
    return tomllib.loads(READY.read_text("utf-8"))


def ready_weights() -> dict[str, int]:
    """`question.option` and `group.category` → points, as they come."""
    found = {
        f"{question}.{option}": points
        for question, one in ready()["questions"].items()
        for option, (_text, points) in one["options"].items()
    }
    return found | {f"group.{category}": points for category, points in ready()["groups"].items()}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level's id and from how many points on it is suggested."""

    level: int
    from_points: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`level`: none where nothing speaks for it. `reasons`: the keys of the weights that counted, in a fixed order."""

    level: int | None
    reasons: tuple[str, ...]


def suggest(
    answers: Mapping[str, str],
    groups: Collection[str],
    weights: Mapping[str, int],
    thresholds: Sequence[Threshold],
) -> Suggestion:
    """What the answers and groups speak for."""
    named = {f"{question}.{option}" for question, option in answers.items()}
    named |= {f"group.{one}" for one in groups}
    counted = sorted(one for one in named if weights.get(one, 0) > 0)
    points = sum(weights[one] for one in counted)
    reached = [one for one in thresholds if points >= one.from_points]
    best = max(reached, key=lambda one: (one.from_points, -one.level), default=None)
    return Suggestion(best.level if best else None, tuple(counted))


def in_words(reason: str, groups: Mapping[str, str]) -> str:
    """One reason as it is read; `groups`: the words for the categories."""
    kind, _dot, code = reason.partition(".")
    if kind == "group":
        return groups.get(code, code)
    one = ready()["questions"].get(kind)
    return f"{one['text']}：{one['options'][code][0]}" if one and code in one["options"] else reason
