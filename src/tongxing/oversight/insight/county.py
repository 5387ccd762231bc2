"""What a county bureau sees of its schools: sums per school and of all of them, never a child, never a rank.

Invariants:
- no name and no id of a student leaves this module;
- counts of children stand in tens (`tens`), so that none below ten follows from what is shown, at this moment or at two;
- schools stand in the order of their names; nothing is sorted by a figure.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor

from .county_counts import SUMS, counts
from .tens import Tens, tens, total

VIEW = "county.view"


@dataclass(frozen=True, slots=True)
class SchoolSums:
    """`of`: by figure (`SUMS`); `without`: the figures that the school has no record of."""

    school: Organisation
    of: Mapping[str, Tens]

    @property
    def without(self) -> tuple[str, ...]:
        return tuple(code for code, one in self.of.items() if one.kind == "unknown")


@dataclass(frozen=True, slots=True)
class CountySums:
    """`known`: how many schools stand behind each total."""

    schools: tuple[SchoolSums, ...]
    totals: Mapping[str, Tens]
    known: Mapping[str, int]


def county_sums(actor: Actor, county: Organisation, as_of: datetime.datetime) -> CountySums:
    """One line per school, by name. The number of queries does not grow with the schools."""
    actor.require(VIEW, school_id=county.pk)
    schools = schools_of(county)
    found = counts(schools, as_of)
    return CountySums(
        tuple(
            SchoolSums(school, {code: tens(found[code].get(school.pk)) for code in SUMS})
            for school in schools
        ),
        {code: total(found[code].values()) for code in SUMS},
        {code: len(found[code]) for code in SUMS},
    )


def schools_of(county: Organisation, ids: Collection[int] | None = None) -> list[Organisation]:
    """The schools under a bureau (or these of them) in the order of their names."""
    found = Organisation.objects.filter(parent=county, kind=Organisation.Kind.SCHOOL)
    if ids is not None:
        found = found.filter(pk__in=ids)
    return sorted(found, key=lambda school: (spoken(school.name), school.pk))


def spoken(name: str) -> str:
    """A school's name as it is looked up: by pinyin."""
    return " ".join(lazy_pinyin(name))
