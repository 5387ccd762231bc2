"""What an import added and changed, kept small: ids as ranges, a sign per row, earlier values of changed fields.

The sign tells whether a row is still as the import left it; it is no secret and no proof. Sealed values stay sealed.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from tongxing.ground.people.pending import Written

CHUNK = 5000
Signs = dict[int, int]


@dataclass(slots=True)
class Traced:
    """Of one model: sign by id of added rows; of changed rows their earlier values and the sign of those fields."""

    new: Signs = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    after: Signs = field(default_factory=dict)


Trace = dict[type[Model], Traced]


def trace_of(written: Written) -> Trace:
    """Read back what was written, as the database holds it."""
    trace: Trace = {}
    for model, ids in written.new.items():
        fields = [one.attname for one in model._meta.concrete_fields]
        trace[model] = Traced(new=signs(model, ids, fields), fields=fields)
    for model, before in written.changed.items():
        traced = trace.setdefault(model, Traced())
        traced.before = before
        traced.after = signs_of_changed(model, before)
    return trace


def signs(model: type[Model], ids: Iterable[int], fields: Sequence[str]) -> Signs:
    """The sign of each row that is still there; a field that is gone makes every row differ."""
    try:
        for name in fields:
            model._meta.get_field(name)
    except FieldDoesNotExist:
        return dict.fromkeys(ids, -1)
    found: Signs = {}
    for some in chunks(ids):
        for pk, *values in model._base_manager.filter(pk__in=some).values_list("pk", *fields):
            found[pk] = zlib.crc32(repr([_plain(value) for value in values]).encode())
    return found


def signs_of_changed(model: type[Model], before: dict[int, dict[str, Any]]) -> Signs:
    alike: dict[tuple[str, ...], list[int]] = {}
    for pk, values in before.items():
        alike.setdefault(tuple(sorted(values)), []).append(pk)
    found: Signs = {}
    for fields, ids in alike.items():
        found |= signs(model, ids, fields)
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    every = list(ids)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]


def pack(trace: Trace) -> bytes:
    data = {
        model._meta.label_lower: [
            _ranges(sorted(one.new)),
            _signs(one.new),
            one.fields,
            one.before,
            one.after,
        ]
        for model, one in trace.items()
    }
    return zlib.compress(json.dumps(data, cls=_Encoder, ensure_ascii=False).encode())


def unpack(packed: bytes) -> Trace:
    trace: Trace = {}
    for label, (ranges, signed, fields, before, after) in json.loads(zlib.decompress(packed)).items():
        model = apps.get_model(label)
        ids = [pk for first, last in ranges for pk in range(first, last + 1)]
        raw = base64.b64decode(signed)
        read = [int.from_bytes(raw[at : at + 4], "big") for at in range(0, len(raw), 4)]
        trace[model] = Traced(
            dict(zip(ids, read, strict=True)),
            fields,
            {int(pk): _values(model, values) for pk, values in before.items()},
            {int(pk): sign for pk, sign in after.items()},
        )
    return trace


def _ranges(ids: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for pk in ids:
        if found and found[-1][1] == pk - 1:
            found[-1][1] = pk
        else:
            found.append([pk, pk])
    return found


def _signs(new: Signs) -> str:
    return base64.b64encode(b"".join(new[pk].to_bytes(4, "big") for pk in sorted(new))).decode()


def _values(model: type[Model], values: dict[str, Any]) -> dict[str, Any]:
    fields: Any = model._meta
    return {name: fields.get_field(name).to_python(value) for name, value in values.items()}


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return base64.b64encode(bytes(o)).decode()
        return super().default(o)
