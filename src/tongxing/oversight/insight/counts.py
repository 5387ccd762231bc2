"""From a school's facts to its figures: the one place where each figure is counted.

Invariants:
- the overview and the term summary take their figures from here, so for the same moment they are equal;
- a figure that counts duties can name each of them: `duties_behind`;
- a duty is asked once its time has begun, unless the student was exempted; asked = done + open + missing;
- done includes what was done or recorded later; missing means that its time is over.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from tongxing.care.contacts.queries import Evidence
from tongxing.care.contacts.rules import written_days_after
from tongxing.care.programme.rules import LATER, Commitment, Obligation
from tongxing.ground.kernel.clock import end_of, start_of
from tongxing.ground.people.calendar import Week

from .definitions import DEFINITIONS, PROMISE, Definition
from .figures import Figure, Figures, unknown
from .school import SILENT_DAYS, Promised, SchoolFacts

FAMILY = frozenset({"father", "mother", "away_parent", "second_guardian", "other"})
FROM_AFAR = frozenset({"phone", "video", "message", "letter"})
AT_HOME = "at_home"

Counted = Iterable[int] | Sequence[Obligation] | None
"""Ids of the records, or the duties, each of which counts its student once; None: nothing was recorded."""


def overview_figures(facts: SchoolFacts) -> Figures:
    """What the overview shows."""
    return figures(facts, _of_overview(facts))


def week_figures(facts: SchoolFacts, week: Week | None) -> Figures:
    """How the weekly talks of that teaching week stand."""
    return figures(facts, _talks(facts, week))


def term_figures(facts: SchoolFacts) -> Figures:
    """What the term summary says: the overview's figures, every promise, and whom the contacts reached."""
    promises = (figure for promise in facts.promises for figure in promise_figures(facts, promise))
    others = figures(facts, {**_reached(facts), **_families(facts)})
    return Figures((*overview_figures(facts).rows, *promises, *others.rows))


def duties_behind(facts: SchoolFacts, code: str, week: Week | None = None) -> tuple[Obligation, ...]:
    """The duties that a figure counts, by date; none where it counts something else."""
    promise, _dot, part = code.partition(".")
    found = next((one for one in facts.promises if one.code == promise), None)
    counted = _parts(facts, found) if found else _talks(facts, week) if week else _of_overview(facts)
    rows = [one for one in counted.get(part if found else code) or () if isinstance(one, Obligation)]
    return tuple(sorted(rows, key=lambda duty: (duty.starts, duty.student_id)))


def _of_overview(facts: SchoolFacts) -> dict[str, Counted]:
    return {
        **everyone(facts),
        **accompanied(facts),
        **_talks(facts, facts.calendar.week_of(facts.day)),
        **_home_visits(facts),
        "missing": _missing(asked(facts, {promise.code for promise in facts.promises})),
    }


def figures(facts: SchoolFacts, counted: dict[str, Counted]) -> Figures:
    """What was counted, each with its name and definition."""
    return Figures(tuple(figure_of(facts, code, DEFINITIONS[code], of) for code, of in counted.items()))


def is_weekly_talk(commitment: Commitment) -> bool:
    """Asked of key students every week."""
    return commitment.to == "key" and commitment.cadence.every == "week"


def is_home_visit(commitment: Commitment) -> bool:
    """Can only be done at the family's home."""
    return commitment.channels == {AT_HOME}


def figure_of(facts: SchoolFacts, code: str, definition: Definition, of: Counted, name: str = "") -> Figure:
    """As many as there are ids: a duty asked of one student in three weeks counts three times."""
    label, means = str(definition.label), str(definition.means)
    label = _("%(name)s: %(part)s") % {"name": name, "part": label} if name else label
    if of is None:
        return unknown(code, label, means, facts.as_of)
    ids = sorted(one.student_id if isinstance(one, Obligation) else one for one in of)
    records = tuple((definition.counts, number) for number in ids)
    return Figure(code, label, len(records), means, facts.as_of, records)


def everyone(facts: SchoolFacts) -> dict[str, Counted]:
    enrolled, looked, registered = facts.enrolled, facts.looked, facts.registered
    return {
        "enrolled": enrolled,
        "looked_at": None if looked is None else looked & enrolled,
        "not_looked_at": None if looked is None else enrolled - looked,
        "registered": None if registered is None else [entry.student_id for entry in registered],
        "key": None
        if registered is None
        else [entry.student_id for entry in registered if entry.level == "key"],
    }


def accompanied(facts: SchoolFacts) -> dict[str, Counted]:
    if facts.registered is None:
        return {"paired": None, "unpaired": None, "helpers": None, "silent": None}
    registered = {entry.student_id for entry in facts.registered}
    pairs = [(student, helper) for student, helper in facts.pairs or () if student in registered]
    helped = {student for student, _helper in pairs}
    known = facts.pairs is not None
    return {
        "paired": helped if known else None,
        "unpaired": registered - helped if known else None,
        "helpers": {helper for _student, helper in pairs} if known else None,
        "silent": _silent(facts),
    }


