"""Which schools need a hand: who has asked for it, and where there is no record to count. In the order of names, no score."""

from collections import defaultdict
from dataclasses import dataclass

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.oversight.insight.county import CountySums
from tongxing.oversight.insight.county_counts import SUMS

from .models_hands import Hand
from .scoping import VIEW


@dataclass(frozen=True, slots=True)
class Needing:
    """`without`: the names of the figures that the school has no record of."""

    school: Organisation
    hands: tuple[Hand, ...]
    without: tuple[str, ...]


def needing_a_hand(actor: Actor, county: Organisation, sums: CountySums) -> list[Needing]:
    """One query."""
    actor.require(VIEW, school_id=county.pk)
    hands: defaultdict[int, list[Hand]] = defaultdict(list)
    for one in Hand.objects.standing().filter(school__parent=county).order_by("entered_at", "pk"):
        hands[one.school_id].append(one)
    found = (
        Needing(row.school, tuple(hands[row.school.pk]), tuple(str(SUMS[code]) for code in row.without))
        for row in sums.schools
    )
    return [one for one in found if one.hands or one.without]
