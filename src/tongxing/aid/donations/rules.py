"""What giving at school may and may not be. Pure.

Sources: 慈善法 22, 26, 32, 122; 公益事业捐赠法 8; 民法典 19, 20 (under eight a guardian acts, up to seventeen what suits
the age).
"""

import datetime
import re
from typing import Literal

#: Below this many people even the whole school's share could tell of single ones.
SMALLEST = 10
ALONE_FROM, GROWN = 8, 18  # years
#: An amount, a share or a place among others, in figures or Chinese numerals.
_MONEY = re.compile(
    r"[\d０-９.,，一二两三四五六七八九十百千万]+\s*(?:多|余|几)?\s*(?:元|块|角|分钱|万|yuan|rmb)"
    r"|[¥￥$]|[%％‰]|百分之|千分之|参与率|捐款额|金额|捐[得了]*最多|第[一二三四五六七八九十\d]+名|名列",
    re.IGNORECASE,
)

Missing = Literal["", "guardian", "consent"]


def share_of(people: int, roster: int) -> int | None:
    """How many of a hundred took part, rounded down; None: too few people to tell it."""
    if roster < SMALLEST:
        return None
    return min(100, people * 100 // roster)


def age(born: datetime.date, on: datetime.date) -> int:
    """Full years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def missing(
    born: datetime.date | None,
    on: datetime.date,
    amount: int,
    *,
    consent_from: int,
    by_guardian: bool,
    consent: bool,
) -> Missing:
    """What a child's gift still needs: below eight the guardian's hand, below eighteen the guardian's word from
    `consent_from` fen on. A child whose age is not known is eight or more, and not grown up."""
    years = ALONE_FROM if born is None else age(born, on)
    if years < ALONE_FROM:
        return "" if by_guardian else "guardian"
    if years < GROWN and amount >= consent_from and not (consent or by_guardian):
        return "consent"
    return ""


def tells_money(story: str) -> bool:
    """Whether a story of thanks speaks of an amount, a share or a place among others."""
    return bool(_MONEY.search(story))


def in_the_bag(first: int, second: int, agreed: int | None) -> int | None:
    """What lies in the bag, in fen: what both counted, otherwise what they agree on; None: not agreed yet."""
    return first if first == second else agreed
