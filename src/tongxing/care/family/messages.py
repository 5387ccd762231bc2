"""Words between the school and one guardian: written, read, answered.

Who writes for the school: whoever looks after the child. A guardian writes to those, from the own door.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Guardian, Student

from . import rules, telling
from .models import GUARDIAN, MESSAGE, STAFF, FamilyMessage

HEARD = gettext_lazy("A family has written. The words wait on the child's page.")


def own_guardian(actor: Actor, student: Student) -> Guardian:
    """This actor as a guardian of the child, today."""
    actor.require(GUARDIAN, school_id=student.school_id, student_id=student.pk)
    found = Guardian.objects.present().filter(student=student, user_id=actor.user_id).first()
    if found is None or actor.user_id is None:
        raise NotAllowed(GUARDIAN)
    return found


@transaction.atomic
def write(
    actor: Actor, *, student: Student, guardian: Guardian, text: str, client_id: uuid.UUID
) -> FamilyMessage:
    """The school writes to a guardian who has come in; `student` with its key."""
    actor.require(STAFF, school_id=student.school_id, student_id=student.pk)
    if guardian.student_id != student.pk or guardian.ends_on is not None:
        raise Refused(_("This person is no guardian any more."), field="guardian")
    if guardian.user_id is None:
        raise Refused(
            _("This person has not come in yet. Please hand over an invitation first, or call."),
            field="guardian",
        )
    return _put(actor, student, guardian, text, client_id, from_family=False)


@transaction.atomic
def reply(
    actor: Actor,
    *,
    student: Student,
    text: str,
    client_id: uuid.UUID,
    wished_on: datetime.date | None = None,
    needs_answer: bool = True,
) -> FamilyMessage:
    """A guardian writes to the school; `wished_on`: the day they would rather meet or be called.

    `needs_answer`: False where the words only say that the school's were read.
    """
    guardian = own_guardian(actor, student)
    if wished_on is not None and wished_on < clock.today():
        raise Refused(_("This day is over. Please choose a later one."), field="wished_on")
    settled_at = None if needs_answer else clock.now()
    facts = {"from_family": True, "wished_on": wished_on, "settled_at": settled_at}
    return _put(actor, student, guardian, text, client_id, **facts)


def _put(
    actor: Actor,
    student: Student,
    guardian: Guardian,
    text: str,
    client_id: uuid.UUID,
    **facts: Any,
) -> FamilyMessage:
    text = check_text(text)
    return once(
        lambda: FamilyMessage.objects.filter(client_id=client_id, guardian=guardian).first(),
        lambda: _written(
            actor,
            text,
            FamilyMessage(
                school_id=student.school_id,
                student=student,
                guardian=guardian,
                text_sealed=seal(student.key, text, MESSAGE),
                written_by_id=actor.user_id,
                written_at=clock.now(),
                client_id=client_id,
                **facts,
            ),
        ),
    )


def check_text(text: str, field: str = "text") -> str:
    text = rules.tidy(text)
    if not rules.is_good(text):
        raise Refused(
            _("A few words are needed, at most %(most)s characters.") % {"most": rules.LONGEST}, field=field
        )
    return text


def _written(actor: Actor, text: str, message: FamilyMessage) -> FamilyMessage:
    message.save(force_insert=True)
    log(actor, "family.message", message.student, {"message": message.pk, "guardian": message.guardian_id})
    if message.from_family:
        mark_read(actor, student=message.student)
        _tell(message)
    look_for_danger(actor, student=message.student, text=text)
    return message


def log(actor: Actor, action: str, student: Student, detail: dict[str, object]) -> None:
    audit.record(actor, action, school_id=student.school_id, subject=("student", student.pk), detail=detail)


def _tell(message: FamilyMessage) -> None:
    """Whoever wrote last, if they still look after the child; otherwise those who are nearest."""
    before = FamilyMessage.objects.filter(
        student=message.student, guardian=message.guardian, from_family=False
    )
    last = before.select_related("written_by").order_by("-written_at", "-pk").first()
    writer = last.written_by if last else None
    whom = (
        [writer]
        if writer is not None and telling.still_near(writer, message.student)
        else telling.near(message.student)
    )
    link = ("student-door", [message.student_id])
    telling.tell(whom, message.student, HEARD, link, f"family.message:{message.pk}")


def mark_read(actor: Actor, *, student: Student) -> int:
    """What the other side wrote counts as read once this side has opened it."""
    theirs = FamilyMessage.objects.visible_to(actor).filter(student=student, read_at=None)
    by_staff = actor.may(STAFF, school_id=student.school_id, student_id=student.pk)
    return theirs.filter(from_family=by_staff).update(read_at=clock.now())


@dataclass(frozen=True, slots=True)
class Said:
    """One message with its words. `answered`: the other side wrote after it."""

    message: FamilyMessage
    text: str
    answered: bool


def thread(actor: Actor, student: Student) -> list[Said]:
    """What was said with this family, the newest first; for a guardian the own words alone. One query.

    student: with its key.
    """
    found = FamilyMessage.objects.visible_to(actor).filter(student=student)
    said: list[Said] = []
    answered: set[tuple[int, bool]] = set()
    for message in found.select_related("guardian", "written_by").order_by("-written_at", "-pk"):
        text = unseal(student.key, message.text_sealed, MESSAGE)
        said.append(Said(message, text, (message.guardian_id, not message.from_family) in answered))
        answered.add((message.guardian_id, message.from_family))
    return said
