"""A school's own ways and days. What was promised before stays: each request keeps the day it was told."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from .models import RequestRules
from .rules import MOST_DAYS, Pace
from .topics import EDITABLE, Reader


@transaction.atomic
def set_rules(
    actor: Actor, *, school: Organisation, ways: Mapping[str, Sequence[str]], pace: Pace
) -> RequestRules:
    """Who is asked about what, in order, and within how many days."""
    actor.require("request.manage", school_id=school.pk)
    for code in EDITABLE:
        way = ways.get(code, ())
        if not way or not set(way) <= set(Reader.values) or len(set(way)) != len(way):
            raise Refused(_("Each matter needs somebody, each of them once."), field=f"first_{code}")
    for name, number in pace._asdict().items():
        if not 1 <= number <= MOST_DAYS:
            raise Refused(_("Between 1 and 15 school days."), field=name)
    if pace.urgent_days > pace.other_days:
        raise Refused(_("What is urgent is answered no later than the rest."), field="urgent_days")
    kept = {code: list(ways[code]) for code in EDITABLE}
    rules, _new = RequestRules.objects.update_or_create(
        school=school, defaults={"ways": kept, **pace._asdict()}
    )
    audit.record(actor, "request.rules", school_id=school.pk)
    return rules
