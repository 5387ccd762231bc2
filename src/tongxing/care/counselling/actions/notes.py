"""What is explained first, weighing a second role, writing for oneself alone, and handing over note by note."""

import datetime
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import raise_flag
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.queries import kept_from
from tongxing.care.safety.rules import BY_PEOPLE, danger_words
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student

from ..models import Appointment, DualRole, Explained, Handover, Note, NoteVersion
from ..models_notes import DUAL_REASON, FROM_NOTE, TEXT
from ..queries import roles_weighed, second_roles, text_of, understood
from ..words import words_for
from .appointments import took_place
from .asking import counsellors
from .checking import held, no_diagnosis, note, require_keeper


@dataclass(frozen=True, slots=True)
class Told:
    """The short form: why the child came, what was talked about, what the child wants, what comes next."""

    occasion: str = ""
    talked: str = ""
    wants: str = ""
    next: str = ""

    @property
    def words(self) -> str:
        return "\n".join(asdict(self).values())

    def check(self) -> None:
        if not self.talked.strip():
            raise Refused(_("Please write in a sentence what you talked about."), field="talked")
        no_diagnosis(**asdict(self))

    def sealed(self, student: Student, reason: str = "") -> bytes:
        text = {field.name: getattr(self, field.name).strip() for field in fields(self)}
        return seal(student.key, json.dumps(text | {"reason": reason.strip()}, ensure_ascii=False), TEXT)


@dataclass(frozen=True, slots=True)
class Danger:
    """What whoever answers for safety is told: a sentence of its own, never the note's text."""

    categories: Sequence[str] = ()
    brief: str = ""


@transaction.atomic
def explain(actor: Actor, *, student: Student, client_id: UUID, how: str, understood: str) -> Explained:
    """What stays between the two was read, in the words that hold today; what the child made of it is noted."""
    user_id = require_keeper(actor, student)
    if how not in Explained.How.values:
        raise Refused(_("Please choose how it was told."), field="how")
    if understood not in Explained.Understood.values:
        raise Refused(_("Please choose what the child made of it."), field="understood")

    def make() -> Explained:
        made = Explained.objects.create(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            counsellor_id=user_id,
            version=words_for(student.school).number,
            how=how,
            understood=understood,
            at=clock.now(),
        )
        note(actor, "explain", made, version=made.version)
        return made

    return once(Explained.objects.filter(client_id=client_id, student=student).first, make)


@transaction.atomic
def weigh_roles(actor: Actor, *, student: Student, reason: str) -> DualRole | None:
    """The counsellor also teaches or looks after the child, and says why this talk is all the same in good hands."""
    user_id = require_keeper(actor, student)
    roles = second_roles(user_id, student)
    if not roles or roles_weighed(user_id, student, roles):
        return None
    if not reason.strip():
        raise Refused(_("Please write why you see the child all the same."), field="reason")
    made = DualRole.objects.create(
        school_id=student.school_id,
        student=student,
        counsellor_id=user_id,
        roles=roles,
        reason_sealed=seal(student.key, reason.strip(), DUAL_REASON),
        at=clock.now(),
    )
    note(actor, "dual-role", made, roles=roles)
    return made


@transaction.atomic
def write(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    told: Told,
    happened_at: datetime.datetime | None = None,
    minutes: int | None = None,
    appointment: Appointment | None = None,
    danger: Danger = Danger(),  # noqa: B008  # frozen
) -> Note:
    """Write down a talk for oneself alone. Words of danger, or the writer's own worry, raise a flag in the same step.

    Refused before the child has heard what stays between them, before a second role was weighed, for words that
    belong to a doctor, and for a moment that lies ahead.
    """
    user_id = require_keeper(actor, student)

    def make() -> Note:
        _may_write(user_id, student)
        told.check()
        no_diagnosis(brief=danger.brief)
        now = clock.now()
        if happened_at and happened_at > now:
            raise Refused(_("This moment lies ahead."), field="happened_at")
        if appointment is not None and appointment.state == Appointment.State.AGREED:
            took_place(actor, appointment=appointment)
        made = Note.objects.create(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            counsellor_id=user_id,
            appointment=appointment,
            happened_at=happened_at or (appointment.at if appointment else None) or now,
            recorded_at=now,
            minutes=minutes,
        )
        _version(made, 1, told)
        note(actor, "write", made)
        _look(actor, made, told, danger)
        return made

    same = Note.objects.filter(school_id=student.school_id, client_id=client_id, counsellor_id=user_id)
    return once(same.filter(student=student).first, make)


