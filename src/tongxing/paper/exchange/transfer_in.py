"""Taking in the file of the school before: opened with the passphrase, looked at, given to a student, or let go.

Invariants:
- whatever it says changes nothing about a student: it is kept beside the records, marked with where it came from;
- until somebody says whose it is, it lies under a key of its own; let go, that key is destroyed.
"""

import datetime
import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.attendance_watch.models import ReceivedFile
from tongxing.care.attendance_watch.models_leaving import CONTENT, RECEIVE
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import destroy, new_key, seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import Sought, alike

from . import transfer_format
from .transfer_format import Transfer

#: A file nobody said anything about is forgotten after this long.
KEPT = datetime.timedelta(days=30)


@transaction.atomic
def take_in(actor: Actor, *, school: Organisation, archive: bytes, passphrase: str) -> ReceivedFile:
    """Open the file and keep it until somebody has looked at it. The same file again is the one that waits."""
    actor.require(RECEIVE, school_id=school.pk)
    transfer = transfer_format.read(archive, passphrase)
    digest = hashlib.sha256(archive).hexdigest()
    if known := ReceivedFile.objects.filter(school=school, sha256=digest, let_go_at=None).first():
        return known
    key = new_key()
    key.save()
    received = ReceivedFile.objects.create(
        school=school,
        key=key,
        content_sealed=seal(key, transfer_format.as_json(transfer), CONTENT),
        version=transfer.version,
        sha256=digest,
        received_at=clock.now(),
        received_by_id=actor.user_id,
    )
    _log(actor, "transfer.take-in", received)
    return received


def content(received: ReceivedFile) -> Transfer | None:
    """What it says; None once it was let go. `received` with its key and its student's."""
    if received.let_go_at:
        return None
    key = received.student.key if received.student else received.key
    return transfer_format.from_json(json.loads(unseal(key, received.content_sealed, CONTENT)))


def may_be(received: ReceivedFile, transfer: Transfer) -> list[Student]:
    """The students on record who may be this child."""
    child = transfer.child
    sought = Sought(child.name, national_code=child.national_code, birth_date=child.birth_date)
    found = alike(received.school, sought, clock.today())
    same_name = Student.objects.filter(school=received.school, name=child.name).enrolled()
    known = {one.pk for one in found}
    return [*found, *same_name.with_class(clock.today()).exclude(pk__in=known).order_by("pk")[:10]]


@transaction.atomic
def attach(actor: Actor, *, received: ReceivedFile, student: Student) -> ReceivedFile:
    """It is this child's: sealed anew under the student's key, the file's own key is destroyed."""
    received = _held(actor, received)
    actor.require(RECEIVE, school_id=student.school_id, student_id=student.pk)
    if student.school_id != received.school_id:
        raise NotAllowed(RECEIVE)
    if received.student_id == student.pk:
        return received
    transfer = content(received)
    if received.student_id or transfer is None:
        raise Refused(_("This file has been seen to already."))
    received.content_sealed = seal(student.key, transfer_format.as_json(transfer), CONTENT)
    received.student = student
    received.attached_at, received.attached_by_id = clock.now(), actor.user_id
    received.save()
    _destroy_key(received)
    _log(actor, "transfer.attach", received, {"student": student.pk})
    said = "\n".join(line for part in transfer.parts for line in part.lines)
    look_for_danger(actor, student=student, text=said)
    return received


@transaction.atomic
def let_go(actor: Actor, *, received: ReceivedFile) -> None:
    """It is nobody's here: from now on nobody can read it."""
    received = _held(actor, received)
    if received.student_id:
        raise Refused(_("This file has been seen to already."))
    if received.let_go_at is None:
        received.let_go_at, received.content_sealed = clock.now(), b""
        received.save(update_fields=["let_go_at", "content_sealed"])
        _destroy_key(received)
        _log(actor, "transfer.let-go", received)


def forget_waiting() -> int:
    """Let go of what nobody said anything about; for the schedule."""
    old = ReceivedFile.objects.waiting().filter(received_at__lt=clock.now() - KEPT)
    for received in old:
        with transaction.atomic():
            received.let_go_at, received.content_sealed = clock.now(), b""
            received.save(update_fields=["let_go_at", "content_sealed"])
            _destroy_key(received)
    return len(old)


def of_student(actor: Actor, student: Student) -> list[tuple[ReceivedFile, Transfer]]:
    """What came along with a child, the latest first."""
    rows = ReceivedFile.objects.visible_to(actor).filter(student=student)
    rows = rows.select_related("student__key", "key", "attached_by").order_by("-attached_at", "-pk")
    return [(row, told) for row in rows if (told := content(row))]


def _held(actor: Actor, received: ReceivedFile) -> ReceivedFile:
    actor.require(RECEIVE, school_id=received.school_id)
    held = ReceivedFile.objects.select_for_update(of=("self",)).select_related(
        "key", "student__key", "school"
    )
    return held.get(pk=received.pk)


def _destroy_key(received: ReceivedFile) -> None:
    destroy(received.key)


def _log(actor: Actor, action: str, received: ReceivedFile, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=received.school_id,
        subject=("received_file", received.pk),
        detail=detail or {},
    )
