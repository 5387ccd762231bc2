"""Saving a rule set: a version of its own, and a new look with it where the round is still open."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.queries import current_term

from ..models import Round, RuleVersion
from ..ruleset import RuleSet
from .holding import newest
from .rounds import rules_in_force, run_round


@transaction.atomic
def save_rules(actor: Actor, *, school: Organisation, rules: RuleSet, note: str = "") -> RuleVersion:
    """From now on these rules hold; an open round looks again with them, an approved one stays as it is."""
    actor.require("screening.manage", school_id=school.pk)
    Organisation.objects.select_for_update().get(pk=school.pk)
    last = RuleVersion.objects.filter(school=school).order_by("-number").first()
    term = current_term(school, clock.today())
    round = newest(term) if term else None
    if rules_in_force(school, round).as_json() == rules.as_json():
        raise Refused(_("These are the rules in force; nothing has changed."))
    version = RuleVersion.objects.create(
        school=school,
        number=last.number + 1 if last else 1,
        rules=rules.as_json(),
        note=note.strip()[:200],
        saved_by_id=actor.user_id,
        saved_at=clock.now(),
    )
    audit.record(actor, "screening.rules", school_id=school.pk, subject=("rules", version.pk))
    if term and round is not None and round.state == Round.State.OPEN:
        run_round(actor, term=term, rules=rules)
    return version
