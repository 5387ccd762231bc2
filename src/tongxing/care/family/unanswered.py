"""What families wrote and nobody has answered yet: one line for each guardian, the longest waiting first.

Invariants:
- words stand there for those who look after the child (helper, class teacher); whoever sees to the whole school sees
  that they wait and since when, without the words, and opens the child's page for more;
- answered is what somebody at school wrote after it, or what somebody has spoken about; nobody is counted by it.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock, undo
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .messages import log
from .models import MESSAGE, STAFF, FamilyMessage, MessageSet


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one guardian wrote since the last answer. `texts`: (message, words), the earliest first; None: not for this reader."""

    student: Any
    guardian: Guardian
    latest: FamilyMessage
    since: datetime.datetime
    texts: tuple[tuple[FamilyMessage, str], ...] | None


def unanswered(actor: Actor, school_id: int) -> MessageSet:
    """The messages that wait, of students who are at this school, as far as this actor sees them."""
    found = FamilyMessage.objects.visible_to(actor).unanswered()
    here = Q(student__status=Student.Status.ENROLLED, guardian__ends_on=None)
    return found.filter(here, actor.students_where(STAFF), school_id=school_id)


def near(actor: Actor) -> Q:
    """The rows of the students whom this actor looks after in person: not those of a whole school."""
    closest = tuple(scope for scope in actor.scopes if scope.students is not None)
    return replace(actor, scopes=closest).students_where(STAFF)


def count(actor: Actor, school_id: int) -> int:
    """How many guardians wait for an answer from those who look after their child, this actor among them. One query."""
    return unanswered(actor, school_id).filter(near(actor)).values("guardian").distinct().count()


def waiting(actor: Actor, school_id: int) -> list[Waiting]:
    """The longest waiting first. Three queries."""
    rows = unanswered(actor, school_id).select_related("guardian").order_by("guardian_id", "written_at", "pk")
    messages = list(rows)
    placed = Student.objects.filter(pk__in={one.student_id for one in messages}).select_related("key")
    students = {one.pk: one for one in placed.with_class(clock.today())}
    mine = set(unanswered(actor, school_id).filter(near(actor)).values_list("pk", flat=True))
    return sorted(_threads(messages, students, mine), key=lambda one: (one.since, one.latest.pk))


def _threads(
    messages: list[FamilyMessage], students: dict[int, Student], mine: set[int]
) -> Iterator[Waiting]:
    for _guardian, of_one in groupby(messages, lambda one: one.guardian_id):
        thread = list(of_one)
        student, last = students[thread[0].student_id], thread[-1]
        texts = None
        if last.pk in mine:
            texts = tuple((one, unseal(student.key, one.text_sealed, MESSAGE)) for one in thread)
        yield Waiting(student, last.guardian, last, thread[0].written_at, texts)


@transaction.atomic
def settle(actor: Actor, *, message: FamilyMessage) -> None:
    """Spoken about, so that no answer in writing is needed: this message and what the guardian wrote before it."""
    actor.require(STAFF, school_id=message.school_id, student_id=message.student_id)
    open_ones = FamilyMessage.objects.unanswered().filter(
        guardian=message.guardian_id, written_at__lte=message.written_at
    )
    settled = sorted(open_ones.values_list("pk", flat=True))
    if message.pk not in settled:
        raise Refused(_("This has been answered already. Thank you!"))
    now = clock.now()
    FamilyMessage.objects.filter(pk__in=settled).update(settled_at=now, settled_by_id=actor.user_id)
    FamilyMessage.objects.filter(pk__in=settled, read_at=None).update(read_at=now)
    log(actor, "family.settle", message.student, {"messages": settled, "guardian": message.guardian_id})


@transaction.atomic
def open_again(actor: Actor, *, message: FamilyMessage) -> None:
    """The way back: what this actor settled together with this message waits again."""
    actor.require(STAFF, school_id=message.school_id, student_id=message.student_id)
    if message.settled_at is None or message.settled_by_id != actor.user_id:
        raise Refused(_("Only who has noted this can take it back."))
    if not undo.is_recent(message.settled_at):
        raise Refused(_("That was a while ago. Please write to the family instead."))
    together = FamilyMessage.objects.filter(
        guardian=message.guardian_id, settled_at=message.settled_at, settled_by=message.settled_by_id
    )
    again = sorted(together.values_list("pk", flat=True))
    together.update(settled_at=None, settled_by=None)
    log(actor, "family.settle-undo", message.student, {"messages": again, "guardian": message.guardian_id})
