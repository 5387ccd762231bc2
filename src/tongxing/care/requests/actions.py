"""The way of a request: taken on, tried, handed on, done, and whether it helped.

Who may act: whoever it stands with, and whoever may read it. Who may hand it on besides: those who see to it that
nothing is forgotten (`request.oversee`), also without reading it. Who says whether it helped: whoever asked, or the
holder with the child's own words.
"""

import datetime
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.contacts.rules import guardian_reached
from tongxing.ground.access.queries import actor_for
from tongxing.ground.files.actions import seal_anew
from tongxing.ground.kernel import clock, encryption
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Guardian, Staff, Student

from . import danger, ways
from .asking import code_index, words_of
from .log import record, step, tell_holder, text_of
from .models import STEP, TEXT, HelpRequest, RequestStep
from .queries import Step, steps_of

State, Kind, Helped, Door = HelpRequest.State, RequestStep.Kind, HelpRequest.Helped, HelpRequest.Door
LONGEST_NOTE = 1000


@transaction.atomic
def open_request(actor: Actor, *, request: HelpRequest) -> tuple[str, list[Step]]:
    """The words and the steps, for whoever reads them; a confidence is never opened without a row in the trail."""
    if not _reads(actor, request):
        raise NotAllowed("request.open")
    record(actor, "request.open", request)
    return words_of(request), steps_of(request)


@transaction.atomic
def open_for_safety(actor: Actor, *, request: HelpRequest) -> tuple[str, list[Step]]:
    """The same, for whoever looks after what tells of harm."""
    if not danger.may_look_after(actor, request):
        raise NotAllowed("request.open")
    record(actor, "request.open", request)
    return words_of(request), steps_of(request)


@transaction.atomic
def take_on(actor: Actor, *, request: HelpRequest, text: str = "") -> HelpRequest:
    """I see to it; `text` is what whoever asked reads."""
    request = _held(actor, request, State.ASKED, State.TAKEN)
    if request.holder_id == actor.user_id and request.state == State.TAKEN:
        return request
    request.holder_id, request.state = actor.user_id, State.TAKEN
    _answered(request)
    step(actor, request, Kind.TAKEN, text[:LONGEST_NOTE], told=True)
    record(actor, "request.take-on", request)
    return request


@transaction.atomic
def note_tried(actor: Actor, *, request: HelpRequest, text: str) -> HelpRequest:
    """What was tried. Whoever asked does not read it. Sent twice, it is noted once."""
    request = _held(actor, request, State.ASKED, State.TAKEN)
    if not text.strip():
        raise Refused(_("Please write what was tried."), field="text")
    last = request.steps.filter(kind=Kind.TRIED, by_id=actor.user_id).last()
    if last and text_of(last, request) == text.strip():
        return request
    _take_first(actor, request)
    _answered(request)
    step(actor, request, Kind.TRIED, text[:LONGEST_NOTE])
    record(actor, "request.try", request)
    _look_for_danger(actor, request, text)
    return request


@transaction.atomic
def hand_on(actor: Actor, *, request: HelpRequest, to: Staff, reason: str) -> HelpRequest:
    """A colleague goes on with it; only those from whom it is not kept can be chosen."""
    request = _held(actor, request, State.ASKED, State.TAKEN, reads=False)
    if not reason.strip():
        raise Refused(_("Please say why you hand it on."), field="text")
    if to.user_id == request.holder_id:
        raise Refused(_("It stands with this colleague already."), field="to")
    if not may_take(request, to):
        raise Refused(_("This colleague cannot take it."), field="to")
    request.holder_id, request.state = to.user_id, State.ASKED
    request.due_on = _next_day(request, answered=False)
    request.save(update_fields=["holder", "state", "due_on"])
    step(actor, request, Kind.HANDED_ON, reason[:LONGEST_NOTE], to=to.user)
    record(actor, "request.hand-on", request, to=to.user_id)
    tell_holder(request, again=f":{request.steps.count()}")
    return request


def may_take(request: HelpRequest, staff: Staff) -> bool:
    """Whether a colleague works here today, answers requests at all, and this one is not kept from them."""
    if staff.school_id != request.school_id or not staff.user.is_active:
        return False
    answers = actor_for(staff.user).may("request.answer", school_id=request.school_id)
    return answers and not request.kept_from.filter(pk=staff.user_id).exists()


