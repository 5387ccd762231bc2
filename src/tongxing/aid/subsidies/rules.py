"""Who is suggested for a project, with how much and why. Pure; people decide.

A reason is a code: `level.<name>`, `group.<category>`, `boards`, `day`, or what stands in the way: `not_recognised`,
`boarding_unknown`, `no_amount`, `has_other`. Amounts are fen for a whole term.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

DAY = datetime.timedelta(days=1)
#: The last grade of each stage.
STAGES = ((6, "primary"), (9, "junior"), (12, "senior"))
SHORTEST_CARD, LONGEST_CARD = 12, 23  # digits


@dataclass(frozen=True, slots=True)
class Paid:
    """What somebody gets from `starts_on` on; an empty `stage`, `boarding` or `level` fits everybody."""

    amount: int
    starts_on: datetime.date
    stage: str = ""
    boarding: str = ""
    level: str = ""

    @property
    def named(self) -> int:
        return sum(map(bool, (self.stage, self.boarding, self.level)))


@dataclass(frozen=True, slots=True)
class Child:
    """`boards` None: nobody has noted it. `level`: of the recognition that holds. `groups`: confirmed by an office.

    `first`, `last`: its days at the school, where they lie within the term."""

    stage: str = ""
    boards: bool | None = None
    level: str = ""
    groups: frozenset[str] = frozenset()
    first: datetime.date | None = None
    last: datetime.date | None = None

    @property
    def boarding(self) -> str:
        return "" if self.boards is None else "boards" if self.boards else "day"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`amount` nothing: not suggested, and `reasons` say why. `part`: what the days at this school would come to.
    `elsewhere`: another school of the county has granted this child the same in these months."""

    amount: int
    reasons: tuple[str, ...]
    part: int | None = None
    elsewhere: bool = False

    @property
    def fits(self) -> bool:
        return self.amount > 0

    @property
    def is_singly(self) -> bool:
        """Two schools share this child or its term: it is decided alone, not together with the class."""
        return self.fits and (self.part is not None or self.elsewhere)


def stage_of(grade: int | None) -> str:
    return next((name for last, name in STAGES if grade and grade <= last), "")


def rate_on(rates: Sequence[Paid], child: Child, day: datetime.date) -> Paid | None:
    """The one that names most of this child; among those the newest, and the later written of one day."""
    fitting = [
        (one.named, one.starts_on, place, one)
        for place, one in enumerate(rates)
        if one.starts_on <= day
        and one.stage in ("", child.stage)
        and one.boarding in ("", child.boarding)
        and one.level in ("", child.level)
    ]
    return max(fitting)[-1] if fitting else None


def pro_rata(
    amount: int, term: tuple[datetime.date, datetime.date], first: datetime.date, last: datetime.date
) -> int:
    """The part for the days from `first` to `last` of a term, rounded down: two schools together never pay more."""
    first, last = max(first, term[0]), min(last, term[1])
    days, of = (last - first).days + 1, (term[1] - term[0]).days + 1
    return amount * max(days, 0) // of


def suggest(
    child: Child,
    *,
    asks: str,
    rates: Sequence[Paid],
    day: datetime.date,
    term: tuple[datetime.date, datetime.date],
    has_other: bool = False,
    elsewhere: bool = False,
) -> Suggestion:
    """`asks`: recognised, or known (a recognition or a group). `has_other`: something that excludes this project."""
    grounds = [f"level.{child.level}"] if child.level else []
    if asks == "known":
        grounds += [f"group.{one}" for one in sorted(child.groups)]
    if not grounds:
        return Suggestion(0, ("not_recognised",))
    if has_other:
        return Suggestion(0, ("has_other",))
    rate = rate_on(rates, child, day)
    if rate is None:
        needs_boarding = child.boards is None and any(one.boarding for one in rates)
        return Suggestion(0, ("boarding_unknown" if needs_boarding else "no_amount",))
    if rate.boarding:
        grounds.append(rate.boarding)
    part = None
    if child.first or child.last:
        part = pro_rata(rate.amount, term, child.first or term[0], child.last or term[1])
    return Suggestion(rate.amount, tuple(grounds), part, elsewhere)


def card_number(text: str) -> str:
    """The digits of a card or passbook, without the spaces people write; empty: it is none."""
    digits = "".join(text.split()).replace("-", "")
    fits = digits.isascii() and digits.isdigit() and SHORTEST_CARD <= len(digits) <= LONGEST_CARD
    return digits if fits else ""


def differs(granted: bool, amount: int, suggestion: Suggestion) -> bool:
    """Whether people decide otherwise than the rules suggest; then they say why."""
    as_said = amount == suggestion.amount and not suggestion.elsewhere
    return granted != suggestion.fits or (granted and not as_said)
