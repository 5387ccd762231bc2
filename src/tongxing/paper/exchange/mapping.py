"""What a person decided about a sheet: its kind, the line of its headings, each column's field, corrected cells. Pure.

Invariants:
- corrections lie beside the cells as they were handed in; the originals stay;
- a cell is named by its line and its field, so that it keeps its meaning when columns are chosen anew, and a field
  that has no column can be filled in as well.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .kinds import Kind, plain

SUBJECT = "*"  # in front of a subject: the column holds its results
#: Fields whose cells are words of a small vocabulary: one correction may hold for every row that says the same.
VOCABULARY = frozenset(
    [
        "sex",
        "class_name",
        "grade",
        "boarding",
        "left",
        "residence",
        "ethnicity",
        "relation",
        "lives_with",
        "kind",
        "exam_kind",
        "subject",
        "term",
        "points",
        "guardian1_relation",
        "guardian2_relation",
    ]
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """`kind` "": the sheet is left aside. `heading`: line of the headings counted from 0, -1: it has none.

    `profile` names the saved profile it came from.
    """

    kind: str
    heading: int
    columns: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """`cells`: line → field → text; `words`: field → as written → as meant; `left_out`: lines. Lines count from 0."""

    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Corrections":
        cells = {int(line): given for line, given in data["cells"].items()}
        return cls(cells, data["words"], tuple(data["left_out"]))

    def with_(
        self,
        cells: dict[int, dict[str, str]],
        words: dict[str, dict[str, str]],
        left_out: Iterable[int],
        shown: Iterable[int],
    ) -> "Corrections":
        """These and the new ones; of the lines in `shown` only those of `left_out` stay out."""
        merged = {line: dict(given) for line, given in self.cells.items()}
        for line, given in cells.items():
            merged.setdefault(line, {}).update(given)
        meant = {code: dict(one) for code, one in self.words.items()}
        for code, one in words.items():
            meant.setdefault(code, {}).update(one)
        return Corrections(merged, meant, tuple(sorted(set(self.left_out) - set(shown) | set(left_out))))


NONE = Corrections()


def lacking(kind: Kind, columns: Iterable[str], subjects: Iterable[str]) -> list[str]:
    """What a sheet of this kind still needs, in words; empty: enough is there."""
    present = {*columns, *({"*subjects"} if list(subjects) else set())}
    return [_alternatives(kind, group) for group in kind.needs if not group & present]


def _alternatives(kind: Kind, group: frozenset[str]) -> str:
    if group == {"*subjects"}:
        return _("one column per subject at least")
    codes = [one.code for one in kind.fields if one.code in group]
    return " / ".join(str(kind.field(code)) for code in codes)


def headings_of(row: Sequence[str]) -> list[str]:
    """A line of headings as it is compared, without empty columns at its end."""
    heads = [plain(cell) for cell in row]
    while heads and not heads[-1]:
        heads.pop()
    return heads


def fingerprint(headings: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(headings, ensure_ascii=False).encode()).hexdigest()[:32]
