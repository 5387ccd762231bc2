"""Raising a flag for a child's safety, taking it on, doing something, closing it, looking at it again.

Who may raise: whoever writes records, about any student of the school. Who may answer: whoever holds
`safety.respond` and is not named in it. Who may name the responders: the head.
"""

import datetime
import json
from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import audit, clock, encryption
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Student

from . import rules
from .models import SAID, TEXT, FlagStep, RiskFlag
from .queries import answers_still, kept_from, line, said

Kind, State, Outcome = FlagStep.Kind, RiskFlag.State, RiskFlag.Outcome
ASKING = gettext_lazy("A child may need somebody today. Please open this and take it on.")
HEAD_TOLD = gettext_lazy(
    "A child may need somebody today. The responder has been asked; you are told as head."
)


def look_for_danger(
    actor: Actor, *, student: Student, text: str, source: tuple[str, int] | None = None
) -> RiskFlag | None:
    """Whatever is written about a child passes here: words of danger ask somebody to look after the child today.

    `source`: the record that keeps the text; without one the flag keeps it, and the same words by the same
    person on the same day are one flag. A guardian holds no right to raise flags; what one writes counts all the same.
    """
    found = rules.danger_words(text)
    if not found:
        return None
    same = f"{actor.user_id} {student.pk} {clock.today()} {text.strip()}"
    return raise_flag(
        actor if actor.may("safety.raise", school_id=student.school_id) else SYSTEM,
        student=student,
        categories={danger.category for danger in found},
        source=source,
        words=[danger.words for danger in found],
        text=text,
        client_id=None if source else UUID(hex=encryption.blind_index(same, SAID)),
    )


@transaction.atomic
def raise_flag(
    actor: Actor,
    *,
    student: Student,
    categories: Collection[str],
    source: tuple[str, int] | None = None,
    words: Sequence[str] = (),
    text: str = "",
    brief: str = "",
    named_user_ids: Collection[int] = (),
    client_id: UUID | None = None,
) -> RiskFlag:
    """Ask somebody to look after a child today. `text`: what was written, searched for adults it names.

    `brief`: what whoever answers is told where the text itself stays closed to them. `named_user_ids`: adults it is
    about, chosen by the writer. The same source again adds to its open flag.
    """
    actor.require("safety.raise", school_id=student.school_id)
    if not categories or not set(categories) <= set(rules.CATEGORIES):
        raise Refused(_("Choose what it is about."), field="categories")
    if source is None and not text.strip():
        raise Refused(_("Please write what you saw or heard, in one sentence."), field="text")
    chosen = rules.in_order(categories)
    past = set(named_user_ids)
    if not rules.BY_PEOPLE.isdisjoint(chosen):
        past |= kept_from(student, text)
    if source and (found := _open_from(source)):
        return _add(actor, found, chosen, words, past)
    flag = RiskFlag(
        school=student.school,
        client_id=client_id or uuid4(),
        student=student,
        categories=chosen,
        source_kind=source[0] if source else "",
        source_id=source[1] if source else None,
        raised_at=clock.now(),
        raised_by_id=actor.user_id,
        said_sealed=_said(student, words, brief if source else text.strip()),
    )
    return once(lambda: _sent_before(flag), lambda: _raised(actor, flag, past))


def _sent_before(flag: RiskFlag) -> RiskFlag | None:
    return RiskFlag.objects.filter(school_id=flag.school_id, client_id=flag.client_id).first()


def _raised(actor: Actor, flag: RiskFlag, past: set[int]) -> RiskFlag:
    flag.save(force_insert=True)
    flag.kept_from.set(past)
    _step(actor, flag, Kind.RAISED)
    audit.record(actor, "safety.raise", **_subject(flag))
    _ask(flag)
    return flag


def _open_from(source: tuple[str, int]) -> RiskFlag | None:
    flags = RiskFlag.objects.filter(source_kind=source[0], source_id=source[1])
    held = flags.filter(state__in=(State.RAISED, State.TAKEN)).select_for_update(of=("self",))
    return held.select_related("student__key", "school").order_by("-pk").first()


