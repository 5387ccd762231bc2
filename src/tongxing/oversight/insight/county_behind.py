"""Which children stand behind a need of one school: their ids alone, for the room that decides who may read them."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet

from tongxing.ground.accounts.models import Organisation

from .county_counts import paired, registered, silent, visited_this_term


def behind(need: str, school: Organisation, as_of: datetime.datetime) -> list[int]:
    """`unpaired`, `silent` or `unvisited`: on the register, and so."""
    schools = [school]
    entries = registered(schools, as_of)
    found: dict[str, Callable[[], QuerySet]] = {
        "unpaired": lambda: entries.exclude(student__in=paired(schools, as_of).values("student")),
        "silent": lambda: silent(schools, as_of),
        "unvisited": lambda: entries.exclude(student__in=visited_this_term(schools, as_of).values("student")),
    }
    return sorted(set(found[need]().values_list("student_id", flat=True)))
