"""What a county bureau sees of its schools: sums per school, never a child, never a rank.

Invariants:
- no name and no id of a student leaves this module;
- a sum under ten is not shown, nor one that leaves fewer than ten others apart: both would point at children;
- schools stand in the order of their names; nothing is sorted by a figure.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from pypinyin import lazy_pinyin

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.models import Looked
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of, start_of
from tongxing.ground.people.models import Registration, Student, Term

from .shielding import Sum, shield


@dataclass(frozen=True, slots=True)
class SchoolSums:
    school: Organisation
    enrolled: Sum
    looked_at: Sum
    registered: Sum
    key: Sum
    paired: Sum
    visited: Sum


def county_sums(actor: Actor, county: Organisation, as_of: datetime.datetime) -> tuple[SchoolSums, ...]:
    """One line per school, by name. The number of queries does not grow with the schools."""
    actor.require("county.view", school_id=county.pk)
    day = day_of(as_of)
    schools = list(Organisation.objects.filter(parent=county, kind="school"))
    terms = {
        term.school_id: term
        for term in Term.objects.filter(school__in=schools, starts_on__lte=day).order_by("starts_on")
    }
    entries = Registration.objects.on(day).filter(school__in=schools, student__status="enrolled")
    registered, pairs = entries.values("student"), Pair.objects.on(day)
    visits = Contact.objects.standing().filter(_this_term(terms.values()), made=True, channel="at_home")
    counts = {
        "enrolled": _count(Student.objects.enrolled().filter(school__in=schools), "pk"),
        "looked_at": _count(
            Looked.objects.in_newest_round().filter(
                round__term__in=terms.values(), student__status="enrolled"
            )
        ),
        "registered": _count(entries),
        "key": _count(entries.filter(level="key")),
        "paired": _count(pairs.filter(student__in=registered)),
        "visited": _count(visits.filter(student__in=registered)),
    }
    schools.sort(key=lambda school: (spoken(school.name), school.pk))
    return tuple(
        _sums(school, {name: found.get(school.pk) for name, found in counts.items()}) for school in schools
    )


def spoken(name: str) -> str:
    """A school's name as it is looked up: by pinyin."""
    return " ".join(lazy_pinyin(name))


def _this_term(terms: Iterable[Term]) -> Q:
    rows = Q(pk__in=())
    for term in terms:
        rows |= Q(school_id=term.school_id, happened_at__gte=start_of(term.starts_on))
    return rows


def _count(rows: QuerySet, student: str = "student") -> dict[int, int]:
    """Different students by school; a school without rows is missing: it has no record."""
    return dict(rows.order_by().values_list("school").annotate(Count(student, distinct=True)))


def _sums(school: Organisation, counts: Mapping[str, int | None]) -> SchoolSums:
    enrolled, registered = counts["enrolled"], counts["registered"]
    return SchoolSums(
        school,
        shield(enrolled),
        shield(counts["looked_at"], enrolled),
        shield(registered),
        shield(counts["key"], registered),
        shield(counts["paired"], registered),
        shield(counts["visited"], registered),
    )