def _add(
    actor: Actor, flag: RiskFlag, categories: list[str], words: Sequence[str], past: set[int]
) -> RiskFlag:
    """The same record says more than before; words and people that are known add nothing.

    Somebody who is named now lets go of it, and the others are asked anew.
    """
    before = said(flag)
    known = [word for word in before["words"].split("、") if word]
    named = past - set(flag.kept_from.values_list("pk", flat=True))
    if set(words) <= set(known) and set(categories) <= set(flag.categories) and not named:
        return flag
    again = ""
    if flag.responder_id in named:
        flag.state, flag.responder_id, again = State.RAISED, None, f"+{flag.responder_id}"
    flag.categories = rules.in_order({*flag.categories, *categories})
    flag.said_sealed = _said(flag.student, list(dict.fromkeys([*known, *words])), before["note"])
    flag.save(update_fields=["categories", "said_sealed", "state", "responder"])
    flag.kept_from.add(*past)
    _step(actor, flag, Kind.ADDED)
    audit.record(actor, "safety.raise", **_subject(flag), detail={"more": True})
    _ask(flag, again=again)
    return flag


@transaction.atomic
def take_on(actor: Actor, *, flag: RiskFlag) -> RiskFlag:
    """I look after it; also from somebody who had taken it on before."""
    flag = _held(actor, flag, State.RAISED, State.TAKEN)
    if flag.responder_id == actor.user_id and flag.state == State.TAKEN:
        return flag
    flag.state, flag.responder_id = State.TAKEN, actor.user_id
    flag.save(update_fields=["state", "responder"])
    _step(actor, flag, Kind.TAKEN)
    audit.record(actor, "safety.take-on", **_subject(flag))
    return flag


@transaction.atomic
def note_step(actor: Actor, *, flag: RiskFlag, text: str) -> RiskFlag:
    """What was done. Sent twice, it is noted once."""
    flag = _held(actor, flag, State.TAKEN)
    if not text.strip():
        raise Refused(_("Please write what was done."), field="text")
    last = flag.steps.filter(kind=Kind.MEASURE, by_id=actor.user_id).last()
    if last and encryption.unseal(flag.student.key, last.text_sealed, TEXT) == text.strip():
        return flag
    _step(actor, flag, Kind.MEASURE, text)
    audit.record(actor, "safety.note", **_subject(flag))
    return flag


@transaction.atomic
def close(actor: Actor, *, flag: RiskFlag, outcome: str, reason: str) -> RiskFlag:
    """Close a flag, saying why; somebody else looks at it again. What nobody took on can only be a false alarm."""
    flag = _held(actor, flag, State.RAISED, State.TAKEN)
    if outcome not in Outcome.values or not outcome:
        raise Refused(_("Choose how it ended."), field="outcome")
    if not reason.strip():
        raise Refused(_("Please say why it can be closed."), field="reason")
    if flag.state == State.RAISED and outcome != Outcome.FALSE_ALARM:
        raise Refused(_("Please take it on first."), field="outcome")
    flag.state, flag.outcome, flag.closed_by_id = State.CLOSED, outcome, actor.user_id
    flag.save(update_fields=["state", "outcome", "closed_by"])
    _step(actor, flag, Kind.CLOSED, reason)
    audit.record(actor, "safety.close", **_subject(flag), detail={"outcome": outcome})
    return flag


@transaction.atomic
def sign_off(actor: Actor, *, flag: RiskFlag) -> RiskFlag:
    """A second person has looked at how it was closed, and agrees."""
    flag = _held(actor, flag, State.CLOSED)
    if flag.closed_by_id == actor.user_id:
        raise Refused(_("Somebody else looks at it again: you have closed it yourself."))
    flag.state = State.DONE
    flag.save(update_fields=["state"])
    _step(actor, flag, Kind.SIGNED)
    audit.record(actor, "safety.sign-off", **_subject(flag))
    return flag


@transaction.atomic
def take_up_again(actor: Actor, *, flag: RiskFlag, reason: str) -> RiskFlag:
    """It is not over: a closed flag is open again, for whoever takes it up."""
    flag = _held(actor, flag, State.CLOSED, State.DONE)
    if not reason.strip():
        raise Refused(_("Please say what is still open."), field="reason")
    flag.state, flag.outcome, flag.closed_by_id = State.TAKEN, "", None
    flag.responder_id = actor.user_id
    flag.save(update_fields=["state", "outcome", "closed_by", "responder"])
    _step(actor, flag, Kind.SENT_BACK, reason)
    audit.record(actor, "safety.take-up", **_subject(flag))
    return flag


@transaction.atomic
def note_opened(actor: Actor, *, flag: RiskFlag) -> RiskFlag:
    """Danger to safety is the one exception: whoever answers opens the record it came from, and that is noted."""
    flag = _held(actor, flag, *State)
    if flag.source_id is None:
        raise Refused(_("This was raised by hand; there is no record behind it."))
    _step(actor, flag, Kind.OPENED)
    audit.record(actor, "safety.open", **_subject(flag), detail={flag.source_kind: flag.source_id})
    return flag


