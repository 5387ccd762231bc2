"""The one reader of indicators: of the school, its grades and classes, for the term, its months and teaching weeks,
as of any moment.

Invariants:
- every number is a figure of `counts.py` or `counts_beside.py`; here they are only put beside each other;
- what the privacy of an indicator does not allow for a place is not there, neither as a number nor as a record;
- places stand in the order of grades and classes, never in that of a value;
- the number of queries grows with neither the rows, the places nor the weeks.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from statistics import median_low
from typing import NamedTuple

from tongxing.care.programme.rules import Obligation
from tongxing.ground.access.queries import classes_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import end_of
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Term
from tongxing.ground.people.models_calendar import grade_name

from . import counts, counts_beside, spans
from .beside import Asked, Beside, beside
from .counts import Counted
from .definitions import DEFINITIONS
from .facts import VIEW, with_duties
from .figures import Figure
from .history import history
from .indicators import FEWEST, INDICATORS, Dimension, Indicator
from .school import SchoolFacts
from .spans import By, Span

INSTANT = datetime.timedelta(microseconds=1)


class Place(NamedTuple):
    """The school, a grade or a class; `key` is its number or id, 0 of the school."""

    kind: Dimension
    key: int
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator of one place over one span. `value`: a share, days, or children; None: nothing to work it out from.
    `hidden`: from too few to be shown. `loads`: (so many students, accompanied by each of so many helpers)."""

    indicator: Indicator
    place: Place
    span: Span
    of: Figure
    out_of: Figure
    value: Fraction | None
    hidden: bool = False
    loads: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure of a reading and, where it counts duties, each of them."""

    figure: Figure
    duties: tuple[Obligation, ...]


@dataclass(frozen=True)
class Case:
    """What one reading is counted from."""

    facts: SchoolFacts
    place: Place
    span: Span
    beside: Callable[[], Beside]

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.span.first, self.span.last

    def requests(self) -> list[Asked]:
        whole = self.place.kind == "school"
        return counts_beside.requests_in(self.facts, self.beside(), *self.days, whole)


def _accompanied(case: Case) -> dict[str, Counted]:
    return counts.everyone(case.facts) | counts.accompanied(case.facts)


#: By an indicator's first figure: who counts it, with those that it is read beside.
Count = Callable[[Case], dict[str, Counted]]
COUNTED: dict[str, Count] = {
    "looked_at": lambda case: counts.everyone(case.facts),
    "paired": _accompanied,
    "silent": _accompanied,
    "week_talks_done": lambda case: counts.talks_in(case.facts, case.span.weeks),
    "in_time": lambda case: counts.kept_in(case.facts, *case.days),
    "written_later": lambda case: counts.written_in(case.facts, *case.days),
    "answered": lambda case: counts_beside.help_counts(case.requests(), case.facts.as_of),
    "covered": lambda case: counts_beside.aid_counts(case.facts, case.beside()),
    "days_away": lambda case: {
        "days_away": counts_beside.days_away_in(case.facts, case.beside(), *case.days)
    },
}


class Reckoning:
    """All facts of a school at one moment, for one reader, in which indicators are read without further queries."""

    def __init__(self, actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime) -> None:
        actor.require(VIEW, school_id=school.pk)
        self.actor, self.school, self.term, self.as_of = actor, school, term, as_of
        self._history = history(actor, school, term, as_of)
        self.facts = with_duties(actor, term, self._history.at(as_of))
        self.calendar = self.facts.calendar
        self._parts: dict[tuple[datetime.datetime, Dimension], Mapping[int, SchoolFacts]] = {}
        self._whole = actor.may_all(VIEW, school_id=school.pk)
        self._counted: dict[tuple[Count, Place, Span], dict[str, Counted]] = {}
        self._allowed: dict[tuple[str, Place], bool] = {}
        self._open = frozenset(one.pk for one in classes_for(actor, VIEW, term))

    @cached_property
    def _read_beside(self) -> Beside:
        facts = self.facts
        return beside(self.actor, self.school, self.term, self.calendar, facts.enrolled, self.as_of)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The school and its grades for whoever leads it, and the classes that this reader answers for."""
        classes = [one for one in self.facts.classes if one.pk in self._open]
        found = [Place("class", one.pk, one.name) for one in classes]
        if not self._whole:
            return tuple(found)
        grades = sorted({one.grade for one in classes})
        of_grades = (Place("grade", grade, grade_name(grade)) for grade in grades)
        return (Place("school", 0, self.school.name), *of_grades, *found)

    def place(self, kind: str = "school", key: int = 0) -> Place:
        """One of the places that this reader may look at."""
        found = next((one for one in self.places if (one.kind, one.key) == (kind, key)), None)
        if found is None:
            raise NotAllowed(VIEW)
        return found

    def now(self, indicator: Indicator) -> Span:
        """The days that the figure of now is about."""
        found = spans.this_week if indicator.now == "week" else spans.so_far
        return found(self.calendar, self.facts.day)

    def may(self, indicator: Indicator, place: Place) -> bool:
        """Whether this reader may see this indicator there: the ability, and every child in the indicator's zone."""
        asked = (indicator.code, place)
        if asked not in self._allowed:
            self._allowed[asked] = self._allows(indicator, place)
        return self._allowed[asked]

    def _allows(self, indicator: Indicator, place: Place) -> bool:
        privacy, school_id = indicator.privacy, self.school.pk
        if place not in self.places or place.kind not in indicator.by:
            return False
        if privacy.ability and not self.actor.may_all(privacy.ability, school_id=school_id):
            return False
        children = frozenset(self._at(place, self.as_of).class_of)
        return self.actor.is_system or any(
            privacy.zone in scope.zones
            and scope.organisation == school_id
            and (scope.students is None or (place.kind == "class" and children <= scope.students))
            for scope in self.actor.scopes
        )

    def of(self, place: Place) -> tuple[Indicator, ...]:
        """The indicators that this reader may see there, in their order."""
        return tuple(one for one in INDICATORS.values() if self.may(one, place))

    def read(self, indicator: Indicator, place: Place, span: Span | None = None) -> Reading:
        """One indicator; without a span the figure of now."""
        case = self._case(indicator, place, span)
        counted = self._count(indicator, case)
        of, out_of = (self._figure(code, counted, case) for code in (indicator.of, indicator.out_of))
        loads = counts.caseloads(case.facts) if indicator.unit == "load" else []
        value = _value(indicator, case, of, out_of, loads)
        base = of if indicator.unit == "days" else out_of
        hidden = indicator.privacy.few and 0 < (base.value or 0) < FEWEST
        spread = () if hidden else tuple(sorted(Counter(loads).items()))
        return Reading(indicator, place, case.span, of, out_of, None if hidden else value, hidden, spread)

    def trend(self, indicator: Indicator, place: Place, by: By) -> tuple[Reading, ...]:
        """The indicator in each week, or month, that has begun."""
        found = spans.begun(self.calendar, self.facts.day, by)
        return tuple(self.read(indicator, place, span) for span in found)

    def open(self, indicator: Indicator, code: str, place: Place, span: Span | None = None) -> Opened | None:
        """One of the indicator's figures with what it counts; None: it has no such figure, or it is hidden."""
        if code not in indicator.figures or self.read(indicator, place, span).hidden:
            return None
        case = self._case(indicator, place, span)
        counted = self._count(indicator, case)
        duties = [one for one in counted[code] or () if isinstance(one, Obligation)]
        ordered = tuple(sorted(duties, key=lambda one: (one.starts, one.student_id)))
        return Opened(self._figure(code, counted, case), ordered)

    def _case(self, indicator: Indicator, place: Place, span: Span | None) -> Case:
        if not self.may(indicator, place):
            raise NotAllowed(VIEW)
        span = span or self.now(indicator)
        moment = self._moment(indicator, span)
        return Case(self._at(place, moment), place, span, lambda: self._read_beside)

    def _count(self, indicator: Indicator, case: Case) -> dict[str, Counted]:
        """Counted once, however many indicators, pictures and records are read from it."""
        asked = (COUNTED[indicator.of], case.place, case.span)
        if asked not in self._counted:
            self._counted[asked] = asked[0](case)
        return self._counted[asked]

    def _moment(self, indicator: Indicator, span: Span) -> datetime.datetime:
        """What holds at a moment is read as the days ended, what belongs to days as it is known now."""
        if indicator.over == "days" or span.kind == "term":
            return self.as_of
        return min(self.as_of, (end_of(span.last) - INSTANT).astimezone(datetime.UTC))

    def _figure(self, code: str, counted: dict[str, Counted], case: Case) -> Figure:
        definition, facts = DEFINITIONS[code], case.facts
        if code == "school_days":
            days = counts_beside.school_days(facts, case.beside(), *case.days)
            return Figure(code, str(definition.label), days, str(definition.means), facts.as_of)
        return counts.figure_of(facts, code, definition, counted[code])

    def _at(self, place: Place, moment: datetime.datetime) -> SchoolFacts:
        return self._part(moment, place.kind)[place.key]

    def _part(self, moment: datetime.datetime, kind: Dimension) -> Mapping[int, SchoolFacts]:
        """The facts of that moment, apart by place."""
        if (moment, kind) not in self._parts:
            if kind == "school":
                whole = self.facts if moment == self.as_of else self._history.at(moment)
                found: Mapping[int, SchoolFacts] = {0: whole}
            else:
                places = {one.pk: one.pk if kind == "class" else one.grade for one in self.facts.classes}
                found = self._part(moment, "school")[0].apart(places)
            self._parts[moment, kind] = found
        return self._parts[moment, kind]


def _value(indicator: Indicator, case: Case, of: Figure, out_of: Figure, loads: list[int]) -> Fraction | None:
    if indicator.unit == "share":
        return Fraction(of.value, out_of.value) if of.value is not None and out_of.value else None
    if indicator.unit == "days":
        loads = counts_beside.waits(case.requests(), case.facts.as_of)
    return Fraction(median_low(loads)) if loads else None
