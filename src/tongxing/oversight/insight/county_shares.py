"""Indicators as a county sees them: of all its schools together and of each, by name, month by month.

Invariants:
- the same declarations as in a school (`indicators.INDICATORS`, those read `by` county): figure, out of what, words;
- worked out from counts in tens as they are shown (`Months`), and from nothing else: so it tells nothing beside them;
- so a share is known roughly, from the least to the most it may be; out of fewer than ten there is none.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor

from .county_months import Months, county_months
from .indicators import INDICATORS, Indicator
from .tens import Range, Tens, range_of, range_of_total

FROM_AFAR: dict[str, Indicator] = {code: one for code, one in INDICATORS.items() if "county" in one.by}


@dataclass(frozen=True, slots=True)
class Share:
    """`of` and `out_of` as shown. `percent`: the least and the most; None: no record, or out of fewer than ten."""

    of: Tens
    out_of: Tens
    percent: Range | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    school: Organisation
    months: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """`whole`: all schools, those without a record of it counted as not yet; `without`: how many these are."""

    indicator: Indicator
    firsts: tuple[datetime.date, ...]
    rows: tuple[ShareRow, ...]
    whole: tuple[Share, ...]
    without: tuple[int, ...]


def county_shares(actor: Actor, county: Organisation, code: str, as_of: datetime.datetime) -> Shares:
    """`code`: one of `FROM_AFAR`. As many queries as months, however many schools."""
    one = FROM_AFAR[code]
    of, out_of = (county_months(actor, county, figure, as_of) for figure in (one.of, one.out_of))
    rows = tuple(
        ShareRow(part.school, tuple(map(share, part.months, whole.months)))
        for part, whole in zip(of.rows, out_of.rows, strict=True)
    )
    return Shares(
        one,
        of.firsts,
        rows,
        tuple(_whole(of, out_of, place) for place in range(len(of.firsts))),
        tuple(max(0, b - a) for a, b in zip(of.known, out_of.known, strict=True)),
    )


def share(of: Tens, out_of: Tens) -> Share:
    """One school's, from the two tens."""
    if of.kind == "unknown" or out_of.kind != "shown":
        return Share(of, out_of, None)
    return Share(of, out_of, percent(range_of(of), range_of(out_of)))


def _whole(of: Months, out_of: Months, place: int) -> Share:
    first, second = of.totals[place], out_of.totals[place]
    if first.kind == "unknown" or second.kind != "shown":
        return Share(first, second, None)
    return Share(first, second, percent(*(_range(one, place) for one in (of, out_of))))


def _range(found: Months, place: int) -> Range:
    parts: Sequence[Tens] = [row.months[place] for row in found.rows]
    return range_of_total(found.totals[place], parts)


def percent(of: Range, out_of: Range) -> Range:
    """In whole percent, rounded outwards; a part is never more than its whole."""
    least = 100 * of.least // out_of.most
    return Range(least, min(100, -(-100 * of.most // out_of.least)))
