"""Who may do what with an offer or an event: whoever leads it, and whoever manages activities in the school."""

from django.utils.translation import gettext as _

from tongxing.care.pairing.models import Volunteer
from tongxing.care.pairing.proxies import check_ready
from tongxing.care.safety.rules import danger_words
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Staff

from .models import Event, Offer

VIEW = "activity.view"
MANAGE = "activity.manage"
#: Staff for their students.
SIGN_UP = "activity.sign_up"
#: A student for oneself.
WISH = "activity.wish"
#: A guardian for the own child.
FOLLOW = "activity.follow"
#: A class teacher for the own class.
HOLD = "activity.hold"


def leads(actor: Actor, offer: Offer) -> bool:
    """`offer`: with its leader."""
    own = actor.may(VIEW, school_id=offer.school_id) and offer.leader.user_id == actor.user_id
    return own or actor.may(MANAGE, school_id=offer.school_id)


def holds(actor: Actor, event: Event) -> bool:
    """`event`: with its leader and its offer's."""
    if event.offer is not None and leads(actor, event.offer):
        return True
    own = actor.may(VIEW, school_id=event.school_id) and event.leader.user_id == actor.user_id
    return own or actor.may(MANAGE, school_id=event.school_id)


def require_leads(actor: Actor, offer: Offer) -> None:
    if not leads(actor, offer):
        raise NotAllowed(MANAGE)


def require_holds(actor: Actor, event: Event) -> None:
    if not holds(actor, event):
        raise NotAllowed(HOLD)


def check_adult(staff: Staff | Volunteer, *, school_id: int, field: str) -> None:
    """An adult near children: of this school, there today, the offence record checked (未成年人保护法 62)."""
    if staff.school_id != school_id:
        raise Refused(_("This belongs to another school."), field=field)
    if isinstance(staff, Volunteer):
        check_ready(staff, field=field)
        return
    if not Staff.objects.active(clock.today()).filter(pk=staff.pk).exists():
        raise Refused(_("%(name)s does not work here any more.") % {"name": staff.name}, field=field)
    if staff.offence_check_on is None:
        raise Refused(
            _("For %(name)s the offence-record check is not noted yet. Nobody starts with children before.")
            % {"name": staff.name},
            field=field,
        )


def check_leader(staff: Staff, *, school_id: int, field: str = "leader") -> None:
    """Whoever leads must be able to open the page of the own group."""
    check_adult(staff, school_id=school_id, field=field)
    if not actor_for(staff.user).may(VIEW, school_id=school_id):
        raise Refused(
            _("%(name)s has neither lessons nor a role yet, and could not open the group's page.")
            % {"name": staff.name},
            field=field,
        )


def plain(text: str, *, field: str, most: int) -> str:
    """What is written about a whole group; words of danger are about one child and belong to that child."""
    text = text.replace("\r\n", "\n").strip()
    if danger_words(text):
        raise Refused(
            _(
                "These words speak of danger to a child. Please write them down on that child's own page, so that"
                " somebody looks after the child today."
            ),
            field=field,
        )
    if len(text) > most:
        raise Refused(_("This text is longer than %(n)d characters.") % {"n": most}, field=field)
    return text
