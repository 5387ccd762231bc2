"""What a change would ask of whom, before it is saved: the same rules, once with the versions as they are and once as
they would be.

Invariants:
- nothing is written, and nothing is counted in another way than on the pages that follow;
- only what is still to come counts: windows that are not over today, without those exempted;
- helpers are counted, never named or set in order.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tongxing.care.contacts.queries import evidence
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.calendar import Season, Stretch, TermCalendar
from tongxing.ground.people.models import Student, Term
from tongxing.ground.people.queries import term_calendar

from . import facts, rules
from .models import Promise
from .queries import standing
from .rules import Obligation

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class WeekLine:
    """How many obligations end in a week, before and after the change; a `season` names the break it is a week of."""

    number: int
    season: Season | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many carers have something to do, how much the one with least and the one with most; `nobody`: obligations
    that no carer answers for."""

    carers: int = 0
    fewest: int = 0
    most: int = 0
    nobody: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    student: Student
    due_on: datetime.date
    ends: datetime.date


@dataclass(frozen=True, slots=True)
class Side:
    """The term as it would be: students concerned, times this is asked for, and everything together."""

    students: int
    times: int
    spread: Spread
    everything: int


@dataclass(frozen=True, slots=True)
class Preview:
    before: Side
    after: Side
    weeks: tuple[WeekLine, ...]
    examples: tuple[Example, ...]


def preview(
    actor: Actor,
    term: Term,
    new: Sequence[Promise],
    students: Sequence[int] | None = None,
) -> Preview:
    """What these new versions would ask for from today to the end of the term and its break. The number of queries
    does not grow with the students."""
    now, calendar = clock.now(), term_calendar(term)
    begins = {one.code: one.starts_on for one in new}
    present = standing(term, calendar, students)
    others = [one.rule for one in present if one.code not in begins]
    own = [one for one in present if one.code in begins]
    was = [one.rule for one in own]
    would = [*was, *(one.rule for one in new)]
    ask = _asker(actor, term, calendar, [*others, *would, *was], now, students)
    rest, before, after = ask(others), ask(was), ask(would)
    return Preview(
        _side(before, len(rest)),
        _side(after, len(rest)),
        tuple(_weeks(before, after, calendar, clock.day_of(now))),
        _examples(actor, [one for one in after if one.starts >= (begins[one.commitment] or one.starts)]),
    )


def _asker(
    actor: Actor,
    term: Term,
    calendar: TermCalendar,
    every: list[rules.Commitment],
    as_of: datetime.datetime,
    students: Sequence[int] | None,
) -> Callable[[list[rules.Commitment]], list[Obligation]]:
    """Reads what the rules need once; what is still to come of some promises can then be asked several times."""
    day, until = clock.day_of(as_of), calendar.until
    people = facts.supported(actor, term, until, every, students)
    ids = [person.student_id for person in people]
    contacts, free = evidence(ids, term.starts_on, until, as_of), facts.exempted(term, until, ids)

    def ask(some: list[rules.Commitment]) -> list[Obligation]:
        found = rules.obligations(some, people, calendar, contacts, free, as_of)
        return [one for one in found if one.ends >= day and one.state != "exempt"]

    return ask


def _side(asked: list[Obligation], rest: int) -> Side:
    loads = Counter(one.helper_id for one in asked)
    nobody = loads.pop(None, 0)
    each = list(loads.values())
    spread = Spread(len(each), min(each, default=0), max(each, default=0), nobody)
    return Side(len({one.student_id for one in asked}), len(asked), spread, rest + len(asked))


def _weeks(
    before: list[Obligation], after: list[Obligation], calendar: TermCalendar, day: datetime.date
) -> Iterator[WeekLine]:
    """Week by week what ends in it; weeks in which nothing ends are left out."""
    stretches: list[tuple[Stretch, Season | None]] = [(calendar, None)]
    if calendar.recess:
        stretches.append((calendar.recess, calendar.recess.season))
    for stretch, season in stretches:
        for week in stretch.weeks:
            last = min(week.sunday, stretch.ends_on)
            counts = [
                sum(week.monday <= one.ends <= last for one in asked) if last >= day else 0
                for asked in (before, after)
            ]
            if any(counts):
                yield WeekLine(week.number, season, *counts)


def _examples(actor: Actor, asked: list[Obligation]) -> tuple[Example, ...]:
    """The first few students whom it would concern, with when it would first be asked for."""
    first: dict[int, Obligation] = {}
    for one in sorted(asked, key=lambda one: (one.due_on, one.student_id)):
        first.setdefault(one.student_id, one)
    chosen = list(first)[:EXAMPLES]
    found = Student.objects.visible_to(actor).filter(pk__in=chosen).with_class(clock.today()).in_bulk()
    return tuple(
        Example(found[number], first[number].due_on, first[number].ends)
        for number in chosen
        if number in found
    )
