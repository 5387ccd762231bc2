"""The half-hourly look at every school: what the gate's list says, who waits too long, who may be staying away."""

import datetime

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock

from .actions.absences import ask_further
from .actions.cases import notice
from .actions.roll import take_events
from .queries.days import is_school_day


def watch(now: datetime.datetime) -> dict[str, int]:
    """Safe to run at any moment and again. Returns how many absences came from lists, how many people were asked and
    how many cases were opened."""
    today, taken, opened = clock.day_of(now), 0, 0
    for school in Organisation.objects.filter(kind=Organisation.Kind.SCHOOL):
        if is_school_day(school, today):
            taken += take_events(school=school, day=today)
            opened += notice(school, now)
    return {"taken": taken, "asked": ask_further(now), "opened": opened}
