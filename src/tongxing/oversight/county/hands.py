"""Asking the county for a hand, answering, and saying that it is done with."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.rules import danger_words
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once

from .models_hands import Hand
from .nameless import one_line, without_names
from .scoping import ANSWER, MANAGE, REASON
from .telling import tell

ASKED = gettext_lazy("A school asks for a hand.")
ANSWERED = gettext_lazy("The county has answered what the school asked for.")
MOST = 5  # standing at a time: more of them nobody answers


@transaction.atomic
def ask(actor: Actor, *, school: Organisation, client_id: UUID, kind: str, words: str) -> Hand:
    """The school says what it needs; the bureau finds it on its page and among its reminders."""
    user_id = _person(actor, ANSWER, school.pk)
    county = school.parent
    if county is None:
        raise Refused(_("No county bureau stands above this school yet."))
    if kind not in Hand.Kind:
        raise Refused(_("Please choose what is needed."), field="kind")
    words = without_names(
        one_line(words, "words", REASON, _("Please say in a sentence what would help.")), school, "words"
    )
    mine = Hand.objects.filter(school=school)

    def asked() -> Hand:
        if mine.standing().count() >= MOST:
            raise Refused(_("Five of these stand already. Please say first which are done with."))
        made = Hand.objects.create(
            school=school,
            client_id=client_id,
            entered_by_id=user_id,
            entered_at=clock.now(),
            kind=kind,
            words=words,
        )
        _log(actor, "county.hand", made)
        is_urgent = bool(danger_words(words))
        tell([county], ASKED, ("county", []), f"county.hand.{made.pk}", ability=MANAGE, urgent=is_urgent)
        return made

    return once(mine.filter(client_id=client_id).first, asked)


@transaction.atomic
def answer(actor: Actor, *, hand: Hand, words: str) -> Hand:
    """What the county will do, in a sentence; a later answer takes the place of an earlier one."""
    county_id = hand.school.parent_id
    user_id = _person(actor, MANAGE, county_id)
    found = _standing(hand)
    found.answer = one_line(words, "answer", REASON, _("Please say what the county will do."))
    found.answered_at, found.answered_by_id = clock.now(), user_id
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    _log(actor, "county.hand-answer", found)
    tell([found.school], ANSWERED, ("county-office", []), f"county.hand.{found.pk}.{clock.now().isoformat()}")
    return found


@transaction.atomic
def done(actor: Actor, *, hand: Hand) -> None:
    """The school says that it is done with, or no longer needed."""
    user_id = _person(actor, ANSWER, hand.school_id)
    found = _standing(hand)
    found.end(user_id, _("done with"))
    _log(actor, "county.hand-done", found)


@transaction.atomic
def not_done(actor: Actor, *, hand: Hand) -> None:
    """Said by mistake a moment ago: it stands again."""
    _person(actor, ANSWER, hand.school_id)
    found = Hand.objects.select_for_update(of=("self",)).get(pk=hand.pk)
    if found.ended_at is None:
        return
    found.end_no_more(_("This was a while ago. Please ask anew."))
    _log(actor, "county.hand-back", found)


def _standing(hand: Hand) -> Hand:
    found = Hand.objects.select_for_update(of=("self",)).select_related("school").get(pk=hand.pk)
    if found.ended_at is not None:
        raise Refused(_("The school has said meanwhile that it is done with."))
    return found


def _person(actor: Actor, ability: str, organisation: int | None) -> int:
    if organisation is None or actor.user_id is None:
        raise NotAllowed(ability)
    actor.require(ability, school_id=organisation)
    return actor.user_id


def _log(actor: Actor, action: str, hand: Hand) -> None:
    audit.record(
        actor, action, school_id=hand.school_id, subject=("hand", hand.pk), detail={"kind": hand.kind}
    )
