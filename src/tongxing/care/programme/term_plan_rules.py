"""What a plan of a term says, what it lacks before it can be handed in, and where it stands. Pure, no ORM.

Invariants:
- every text has a longest length, so that the whole plan fits on one page of paper;
- a plan stands at exactly one place of its way on any day.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal
from uuid import UUID

Stage = Literal["draft", "to_approve", "sent_back", "to_begin", "in_force", "to_review", "ended"]
#: The order in which a list shows them: who waits for somebody stands first.
STAGES: tuple[Stage, ...] = (
    *("to_approve", "sent_back", "draft", "to_review"),
    *("in_force", "to_begin", "ended"),
)
MOST_MEASURES = 6
#: The most characters of each text; a page of paper holds them all at once.
LONGEST = {
    "knowledge": 80,
    "habits": 80,
    "thinking": 80,
    "motivation": 80,
    "goal": 80,
    "signs": 100,
    "what": 60,
    "often": 16,
    "helped": 100,
    "next": 100,
    "teacher": 100,
    "family": 100,
    "sentence": 200,
}


@dataclass(frozen=True, slots=True)
class PlanText:
    """What was seen, in four fields and as facts; where it should lead, and by which signs one will know."""

    knowledge: str = ""
    habits: str = ""
    thinking: str = ""
    motivation: str = ""
    goal: str = ""
    signs: str = ""

    @property
    def seen(self) -> tuple[str, str, str, str]:
        return self.knowledge, self.habits, self.thinking, self.motivation

    def as_json(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_json(cls, found: Mapping[str, str]) -> "PlanText":
        return cls(**{field.name: found.get(field.name, "") for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Measure:
    """What is done. `by`: helper, class_teacher, or colleague with `person_id`; `every` and `n` as promises have them,
    or `often` in words. `promise`, `record_as`: see `PlanMeasure`."""

    key: UUID
    what: str
    by: str = "helper"
    person_id: int | None = None
    every: str = ""
    n: int = 1
    often: str = ""
    promise: str = ""
    record_as: str = ""
    starts_on: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def is_asked(self) -> bool:
        """Whether obligations follow from it."""
        return bool(self.promise or self.record_as)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it is being written. `reason`: why it changes, where another version was approved before."""

    text: PlanText
    starts_on: datetime.date
    until: datetime.date
    review_on: datetime.date
    measures: tuple[Measure, ...] = ()
    reason: str = ""


Lack = Literal["seen", "goal", "measures", "review_on"]


def lacks(
    text: PlanText, measures: Iterable[object], review_on: datetime.date, today: datetime.date
) -> list[Lack]:
    """What is missing before a plan can be handed in, in the order of the form."""
    missing: list[Lack] = []
    if not any(part.strip() for part in text.seen):
        missing.append("seen")
    if not text.goal.strip():
        missing.append("goal")
    if not list(measures):
        missing.append("measures")
    if review_on <= today:
        missing.append("review_on")
    return missing


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides where a plan stands. `open_state`: of the newest version while it is not approved (empty: it is);
    `in_force_from`: the first day of the approved version; `review_on`: when somebody looks at it again."""

    open_state: str = ""
    in_force_from: datetime.date | None = None
    review_on: datetime.date | None = None
    is_ended: bool = False


def stage(one: Standing, today: datetime.date) -> Stage:
    """Where a plan stands; what waits for a person's step comes before what merely goes on."""
    if one.is_ended:
        return "ended"
    if one.open_state == "handed_in":
        return "to_approve"
    if one.open_state == "sent_back":
        return "sent_back"
    if one.open_state == "draft" or one.in_force_from is None:
        return "draft"
    if one.review_on and one.review_on <= today:
        return "to_review"
    return "in_force" if one.in_force_from <= today else "to_begin"


def review_on(
    planned: datetime.date, looks: Iterable[tuple[datetime.date, datetime.date | None]]
) -> datetime.date | None:
    """When somebody looks at a plan again: as planned, or as the last look (day, next day) said. None: no more."""
    last = max(looks, default=None, key=lambda look: look[0])
    return last[1] if last else planned
