"""Opening the round, a family's answer, slips on paper, and reading what came once it is safe to."""

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.queries import kept_from_class, line
from tongxing.care.safety.rules import danger_words
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index, new_key, seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Term

from . import rules
from .models import FeedbackRound, FeedbackWords, SlipBatch
from .models_feedback import FAMILY, MANAGE, QUESTION, SAID_AT, WORDS
from .names import without_names

RESPOND = "safety.respond"
ASKED = (
    gettext_lazy("Do you feel that a teacher knows your child and cares?"),
    gettext_lazy("When you look for the school, does somebody answer soon?"),
    gettext_lazy("Does the school’s help make a difference for your child?"),
)
ALARM = gettext_lazy("Words in the families’ feedback speak of danger. Please read them today.")


@transaction.atomic
def open_round(
    actor: Actor, *, term: Term, client_id: UUID, questions: Sequence[str], last_day: datetime.date
) -> FeedbackRound:
    """Three questions of the school's own wording, until a day of the term; once a term."""
    user_id = _leads(actor, term.school)
    asked = [" ".join(one.split()) for one in questions]
    if len(asked) != rules.QUESTIONS or not all(asked):
        raise Refused(_("Please write all three questions."), field="question_1")
    if any(len(one) > QUESTION for one in asked):
        raise Refused(_("Please keep to %(n)s characters.") % {"n": QUESTION}, field="question_1")
    if last_day < clock.today():
        raise Refused(_("This day has passed. Choose a day to come."), field="last_day")
    Term.objects.select_for_update(no_key=True).get(pk=term.pk)  # a second click waits and finds the first
    found = FeedbackRound.objects.filter(school=term.school, client_id=client_id)

    def opened() -> FeedbackRound:
        if FeedbackRound.objects.filter(term=term).exists():
            raise Refused(_("The families were asked this term already."))
        key = new_key()
        key.save()
        made = FeedbackRound.objects.create(
            school=term.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            term=term, key=key, questions=asked, last_day=last_day,
        )  # fmt: skip
        _log(actor, "feedback.open", made)
        return made

    return once(found.first, opened)


@transaction.atomic
def change_last_day(actor: Actor, *, round: FeedbackRound, last_day: datetime.date) -> None:
    """Longer, or over from tomorrow; a round that is over is not opened again, since its words were read."""
    _leads(actor, round.school)
    held = _held(round)
    if held.is_over(clock.today()):
        raise Refused(_("This round is over. The next term has its own."))
    if last_day < clock.today():
        raise Refused(_("This day has passed. Choose a day to come."), field="last_day")
    held.last_day = last_day
    held.save(update_fields=["last_day"])
    _log(actor, "feedback.last-day", held)


@transaction.atomic
def answer(actor: Actor, *, round: FeedbackRound, choices: Sequence[str], words: str = "") -> None:
    """One family's answer: added to the sums. The trail has no entry of it, for an entry has its moment."""
    actor.require(FAMILY, school_id=round.school_id)
    if actor.user_id is None:
        raise NotAllowed(FAMILY)
    held, words = _held(round), words.strip()
    if held.is_over(clock.today()):
        raise Refused(_("The questions of this term are over. Thank you all the same."))
    if len(choices) != rules.QUESTIONS or any(one not in rules.CHOICES for one in choices):
        raise Refused(_("Please tap an answer to each question; “I cannot say” is one, too."))
    if len(words) > WORDS:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": WORDS}, field="words")
    mark = mark_of(held, actor.user_id)
    if mark in held.answered:
        raise Refused(_("You have answered already. Thank you!"))
    held.answered = sorted([*held.answered, mark])
    _count(held, 1, rules.as_tally(choices), [words])


def mark_of(round: FeedbackRound, user_id: int) -> str:
    return blind_index(f"{round.pk} {user_id}", "review_feedbackround.answered")


