"""Taking an import back: what it added goes, what it changed gets its earlier values, as far as nobody touched it since.

Invariants:
- a student with everything the roster says about them (class, guardians, circumstances) is taken back whole or stays
  whole; so is a colleague with the account; scores, events and lessons stand for themselves;
- whatever somebody changed since, or whatever other records lean on, stays and is named;
- all in one transaction, one audit row; an import is taken back once, within KEPT days.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tongxing.care.profiles.models import Trait
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import (
    Circumstance,
    ClassMembership,
    Guardian,
    Likeness,
    OtherNumber,
    SchoolClass,
    Staff,
    Student,
    Teaching,
)
from tongxing.ground.records.models import AttendanceEvent, Exam, Score

from .models import ImportBatch
from .trace import Trace, Traced, chunks, signs, signs_of_changed, unpack

KEPT = datetime.timedelta(days=30)
Ids = set[int]
Rows = dict[type[Model], Ids]
ALONE = (Score, AttendanceEvent, Teaching)
OF_STUDENT = (Guardian, ClassMembership, Circumstance, Likeness, OtherNumber, Trait)


@dataclass(slots=True)
class Back:
    """What would be taken back. `changed` and `leaned_on`: students or colleagues that stay, by id and why."""

    remove: Rows = field(default_factory=dict)
    restore: dict[type[Model], dict[int, dict[str, Any]]] = field(default_factory=dict)
    kept: Rows = field(default_factory=dict)
    changed: Rows = field(default_factory=dict)
    leaned_on: Rows = field(default_factory=dict)

    def count(self, model: type[Model]) -> tuple[int, int, int]:
        """(removed, given back earlier values, stay)"""
        return tuple(len(of.get(model, ())) for of in (self.remove, self.restore, self.kept))  # type: ignore[return-value]  # three of them

    @property
    def rows(self) -> int:
        return sum(map(len, self.remove.values())) + sum(map(len, self.restore.values()))

    @property
    def stay(self) -> int:
        return sum(map(len, self.kept.values()))


def may_be_undone(batch: ImportBatch) -> bool:
    return batch.state == ImportBatch.State.DONE and bool(batch.trace)


def what_can_go(batch: ImportBatch) -> Back:
    """Only reads."""
    if not may_be_undone(batch):
        raise Refused(_("This import can no longer be taken back."))
    trace, back = unpack(bytes(batch.trace)), Back()
    for alone in ALONE:
        _alone(back, trace, alone)
    _students(back, trace)
    _staff(back, trace)
    for shared in (Exam, SchoolClass):
        _alone(back, trace, shared)
    return back


def _touched(trace: Trace, model: type[Model]) -> Ids:
    """Rows that are not as the import left them; those that are gone are none of our business."""
    traced = trace.get(model, Traced())
    now = signs(model, traced.new, traced.fields) | signs_of_changed(model, traced.before)
    left = traced.new | traced.after
    return {pk for pk, sign in now.items() if left[pk] != sign}


def _there(trace: Trace, model: type[Model]) -> Ids:
    traced = trace.get(model, Traced())
    ids = {*traced.new, *traced.before}
    return {
        pk
        for some in chunks(ids)
        for pk in model._base_manager.filter(pk__in=some).values_list("pk", flat=True)
    }


def _take(back: Back, trace: Trace, model: type[Model], keep: Ids) -> None:
    traced, there = trace.get(model, Traced()), _there(trace, model)
    back.remove[model] = (traced.new.keys() & there) - keep
    back.restore[model] = {pk: v for pk, v in traced.before.items() if pk in there and pk not in keep}
    back.kept[model] = keep & there


def _alone(back: Back, trace: Trace, model: type[Model]) -> None:
    new = set(trace.get(model, Traced()).new)
    _take(back, trace, model, _touched(trace, model) | leaned_on(model, new, back.remove))


def _students(back: Back, trace: Trace) -> None:
    """Students are judged with everything the roster says about them."""
    changed: Ids = _touched(trace, Student)
    leaned: Ids = set()
    own = back.remove | {model: set(trace.get(model, Traced()).new) for model in OF_STUDENT}
    for model in OF_STUDENT:
        changed |= _students_of(model, _touched(trace, model))
        leaned |= _students_of(model, leaned_on(model, own[model], own))
    leaned |= leaned_on(Student, set(trace.get(Student, Traced()).new), own)
    back.changed[Student], back.leaned_on[Student] = changed, leaned - changed
    stay = changed | leaned
    for model in OF_STUDENT:
        every = {*trace.get(model, Traced()).new, *trace.get(model, Traced()).before}
        of_kept = model._base_manager.filter(student__in=stay).values_list("pk", flat=True) if stay else ()
        _take(back, trace, model, every & set(of_kept))
    _take(
        back, trace, Student, stay & {*trace.get(Student, Traced()).new, *trace.get(Student, Traced()).before}
    )
    gone = back.remove[Student]
    keys = Student.objects.filter(pk__in=gone).values_list("key_id", flat=True)
    back.remove[SubjectKey] = set(keys) & set(trace.get(SubjectKey, Traced()).new)
    for some in (back.changed, back.leaned_on):
        some[Student] = set(some[Student]) & _about(trace)


def _about(trace: Trace) -> Ids:
    """Every student that the import touched in any way."""
    found = {*trace.get(Student, Traced()).new, *trace.get(Student, Traced()).before}
    for model in OF_STUDENT:
        traced = trace.get(model, Traced())
        found |= _students_of(model, {*traced.new, *traced.before})
    return found


def _students_of(model: type[Model], ids: Ids) -> Ids:
    return {
        student
        for some in chunks(ids)
        for student in model._base_manager.filter(pk__in=some).values_list("student_id", flat=True)
    }


def _staff(back: Back, trace: Trace) -> None:
    users = dict(Staff.objects.filter(user__in=_there(trace, User)).values_list("user_id", "pk"))
    new = trace.get(Staff, Traced()).new.keys()
    accounts = {pk for pk, staff in users.items() if staff in new}
    changed = _touched(trace, Staff) | {users[pk] for pk in _touched(trace, User) if pk in users}
    own = back.remove | {Staff: set(new)}
    leaned = leaned_on(Staff, set(new), own) | {users[pk] for pk in leaned_on(User, accounts, own)}
    back.changed[Staff], back.leaned_on[Staff] = changed, leaned - changed
    _take(back, trace, Staff, changed | leaned)
    _take(back, trace, User, {pk for pk, staff in users.items() if staff in changed | leaned})


def leaned_on(model: type[Model], ids: Ids, but: Rows) -> Ids:
    """Those of `ids` that some row points to, other than the rows in `but`. Asks every table of the product."""
    found: Ids = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (
            relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        ):
            continue
        pointing: Any = relation.related_model
        name = relation.field.attname  # type: ignore[union-attr]  # a relation has its field
        going = but.get(pointing, set())
        for some in chunks(ids):
            rows = pointing._base_manager.filter(**{f"{name}__in": some}).values_list("pk", name)
            found |= {one for pk, one in rows if pk not in going}
    return found


@transaction.atomic
def undo(actor: Actor, *, batch: ImportBatch) -> Back:
    """Take an import back as far as it goes; the result says what went and what stayed."""
    actor.require("import.run", school_id=batch.school_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    back = what_can_go(batch)
    if not back.rows:
        raise Refused(_("Nothing of this import can be taken back any more; everything was used since."))
    for model in (*ALONE, *OF_STUDENT, Student, SubjectKey, Staff, User, Exam, SchoolClass):
        _remove(model, back.remove.get(model, ()))
        _restore(model, back.restore.get(model, {}))
    batch.state, batch.trace, batch.undone_at = ImportBatch.State.UNDONE, b"", clock.now()
    batch.save(update_fields=["state", "trace", "undone_at"])
    audit.record(
        actor,
        "import.undo",
        school_id=batch.school_id,
        subject=("import", batch.pk),
        detail={"rows": back.rows, "stay": back.stay},
    )
    return back


def _remove(model: type[Model], ids: Iterable[int]) -> None:
    for some in chunks(ids):
        model._base_manager.filter(pk__in=some).delete()


def _restore(model: type[Model], rows: dict[int, dict[str, Any]]) -> None:
    alike: dict[tuple[str, ...], list[Model]] = {}
    for some in chunks(rows):
        for pk, row in model._base_manager.in_bulk(some).items():
            for name, value in rows[pk].items():
                setattr(row, name, value)
            alike.setdefault(tuple(sorted(rows[pk])), []).append(row)
    for fields, found in alike.items():
        model._base_manager.bulk_update(found, fields, batch_size=100)


def forget_traces(*, older_than: datetime.timedelta = KEPT) -> int:
    """After that time an import is no longer taken back. For the daily schedule."""
    old = ImportBatch.objects.filter(decided_at__lt=clock.now() - older_than).exclude(trace=b"")
    return old.update(trace=b"")
