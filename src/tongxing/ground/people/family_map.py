"""A small picture of a family in words: who lives with the child, who works where, whom to call first and when.

Pure: it orders what is known and invents nothing; who is not said to be anywhere stands apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .models import Guardian


@dataclass(frozen=True, slots=True)
class FamilyMap:
    """`away`: by the place where they work, in the order in which they are called."""

    at_home: tuple[Guardian, ...]
    away: tuple[tuple[str, tuple[Guardian, ...]], ...]
    unknown: tuple[Guardian, ...]
    calls: tuple[Guardian, ...]

    @property
    def entrusted(self) -> tuple[Guardian, ...]:
        return tuple(one for one in self.everybody if one.entrusted)

    @property
    def cannot_read(self) -> tuple[Guardian, ...]:
        return tuple(one for one in self.everybody if one.reads is False)

    @property
    def everybody(self) -> tuple[Guardian, ...]:
        away = tuple(one for _place, people in self.away for one in people)
        return (*self.at_home, *away, *self.unknown)

    @property
    def parents_away(self) -> bool | None:
        """Whether both parents work away (双方外出); None: not everything about both of them is known."""
        parents = {one.relation: one for one in self.everybody if one.relation in ("father", "mother")}
        if len(parents) < 2:
            return None
        away = [_is_away(one) for one in parents.values()]
        return None if None in away else all(away)


def family_map(guardians: Sequence[Guardian]) -> FamilyMap:
    """`guardians`: those of one child as they stand today."""
    ordered = sorted(guardians, key=lambda one: (one.order, one.pk or 0))
    places: dict[str, list[Guardian]] = {}
    for one in ordered:
        if _is_away(one):
            places.setdefault(one.away_place.strip(), []).append(one)
    return FamilyMap(
        at_home=tuple(one for one in ordered if _is_away(one) is False),
        away=tuple((place, tuple(people)) for place, people in places.items()),
        unknown=tuple(one for one in ordered if _is_away(one) is None),
        calls=tuple(one for one in ordered if one.phone_masked),
    )


def _is_away(guardian: Guardian) -> bool | None:
    """Away: works in another place or does not live with the child; None: nobody said."""
    if guardian.away_place.strip():
        return True
    return None if guardian.lives_with is None else not guardian.lives_with
