"""Everything the term summary may say: posts, promises and figures of one school and term at one moment. No ORM.

A summary is issued once; its facts are stored with it as they were, so every figure can still be opened later.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .figures import Figure, Figures, figure_from_json

PARTS = ("asked", "done", "later", "open", "missing")


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment of the programme; its figures are `<code>.asked` and so on through PARTS."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TermFacts:
    school: str
    term: str
    as_of: datetime.datetime
    posts: tuple[tuple[str, str], ...]
    """Who leads and organises, as (post, name), in the order of responsibility."""
    promises: tuple[Promise, ...]
    figures: Figures
    next_steps: str = ""
    """What the school says it will do next, in its own words; the only sentence no record supports."""
    praise: tuple[tuple[str, str, str], ...] = ()
    """(day, from which office, what was praised): only what stands in the log of recognition."""

    def of(self, promise: Promise) -> tuple[Figure, ...]:
        """The five figures of a commitment, in the order of PARTS."""
        return tuple(self.figures[f"{promise.code}.{part}"] for part in PARTS)

    @property
    def singles(self) -> tuple[Figure, ...]:
        """The figures that belong to no single commitment."""
        owned = {f"{promise.code}.{part}" for promise in self.promises for part in PARTS}
        return tuple(figure for figure in self.figures.rows if figure.code not in owned)

    def as_json(self) -> dict[str, Any]:
        return {
            "school": self.school,
            "term": self.term,
            "as_of": self.as_of.isoformat(),
            "posts": [list(post) for post in self.posts],
            "promises": [[promise.code, promise.name] for promise in self.promises],
            "figures": [figure.as_json() for figure in self.figures.rows],
            "next_steps": self.next_steps,
            "praise": [list(line) for line in self.praise],
        }


def facts_from_json(stored: Mapping[str, Any]) -> TermFacts:
    return TermFacts(
        school=stored["school"],
        term=stored["term"],
        as_of=datetime.datetime.fromisoformat(stored["as_of"]),
        posts=tuple((post, name) for post, name in stored["posts"]),
        promises=tuple(Promise(code, name) for code, name in stored["promises"]),
        figures=Figures(tuple(figure_from_json(figure) for figure in stored["figures"])),
        next_steps=stored["next_steps"],
        praise=tuple((day, from_whom, text) for day, from_whom, text in stored.get("praise", ())),
    )
