"""What tells of harm goes to those who answer for children's safety, past the class teacher and every adult it names.

A child is named: `care.safety` takes it in with all its steps. None is: it stands here with those who answer, until
they know who it is or have looked after it. Nobody takes it on in time: the next in line is asked, as for every flag.
"""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.safety import queries as safety
from tongxing.care.safety.actions import ASKING, raise_flag
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.rules import BY_PEOPLE, asked_again_on, danger_words, level_due
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.actions import send

from . import ways
from .log import record, step, tell_holder
from .models import HelpRequest, RequestStep
from .topics import TOPICS

Kind, State = RequestStep.Kind, HelpRequest.State
SOURCE = "request"
#: To whom the law asks us to report (未成年人保护法 11, 39, 40).
REPORT_TO = ("police", "bureau", "civil_affairs")


def categories_of(topic: str, text: str) -> set[str]:
    """What speaks of danger in a request; empty: nothing does."""
    found = {one.category for one in danger_words(text)}
    if TOPICS[topic].harm and not found & BY_PEOPLE:
        found.add("harm_by_others")
    return found


def give_to_safety(actor: Actor, request: HelpRequest, categories: Collection[str], text: str) -> None:
    """Ask those who answer for children's safety, today."""
    step(SYSTEM, request, Kind.SAFETY)
    if request.student is None:
        request.kept_from.add(*safety.kept_from_class(request.school, request.school_class, text))
        ask_those_who_answer(request)
        return
    flag = raise_flag(
        actor if actor.may("safety.raise", school_id=request.school_id) else SYSTEM,
        student=request.student,
        categories=categories,
        source=(SOURCE, request.pk),
        words=[one.words for one in danger_words(text)],
        text=text,
        named_user_ids=list(request.kept_from.values_list("pk", flat=True)),
    )
    request.kept_from.add(*flag.kept_from.values_list("pk", flat=True))


def ask_those_who_answer(request: HelpRequest, *, level: int = 0, again: str = "") -> int:
    """A message to everybody in line up to `level` from whom it is not kept; who had it gets no second."""
    past = frozenset(request.kept_from.values_list("pk", flat=True))
    asked = safety.line(request.school).asked(level, past)
    for user in asked:
        send(
            to=user,
            school=request.school,
            code="request.danger",
            subject=ASKING,
            link=("request-safety", [request.pk]),
            key=f"request.danger:{request.pk}{again}",
            urgent=True,
        )
    return len(asked)


def ask_next_in_line(now: datetime.datetime) -> int:
    """Requests without a name that nobody took on in time: the deputy, then the head, all again every morning.
    Safe to run again at any moment. Returns how many wait."""
    waiting = HelpRequest.objects.filter(in_safety=True, student=None, state=State.ASKED)
    for request in waiting.select_related("school"):
        morning = asked_again_on(request.recorded_at, now)
        again = f":{morning}" if morning else ""
        ask_those_who_answer(request, level=level_due(request.recorded_at, now), again=again)
    return len(waiting)


def flag_of(actor: Actor, request: HelpRequest) -> RiskFlag | None:
    """The flag this request has raised, for whoever answers it."""
    flags = RiskFlag.objects.visible_to(actor).filter(source_kind=SOURCE, source_id=request.pk)
    return flags.order_by("-pk").first()


def may_look_after(actor: Actor, request: HelpRequest) -> bool:
    """Whether this actor answers for what tells of harm: by the flag, or where no child is named by the office."""
    if not request.in_safety:
        return False
    if request.student_id:
        return flag_of(actor, request) is not None
    return HelpRequest.objects.visible_to(actor).filter(pk=request.pk).exists()


def held(actor: Actor, request: HelpRequest) -> HelpRequest:
    """The request, locked, for somebody who looks after it."""
    rows = HelpRequest.objects.select_for_update(of=("self",))
    found = rows.select_related("student__key", "key", "school", "school_class").get(pk=request.pk)
    if not may_look_after(actor, found):
        raise NotAllowed("safety.respond")
    return found


@transaction.atomic
def take_on(actor: Actor, *, request: HelpRequest) -> HelpRequest:
    """I look after this unsigned one."""
    request = held(actor, request)
    if request.student_id:
        raise Refused(_("This has a name: it is taken on under “Safety”."))
    if request.holder_id == actor.user_id and request.state == State.TAKEN:
        return request
    request.holder_id, request.state = actor.user_id, State.TAKEN
    request.answered_at = request.answered_at or clock.now()
    request.save(update_fields=["holder", "state", "answered_at"])
    step(actor, request, Kind.TAKEN)
    record(actor, "request.take-on", request)
    return request


@transaction.atomic
def note(actor: Actor, *, request: HelpRequest, text: str) -> HelpRequest:
    """What was done or found out, with day and name."""
    request = held(actor, request)
    if not text.strip():
        raise Refused(_("Please write what was done."), field="text")
    step(actor, request, Kind.TRIED, text)
    record(actor, "request.try", request)
    return request


@transaction.atomic
def note_report(actor: Actor, *, request: HelpRequest, to: str, text: str = "") -> HelpRequest:
    """That it was reported, and to whom; or why no report is owed (`to` empty)."""
    request = held(actor, request)
    if to and to not in REPORT_TO:
        raise Refused(_("Choose to whom it was reported."), field="to")
    if not to and not text.strip():
        raise Refused(_("Please say why no report is owed."), field="text")
    kind = Kind.REPORTED if to else Kind.NOT_REPORTED
    step(actor, request, kind, f"{to}\n{text.strip()}" if to else text)
    record(actor, "request.report", request, to=to or "none")
    return request


@transaction.atomic
def close(actor: Actor, *, request: HelpRequest, text: str) -> HelpRequest:
    """An unsigned one has been looked after; what that was is said. The report duty has been answered before."""
    request = held(actor, request)
    if request.student_id:
        raise Refused(_("This has a name: it is closed under “Safety”."))
    if not text.strip():
        raise Refused(_("Please say why it can be closed."), field="text")
    if not request.steps.filter(kind__in=(Kind.REPORTED, Kind.NOT_REPORTED)).exists():
        raise Refused(_("Please note first whether it was reported, or why not."), field="text")
    request.state, request.solved_at = State.DONE, clock.now()
    request.save(update_fields=["state", "solved_at"])
    step(actor, request, Kind.LOOKED_AFTER, text)
    record(actor, "request.close", request)
    return request


@transaction.atomic
def release(actor: Actor, *, request: HelpRequest, reason: str) -> HelpRequest:
    """No danger after all: it goes the ordinary way, still past everybody it was kept from. A named one only once its
    flag is closed as a false alarm."""
    request = held(actor, request)
    flag = flag_of(actor, request)
    if flag is not None and flag.outcome != RiskFlag.Outcome.FALSE_ALARM:
        raise Refused(_("First close it under “Safety” as a false alarm."))
    if not reason.strip():
        raise Refused(_("Please say why there is no danger."), field="text")
    near = ways.people_near(request.school, student=request.student, school_class=request.school_class)
    past = set(request.kept_from.values_list("pk", flat=True))
    topic = "other" if request.about.harm else request.topic
    ways.put_on_way(request, ways.routed(request.school, topic, near, kept_from=past))
    pace = ways.rules_for(request.school).pace
    request.in_safety, request.state, request.topic = False, State.ASKED, topic
    request.due_on = ways.due_after(request.school, clock.today(), pace.until_answer(urgent=request.urgent))
    request.save()
    step(actor, request, Kind.RELEASED, reason)
    record(actor, "request.release", request)
    tell_holder(request)
    return request
