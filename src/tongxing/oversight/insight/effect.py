"""Did a kind of help help? Pure: no database, no words.

Invariants:
- a gain is never an effect: whoever starts lowest rises without any help (regression to the mean). Compared is the
  later result with that of children without help who started at the same place;
- with fewer than `MIN_N` on either side nothing is said;
- an effect is of many children together; of one child there are facts beside what similar starts came to.

Method: analysis of covariance, one common slope of later on earlier results (Lord's case of selection by the earlier
result: Rubin 1977, “Assignment to treatment group on the basis of a covariate”), over the starts that both sides share.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

MIN_N = 20
CONFIDENCE = 0.95
#: How far a start may lie from another one to be called similar, in standard deviations.
NEAR = 0.5
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)

#: An earlier and a later result, as z among those who sat the same paper.
Sitting = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """`value` with its 95 % interval, in standard deviations of the later paper; `helped`, `others`: children compared."""

    value: float
    low: float
    high: float
    helped: int
    others: int

    @property
    def says(self) -> Literal["more", "less", "nothing"]:
        """What the interval allows to say."""
        return "more" if self.low > 0 else "less" if self.high < 0 else "nothing"


def estimate(helped: Iterable[Sitting], others: Iterable[Sitting]) -> Effect | None:
    """How much further the helped came than others with the same start; None: too few are comparable."""
    helped, others = _shared(list(helped), list(others))
    if min(len(helped), len(others)) < MIN_N:
        return None
    one, two = _Sums.of(helped), _Sums.of(others)
    across = one.xx + two.xx
    if across <= 0:
        return None  # everybody started at the very same place
    slope = (one.xy + two.xy) / across
    apart = one.x - two.x
    value = one.y - two.y - slope * apart
    free = one.n + two.n - 3
    left = max(one.yy + two.yy - slope * (one.xy + two.xy), 0.0) / free
    error = math.sqrt(left * (1 / one.n + 1 / two.n + apart**2 / across))
    reach = student_t(free) * error
    return Effect(value, value - reach, value + reach, one.n, two.n)


@dataclass(frozen=True, slots=True)
class _Sums:
    """n, means, and sums of squares and products around them."""

    n: int
    x: float
    y: float
    xx: float
    xy: float
    yy: float

    @classmethod
    def of(cls, rows: Sequence[Sitting]) -> "_Sums":
        n = len(rows)
        x, y = (math.fsum(row[which] for row in rows) / n for which in (0, 1))
        return cls(
            n,
            x,
            y,
            math.fsum((a - x) ** 2 for a, _b in rows),
            math.fsum((a - x) * (b - y) for a, b in rows),
            math.fsum((b - y) ** 2 for _a, b in rows),
        )


def _shared(helped: list[Sitting], others: list[Sitting]) -> tuple[list[Sitting], list[Sitting]]:
    """Both sides where their starts overlap: nobody is compared with a start that the other side does not know."""
    if not helped or not others:
        return [], []
    low = max(min(row[0] for row in side) for side in (helped, others))
    high = min(max(row[0] for row in side) for side in (helped, others))
    return [row for row in helped if low <= row[0] <= high], [row for row in others if low <= row[0] <= high]


def student_t(free: int) -> float:
    """The two-sided 95 % point of Student's t (Cornish–Fisher, four digits from 20 degrees of freedom on)."""
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    return Z + first / free + second / free**2


@dataclass(frozen=True, slots=True)
class Beside:
    """What most children with a similar start came to: the middle half of `n` later results."""

    low: float
    high: float
    n: int


def beside(start: float, others: Sequence[tuple[float, float]], sd: float) -> Beside | None:
    """The later points of those whose earlier points lie near `start`; None: too few. `sd` of the earlier paper."""
    near = sorted(later for earlier, later in others if abs(earlier - start) <= NEAR * sd)
    if sd <= 0 or len(near) < MIN_N:
        return None
    return Beside(_quantile(near, 0.25), _quantile(near, 0.75), len(near))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


#: The 等级 in use, the best first; two bands are compared within one scale.
SCALES = (
    ("A", "B", "C", "D", "E"),
    ("优秀", "良好", "合格", "待合格"),
    ("优秀", "良好", "及格", "不及格"),
    ("优", "良", "中", "及格", "不及格"),
    ("优", "良", "合格", "待合格"),
    ("优", "良", "中", "差"),
)
Step = Literal["up", "same", "down"]


def step(earlier: str, later: str) -> Step | None:
    """Which way a result moved; None: bands of two scales."""
    if earlier == later:
        return "same"
    scale = next((scale for scale in SCALES if earlier in scale and later in scale), None)
    if scale is None:
        return None
    return "up" if scale.index(later) < scale.index(earlier) else "down"


#: How finely the overall start of results in bands is told: half a band of five.
SHADES = 8


def overall_start(bands: Sequence[str]) -> int:
    """Where somebody stands over all subjects, 0 (best) to SHADES.

    Children are chosen for help by all their results together. Whoever was unlucky in one subject alone rises there
    by themselves, so a like band in one subject is no like start.
    """
    places = [
        scale.index(band) / (len(scale) - 1)
        for band in bands
        if (scale := next((one for one in SCALES if band in one), None))
    ]
    return round(SHADES * sum(places) / len(places)) if places else 0


#: One result: the overall start of whose it is, its earlier and its later band.
Moved = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Moves:
    """How results in bands moved: `ways` of the helped, and `expected`, as many of others from the same start."""

    ways: dict[Step, int]
    expected: dict[Step, float]
    n: int


def moves(helped: Iterable[Moved], others: Iterable[Moved]) -> Moves | None:
    """Others count with the weight of the helped who began where they did: the same band and the same overall start."""
    mine, theirs = Counter(_steps(helped)), Counter(_steps(others))
    at_start: Counter[tuple[int, str]] = Counter()
    for (start, _way), count in theirs.items():
        at_start[start] += count
    ways: dict[Step, int] = {"up": 0, "same": 0, "down": 0}
    expected: dict[Step, float] = {"up": 0.0, "same": 0.0, "down": 0.0}
    for (start, way), count in mine.items():
        if not at_start[start]:
            continue  # nobody to compare with
        ways[way] += count
        for one in expected:
            expected[one] += count * theirs[start, one] / at_start[start]
    beside_them = sum(at_start[start] for start in {start for start, _way in mine})
    n = sum(ways.values())
    return Moves(ways, expected, n) if min(n, beside_them) >= MIN_N else None


def _steps(results: Iterable[Moved]) -> Iterable[tuple[tuple[int, str], Step]]:
    for overall, earlier, later in results:
        if (way := step(earlier, later)) is not None:
            yield (overall, earlier), way