def caseloads(facts: SchoolFacts) -> list[int]:
    """How many students on the register each helper accompanies, without the helpers, the fewest first."""
    registered = {entry.student_id for entry in facts.registered or ()}
    of_each: defaultdict[int, set[int]] = defaultdict(set)
    for student, helper in facts.pairs or ():
        if student in registered:
            of_each[helper].add(student)
    return sorted(len(students) for students in of_each.values())


def _silent(facts: SchoolFacts) -> set[int]:
    """Whoever came on the register within the 14 days is not silent yet."""
    first = facts.day - datetime.timedelta(days=SILENT_DAYS - 1)
    since = start_of(first)
    heard = {
        one.student_id
        for one in (*(facts.contacts or ()), *facts.before)
        if one.happened_at >= since and one.made and one.reached
    }
    return {entry.student_id for entry in facts.registered or () if entry.since < first} - heard


def _talks(facts: SchoolFacts, week: Week | None) -> dict[str, Counted]:
    return talks_in(facts, (week.number,) if week else ())


def talks_in(facts: SchoolFacts, weeks: Collection[int]) -> dict[str, Counted]:
    """The talks that key students have in these weeks; outside the teaching weeks there is nothing to count."""
    if not weeks:
        return {"week_talks_asked": None, "week_talks_done": None, "week_talks_waiting": None}
    wanted = frozenset(weeks)
    talks = [one for one in asked(facts, facts.codes(is_weekly_talk)) if not wanted.isdisjoint(one.weeks)]
    return {
        "week_talks_asked": talks,
        "week_talks_done": _evidence_of(talks),
        "week_talks_waiting": [duty for duty in talks if not duty.met],
    }


def asked(facts: SchoolFacts, codes: Iterable[str]) -> list[Obligation]:
    """The duties of these commitments whose time has begun, without those exempted."""
    wanted = frozenset(codes)
    return [duty for code, duties in facts.begun.items() if code in wanted for duty in duties]


def _missing(duties: Iterable[Obligation]) -> list[Obligation]:
    return [duty for duty in duties if duty.state == "overdue"]


def _evidence_of(duties: Iterable[Obligation]) -> list[int]:
    return [duty.evidence_id for duty in duties if duty.met and duty.evidence_id is not None]


def _home_visits(facts: SchoolFacts) -> dict[str, Counted]:
    visits = asked(facts, facts.codes(is_home_visit))
    return {
        "home_visits_asked": visits,
        "home_visits_done": None if facts.contacts is None else _evidence_of(visits),
    }


def kept_in(facts: SchoolFacts, first: datetime.date, last: datetime.date) -> dict[str, Counted]:
    """What was promised for these days: a promise belongs to the days in which its time ends; what is done before
    counts already, what still has time does not."""
    duties = asked(facts, {promise.code for promise in facts.promises})
    settled = [one for one in duties if first <= one.ends <= last and (one.met or one.state == "overdue")]
    in_time = [one for one in settled if one.state == "done"]
    return {"settled": settled, "in_time": None if facts.contacts is None else in_time}


def written_in(facts: SchoolFacts, first: datetime.date, last: datetime.date) -> dict[str, Counted]:
    """What happened in these days, and what of it was written down later."""
    if facts.contacts is None:
        return {"contacts": None, "written_later": None}
    begins, ends = start_of(first), end_of(last)
    made = [one for one in facts.contacts if one.made and begins <= one.happened_at < ends]
    return {
        "contacts": [one.id for one in made],
        "written_later": [one.id for one in made if written_days_after(one.happened_at, one.recorded_at)],
    }


def promise_figures(facts: SchoolFacts, promise: Promised) -> tuple[Figure, ...]:
    """The five figures of one commitment, as `<code>.<part>`."""
    return tuple(
        figure_of(facts, f"{promise.code}.{part}", PROMISE[part], of, promise.name)
        for part, of in _parts(facts, promise).items()
    )


def _parts(facts: SchoolFacts, promise: Promised) -> dict[str, Counted]:
    duties = asked(facts, {promise.code})
    known = facts.contacts is not None
    return {
        "asked": duties,
        "done": _evidence_of(duties) if known else None,
        "later": _evidence_of(one for one in duties if one.state in LATER) if known else None,
        "open": [duty for duty in duties if duty.state in {"upcoming", "due"}],
        "missing": _missing(duties),
    }


def _reached(facts: SchoolFacts) -> dict[str, Counted]:
    """The three lines of communication, counted by student."""
    return {
        f"reached.{whom}": None
        if facts.contacts is None
        else {one.student_id for one in facts.contacts if one.made and whom in one.reached}
        for whom in ("student", "away_parent", "second_guardian")
    }


def _families(facts: SchoolFacts) -> dict[str, Counted]:
    if facts.contacts is None:
        return {"visits": None, "visited": None, "family_calls": None, "not_reached": None}
    visits = [one for one in facts.contacts if one.made and one.channel == AT_HOME]
    return {
        "visits": [one.id for one in visits],
        "visited": {one.student_id for one in visits},
        "family_calls": [one.id for one in facts.contacts if _reached_family_from_afar(one)],
        "not_reached": [one.id for one in facts.contacts if not one.made],
    }


def _reached_family_from_afar(contact: Evidence) -> bool:
    return contact.made and contact.channel in FROM_AFAR and not FAMILY.isdisjoint(contact.reached)
