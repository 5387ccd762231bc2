"""The goal and the thanks that two classmates share: set, reached, changed, said. Each step keeps what was before."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Student

from .holding import LONGEST, held
from .models import GOAL, THANKS, SharedGoal, SharedThanks, Together


@transaction.atomic
def next_goal(actor: Actor, *, together: Together, goal: str) -> SharedGoal:
    """Another goal of the two, from today. One that still stood is replaced and stays in the history; the same words
    again change nothing."""
    together = _running(actor, together)
    words = few_words(goal, most=LONGEST, field="goal")
    before = SharedGoal.objects.select_for_update().filter(together=together, ended_at=None).first()
    if before and unseal(together.student.key, before.words_sealed, GOAL) == words:
        return before
    if before:
        _end(actor, before, None)
    return open_goal(actor, together, words)


def open_goal(actor: Actor, together: Together, words: str) -> SharedGoal:
    made = SharedGoal.objects.create(
        school_id=together.school_id,
        together=together,
        words_sealed=seal(together.student.key, words, GOAL),
        set_on=clock.today(),
        set_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    _log(actor, "together.goal", together, goal=made.pk)
    look_for_danger(actor, student=together.student, text=words)
    return made


@transaction.atomic
def reach_goal(actor: Actor, *, goal: SharedGoal, on: datetime.date | None = None) -> None:
    """The two have reached it, on that day (today); they go on together, with or without another."""
    together = _running(actor, goal.together)
    goal = SharedGoal.objects.select_for_update().get(pk=goal.pk)
    if goal.ended_at is not None:
        return  # a second tap
    day = on or clock.today()
    if not goal.set_on <= day <= clock.today():
        raise Refused(_("This day lies before the goal was set, or is still to come."), field="on")
    _end(actor, goal, day)
    _log(actor, "together.reached", together, goal=goal.pk)


@transaction.atomic
def not_reached(actor: Actor, *, goal: SharedGoal) -> None:
    """The way back of `reach_goal`, for a moment and while no other goal stands."""
    together = _running(actor, goal.together)
    goal = SharedGoal.objects.select_for_update().get(pk=goal.pk)
    if goal.reached_on is None or goal.ended_at is None:
        return
    others = SharedGoal.objects.filter(together=together, ended_at=None)
    if not is_recent(goal.ended_at) or others.exists():
        raise Refused(_("This can no longer be taken back. Please set the goal again."))
    goal.reached_on, goal.ended_at, goal.ended_by = None, None, None
    goal.save(update_fields=["reached_on", "ended_at", "ended_by"])
    _log(actor, "together.not-reached", together, goal=goal.pk)


@transaction.atomic
def say_thanks(actor: Actor, *, together: Together, text: str, client_id: uuid.UUID) -> SharedThanks:
    """Words of thanks for both, at any time once they have begun, also after the end."""
    together = held(actor, together)
    if together.starts_on is None:
        raise Refused(_("These two have not begun yet."))
    words = few_words(text, most=LONGEST, field="text")
    return once(
        lambda: SharedThanks.objects.filter(client_id=client_id, together=together).first(),
        lambda: thanked(actor, together, words, client_id),
    )


def thanked(actor: Actor, together: Together, words: str, client_id: uuid.UUID) -> SharedThanks:
    made = SharedThanks(
        school_id=together.school_id,
        together=together,
        words_sealed=seal(together.student.key, words, THANKS),
        said_on=clock.today(),
        said_by_id=actor.user_id,
        recorded_at=clock.now(),
        client_id=client_id,
    )
    made.save(force_insert=True)
    _log(actor, "together.thanks", together, thanks=made.pk)
    look_for_danger(actor, student=together.student, text=words)
    return made


@transaction.atomic
def take_back(actor: Actor, *, thanks: SharedThanks) -> None:
    """Thanks written by a slip, for a moment."""
    together = held(actor, thanks.together)
    thanks = SharedThanks.objects.select_for_update().get(pk=thanks.pk)
    if thanks.taken_back_at is not None:
        return
    if not is_recent(thanks.recorded_at):
        raise Refused(_("This can no longer be taken back."))
    thanks.taken_back_at = clock.now()
    thanks.save(update_fields=["taken_back_at"])
    _log(actor, "together.thanks-back", together, thanks=thanks.pk)


@dataclass(frozen=True, slots=True)
class Goal:
    row: SharedGoal
    words: str

    @property
    def stands(self) -> bool:
        return self.row.ended_at is None


@dataclass(frozen=True, slots=True)
class Thanks:
    row: SharedThanks
    words: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What two share, the newest first; `partner`: the other one, seen from the child at whose door it stands."""

    together: Together
    goals: tuple[Goal, ...]
    thanks: tuple[Thanks, ...]
    partner: Student

    @property
    def goal(self) -> str:
        """The goal that stands now."""
        return next((one.words for one in self.goals if one.stands), "")

    @property
    def reached(self) -> tuple[Goal, ...]:
        return tuple(one for one in self.goals if one.row.reached_on)


def shared_of(rows: Iterable[Together]) -> dict[int, Shared]:
    """By the pair's id; rows with both children and their keys. Two queries."""
    rows = list(rows)
    key = {row.pk: row.student.key for row in rows}
    goals: dict[int, list[Goal]] = {row.pk: [] for row in rows}
    thanks: dict[int, list[Thanks]] = {row.pk: [] for row in rows}
    for goal in SharedGoal.objects.filter(together__in=rows):
        goals[goal.together_id].append(Goal(goal, unseal(key[goal.together_id], goal.words_sealed, GOAL)))
    for said in SharedThanks.objects.standing().filter(together__in=rows):
        thanks[said.together_id].append(
            Thanks(said, unseal(key[said.together_id], said.words_sealed, THANKS))
        )
    return {row.pk: Shared(row, tuple(goals[row.pk]), tuple(thanks[row.pk]), row.partner) for row in rows}


def at_the_door(student: Student) -> list[Shared]:
    """What this child shares with classmates, for the child's own door and the family's: the page has asked who reads
    it. Nothing of a pair that never began, or that one of the families agrees to no longer. Three queries."""
    rows = Together.objects.with_both().filter(Q(student=student) | Q(partner=student))
    agreed = rows.filter(
        starts_on__isnull=False, consent_student__withdrawn_on=None, consent_partner__withdrawn_on=None
    )
    found = shared_of(agreed.order_by("-pk"))
    return [
        Shared(one.together, one.goals, one.thanks, _other(one.together, student))
        for one in found.values()
        if one.goals or one.thanks
    ]


def _other(together: Together, student: Student) -> Student:
    return together.partner if together.student_id == student.pk else together.student


def _running(actor: Actor, together: Together) -> Together:
    together = held(actor, together)
    if together.state != "running":
        raise Refused(_("These two do not learn together at present."))
    return together


def _end(actor: Actor, goal: SharedGoal, reached_on: datetime.date | None) -> None:
    goal.reached_on, goal.ended_at, goal.ended_by_id = reached_on, clock.now(), actor.user_id
    goal.save(update_fields=["reached_on", "ended_at", "ended_by"])


def _log(actor: Actor, action: str, together: Together, **detail: int) -> None:
    audit.record(
        actor,
        action,
        school_id=together.school_id,
        subject=("student", together.student_id),
        detail={"together": together.pk, **detail},
    )