@transaction.atomic
def solve(actor: Actor, *, request: HelpRequest, text: str) -> HelpRequest:
    """Done: whoever asked reads `text` and is asked whether it helped."""
    request = _held(actor, request, State.ASKED, State.TAKEN)
    if not text.strip():
        raise Refused(_("Please write a sentence for whoever asked."), field="text")
    _take_first(actor, request)
    request.state, request.solved_at, request.helped = State.SOLVED, clock.now(), Helped.NONE
    request.answered_at = request.answered_at or clock.now()
    request.save(update_fields=["state", "solved_at", "helped", "answered_at", "holder"])
    step(actor, request, Kind.SOLVED, text[:LONGEST_NOTE], told=True)
    record(actor, "request.solve", request)
    _look_for_danger(actor, request, text)
    return request


@transaction.atomic
def solve_not_yet(actor: Actor, *, request: HelpRequest) -> HelpRequest:
    """The way back from `solve`, a moment later."""
    request = _held(actor, request, State.SOLVED)
    last = request.steps.filter(kind=Kind.SOLVED).last()
    if last is None or last.by_id != actor.user_id:
        raise NotAllowed("request.solve-back")
    request.state, request.due_on = State.TAKEN, _next_day(request, answered=True)
    request.save(update_fields=["state", "due_on"])
    step(actor, request, Kind.AGAIN)
    record(actor, "request.solve-back", request)
    return request


@transaction.atomic
def say_whether_it_helped(
    actor: Actor, *, request: HelpRequest, helped: str, text: str = "", code: str = ""
) -> HelpRequest:
    """Yes and a little end it; not yet opens it again with the same colleague. `code`: of an asker without an account."""
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("key", "school", "holder")
    request = rows.get(pk=request.pk)
    if not _is_asker(actor, request, code) and not _reads(actor, request):
        raise NotAllowed("request.helped")
    if helped not in (Helped.YES, Helped.LITTLE, Helped.NOT_YET):
        raise Refused(_("Choose whether it helped."), field="helped")
    if request.state != State.SOLVED:
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    request.helped = helped
    if helped == Helped.NOT_YET:
        request.state, request.due_on = State.ASKED, _next_day(request, answered=False)
    else:
        request.state = State.DONE
    request.save(update_fields=["helped", "state", "due_on"])
    kind = Kind.AGAIN if helped == Helped.NOT_YET else Kind.HELPED
    step(actor, request, kind, text[:LONGEST_NOTE])
    record(actor, "request.helped", request, helped=helped)
    if helped == Helped.NOT_YET:
        tell_holder(request, again=f":{request.steps.count()}")
    _look_for_danger(actor, request, text)
    return request


@transaction.atomic
def name_child(actor: Actor, *, request: HelpRequest, student: Student) -> HelpRequest:
    """Whoever looks after an unsigned request has found out who wrote it: from now on it is sealed under that child's
    key, and what tells of harm goes the way of every flag."""
    if request.in_safety:
        request = danger.held(actor, request)
    else:
        request = _held(actor, request, State.ASKED, State.TAKEN)
    if request.student_id is not None:
        raise Refused(_("It is known already who this is about."))
    if student.school_id != request.school_id:
        raise NotAllowed("request.name")
    words = words_of(request)
    _seal_anew(request, student)
    request.student, request.school_class = student, None
    request.save(update_fields=["student", "school_class", "key", "text_sealed"])
    step(actor, request, Kind.NAMED)
    record(actor, "request.name", request, student=student.pk)
    if request.in_safety:
        danger.give_to_safety(actor, request, danger.categories_of(request.topic, words), words)
    return request


def _seal_anew(request: HelpRequest, student: Student) -> None:
    """Words, steps and files go under the child's key; the key they had is destroyed."""
    before, after = request.key, student.key
    request.text_sealed = encryption.seal(after, encryption.unseal(before, request.text_sealed, TEXT), TEXT)
    for one in request.steps.all():
        one.text_sealed = encryption.seal(after, encryption.unseal(before, one.text_sealed, STEP), STEP)
        one.save(update_fields=["text_sealed"])
    for kept in request.evidence.select_related("file"):
        seal_anew(kept.file, after)
    request.key = after
    encryption.destroy(before)


