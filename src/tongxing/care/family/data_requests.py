"""A guardian asks about what is stored; the school answers in writing, with the reason, until the day it promised."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student

from . import rules, telling
from .messages import check_text, log, own_guardian
from .models import ANSWER, ANSWERS, ASKED, DataRequest

HEARD = gettext_lazy("A family asks about what is stored. It waits for an answer in writing.")
Kind, Outcome = DataRequest.Kind, DataRequest.Outcome


@transaction.atomic
def ask(actor: Actor, *, student: Student, kind: str, text: str, client_id: uuid.UUID) -> DataRequest:
    """A guardian asks; `student` with its key and school."""
    own_guardian(actor, student)
    if kind not in Kind:
        raise Refused(_("Please choose what you ask for."), field="kind")
    text = check_text(text)
    return once(
        lambda: DataRequest.objects.filter(client_id=client_id, student=student).first(),
        lambda: _asked(actor, student, kind, text, client_id),
    )


def _asked(actor: Actor, student: Student, kind: str, text: str, client_id: uuid.UUID) -> DataRequest:
    asked = DataRequest.objects.create(
        school_id=student.school_id,
        student=student,
        kind=kind,
        asked_sealed=seal(student.key, text, ASKED),
        asked_by_id=actor.user_id or 0,
        asked_at=clock.now(),
        due_on=rules.due_on(clock.today()),
        client_id=client_id,
    )
    log(actor, "family.ask-data", student, {"request": asked.pk, "kind": kind})
    link = ("data-request", [asked.pk])
    telling.tell(telling.coordinators(student), student, HEARD, link, f"family.request:{asked.pk}")
    look_for_danger(actor, student=student, text=text)
    return asked


@transaction.atomic
def answer(actor: Actor, *, request: DataRequest, outcome: str, text: str) -> None:
    """The school's answer; it is written once and stays."""
    actor.require(ANSWERS, school_id=request.school_id, student_id=request.student_id)
    held = DataRequest.objects.select_for_update(of=("self",)).select_related("student__key")
    request = held.get(pk=request.pk)
    if outcome not in Outcome:
        raise Refused(_("Please choose what came of it."), field="outcome")
    text = check_text(text)
    if request.answered_at is not None:
        if unseal(request.student.key, request.answer_sealed, ANSWER) == text:
            return  # a second tap
        raise Refused(_("This has been answered already. The answer stands below."))
    request.outcome, request.answered_at, request.answered_by_id = outcome, clock.now(), actor.user_id
    request.answer_sealed = seal(request.student.key, text, ANSWER)
    request.save(update_fields=["outcome", "answered_at", "answered_by", "answer_sealed"])
    log(actor, "family.answer-data", request.student, {"request": request.pk, "outcome": outcome})


@dataclass(frozen=True, slots=True)
class Opened:
    """A request with its words and the answer."""

    request: DataRequest
    asked: str
    answer: str


def opened(request: DataRequest) -> Opened:
    """`request` as `visible_to` found it, with its student's key."""
    key = request.student.key
    return Opened(
        request, unseal(key, request.asked_sealed, ASKED), unseal(key, request.answer_sealed, ANSWER)
    )


def requests_of(actor: Actor, student: Student) -> list[Opened]:
    """What this guardian asked about this child, the newest first. One query."""
    found = DataRequest.objects.visible_to(actor).filter(student=student).select_related("student__key")
    return [opened(one) for one in found.order_by("-asked_at", "-pk")]