@transaction.atomic
def enter_slips(
    actor: Actor,
    *,
    round: FeedbackRound,
    client_id: UUID,
    slips: int,
    tally: rules.Tally,
    words: Sequence[str],
) -> SlipBatch:
    """Slips from the box, counted by question; two people open it and count, as with any box."""
    user_id, held = _leads(actor, round.school), _held(round)
    found = SlipBatch.objects.filter(school=round.school, client_id=client_id)
    if not rules.fits(tally, slips):
        raise Refused(_("A question has more ticks than there are slips. Please count again."), field="slips")
    if any(len(one) > WORDS for one in words):
        raise Refused(_("Please keep to %(n)s characters.") % {"n": WORDS}, field="words")

    def entered() -> SlipBatch:
        if held.is_over(clock.today()):
            raise Refused(_("This round is over. The next term has its own."))
        made = SlipBatch.objects.create(
            school=held.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            round=held, slips=slips,
        )  # fmt: skip
        held.on_paper += slips
        _count(held, slips, tally, words)
        _log(actor, "feedback.slips", held, slips=slips)
        return made

    return once(found.first, entered)


def _count(held: FeedbackRound, answers: int, tally: rules.Tally, words: Sequence[str]) -> None:
    held.answers += answers
    held.tally = rules.added(held.tally, tally)
    held.save(update_fields=["answers", "on_paper", "tally", "answered"])
    for said in filter(None, (one.strip() for one in words)):
        _put_among(held, said)


def _put_among(held: FeedbackRound, said: str) -> None:
    """At a random place, the words that stood there moving to the end (inside-out shuffle): every order is equally likely."""
    last, alarms = held.words.count(), bool(danger_words(said))
    place = secrets.randbelow(last + 1)
    made = FeedbackWords(school_id=held.school_id, round=held, place=last, alarms=alarms)
    made.said_sealed = seal(held.key, said, SAID_AT)
    if place != last:
        there = held.words.get(place=place)
        there.said_sealed, made.said_sealed = made.said_sealed, there.said_sealed
        there.alarms, made.alarms = alarms, there.alarms
        there.save(update_fields=["said_sealed", "alarms"])
    made.save()
    if alarms:
        _alarm(held, said)


def _alarm(held: FeedbackRound, said: str) -> None:
    """Nobody is named here as a child, so no flag can be raised: whoever answers for safety reads it today."""
    past = frozenset(kept_from_class(held.school, None, said))
    for user in line(held.school).asked(0, past):
        send(
            to=user, school=held.school, code="feedback.alarm", subject=ALARM,
            link=("feedback-alarms", [held.pk]), key=f"feedback.alarm:{held.pk}:{clock.today()}", urgent=True,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """`rows`: (question, (choice, how many) …); `held_back`: words only whoever answers for safety reads."""

    answers: int
    on_paper: int
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    words: tuple[str, ...]
    held_back: int


def result(actor: Actor, round: FeedbackRound) -> Result | None:
    """What the families said; None while the round runs, or below ten answers."""
    actor.require(MANAGE, school_id=round.school_id)
    if not rules.is_shown(round.answers, round.is_over(clock.today())):
        return None
    texts = [(unseal(round.key, one.said_sealed, SAID_AT), one.alarms) for one in round.words.all()]
    said = without_names(round.school, [text for text, alarms in texts if not alarms])
    secrets.SystemRandom().shuffle(said)
    rows = tuple(
        (question, tuple(zip(rules.CHOICES, counts, strict=True)))
        for question, counts in zip(round.questions, round.tally, strict=True)
    )
    return Result(round.answers, round.on_paper, rows, tuple(said), len(texts) - len(said))


@transaction.atomic
def alarms(actor: Actor, round: FeedbackRound) -> list[str]:
    """Words that speak of danger, at once and as they were written, without those that name the reader."""
    actor.require(RESPOND, school_id=round.school_id)
    texts = [unseal(round.key, one.said_sealed, SAID_AT) for one in round.words.filter(alarms=True)]
    mine = [one for one in texts if actor.user_id not in kept_from_class(round.school, None, one)]
    if mine:
        _log(actor, "feedback.alarms", round, words=len(mine))
    return mine


def _leads(actor: Actor, school: Organisation) -> int:
    actor.require(MANAGE, school_id=school.pk)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    return actor.user_id


def _held(round: FeedbackRound) -> FeedbackRound:
    rows = FeedbackRound.objects.select_for_update(of=("self",)).select_related("school", "key")
    return rows.get(pk=round.pk)


def _log(actor: Actor, action: str, round: FeedbackRound, **detail: int) -> None:
    audit.record(actor, action, school_id=round.school_id, subject=("feedback", round.pk), detail=detail)
