"""Who may need support, and why: pure, no database, no words.

Invariants:
- every student handed in comes out exactly once: candidate, cleared or unseen (nothing known);
- a reason carries code, figures and the records behind it; the sentence is told later;
- absent, cheated and exempt are no numbers; gate and uniform events are no absence;
- nothing ranks students: the result has no order and no score, the level follows from kinds of reasons alone.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from .ruleset import Conduct, LateEarly, RuleSet

Severity = Literal["support", "notable", "serious"]
Outcome = Literal["candidate", "cleared", "unseen"]
Source = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """One subject of one exam. `paper` tells papers of one exam and subject apart (a grade)."""

    id: int
    exam_id: int
    exam: str
    held_on: date
    subject: str
    paper: str = ""
    points: float | None = None
    band: str = ""
    special: str = ""
    full_marks: float | None = None

    @property
    def is_number(self) -> bool:
        return (
            not self.special and self.points is not None and math.isfinite(self.points) and self.points >= 0
        )

    @property
    def says_something(self) -> bool:
        return not self.special and (self.is_number or bool(self.band))


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """All that the school has recorded about one student in the round's window."""

    id: int
    enrolled_on: date | None = None
    marks: Sequence[Mark] = ()
    events: Sequence[Event] = ()
    conduct: Sequence[Event] = ()
    circumstances: Sequence[tuple[int, str]] = ()
    registered: tuple[int, str, date] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why someone is a candidate: `figures` are JSON values, `sources` the records (model label, id)."""

    code: str
    severity: Severity
    figures: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    @property
    def area(self) -> str:
        return AREA[self.code]


def as_json(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored and told."""
    return {**asdict(reason), "sources": [list(source) for source in reason.sources]}


