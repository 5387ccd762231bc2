"""The rule set of a screening round: thresholds a school may edit, kept with the round as JSON.

Invariants:
- every threshold stands here and nowhere else; docs/screening.md tells formula and source of each;
- a rule set read back from JSON equals the one written; an unknown name or an impossible value is refused.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = "2026-1"

# Lowest band of each 等级 scale in use, and the bands just above it that still call for a look.
LOWEST_BANDS = ("E", "D-", "不合格", "不及格", "待合格", "待及格", "需努力")
LOW_BANDS = ("D",)
# Circumstances that are a reason by themselves; the others only join a reason that is already there.
ALONE = ("disabled", "serious_illness", "sudden_hardship")
SERIOUS = ("orphan", "de_facto_unsupported")
# Kinds of behaviour records that tell of something good: they never call for a look.
GOOD = ("praise", "highlight", "success", "表扬", "亮点", "好人好事", "进步")


@dataclass(frozen=True, slots=True)
class FailedSubjects:
    """Subjects below the pass mark in the student's latest exam.

    Pass mark = `pass_share` × full marks (60 % is the usual 及格线); with 等级 the lowest band of the scale.
    """

    on: bool = True
    at_least: int = 2
    serious_from: int = 4
    pass_share: float = 0.6
    full_marks: float = 100.0
    full_marks_of: Mapping[str, float] = field(default_factory=dict)
    lowest_bands: tuple[str, ...] = LOWEST_BANDS


@dataclass(frozen=True, slots=True)
class LowBands:
    """Subjects in a low 等级 (a low or the lowest band) in the latest exam; needs no numbers."""

    on: bool = True
    at_least: int = 3
    bands: tuple[str, ...] = LOW_BANDS


@dataclass(frozen=True, slots=True)
class BelowCohort:
    """Far below those who sat the same paper: z = (points − mean) / sample standard deviation.

    Judged only where at least `min_n` students sat the paper. Off in the compulsory stage (no comparison of
    children by score there); elsewhere internal: never a rank, never shown to families.
    """

    on: bool = False
    z: float = -1.5
    at_least: int = 2
    min_n: int = 20


@dataclass(frozen=True, slots=True)
class Absence:
    """Share of school days away: days with an absence event / school days of the calendar so far.

    `amber` 5 %, `red` 10 % (the usual line of chronic absence, which counts excused days too).
    Not judged before `min_days` school days have passed: one day in week 1 says nothing.
    """

    on: bool = True
    amber: float = 0.05
    red: float = 0.10
    min_days: int = 10
    kinds: tuple[str, ...] = ("absent", "leave")


@dataclass(frozen=True, slots=True)
class LateEarly:
    """Late arrivals and early departures this term, counted by event."""

    on: bool = True
    at_least: int = 5
    serious_from: int = 10
    kinds: tuple[str, ...] = ("late", "early")


@dataclass(frozen=True, slots=True)
class Conduct:
    """Behaviour records this term, but those of a kind in `good`: praise never calls for a look."""

    on: bool = True
    at_least: int = 3
    serious_from: int = 6
    good: tuple[str, ...] = GOOD


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Circumstances at home, as reasons for support. `alone` and `serious` make a candidate by themselves."""

    on: bool = True
    alone: tuple[str, ...] = ALONE
    serious: tuple[str, ...] = SERIOUS


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Every rule of one round. `version` names the set the school started from."""

    version: str = VERSION
    failed_subjects: FailedSubjects = FailedSubjects()
    low_bands: LowBands = LowBands()
    below_cohort: BelowCohort = BelowCohort()
    absence: Absence = Absence()
    late_early: LateEarly = LateEarly()
    conduct: Conduct = Conduct()
    circumstances: Circumstances = Circumstances()

    def as_json(self) -> dict[str, Any]:
        """The rule set as plain JSON values."""
        return _plain(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RuleSet":
        """Read a stored rule set; what is missing takes the default, what is unknown raises ValueError."""
        parts: dict[str, Any] = {}
        for name, value in data.items():
            if name == "version":
                parts[name] = str(value)
            elif name in RULES:
                parts[name] = _rule(RULES[name], value)
            else:
                raise ValueError(f"unknown rule {name}")
        return cls(**parts).checked()

    def checked(self) -> "RuleSet":
        """This rule set, or ValueError naming the threshold that makes no sense."""
        wrong = {
            "failed_subjects.pass_share": not 0 < self.failed_subjects.pass_share <= 1,
            "failed_subjects.full_marks": self.failed_subjects.full_marks <= 0,
            "below_cohort.z": self.below_cohort.z >= 0,
            "below_cohort.min_n": self.below_cohort.min_n < 20,
            "absence.red": not 0 < self.absence.amber <= self.absence.red <= 1,
            "absence.min_days": self.absence.min_days < 1,
        }
        for name in ("failed_subjects", "low_bands", "below_cohort", "late_early", "conduct"):
            rule = getattr(self, name)
            wrong[f"{name}.at_least"] = rule.at_least < 1
            wrong[f"{name}.serious_from"] = getattr(rule, "serious_from", rule.at_least) < rule.at_least
        for name, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(name)
        return self


RULES: dict[str, type] = {f.name: f.type for f in dataclasses.fields(RuleSet) if f.name != "version"}  # type: ignore[misc]  # the annotations are classes

COMPULSORY = frozenset({"primary", "junior", "nine_year", "teaching_point"})


def default_rules(stage: str) -> RuleSet:
    """The rule set a school of this stage starts from: comparison by z only above the compulsory stage."""
    return RuleSet(below_cohort=BelowCohort(on=stage not in COMPULSORY))


def _rule(kind: type, data: Mapping[str, Any]) -> Any:
    known = {f.name: f for f in dataclasses.fields(kind)}
    unknown = set(data) - set(known)
    if unknown:
        raise ValueError(f"unknown threshold {sorted(unknown)[0]}")
    return kind(**{name: _threshold(known[name].type, value) for name, value in data.items()})


def _threshold(kind: Any, value: Any) -> Any:
    if kind is bool:
        return value is True
    if kind in (int, float):
        return kind(value)
    if isinstance(value, Mapping):
        return {str(key): float(number) for key, number in value.items()}
    return tuple(str(one) for one in value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return list(value) if isinstance(value, tuple) else value
