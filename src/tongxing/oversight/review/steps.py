"""What the review decided to do next: noting it, saying that it is done, letting it go."""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff, Term

from .models import NextStep
from .models_feedback import MANAGE
from .models_steps import LINE

ASKED = gettext_lazy("The review of the term asks you to see to something.")


@transaction.atomic
def note(
    actor: Actor, *, term: Term, client_id: UUID, text: str, person: Staff, due_on: datetime.date
) -> NextStep:
    """One colleague and a day; it stands on that colleague's week and in the next term's plan."""
    actor.require(MANAGE, school_id=term.school_id)
    if actor.user_id is None:
        raise NotAllowed(MANAGE)
    user_id, text = actor.user_id, _line(text, "text")
    if person.school_id != term.school_id or not Staff.objects.active(clock.today()).filter(pk=person.pk):
        raise Refused(_("This colleague does not work here."), field="person")
    if due_on < clock.today():
        raise Refused(_("This day has passed. Choose a day to come."), field="due_on")
    found = NextStep.objects.filter(school=term.school, client_id=client_id)

    def noted() -> NextStep:
        made = NextStep.objects.create(
            school=term.school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(),
            term=term, text=text, person=person, due_on=due_on,
        )  # fmt: skip
        _log(actor, "step.note", made)
        if person.user_id != user_id:
            send(
                to=person.user, school=term.school, code="review.step", subject=ASKED,
                link=("next-step", [made.pk]), key=f"review.step:{made.pk}",
            )  # fmt: skip
        return made

    return once(found.first, noted)


@transaction.atomic
def see_to(actor: Actor, *, step: NextStep, words: str) -> None:
    """Done, with a line that shows it; by the colleague or whoever leads."""
    held = _open(actor, step)
    held.done_words, held.done_on, held.done_by_id = _line(words, "words"), clock.today(), actor.user_id
    held.save(update_fields=["done_words", "done_on", "done_by"])
    _log(actor, "step.done", held)


@transaction.atomic
def not_yet(actor: Actor, *, step: NextStep) -> None:
    """Said to be done by mistake; on the same day only."""
    held = _held(actor, step)
    if held.done_on is None:
        return
    if held.done_on < clock.today():
        raise Refused(_("It was done a while ago. Please decide it anew."))
    held.done_words, held.done_on, held.done_by = "", None, None
    held.save(update_fields=["done_words", "done_on", "done_by"])
    _log(actor, "step.not-yet", held)


@transaction.atomic
def let_go(actor: Actor, *, step: NextStep, reason: str) -> None:
    """Not needed any more; by whoever leads."""
    actor.require(MANAGE, school_id=step.school_id)
    held = _open(actor, step)
    held.end(actor.user_id, _line(reason, "reason"))
    _log(actor, "step.let-go", held)


def sees_to(actor: Actor, step: NextStep) -> bool:
    is_mine = actor.user_id is not None and step.person.user_id == actor.user_id
    return is_mine or actor.user_id is not None and actor.may(MANAGE, school_id=step.school_id)


def _open(actor: Actor, step: NextStep) -> NextStep:
    held = _held(actor, step)
    if held.ended_at is not None:
        raise Refused(_("This is not needed any more."))
    if held.done_on is not None:
        raise Refused(_("This is done already. Thank you."))
    return held


def _held(actor: Actor, step: NextStep) -> NextStep:
    held = NextStep.objects.select_for_update(of=("self",)).select_related("person").get(pk=step.pk)
    if not sees_to(actor, held):
        raise NotAllowed(MANAGE)
    return held


def _line(text: str, field: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise Refused(_("Please write it in a line."), field=field)
    if len(line) > LINE:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LINE}, field=field)
    return line


def _log(actor: Actor, action: str, step: NextStep) -> None:
    audit.record(actor, action, school_id=step.school_id, subject=("step", step.pk))
