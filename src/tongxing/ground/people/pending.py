"""Rows that are planned and not yet written: an import is worked out in memory, without holding up anybody.

Invariants:
- planning writes nothing; `write` does everything at once, inside the caller's transaction;
- a planned row may lean on another planned row; what is leaned on is written first;
- what was added, and what changed rows held before, comes back, so that it can be taken back one day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from django.db.models import Model

BATCH = 500


@dataclass(slots=True)
class Written:
    """Ids of the added rows, and the earlier values of the changed ones by id; per model."""

    new: dict[type[Model], list[int]] = field(default_factory=dict)
    changed: dict[type[Model], dict[int, dict[str, Any]]] = field(default_factory=dict)


class Pending:
    def __init__(self) -> None:
        self._new: dict[type[Model], list[Model]] = {}
        self._changed: dict[type[Model], dict[int, tuple[Model, dict[str, Any]]]] = {}

    def add(self, row: Any) -> Any:
        self._new.setdefault(type(row), []).append(row)
        return row

    def drop(self, row: Model) -> None:
        """A planned row that is not needed after all."""
        self._new[type(row)] = [one for one in self._new[type(row)] if one is not row]

    def note(self, row: Model, before: Mapping[str, Any]) -> None:
        """Fields of a row were set; `before` says what they held. A planned row just keeps what was set."""
        if row.pk is not None and before:
            _row, held = self._changed.setdefault(type(row), {}).setdefault(row.pk, (row, {}))
            for name, value in before.items():
                held.setdefault(name, value)

    def change(self, row: Model, **values: Any) -> None:
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        self.note(row, before)

    def write(self) -> Written:
        written = Written()
        for model, rows in self._changed.items():
            _update(model, rows)
            written.changed[model] = {pk: before for pk, (_row, before) in rows.items()}
        for model in _leaned_on_first(self._new):
            made = model._default_manager.bulk_create(self._new[model], batch_size=BATCH)
            written.new[model] = [row.pk for row in made]
        return written


def _update(model: type[Model], rows: Mapping[int, tuple[Model, dict[str, Any]]]) -> None:
    """Together those in which the same fields change, so that no other field is written."""
    alike: dict[tuple[str, ...], list[Model]] = {}
    for row, before in rows.values():
        alike.setdefault(tuple(sorted(before)), []).append(row)
    for fields, some in alike.items():
        model._default_manager.bulk_update(some, fields, batch_size=max(1, 800 // (2 * len(fields) + 1)))


def _leaned_on_first(models: Mapping[type[Model], object]) -> list[type[Model]]:
    sorter: TopologicalSorter[type[Model]] = TopologicalSorter()
    for model in models:
        related = [one.related_model for one in model._meta.concrete_fields if one.related_model]
        sorter.add(model, *(one for one in models if one in related and one is not model))
    return list(sorter.static_order())
