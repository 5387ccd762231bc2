"""Asking for help, by whichever door. One way in for all of them: `ask`.

Who may ask: a student about themselves and a guardian about a child (`request.ask`), a teacher for a child they see
(`request.for`), whoever opens a letter box for what lay in it, and anybody through an open door (`doors.py`).
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.accounts.start_codes import tidy
from tongxing.ground.kernel import clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import SchoolClass, Student

from . import danger, evidence, ways
from .log import record, step, tell_holder
from .models import TEXT, HelpRequest, LetterBox, RequestStep
from .topics import TOPICS, Reader

Door, Kind = HelpRequest.Door, RequestStep.Kind
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form tells. `without`: roles that shall not read it; `cannot_wait`: the asker says so; `signed`: a name as
    somebody wrote it, whom nobody has recognised; `on`: the day of the slip."""

    topic: str
    client_id: UUID
    text: str = ""
    without: Collection[str] = ()
    cannot_wait: bool = False
    signed: str = ""
    on: datetime.date | None = None
    files: Sequence[bytes] = field(default=(), repr=False)
    code: str = ""

    @property
    def once_id(self) -> UUID:
        """The same form with other words is another request: nobody's words are taken for what came before."""
        return uuid5(self.client_id, f"{self.topic}\0{self.text.strip()}")

    def signed_as(self, name: str, *, code: str) -> "Asked":
        return replace(self, signed=name, code=code)


def ask_oneself(actor: Actor, *, student: Student, asked: Asked) -> HelpRequest:
    """A student about themselves, a guardian about the child."""
    actor.require("request.ask", school_id=student.school_id, student_id=student.pk)
    own = any(
        scope.role == "student" and scope.reaches(student.school_id, student.pk) for scope in actor.scopes
    )
    return ask(actor, student.school, asked, door=Door.STUDENT if own else Door.GUARDIAN, student=student)


def ask_for(actor: Actor, *, student: Student, asked: Asked) -> HelpRequest:
    """A colleague for a child."""
    actor.require("request.for", school_id=student.school_id, student_id=student.pk)
    return ask(actor, student.school, asked, door=Door.TEACHER, student=student)


def key_in_slip(
    actor: Actor,
    *,
    box: LetterBox,
    asked: Asked,
    student: Student | None = None,
    school_class: SchoolClass | None = None,
) -> HelpRequest:
    """A slip from a box, keyed in by whoever opens it: of a named child, or unsigned of a class or of the school."""
    actor.require("request.answer", school_id=box.school_id)
    if not LetterBox.objects.visible_to(actor).filter(pk=box.pk).exists():
        actor.require("request.manage", school_id=box.school_id)
    if student is None and not asked.text.strip() and not asked.files:
        raise Refused(_("Please write down what stands on the slip."), field="text")
    return ask(actor, box.school, asked, door=Door.SLIP, student=student, school_class=school_class, box=box)


def ask(
    actor: Actor,
    school: Organisation,
    asked: Asked,
    *,
    door: str,
    student: Student | None = None,
    school_class: SchoolClass | None = None,
    box: LetterBox | None = None,
) -> HelpRequest:
    """Take a request in. The caller has asked whether this door is open to this actor."""
    if asked.topic not in TOPICS:
        raise Refused(_("Choose what it is about."), field="topic")
    if len(asked.text) > LONGEST:
        raise Refused(_("Please make it a little shorter: up to 1,000 signs."), field="text")
    if not set(asked.without) <= set(Reader.values):
        raise Refused(_("Choose who shall not read it."), field="without")
    today = clock.today()
    if asked.on and asked.on > today:
        raise Refused(_("This day is still to come."), field="on")
    request = HelpRequest(
        school=school,
        client_id=asked.once_id,
        student=student,
        school_class=None if student else school_class,
        door=door,
        box=box,
        topic=asked.topic,
        urgent=TOPICS[asked.topic].urgent or asked.cannot_wait,
        asked_on=asked.on or today,
        asked_by_id=actor.user_id if door != Door.SLIP else None,
        recorded_at=clock.now(),
        code_index=code_index(asked.code),
    )
    return once(lambda: _sent_before(request), lambda: _take_in(actor, request, asked))


def _sent_before(request: HelpRequest) -> HelpRequest | None:
    return HelpRequest.objects.filter(school_id=request.school_id, client_id=request.client_id).first()


@transaction.atomic
def _take_in(actor: Actor, request: HelpRequest, asked: Asked) -> HelpRequest:
    request.key = request.student.key if request.student else _own_key()
    words = "\n".join(filter(None, [asked.text.strip(), asked.signed and _("Signed: %s") % asked.signed]))
    request.text_sealed = encryption.seal(request.key, words, TEXT)
    near = ways.people_near(request.school, student=request.student, school_class=request.school_class)
    past = {user.pk for role in asked.without for user in near.by_role.get(role, ())}
    categories = danger.categories_of(request.topic, words)
    pace = ways.rules_for(request.school).pace
    request.urgent = request.urgent or bool(categories)
    request.due_on = ways.due_after(request.school, clock.today(), pace.until_answer(urgent=request.urgent))
    if categories:
        request.in_safety = True
    else:
        found = ways.routed(request.school, request.topic, near, without=asked.without, kept_from=past)
        ways.put_on_way(request, found)
    request.save(force_insert=True)
    request.kept_from.set(past)
    step(actor, request, Kind.ASKED)
    evidence.add(actor, request, asked.files)
    record(actor, "request.ask", request, topic=request.topic, door=request.door)
    if categories:
        danger.give_to_safety(actor, request, categories, words)
    else:
        tell_holder(request)
    return request


def _own_key() -> SubjectKey:
    """A request in which no child is named has a key of its own, given up once the child is known."""
    key = encryption.new_key()
    key.save()
    return key


def words_of(request: HelpRequest) -> str:
    """What was asked, opened; whoever calls this has asked `readable_by`, or answers its flag."""
    return encryption.unseal(request.key, request.text_sealed, TEXT)


def code_index(code: str) -> str:
    """What is kept of an asker's code; empty stays empty."""
    return encryption.blind_index(tidy(code), "requests_helprequest.code")
