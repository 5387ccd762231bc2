"""Saying something to the school, with or without a name, and answering it for everybody to see."""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.rules import danger_words
from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import PUBLIC, Actor
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send

from .belonging import STAFFROOM
from .models_suggestions import ANSWER, ANSWERED_AT, REPLY, SAID_AT, TEXT, Suggestion

#: An answer is due within this time; where words of danger stand in it, the same day.
WITHIN = datetime.timedelta(days=7)
CAME = gettext_lazy("Somebody has written a suggestion. Please answer it by its day.")


@transaction.atomic
def say(actor: Actor, *, school: Organisation, client_id: UUID, text: str, signed: bool) -> Suggestion:
    """`signed` False: nothing of the writer is kept, and the trail names nobody."""
    actor.require(STAFFROOM, school_id=school.pk)
    text = text.strip()
    if not text:
        raise Refused(_("Please write what you would like to say."), field="text")
    if len(text) > TEXT:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": TEXT}, field="text")
    found = Suggestion.objects.filter(school=school, client_id=client_id)

    def said() -> Suggestion:
        key, today = new_key(), clock.today()
        key.save()
        made = Suggestion.objects.create(
            school=school, client_id=client_id, key=key, said_sealed=seal(key, text, SAID_AT), said_on=today,
            said_by_id=actor.user_id if signed else None,
            answer_by=today if danger_words(text) else today + WITHIN,
        )  # fmt: skip
        _log(actor if signed else PUBLIC, "suggestion.say", made)
        _tell_the_head(made)
        return made

    return once(found.first, said)


def _tell_the_head(made: Suggestion) -> None:
    heads = Grant.objects.on(clock.today()).filter(school=made.school, role=Role.HEAD, user__is_active=True)
    for held in heads.select_related("user").order_by("pk"):
        send(
            to=held.user, school=made.school, code="suggestion", subject=CAME, link=("suggestion", [made.pk]),
            key=f"suggestion.{made.pk}", urgent=made.answer_by == made.said_on,
        )  # fmt: skip


@transaction.atomic
def answer(actor: Actor, *, suggestion: Suggestion, text: str, shows_words: bool) -> None:
    """The answer stands for every colleague; the words beside it only with `shows_words`."""
    held, text = _held(actor, suggestion), text.strip()
    if held.answered_at is not None:
        raise Refused(_("This is answered already."))
    if not text:
        raise Refused(_("Please write the answer."), field="answer")
    if len(text) > REPLY:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": REPLY}, field="answer")
    held.answer_sealed, held.shows_words = seal(held.key, text, ANSWERED_AT), shows_words
    held.answered_at, held.answered_by_id = clock.now(), actor.user_id
    held.save(update_fields=["answer_sealed", "shows_words", "answered_at", "answered_by"])
    _log(actor, "suggestion.answer", held)


@transaction.atomic
def take_answer_back(actor: Actor, *, suggestion: Suggestion) -> None:
    """Answered too early a moment ago."""
    held = _held(actor, suggestion)
    if held.answered_at is None:
        return
    if not is_recent(held.answered_at):
        raise Refused(_("It was answered a while ago, and colleagues have read it."))
    held.answer_sealed, held.shows_words, held.answered_at, held.answered_by = b"", False, None, None
    held.save(update_fields=["answer_sealed", "shows_words", "answered_at", "answered_by"])
    _log(actor, "suggestion.answer-back", held)


def _held(actor: Actor, suggestion: Suggestion) -> Suggestion:
    actor.require(ANSWER, school_id=suggestion.school_id)
    if actor.user_id is None:
        raise NotAllowed(ANSWER)
    return Suggestion.objects.select_for_update(of=("self",)).select_related("key").get(pk=suggestion.pk)


def _log(actor: Actor, action: str, suggestion: Suggestion) -> None:
    subject = ("suggestion", suggestion.pk)
    audit.record(actor, action, school_id=suggestion.school_id, subject=subject)
