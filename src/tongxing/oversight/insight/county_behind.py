"""Which children stand behind a need of one school: their ids alone, for the room that decides who may read them."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.clock import day_of

from .county_counts import heard_from, paired, registered, visited_this_term
from .school import SILENT_DAYS

DAY = datetime.timedelta(days=1)


def behind(need: str, school: Organisation, as_of: datetime.datetime) -> list[int]:
    """`unpaired`, `silent` or `unvisited`: on the register, and without it. Silent: 14 days on it or longer."""
    schools, entries = [school], registered([school], as_of)
    first = day_of(as_of) - (SILENT_DAYS - 1) * DAY
    found: dict[str, Callable[[], QuerySet]] = {
        "unpaired": lambda: paired(schools, as_of),
        "silent": lambda: heard_from(schools, first, as_of),
        "unvisited": lambda: visited_this_term(schools, as_of),
    }
    with_it = set(found[need]().values_list("student_id", flat=True))
    if need == "silent":
        entries = entries.filter(starts_on__lt=first)
    return sorted(set(entries.values_list("student_id", flat=True)) - with_it)
