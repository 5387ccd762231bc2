"""Making public for its working days, giving the title, withdrawing."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.publicity import actions as publicity
from tongxing.ground.publicity.actions import On, Said
from tongxing.ground.publicity.models import Notice

from . import rules
from .consenting import take_from_notice
from .models import Commendation, Scheme
from .models_schemes import AWARD, MANAGE, PROPOSE, VIEW
from .queries import to_award, to_publish
from .schemes import log as log_scheme
from .schemes import person, standing
from .way import held, log

REASON = 200  # characters


@transaction.atomic
def make_public(actor: Actor, *, scheme: Scheme, said: Said, client_id: UUID) -> Notice:
    """One notice for everybody of this scheme who meets it, agreed, and stands on none that counts."""
    person(actor, MANAGE, scheme.school_id)
    scheme = standing(scheme)
    sent = Notice.objects.filter(school=scheme.school, client_id=client_id).first()
    if sent is not None:
        return sent
    found = list(to_publish(scheme))
    if not found:
        raise Refused(_("Nobody waits for a notice: the committee, or somebody’s yes, comes first."))
    on = On(
        levels={student.pk: scheme.name for one in found for student in one.students},
        labels={one.label: scheme.name for one in found if not one.students},
    )
    notice = publicity.publish_all(
        actor, school=scheme.school, kind=Notice.Kind.HONOUR, said=said, on=on, client_id=client_id
    )
    Commendation.objects.filter(pk__in=[one.pk for one in found]).update(notice=notice)
    log_scheme(actor, "honour.public", scheme, notice=notice.pk, proposals=len(found))
    return notice


@transaction.atomic
def award(actor: Actor, *, scheme: Scheme) -> int:
    """Whose notice stood its days, with every objection answered, is given the title today. Returns how many."""
    user_id = person(actor, AWARD, scheme.school_id)
    scheme = standing(scheme)
    found = list(to_award(scheme))
    if not found:
        raise Refused(
            _("Nothing can be given yet: a notice still stands, or an objection waits for its answer.")
        )
    numbers = Commendation.objects.filter(scheme=scheme)
    last = numbers.aggregate(last=Max("number"))["last"] or 0
    today = clock.today()
    for number, one in enumerate(found, last + 1):
        one.number, one.awarded_on, one.awarded_by_id = number, today, user_id
        one.shown_until = rules.shown_until(today)
        one.save(update_fields=["number", "awarded_on", "awarded_by", "shown_until"])
    log_scheme(actor, "honour.award", scheme, proposals=[one.pk for one in found])
    return len(found)


def may_withdraw(actor: Actor, one: Commendation) -> bool:
    """Whoever gives titles takes one back; before that those who lead, and until the committee has spoken whoever proposed it."""
    if one.awarded_on:
        return actor.may(AWARD, school_id=one.school_id)
    own = one.entered_by_id == actor.user_id and not one.outcome
    return actor.may(MANAGE, school_id=one.school_id) or own and actor.may(PROPOSE, school_id=one.school_id)


@transaction.atomic
def withdraw(actor: Actor, *, commendation: Commendation, reason: str) -> None:
    """Before or after the title was given, with the reason: from that moment it is public nowhere."""
    one = held(commendation)
    user_id = person(actor, VIEW, one.school_id)
    if not may_withdraw(actor, one):
        raise NotAllowed(MANAGE)
    one.end(user_id, few_words(reason, most=REASON, field="reason"))
    log(actor, "honour.withdraw", one)
    take_from_notice(actor, one)


@transaction.atomic
def put_back(actor: Actor, *, commendation: Commendation) -> None:
    """Withdrawn by mistake a moment ago, before it was public."""
    person(actor, VIEW, commendation.school_id)
    one = Commendation.objects.select_for_update(of=("self",)).get(pk=commendation.pk)
    if not may_withdraw(actor, one):
        raise NotAllowed(MANAGE)
    if one.ended_at is None:
        return
    if one.notice_id or not is_recent(one.ended_at):
        raise Refused(_("It was withdrawn a while ago, or was public already. Please propose it anew."))
    same = Commendation.objects.standing().filter(scheme=one.scheme_id, code=one.code)
    if same.exists():
        raise Refused(_("This proposal is there already."))
    one.end_no_more("")
    log(actor, "honour.put-back", one)
