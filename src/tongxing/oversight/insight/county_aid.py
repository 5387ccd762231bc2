"""What the county's aid officer sees: sums per school and project of this term, whom nothing reaches; never a child.

Invariants:
- no name, no id of a student and nothing of care leaves this module;
- counts of children stand in tens, as on every page of the county; none is left over by subtraction;
- money is exact, where ten children or more stand behind it; there is no sum of amounts, which would tell a hidden one;
- schools stand in the order of their names; nothing is sorted by a figure.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Sum

from tongxing.aid.hardship.models import Recognition
from tongxing.aid.subsidies.models import Subsidy
from tongxing.aid.subsidies.models_projects import COUNTY
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term

from .county import spoken
from .county_counts import by_school
from .tens import Tens, tens


@dataclass(frozen=True, slots=True)
class ProjectSums:
    """`amount` in fen, None where fewer than ten children stand behind it."""

    name: str
    children: Tens
    amount: int | None


@dataclass(frozen=True, slots=True)
class SchoolAid:
    """`recognised`: a recognition holds; of these `reached` by something this term, and `uncovered`."""

    school: Organisation
    recognised: Tens
    reached: Tens
    uncovered: Tens
    projects: tuple[ProjectSums, ...]


def county_aid(actor: Actor, county: Organisation, on: datetime.date) -> tuple[SchoolAid, ...]:
    """One line per school, by name. The number of queries does not grow with the schools."""
    actor.require(COUNTY, school_id=county.pk)
    schools = list(Organisation.objects.filter(parent=county, kind="school"))
    begun = Term.objects.filter(school__in=schools, starts_on__lte=on).order_by("starts_on")
    terms = {term.school_id: term.pk for term in begun}
    held = Recognition.objects.holding().filter(school__in=schools, student__status="enrolled")
    held = held.filter(starts_on__lte=on, ends_on__gte=on)
    granted = Subsidy.objects.granted().filter(term__in=terms.values())
    known = by_school(held)
    reached = by_school(held.filter(student__in=granted.values("student")))
    projects = defaultdict(list)
    sums = granted.order_by("project__name", "project").values_list("school", "project", "project__name")
    for school, _project, name, children, amount in sums.annotate(Count("student"), Sum("amount")):
        shown = tens(children)
        projects[school].append(ProjectSums(name, shown, amount if shown.kind == "shown" else None))
    schools.sort(key=lambda school: (spoken(school.name), school.pk))
    return tuple(
        _line(one, known.get(one.pk, 0), reached.get(one.pk, 0), tuple(projects[one.pk])) for one in schools
    )


def _line(school: Organisation, known: int, reached: int, projects: tuple[ProjectSums, ...]) -> SchoolAid:
    return SchoolAid(school, tens(known), tens(reached), tens(known - reached), projects)