def _may_write(user_id: int, student: Student) -> None:
    if not understood(user_id, student):
        raise Refused(_("First tell the child what stays between you, and when not."), field="explain")
    roles = second_roles(user_id, student)
    if roles and not roles_weighed(user_id, student, roles):
        raise Refused(_("You also teach or look after this child: please weigh that first."), field="roles")


def _version(made: Note, number: int, told: Told, reason: str = "") -> None:
    NoteVersion.objects.create(
        school_id=made.school_id,
        note=made,
        number=number,
        at=clock.now(),
        text_sealed=told.sealed(made.student, reason),
    )


def _look(actor: Actor, made: Note, told: Told, danger: Danger) -> RiskFlag | None:
    """Ask somebody to look after the child today; what is told is the brief. Adults named in the note are passed by."""
    found = {one.category for one in danger_words(told.words)} | set(danger.categories)
    if not found and not danger.brief.strip():
        return None
    if not found:
        raise Refused(_("Choose what it is about."), field="categories")
    flag = raise_flag(
        actor,
        student=made.student,
        categories=found,
        source=(FROM_NOTE, made.pk),
        text=told.words,
        brief=danger.brief.strip()
        or _("Said in the counselling room; please ask the counsellor today what the child needs."),
        named_user_ids=kept_from(made.student, told.words) - {actor.user_id} if BY_PEOPLE & found else (),
    )
    made.flag = flag
    made.save(update_fields=["flag"])
    return flag


@transaction.atomic
def correct(actor: Actor, *, written: Note, after: int, told: Told, reason: str) -> Note:
    """A new version beside the old ones, by its writer. `after`: number of the version one has read."""
    user_id = require_keeper(actor, written.student)
    found: Note = held(Note.objects.visible_to(actor).filter(counsellor_id=user_id), written.pk)
    told.check()
    if not reason.strip():
        raise Refused(_("Please say why it is corrected."), field="reason")
    last = found.versions.latest("number")
    if text_of(found, last).answers == {
        field.name: getattr(told, field.name).strip() for field in fields(told)
    }:
        return found
    if last.number != after:
        raise Refused(_("This record was corrected in the meantime. Please look at it once more."))
    _version(found, last.number + 1, told, reason)
    note(actor, "correct", found, version=last.number + 1)
    _look(actor, found, told, Danger())
    return found


@transaction.atomic
def read(actor: Actor, *, written: Note) -> Note:
    """Reading leaves a row in the trail, also one's own."""
    actor.require("counselling.keep", school_id=written.school_id, student_id=written.student_id)
    found: Note = held(Note.objects.visible_to(actor), written.pk)
    note(actor, "read", found)
    return found


@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    student: Student,
    client_id: UUID,
    to: User,
    notes: Collection[Note],
    with_outside: bool = False,
) -> Handover:
    """Give a fellow counsellor these notes to read, and the appointments to come. The child is asked first."""
    user_id = require_keeper(actor, student)
    if to.pk == user_id or to not in counsellors(student.school):
        raise Refused(_("Choose a counsellor of this school."), field="to")
    own = Note.objects.filter(counsellor_id=user_id, student=student, pk__in=[one.pk for one in notes])
    if own.count() != len(notes):
        raise Refused(_("Only what you wrote yourself can be handed over."), field="notes")

    def make() -> Handover:
        made = Handover.objects.create(
            school_id=student.school_id,
            client_id=client_id,
            student=student,
            by_id=user_id,
            to=to,
            with_outside=with_outside,
            at=clock.now(),
        )
        made.notes.set(own)
        coming = Appointment.objects.agreed().filter(
            student=student, counsellor_id=user_id, at__gt=clock.now()
        )
        taken = Appointment.objects.agreed().filter(counsellor=to).values("at")
        moved = coming.exclude(at__in=list(taken.values_list("at", flat=True))).update(counsellor=to)
        note(actor, "hand-over", made, notes=len(notes), appointments=moved)
        return made

    return once(Handover.objects.filter(client_id=client_id, student=student, by_id=user_id).first, make)


@transaction.atomic
def take_handover_back(actor: Actor, *, handover: Handover) -> None:
    """From now on the notes are closed again to whoever had them handed over."""
    user_id = require_keeper(actor, handover.student)
    found = held(Handover.objects.visible_to(actor).filter(by_id=user_id), handover.pk)
    if found.ended_at is None:
        found.ended_at = clock.now()
        found.save(update_fields=["ended_at"])
        note(actor, "hand-over-back", found)