AREA = {
    "failed_subjects": "study",
    "low_bands": "study",
    "below_cohort": "study",
    "absence": "attendance",
    "late_early": "attendance",
    "conduct": "conduct",
    "circumstance": "home",
    "registered": "register",
    "added": "person",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules found for one student. `basis` names the areas for which something was known at all."""

    student_id: int
    outcome: Outcome
    reasons: tuple[Reason, ...]
    level: Literal["normal", "key"] | None
    basis: frozenset[str]


@dataclass(frozen=True, slots=True)
class Screening:
    """The result of one run. `unclear_papers` are those with points above their full marks: not judged."""

    findings: Mapping[int, Finding]
    unclear_papers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """Everybody who sat one paper: z = (points − mean) / sample standard deviation of these."""

    n: int
    mean: float
    sd: float
    is_unclear: bool

    def z(self, points: float) -> float:
        return (points - self.mean) / self.sd


PaperKey = tuple[int, str, str]


def screen(students: Iterable[StudentFacts], rules: RuleSet, school_days: Sequence[date]) -> Screening:
    """Look at every student once. `school_days`: the calendar's school days of the term so far, ascending.

    A student of whom nothing is known (no marks, and the school recorded no attendance at all) is `unseen`.
    """
    students = list(students)
    papers = _papers(students, rules)
    unclear = frozenset(key for key, paper in papers.items() if paper.is_unclear)
    attendance = any(student.events for student in students)
    absences = any(event.kind in rules.absence.kinds for student in students for event in student.events)
    findings = {}
    for student in students:
        reasons = (
            *_study(_latest(student.marks), rules, papers, unclear),
            *_attendance(student, rules, school_days),
            *_conduct(student, rules),
            *_home(student, rules),
            *_register(student),
        )
        basis = _basis(student, attendance, absences)
        findings[student.id] = _finding(student.id, reasons, basis)
    return Screening(findings, tuple(sorted({(subject, paper) for _exam, subject, paper in unclear})))


def _finding(student_id: int, reasons: tuple[Reason, ...], basis: frozenset[str]) -> Finding:
    if any(reason.severity != "support" for reason in reasons):
        return Finding(student_id, "candidate", reasons, suggest_level(reasons), basis)
    outcome: Outcome = "cleared" if basis & {"study", "attendance"} else "unseen"
    return Finding(student_id, outcome, reasons, None, basis)


def suggest_level(reasons: Sequence[Reason]) -> Literal["normal", "key"]:
    """`key` when a serious reason stands beside any other, or reasons come from three areas; else `normal`.

    A student already on the register keeps at least the present level. No points are added up.
    """
    if any(reason.code == "registered" and reason.figures.get("level") == "key" for reason in reasons):
        return "key"
    found = [reason for reason in reasons if reason.code != "registered"]
    serious = any(reason.severity == "serious" for reason in found)
    return "key" if len({reason.area for reason in found}) >= 3 or (serious and len(found) >= 2) else "normal"


def _basis(student: StudentFacts, attendance: bool, absences: bool) -> frozenset[str]:
    known = {
        "study": any(mark.says_something for mark in student.marks),
        "attendance": attendance,
        "absences": absences,
        "conduct": bool(student.conduct),
        "home": bool(student.circumstances),
    }
    return frozenset(area for area, is_known in known.items() if is_known)


# --- study ---------------------------------------------------------------------------------------------


def _key(mark: Mark) -> PaperKey:
    return mark.exam_id, mark.subject, mark.paper


def _papers(students: Iterable[StudentFacts], rules: RuleSet) -> dict[PaperKey, Paper]:
    points: dict[PaperKey, list[float]] = defaultdict(list)
    unclear = set()
    for mark in (mark for student in students for mark in student.marks if mark.is_number):
        value = float(mark.points or 0)
        points[_key(mark)].append(value)
        if value > _full_marks(mark, rules):
            unclear.add(_key(mark))
    return {key: paper_of(values, key in unclear) for key, values in points.items()}


def paper_of(values: Sequence[float], is_unclear: bool = False) -> Paper:
    n = len(values)
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1)) if n > 1 else 0.0
    return Paper(n, mean, sd, is_unclear)


def _full_marks(mark: Mark, rules: RuleSet) -> float:
    rule = rules.failed_subjects
    return mark.full_marks or rule.full_marks_of.get(mark.subject) or rule.full_marks


def _latest(marks: Sequence[Mark]) -> list[Mark]:
    """The marks of the latest exam that says something about this student."""
    told = [mark for mark in marks if mark.says_something]
    if not told:
        return []
    last = max((mark.held_on, mark.exam_id) for mark in told)
    return sorted((m for m in told if (m.held_on, m.exam_id) == last), key=lambda m: (m.subject, m.id))


def _study(
    marks: list[Mark], rules: RuleSet, papers: Mapping[PaperKey, Paper], unclear: frozenset[PaperKey]
) -> Iterable[Reason]:
    failed = [mark for mark in marks if _has_failed(mark, rules, unclear)] if rules.failed_subjects.on else []
    if len(failed) >= rules.failed_subjects.at_least:
        serious = len(failed) >= rules.failed_subjects.serious_from
        share = round(rules.failed_subjects.pass_share * 100)
        severity: Severity = "serious" if serious else "notable"
        by_band = all(mark.band for mark in failed)
        yield _marks_reason("failed_subjects", severity, failed, marks, share=share, by_band=by_band)
    low = [mark for mark in marks if mark.band in rules.low_bands.bands] if rules.low_bands.on else []
    if low and len(low) + len(failed) >= rules.low_bands.at_least:
        yield _marks_reason("low_bands", "notable", low, marks)
    rule = rules.below_cohort
    below = [mark for mark in marks if _is_below(mark, papers, rule.z, rule.min_n)] if rule.on else []
    if len(below) >= rule.at_least:
        yield _marks_reason("below_cohort", "notable", below, marks, z=rule.z)


def _has_failed(mark: Mark, rules: RuleSet, unclear: frozenset[PaperKey]) -> bool:
    rule = rules.failed_subjects
    if mark.band:
        return mark.band in rule.lowest_bands
    if not mark.is_number or _key(mark) in unclear:
        return False
    return (mark.points or 0) < rule.pass_share * _full_marks(mark, rules) - 1e-9


def _is_below(mark: Mark, papers: Mapping[PaperKey, Paper], z: float, min_n: int) -> bool:
    paper = papers.get(_key(mark))
    if not mark.is_number or paper is None or paper.n < min_n or paper.sd <= 0:
        return False
    return paper.z(mark.points or 0) <= z


def _marks_reason(code: str, severity: Severity, found: list[Mark], sat: list[Mark], **more: Any) -> Reason:
    figures = {
        "exam": found[0].exam,
        "subjects": [mark.subject for mark in found],
        "count": len(found),
        "of": len(sat),
        **more,
    }
    return Reason(code, severity, figures, tuple(("records.Score", mark.id) for mark in found))


# --- attendance, conduct, home, register -----------------------------------------------------------------


def _attendance(student: StudentFacts, rules: RuleSet, school_days: Sequence[date]) -> Iterable[Reason]:
    start = bisect_left(school_days, student.enrolled_on) if student.enrolled_on else 0
    days = school_days[start:]
    if not student.events or not days:
        return
    if rules.absence.on and len(days) >= rules.absence.min_days:
        yield from _absence(student, rules, days)
    rule = rules.late_early
    if rule.on:
        counted = [event for event in student.events if event.kind in rule.kinds]
        yield from _repeated("late_early", "records.AttendanceEvent", counted, rule)


def _absence(student: StudentFacts, rules: RuleSet, days: Sequence[date]) -> Iterable[Reason]:
    school_days = frozenset(days)
    events = [e for e in student.events if e.kind in rules.absence.kinds and e.day in school_days]
    away = len({event.day for event in events})
    share = away / len(days)
    if away == 0 or share < rules.absence.amber:
        return
    figures = {
        "days": away,
        "school_days": len(days),
        "share": round(share * 100, 1),
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
    }
    severity: Severity = "serious" if share >= rules.absence.red else "notable"
    yield Reason("absence", severity, figures, _sources("records.AttendanceEvent", events))


def _conduct(student: StudentFacts, rules: RuleSet) -> Iterable[Reason]:
    if rules.conduct.on:
        counted = [event for event in student.conduct if event.kind not in rules.conduct.good]
        yield from _repeated("conduct", "records.Behaviour", counted, rules.conduct)


def _repeated(code: str, model: str, events: list[Event], rule: LateEarly | Conduct) -> Iterable[Reason]:
    if len(events) >= rule.at_least:
        severity: Severity = "serious" if len(events) >= rule.serious_from else "notable"
        yield Reason(code, severity, _by_kind(events), _sources(model, events))


def _by_kind(events: list[Event]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for event in sorted(events, key=lambda one: one.kind):
        counts[event.kind] = counts.get(event.kind, 0) + 1
    return {"count": len(events), "kinds": counts}


def _sources(model: str, events: Iterable[Event]) -> tuple[Source, ...]:
    return tuple((model, event.id) for event in sorted(events, key=lambda one: (one.day, one.id)))


def _home(student: StudentFacts, rules: RuleSet) -> Iterable[Reason]:
    """Circumstances: serious or notable by themselves, else support for a reason that is already there."""
    rule = rules.circumstances
    for circumstance_id, category in sorted(student.circumstances) if rule.on else ():
        severity: Severity = "support"
        if category in rule.serious:
            severity = "serious"
        elif category in rule.alone:
            severity = "notable"
        sources = (("people.Circumstance", circumstance_id),)
        yield Reason("circumstance", severity, {"category": category}, sources)


def _register(student: StudentFacts) -> Iterable[Reason]:
    """Who is on the register is looked at again each term, whatever the figures say."""
    if student.registered:
        registration_id, level, since = student.registered
        figures = {"level": level, "since": since.isoformat()}
        yield Reason("registered", "notable", figures, (("people.Registration", registration_id),))