@transaction.atomic
def keep_as_record(actor: Actor, *, request: HelpRequest) -> Contact:
    """What was done becomes a record of the child, without typing it again. The child's own words stay here; what is
    private by its nature, or was asked past somebody, is for writer and counsellor alone."""
    request = _held(actor, request, State.SOLVED, State.DONE)
    if request.student is None:
        raise Refused(_("No child is named in this request."))
    if request.contact is not None:
        return request.contact
    done = request.steps.filter(kind__in=(Kind.TRIED, Kind.SOLVED), by_id=actor.user_id)
    words = "\n".join(filter(None, (text_of(one, request) for one in done)))
    if not words:
        raise Refused(_("Whoever did it keeps it as a record."))
    hidden = request.about.private or request.kept_from.exists()
    reached = _reached(request)
    told = Told(
        {
            "difficulties": _("Asked for help: %(topic)s") % {"topic": request.about.label},
            "improvement": words,
        }
        if reached == ["student"]
        else {"said": words},
        channel="in_person" if reached == ["student"] else "phone",
        reached=reached,
        happened_at=request.solved_at,
    )
    request.contact = write_contact(
        actor,
        student=request.student,
        client_id=uuid5(request.client_id, "record"),
        kind="talk" if reached == ["student"] else "call",
        told=told,
        visibility=Visibility.COUNSELLOR if hidden else Visibility.TEAM,
    )
    request.save(update_fields=["contact"])
    record(actor, "request.record", request, contact=request.contact.pk)
    return request.contact


def _reached(request: HelpRequest) -> list[str]:
    """The child, or the guardian who asked."""
    if request.door != Door.GUARDIAN:
        return ["student"]
    asker = Guardian.objects.filter(student=request.student, user=request.asked_by).first()
    if asker is None:
        return ["other"]
    away = bool(asker.away_place) or asker.lives_with is False
    return sorted(guardian_reached(asker.relation, order=asker.order, away=away))


def _look_for_danger(actor: Actor, request: HelpRequest, text: str) -> None:
    """Words written later pass the same look; what is found stands with safety from now on."""
    if categories := danger.categories_of("other", text):
        request.in_safety = True
        request.save(update_fields=["in_safety"])
        danger.give_to_safety(actor, request, categories, text)


def _held(actor: Actor, request: HelpRequest, *states: str, reads: bool = True) -> HelpRequest:
    """The request, locked, for somebody who may act on it; refused in a state it has left meanwhile."""
    rows = HelpRequest.objects.select_for_update(of=("self",))
    rows = rows.select_related("student__key", "key", "school", "school_class", "holder", "contact")
    seen = HelpRequest.objects.readable_by(actor) if reads else HelpRequest.objects.visible_to(actor)
    found = rows.filter(pk__in=seen.values("pk")).filter(pk=request.pk, in_safety=False).first()
    if found is None:
        raise NotAllowed("request.answer")
    if found.state not in states:
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    return found


def _reads(actor: Actor, request: HelpRequest) -> bool:
    mine = HelpRequest.objects.readable_by(actor)
    return not request.in_safety and mine.filter(pk=request.pk).exists()


def _is_asker(actor: Actor, request: HelpRequest, code: str) -> bool:
    if code:
        found = code_index(code)
        return bool(request.code_index) and found == request.code_index
    return actor.user_id is not None and actor.user_id == request.asked_by_id


def _take_first(actor: Actor, request: HelpRequest) -> None:
    """Whoever does something has it."""
    if actor.user_id is not None:
        request.holder_id = actor.user_id
    if request.state == State.ASKED:
        request.state = State.TAKEN


def _answered(request: HelpRequest) -> None:
    request.answered_at = request.answered_at or clock.now()
    request.due_on = _next_day(request, answered=True)
    request.save(update_fields=["holder", "state", "answered_at", "due_on"])


def _next_day(request: HelpRequest, *, answered: bool) -> datetime.date:
    pace = ways.rules_for(request.school).pace
    number = pace.step_days if answered else pace.until_answer(urgent=request.urgent)
    return ways.due_after(request.school, clock.today(), number)
