"""What is asked of whom, and how it stands: the one definition of an obligation's state. Pure, no ORM.

An obligation is one commitment to one student in one window; it is computed, never stored. At `as_of`:

- a contact, exemption or registration that was recorded later, or its end, does not exist yet;
- joining clips the window's start; a window with fewer than `min_days` days that count (school days, in a break
  every day) asks nothing;
- leaving (the register, the level, the circumstance; a promise of the student's own instead) clips its end: what is
  undone is released, what is done stays done;
- of several versions of one promise the later one takes the earlier one's place on the days it holds;
- an exemption takes its school days out; fewer than `min_days` left, or none left any more → exempt;
- a contact matches if it was made, inside the window, over an accepted channel, reached someone it must reach
  and covers the required topics, whatever its label;
- a match recorded before the window closed → done, recorded after → recorded_later;
- what is asked for once (of the term, at its start) may also be done after its window, until the student leaves
  or the break after the term ends → done_late; of several matches the one recorded first counts;
- without a match: overdue once the window has closed, due from its due day, upcoming before.

A window closes at the end of its last day in the school's time zone; leaving early does not close it earlier.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from tongxing.care.contacts.rules import Evidence
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.calendar import Stretch, TermCalendar

from .windows import ONCE, Cadence, Window, due_on, first_weeks, whole_span, windows

To = Literal["key", "other", "registered"]
By = Literal["helper", "class_teacher", "proxy_parent", "colleague"]
State = Literal["upcoming", "due", "done", "recorded_later", "done_late", "overdue", "exempt"]
STATES: tuple[State, ...] = ("upcoming", "due", "done", "recorded_later", "done_late", "overdue", "exempt")
#: Met after its window: the deed, or the writing down.
LATER: frozenset[State] = frozenset({"recorded_later", "done_late"})
MET: frozenset[State] = LATER | {"done"}
DAY = datetime.timedelta(days=1)


class Span(NamedTuple):
    """Something that holds from `starts_on` to `ends_on`, both included (None: open).

    `ended_at` says when the end was recorded; before that moment the end was `planned` (None: open).
    """

    of: Any
    starts_on: datetime.date | None
    ends_on: datetime.date | None = None
    recorded_at: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None
    planned: datetime.date | None = None

    def known(self, as_of: datetime.datetime) -> "Span | None":
        """This span as it stood at that moment; None: nobody had recorded it."""
        if self.recorded_at and self.recorded_at > as_of:
            return None
        if self.ended_at and self.ended_at > as_of:
            return self._replace(ends_on=self.planned)
        return self

    def holds(self, day: datetime.date) -> bool:
        return (self.starts_on or day) <= day <= (self.ends_on or day)


@dataclass(frozen=True, slots=True)
class Commitment:
    """`to` key students, the `other` registered ones or all; empty `channels` and `reached` accept any.

    `holds` says since when the school asks it: changing a cadence ends one commitment and starts another with
    the same code, so that what was asked in the past stays as it was. `student_id`: asked of this one student only,
    and while it holds in the place of the school's promise of the same code. `holders`: of whom it is asked where `by`
    is a colleague, by staff id.
    """

    code: str
    cadence: Cadence
    to: To = "registered"
    needs_circumstance: str | None = None
    by: By = "helper"
    reached: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    min_days: int = 3
    holds: Span = Span(None, None)
    student_id: int | None = None
    holders: tuple[Span, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        return {"key": ("key",), "other": ("normal",)}.get(self.to, ("key", "normal"))


class Supported(NamedTuple):
    """A registered student: levels "normal" and "key", carers by staff id, circumstances by their code."""

    student_id: int
    levels: Sequence[Span]
    helpers: Sequence[Span] = ()
    circumstances: Sequence[Span] = ()
    class_teachers: Sequence[Span] = ()
    proxies: Sequence[Span] = ()


class Exempted(NamedTuple):
    """Days that do not count for a student, for one commitment or (None) for all; `span.of` is not used."""

    student_id: int
    commitment: str | None
    span: Span


class Obligation(NamedTuple):
    """`helper_id` is the staff member responsible (None: nobody); `attempts` are contacts tried in vain.

    `done_on` is the day of the contact that met it, also when that was late.
    """

    student_id: int
    helper_id: int | None
    commitment: str
    starts: datetime.date
    ends: datetime.date
    due_on: datetime.date
    state: State
    evidence_id: int | None
    attempts: tuple[int, ...]
    weeks: tuple[int, ...]
    done_on: datetime.date | None = None

    @property
    def met(self) -> bool:
        return self.state in MET


def obligations(
    commitments: Sequence[Commitment],
    people: Iterable[Supported],
    calendar: TermCalendar,
    evidence: Iterable[Evidence],
    exemptions: Iterable[Exempted],
    as_of: datetime.datetime,
) -> list[Obligation]:
    """Every obligation of the term and its break as it stood at `as_of`, by student, commitment and window.

    `commitments`: versions of the same promise in the order in which they were recorded.
    """
    versions: defaultdict[tuple[int | None, str], list[Span]] = defaultdict(list)
    asked: list[tuple[Commitment, Span, tuple[Window, ...], list[Span]]] = []
    for one in reversed(commitments):
        if span := one.holds.known(as_of):
            later = versions[one.student_id, one.code]
            asked.append((one, span, windows(one.cadence, calendar), list(later)))
            later.append(span)
    contacts: defaultdict[int, list[Evidence]] = defaultdict(list)
    for contact in evidence:
        if contact.recorded_at <= as_of and contact.happened_at <= as_of:
            contacts[contact.student_id].append(contact)
    free: defaultdict[int, list[Exempted]] = defaultdict(list)
    for exempted in exemptions:
        if span := exempted.span.known(as_of):
            free[exempted.student_id].append(exempted._replace(span=span))
    found: list[Obligation] = []
    for person in sorted(people, key=lambda one: one.student_id):
        case = _Case(person, calendar, as_of, contacts[person.student_id], free[person.student_id])
        for commitment, holds, term_windows, later in asked:
            if commitment.student_id not in {None, person.student_id}:
                continue
            own = [] if commitment.student_id else versions.get((person.student_id, commitment.code), [])
            found.extend(case.of(commitment, holds, term_windows, later + own))
    return sorted(found, key=itemgetter(0, 2, 3))


class _Case:
    """One student at one moment."""

    def __init__(
        self,
        person: Supported,
        calendar: TermCalendar,
        as_of: datetime.datetime,
        contacts: list[Evidence],
        free: list[Exempted],
    ) -> None:
        self.student_id, self.calendar, self.as_of, self.today = (
            person.student_id,
            calendar,
            as_of,
            day_of(as_of),
        )
        self.levels = _known(person.levels, as_of)
        self.circumstances = _known(person.circumstances, as_of)
        self.carers = {
            "helper": _known(person.helpers, as_of),
            "class_teacher": _known(person.class_teachers, as_of),
            "proxy_parent": _known(person.proxies, as_of),
        }
        order = sorted(contacts, key=lambda contact: (contact.recorded_at, contact.happened_at, contact.id))
        self.contacts = [(day_of(contact.happened_at), contact) for contact in order]
        self.free = free

    def of(
        self, commitment: Commitment, holds: Span, term_windows: tuple[Window, ...], instead: list[Span]
    ) -> Iterator[Obligation]:
        """`instead`: when a later version or the student's own plan takes this promise's place."""
        cadence, stretch = commitment.cadence, commitment.cadence.stretch(self.calendar)
        spans = _without(self._asked(commitment, holds), instead)
        if not spans or stretch is None:
            return
        matching = [(day, one) for day, one in self.contacts if one.made and counts(one, commitment)]
        tried = [(day, one) for day, one in self.contacts if not one.made and _tried(one, commitment)]
        free = [one.span for one in self.free if one.commitment in (None, commitment.code)]
        for starts_on, ends_on in spans:
            joined = max(starts_on, stretch.starts_on)
            if cadence.every == "term_start":
                term_windows = (first_weeks(cadence, stretch, joined),)
            elif cadence.every == "span":
                term_windows = (whole_span(cadence, stretch, joined, ends_on),)
            for window in term_windows:
                if window.ends < joined or window.starts > ends_on:
                    continue
                starts, ends = max(window.starts, joined), min(window.ends, ends_on)
                latest = min(self.calendar.until, ends_on) if cadence.every in ONCE else ends
                met = _first(matching, starts, latest)
                state = self._state(commitment, stretch, window, starts, ends, met, free)
                if state is None:
                    continue
                yield Obligation(
                    self.student_id,
                    self._responsible(commitment, ends),
                    commitment.code,
                    starts,
                    ends,
                    due_on(cadence, window, starts),
                    state,
                    met[1].id if met else None,
                    tuple([one.id for day, one in tried if starts <= day <= ends]) if tried else (),
                    window.numbers,
                    met[0] if met else None,
                )

    def _state(
        self,
        commitment: Commitment,
        stretch: Stretch,
        window: Window,
        starts: datetime.date,
        ends: datetime.date,
        met: tuple[datetime.date, Evidence] | None,
        free: list[Span],
    ) -> State | None:
        """None: nothing is asked. See the module's docstring for the order of the rules."""
        enough, count = commitment.min_days, stretch.count
        if (window.days if starts == window.starts else count(starts, window.ends)) < enough:
            return None
        if met:
            if met[0] > ends:
                return "done_late"
            return "done" if met[1].recorded_at < window.closes else "recorded_later"
        if ends < window.ends and (self.today > ends or count(starts, ends) < enough):
            return None
        if free and _is_exempt(stretch.school_days(starts, ends), enough, free, self.today):
            return "exempt"
        if self.today > ends:
            return "overdue"
        return "due" if self.today >= due_on(commitment.cadence, window, starts) else "upcoming"

    def _asked(self, commitment: Commitment, holds: Span) -> list[tuple[datetime.date, datetime.date]]:
        """When this holds for the student, neighbouring spans as one: a new level is no leaving."""
        spans = _common([span for span in self.levels if span.of in commitment.levels], [holds])
        if commitment.needs_circumstance:
            spans = _common(
                spans, [one for one in self.circumstances if one.of == commitment.needs_circumstance]
            )
        merged: list[tuple[datetime.date, datetime.date]] = []
        for starts, ends in sorted(_dates(span) for span in spans):
            if merged and (merged[-1][1] == datetime.date.max or starts <= merged[-1][1] + DAY):
                merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
            else:
                merged.append((starts, ends))
        return merged

    def _responsible(self, commitment: Commitment, ends: datetime.date) -> int | None:
        """Who cares for the student at the window's end, or now while it is open; the latest of several. Where no
        colleague is proxy parent, the helper sees to it that somebody is."""
        day = min(self.today, ends)
        known = commitment.holders if commitment.by == "colleague" else self.carers[commitment.by]
        carers = [span for span in known if span.holds(day)]
        if commitment.by == "proxy_parent" and not carers:
            carers = [span for span in self.carers["helper"] if span.holds(day)]
        if len(carers) <= 1:
            return carers[0].of if carers else None
        return max(carers, key=lambda span: (span.starts_on or datetime.date.min, span.of)).of


