"""The records behind a candidate's reasons: every figure can be opened, one query per kind of record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.models import Circumstance, Registration
from tongxing.ground.records.models import AttendanceEvent, Behaviour, Score

from .models import Nomination
from .queries import Told


@dataclass(frozen=True, slots=True)
class Record:
    """One record in words: its day (None: not dated), what it is, what it says."""

    day: date | None
    what: str
    says: str = ""


def records_behind(actor: Actor, reasons: Iterable[Told]) -> list[tuple[Told, list[Record]]]:
    """Each reason with its records, as far as this actor sees them; a record deleted since is left out."""
    reasons = list(reasons)
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for reason in reasons:
        for model, pk in reason.sources:
            wanted[model].add(pk)
    found = {model: _READERS[model](actor, pks) for model, pks in wanted.items()}
    return [(reason, _of(reason, found)) for reason in reasons]


def _of(reason: Told, found: dict[str, dict[int, Record]]) -> list[Record]:
    return [found[model][pk] for model, pk in reason.sources if pk in found[model]]


def _scores(actor: Actor, pks: set[int]) -> dict[int, Record]:
    rows: QuerySet[Score] = Score.objects.visible_to(actor).filter(pk__in=pks).select_related("exam")
    return {row.pk: Record(row.exam.held_on, row.subject, _result(row)) for row in rows}


def _result(score: Score) -> str:
    if score.grade or score.points is None:
        return score.grade
    full = f" / {score.full_marks.normalize():f}" if score.full_marks else ""
    return f"{score.points.normalize():f}{full}"


def _events(actor: Actor, pks: set[int]) -> dict[int, Record]:
    rows = AttendanceEvent.objects.visible_to(actor).filter(pk__in=pks)
    return {row.pk: Record(day_of(row.at), row.get_kind_display()) for row in rows}


def _behaviour(actor: Actor, pks: set[int]) -> dict[int, Record]:
    rows = Behaviour.objects.visible_to(actor).filter(pk__in=pks)
    return {row.pk: Record(row.on, row.kind, row.text) for row in rows}


def _circumstances(actor: Actor, pks: set[int]) -> dict[int, Record]:
    rows = Circumstance.objects.visible_to(actor).filter(pk__in=pks)
    return {
        row.pk: Record(row.checked_on or row.since, row.get_category_display(), row.source) for row in rows
    }


def _registrations(actor: Actor, pks: set[int]) -> dict[int, Record]:
    rows = Registration.objects.visible_to(actor).filter(pk__in=pks)
    return {row.pk: Record(row.starts_on, row.get_level_display()) for row in rows}


def _nominations(actor: Actor, pks: set[int]) -> dict[int, Record]:
    rows = Nomination.objects.visible_to(actor).filter(pk__in=pks)
    return {row.pk: Record(row.said_on, row.get_source_display(), row.words) for row in rows}


_READERS = {
    "records.Score": _scores,
    "records.AttendanceEvent": _events,
    "records.Behaviour": _behaviour,
    "people.Circumstance": _circumstances,
    "people.Registration": _registrations,
    "screening.Nomination": _nominations,
}
