"""What a school asks for beside what the county asks for: one reading, for the school's page and for the county's."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tongxing.care.programme.models import Commitment
from tongxing.care.programme.versions import Terms
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.insight.county import schools_of

from . import rules
from .models_programme import Adaptation, CountyPoint, CountyVersion, Takeover
from .rules import Standing
from .scoping import VIEW


@dataclass(frozen=True, slots=True)
class Line:
    """One point with one school. `own`: the school's promise that stands for it: of the same code, or another that
    keeps it. `adaptation`: why it is different, as long as the point asks for what it asked for then."""

    point: CountyPoint
    own: Commitment | None
    standing: Standing
    adaptation: Adaptation | None

    @property
    def is_kept(self) -> bool:
        return self.standing in ("same", "more")

    @property
    def is_open(self) -> bool:
        return not self.is_kept and self.adaptation is None

    @property
    def adds(self) -> bool:
        """Taking the version over adds it to the school's promises."""
        return self.is_open and self.own is None

    @property
    def raises(self) -> bool:
        return self.is_open and self.own is not None


@dataclass(frozen=True, slots=True)
class SchoolLines:
    """`taken`: the newest version that the school took over, and when."""

    school: Organisation
    lines: tuple[Line, ...]
    taken: Takeover | None

    @property
    def adapted(self) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if not one.is_kept and one.adaptation)

    @property
    def open(self) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.is_open)


def newest(county: Organisation | None) -> CountyVersion | None:
    """What holds now in the schools of a bureau."""
    return CountyVersion.objects.published().filter(school=county).first() if county else None


def lines_of(school: Organisation, version: CountyVersion) -> tuple[Line, ...]:
    return _lines([school], version)[school.pk]


def schools_with(actor: Actor, county: Organisation, version: CountyVersion) -> list[SchoolLines]:
    """Each school in the order of names; four queries, however many there are."""
    actor.require(VIEW, school_id=county.pk)
    schools = schools_of(county)
    lines = _lines(schools, version)
    taken: dict[int, Takeover] = {}
    for one in (
        Takeover.objects.filter(school__in=schools).select_related("version").order_by("version__number")
    ):
        taken[one.school_id] = one
    return [SchoolLines(one, lines[one.pk], taken.get(one.pk)) for one in schools]


def _lines(schools: Collection[Organisation], version: CountyVersion) -> dict[int, tuple[Line, ...]]:
    points = list(version.points.filter(left_out=False))
    promised: defaultdict[int, list[Commitment]] = defaultdict(list)
    for one in Commitment.objects.filter(school__in=schools).open().order_by("pk"):
        promised[one.school_id].append(one)
    reasons: dict[tuple[int, str], Adaptation] = {}
    standing = Adaptation.objects.standing().filter(school__in=schools).select_related("point")
    for reason in standing.order_by("pk"):
        reasons[reason.school_id, reason.point.code] = reason
    return {
        school.pk: tuple(
            _line(point, promised[school.pk], reasons.get((school.pk, point.code))) for point in points
        )
        for school in schools
    }


def _line(point: CountyPoint, promised: Iterable[Commitment], reason: Adaptation | None) -> Line:
    terms = Terms.of(point)
    own = next((one for one in promised if one.code == point.code), None)
    if own is None or not rules.meets(Terms.of(own), terms):
        own = next((one for one in promised if rules.meets(Terms.of(one), terms)), own)
    holds = reason if reason and rules.standing(terms, Terms.of(reason.point)) == "same" else None
    return Line(point, own, rules.standing(terms, Terms.of(own) if own else None), holds)