def _is_exempt(days: Sequence[datetime.date], enough: int, free: list[Span], today: datetime.date) -> bool:
    counted = [day for day in days if not any(span.holds(day) for span in free)]
    if len(counted) == len(days):
        return False
    return len(counted) < enough or (counted[-1] < days[-1] and today > counted[-1])


def counts(contact: Evidence, commitment: Commitment) -> bool:
    """Whether a contact is of the kind a commitment asks for: whom it reached, over what, about what."""
    return (
        (not commitment.channels or contact.channel in commitment.channels)
        and (not commitment.reached or not commitment.reached.isdisjoint(contact.reached))
        and commitment.topics <= contact.topics
    )


def _tried(contact: Evidence, commitment: Commitment) -> bool:
    """An attempt reached nobody yet; if it says whom it was for, that person must be one to reach."""
    return (not commitment.channels or contact.channel in commitment.channels) and (
        not commitment.reached or not contact.reached or not commitment.reached.isdisjoint(contact.reached)
    )


def _first(
    contacts: list[tuple[datetime.date, Evidence]], starts: datetime.date, ends: datetime.date
) -> tuple[datetime.date, Evidence] | None:
    """The first of these, in the order of recording, that happened from `starts` to `ends`, and its day."""
    for day, contact in contacts:
        if starts <= day <= ends:
            return day, contact
    return None


def _known(spans: Iterable[Span], as_of: datetime.datetime) -> list[Span]:
    return [known for span in spans if (known := span.known(as_of))]


def _common(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The days that a span of each list holds together."""
    pairs = [
        (one, max(_dates(one)[0], _dates(two)[0]), min(_dates(one)[1], _dates(two)[1]))
        for one in spans
        for two in others
    ]
    return [Span(one.of, starts, ends) for one, starts, ends in pairs if starts <= ends]


def _without(
    asked: list[tuple[datetime.date, datetime.date]], taken: Iterable[Span]
) -> list[tuple[datetime.date, datetime.date]]:
    """What is left of these days when those of the spans are taken out."""
    for span in taken:
        first, last = _dates(span)
        before = [(starts, min(ends, first - DAY)) for starts, ends in asked if starts < first]
        after = [(max(starts, last + DAY), ends) for starts, ends in asked if ends > last]
        asked = before + after if first <= last else asked
    return sorted(asked)


def _dates(span: Span) -> tuple[datetime.date, datetime.date]:
    return span.starts_on or datetime.date.min, span.ends_on or datetime.date.max