@transaction.atomic
def escalate(actor: Actor, *, flag: RiskFlag, seen: int) -> RiskFlag:
    """Ask the next in line as well, at once. `seen`: the level one was shown; sent twice, it goes up by one."""
    flag = _held(actor, flag, State.RAISED, State.TAKEN)
    if flag.level > seen:
        return flag
    return _up_to(actor, flag, flag.level + 1)


def ask_next_in_line(now: datetime.datetime) -> dict[str, int]:
    """Ask the deputy, then the head, about flags that nobody took on in time; ask all of them again every morning.

    What somebody took on who answers no longer waits again. Safe to run at any moment and again: what was asked is
    not asked twice. Returns how many were let go, went up and were told again.
    """
    let_go = up = again = 0
    waiting = RiskFlag.objects.filter(state__in=(State.RAISED, State.TAKEN)).order_by("pk")
    for pk in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            flag = _held(SYSTEM, RiskFlag(pk=pk), *State)
            if flag.state == State.TAKEN and not answers_still(flag):
                _let_go(flag, now)
                let_go += 1
            if flag.state != State.RAISED:
                continue
            if (due := rules.level_due(flag.raised_at, now)) > flag.level:
                _up_to(SYSTEM, flag, due)
                up += 1
            if morning := rules.asked_again_on(flag.raised_at, now):
                again += _ask(flag, again=morning.isoformat())
    return {"let_go": let_go, "up": up, "again": again}


def _let_go(flag: RiskFlag, now: datetime.datetime) -> None:
    """Whoever looked after it was replaced or left: it waits for somebody again, and all asked so far learn of it."""
    flag.state, flag.responder_id = State.RAISED, None
    flag.save(update_fields=["state", "responder"])
    _step(SYSTEM, flag, Kind.LET_GO)
    audit.record(SYSTEM, "safety.let-go", **_subject(flag))
    _ask(flag, again=f"-{now:%y%m%d%H%M%S}")


def _up_to(actor: Actor, flag: RiskFlag, level: int) -> RiskFlag:
    if flag.level >= 2:
        raise Refused(_("The head has been asked already."))
    flag.level = min(level, 2)
    flag.save(update_fields=["level"])
    _step(actor, flag, Kind.ASKED)
    audit.record(actor, "safety.escalate", **_subject(flag), detail={"level": flag.level})
    _ask(flag)
    return flag


def _ask(flag: RiskFlag, *, again: str = "") -> int:
    """A message to everybody asked so far; whoever had one gets no second, but a new one the morning `again`.

    It names nobody. Returns how many are asked.
    """
    past = frozenset(flag.kept_from.values_list("pk", flat=True))
    people = line(flag.school)
    asked = people.asked(flag.level, past)
    at_once = not again and not rules.HEAD_AT_ONCE.isdisjoint(flag.categories)
    told = [user for user in people.heads if user not in asked and user.pk not in past] if at_once else []
    for user, words, kind in [
        *((user, ASKING, f"asked{again}") for user in asked),
        *((user, HEAD_TOLD, "told") for user in told),
    ]:
        send(
            to=user,
            school=flag.school,
            code="safety.flag",
            subject=words,
            link=("safety-flag", [flag.pk]),
            key=f"safety.flag:{flag.pk}:{kind}",
            urgent=True,
        )
    return len(asked)


def _held(actor: Actor, flag: RiskFlag, *states: str) -> RiskFlag:
    """The flag, locked, for somebody who may answer it; refused in a state it has left meanwhile."""
    rows = RiskFlag.objects.visible_to(actor).select_for_update(of=("self",))
    held = rows.select_related("student__key", "school").filter(pk=flag.pk).first()
    if held is None:
        raise NotAllowed("safety.respond")
    if held.state not in states:
        raise Refused(_("This has changed in the meantime. Please look at it once more."))
    return held


def _step(actor: Actor, flag: RiskFlag, kind: str, text: str = "") -> None:
    FlagStep.objects.create(
        school=flag.school,
        flag=flag,
        kind=kind,
        at=clock.now(),
        by_id=actor.user_id,
        text_sealed=encryption.seal(flag.student.key, text.strip(), TEXT),
    )


def _said(student: Student, words: Sequence[str], note: str) -> bytes:
    text = json.dumps({"words": "、".join(words), "note": note}, ensure_ascii=False)
    return encryption.seal(student.key, text, SAID)


def _subject(flag: RiskFlag) -> dict:
    return {"school_id": flag.school_id, "subject": ("flag", flag.pk)}
