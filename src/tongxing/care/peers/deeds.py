"""A good deed a day (日行一善): noted with one tap for any child of the class, read out once, counted never."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Student

from .holding import LONGEST
from .models import DEED, GoodDeed

CAN = "highlight.write"
#: Ready at a tap.
PHRASES: tuple[str | Promise, ...] = (
    gettext_lazy("Helped a classmate"),
    gettext_lazy("Picked something up for the class"),
    gettext_lazy("Shared something"),
    gettext_lazy("Comforted somebody"),
    gettext_lazy("Helped at home"),
    gettext_lazy("Was polite to a guest"),
    gettext_lazy("Gave back what was found"),
)


@transaction.atomic
def note(
    actor: Actor,
    *,
    student: Student,
    words: str,
    client_id: uuid.UUID,
    on: datetime.date | None = None,
) -> GoodDeed:
    """Note what was seen, today or `on` a day. `client_id` is the page's: one page may note many children."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    words = few_words(words, most=LONGEST, field="words")
    tap = uuid.uuid5(client_id, f"{student.pk}:{words}")
    return once(
        lambda: GoodDeed.objects.filter(client_id=tap, student=student).first(),
        lambda: _noted(actor, student, words, tap, on or clock.today()),
    )


def _noted(actor: Actor, student: Student, words: str, tap: uuid.UUID, on: datetime.date) -> GoodDeed:
    deed = GoodDeed.objects.create(
        school_id=student.school_id,
        student=student,
        words_sealed=seal(student.key, words, DEED),
        happened_on=on,
        noted_by_id=actor.user_id,
        recorded_at=clock.now(),
        client_id=tap,
    )
    _log(actor, "deed.note", deed.school_id, [deed.pk])
    look_for_danger(actor, student=student, text=words)
    return deed


@transaction.atomic
def take_back(actor: Actor, *, deed: GoodDeed) -> None:
    """One's own tap, while the moment lasts."""
    actor.require(CAN, school_id=deed.school_id, student_id=deed.student_id)
    deed = GoodDeed.objects.select_for_update().get(pk=deed.pk)
    if deed.noted_by_id != actor.user_id:
        raise NotAllowed(CAN)
    if deed.taken_back_at:
        return
    if not is_recent(deed.recorded_at):
        raise Refused(_("This was noted a while ago and stays."))
    deed.taken_back_at = clock.now()
    deed.save(update_fields=["taken_back_at"])
    _log(actor, "deed.back", deed.school_id, [deed.pk])


@transaction.atomic
def read_out(actor: Actor, *, deeds: Collection[int], school_id: int, back: bool = False) -> int:
    """These were read out to the class today; `back`: a slip of the finger. How many."""
    actor.require(CAN, school_id=school_id)
    mine = GoodDeed.objects.standing().filter(actor.students_where(CAN), school_id=school_id, pk__in=deeds)
    chosen = mine.filter(read_out_on=clock.today() if back else None).select_for_update(of=("self",))
    ids = sorted(chosen.values_list("pk", flat=True))
    if ids:
        GoodDeed.objects.filter(pk__in=ids).update(read_out_on=None if back else clock.today())
        _log(actor, "deed.read-back" if back else "deed.read-out", school_id, ids)
    return len(ids)


@dataclass(frozen=True, slots=True)
class Deed:
    deed: GoodDeed
    words: str
    may_take_back: bool


def to_read_out(actor: Actor, students: Collection[int]) -> list[Deed]:
    """What was noted for these students and not read out yet, in the order in which it was seen. One query."""
    found = GoodDeed.objects.visible_to(actor).to_read_out().filter(student__in=students)
    return [
        Deed(
            one,
            unseal(one.student.key, one.words_sealed, DEED),
            one.noted_by_id == actor.user_id and is_recent(one.recorded_at),
        )
        for one in found.select_related("student__key").order_by("happened_on", "pk")
    ]


def _log(actor: Actor, action: str, school_id: int, ids: list[int]) -> None:
    audit.record(
        actor, action, school_id=school_id, subject=("deed", ids[0] if len(ids) == 1 else None),
        detail={"deeds": ids},
    )  # fmt: skip
