"""A helper's own words about the term: saved for oneself, handed in when one likes, with the facts beside them."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Staff, Term
from tongxing.oversight.insight.own import own_figures

from .models import Reflection
from .models_reflection import TEXT, TEXT_AT

WRITE = "week.view"


@transaction.atomic
def save(actor: Actor, *, term: Term, text: str) -> Reflection:
    """Kept for oneself alone, as often as one likes; the trail says nothing of it before it is handed in."""
    staff, text = _own(actor, term), text.strip()
    if len(text) > TEXT:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": TEXT}, field="text")
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)  # two windows write one after the other
    held = Reflection.objects.filter(term=term, staff=staff).select_related("key").first()
    if held is None:
        held = Reflection(school=term.school, term=term, staff=staff, key=new_key())
        held.key.save()
    if held.handed_in_at is not None:
        raise Refused(_("This is handed in. Thank you!"))
    held.text_sealed, held.saved_at = seal(held.key, text, TEXT_AT), clock.now()
    held.save()
    return held


@transaction.atomic
def hand_in(actor: Actor, *, reflection: Reflection) -> None:
    """From now on those who lead read it, with the facts as they stand now."""
    held = _held(actor, reflection)
    if held.handed_in_at is not None:
        return
    if not held.text:
        raise Refused(_("Please write a few words first."), field="text")
    with translation.override(settings.LANGUAGE_CODE):  # they stay as they were, for every reader
        figures = own_figures(held.staff, held.term, clock.now())
    held.facts = [[one.label, one.value, one.definition] for one in figures.rows]
    held.handed_in_at = clock.now()
    held.save(update_fields=["facts", "handed_in_at"])
    _log(actor, "reflection.hand-in", held)


@transaction.atomic
def take_back(actor: Actor, *, reflection: Reflection) -> None:
    """Handed in too early a moment ago."""
    held = _held(actor, reflection)
    if held.handed_in_at is None:
        return
    if not is_recent(held.handed_in_at):
        raise Refused(_("It was handed in a while ago and has been read."))
    held.facts, held.handed_in_at = [], None
    held.save(update_fields=["facts", "handed_in_at"])
    _log(actor, "reflection.back", held)


def _own(actor: Actor, term: Term) -> Staff:
    actor.require(WRITE, school_id=term.school_id)
    staff = Staff.objects.filter(user=actor.user_id, school=term.school_id).first() if actor.user_id else None
    if staff is None:
        raise NotAllowed(WRITE)
    return staff


def _held(actor: Actor, reflection: Reflection) -> Reflection:
    rows = Reflection.objects.select_for_update(of=("self",)).select_related("staff", "term__school", "key")
    held = rows.get(pk=reflection.pk)
    if held.staff.user_id != actor.user_id or actor.user_id is None:
        raise NotAllowed(WRITE)
    return held


def _log(actor: Actor, action: str, reflection: Reflection) -> None:
    audit.record(actor, action, school_id=reflection.school_id, subject=("reflection", reflection.pk))
