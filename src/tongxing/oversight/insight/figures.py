"""A figure that can be opened: a count, what it counts, when, and the records it was counted from. No ORM.

Invariants:
- a figure without records to count from has no value: it reads “无记录”, never 0 by default;
- a figure whose records are listed counts exactly those records;
- a figure says the moment it is true for.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

Record = tuple[str, int]
"""A record by model label and id, such as ("people.student", 12)."""


@dataclass(frozen=True, slots=True)
class Figure:
    code: str
    label: str
    value: int | None
    definition: str
    as_of: datetime.datetime
    records: tuple[Record, ...] = ()

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def text(self) -> str:
        """The value as people read it."""
        return _("no records") if self.value is None else str(self.value)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": self.label,
            "value": self.value,
            "definition": self.definition,
            "as_of": self.as_of.isoformat(),
            "records": [list(record) for record in self.records],
        }


def figure_from_json(stored: Mapping[str, Any]) -> Figure:
    return Figure(
        code=stored["code"],
        label=stored["label"],
        value=stored["value"],
        definition=stored["definition"],
        as_of=datetime.datetime.fromisoformat(stored["as_of"]),
        records=tuple((label, number) for label, number in stored["records"]),
    )


def counted(
    code: str, label: str, definition: str, as_of: datetime.datetime, model: str, ids: Iterable[int]
) -> Figure:
    """A figure that is the number of these records."""
    records = tuple((model, number) for number in sorted(set(ids)))
    return Figure(code, label, len(records), definition, as_of, records)


def unknown(code: str, label: str, definition: str, as_of: datetime.datetime) -> Figure:
    """A figure nothing was recorded for."""
    return Figure(code, label, None, definition, as_of)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by code, in the order they are shown."""

    rows: tuple[Figure, ...] = field(default=())

    def __getitem__(self, code: str) -> Figure:
        for figure in self.rows:
            if figure.code == code:
                return figure
        raise KeyError(code)

    def get(self, code: str) -> Figure | None:
        return next((figure for figure in self.rows if figure.code == code), None)

    def all_known(self, *codes: str) -> bool:
        return all((figure := self.get(code)) is not None and figure.known for code in codes)
