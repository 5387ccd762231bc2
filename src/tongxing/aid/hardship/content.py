"""What an application says: one value, sealed as a whole under the child's own key. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST = 500  # characters of an explanation
MOST_MEMBERS = 6
MEMBER = ("name", "relation", "age", "work", "income", "health")


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the household. `income` a year, in yuan, as it was written."""

    name: str
    relation: str = ""
    age: str = ""
    work: str = ""
    income: str = ""
    health: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of 困难认定申请表. `groups`: circumstance categories; `answers`: question → option;
    `asks`: what is asked for; `signed_by`: who gave the promise that all of it is true."""

    members: tuple[Member, ...] = ()
    groups: tuple[str, ...] = ()
    factors: str = ""
    asks: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    signed_by: str = ""

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Content":
        told: dict[str, Any] = json.loads(text)
        members = tuple(Member(**one) for one in told.pop("members"))
        return cls(members=members, groups=tuple(told.pop("groups")), **told)
