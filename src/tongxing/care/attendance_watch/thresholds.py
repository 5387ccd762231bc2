"""The figures by which a school judges absences, as they held on a day; edited from a day on, never backwards."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from . import rules
from .models import Thresholds
from .models_absence import MANAGE

MOST = {
    "ask_after_hours": 40,
    "days_in_a_row": 20,
    "share_percent": 100,
    "window_days": 100,
    "amber_percent": 99,
    "red_percent": 100,
}


def thresholds(school: Organisation, on: datetime.date) -> rules.Thresholds:
    row = Thresholds.objects.filter(school=school, starts_on__lte=on).order_by("-starts_on").first()
    return row.rule if row else rules.DEFAULT


@transaction.atomic
def set_thresholds(actor: Actor, *, school: Organisation, told: rules.Thresholds) -> None:
    """They hold from today on."""
    actor.require(MANAGE, school_id=school.pk)
    for name, most in MOST.items():
        if not 1 <= getattr(told, name) <= most:
            raise Refused(_("Please choose a number from 1 to %(most)s.") % {"most": most}, field=name)
    if told.amber_percent >= told.red_percent:
        raise Refused(_("Amber begins before red."), field="amber_percent")
    if told.opens >= told.closes:
        raise Refused(_("School ends after it begins."), field="closes")
    facts: dict[str, Any] = told._asdict()
    facts |= {"recorded_at": clock.now(), "recorded_by_id": actor.user_id}
    Thresholds.objects.update_or_create(school=school, starts_on=clock.today(), defaults=facts)
    audit.record(actor, "attendance.thresholds", school_id=school.pk)
