"""How a title comes about, without the ORM: when enough have spoken, what follows, when it may be public, how long it shows.

Invariants:
- people decide: an outcome is what more than half of those who looked say, never a sum;
- nobody is public before everybody who was asked has said yes; no answer is no yes.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

GROUP, COLLEAGUE, CLASS, PARTNERS, PROGRESS = "group", "colleague", "class", "partners", "progress"
#: Kinds that are about children.
OF_CHILDREN = frozenset({PARTNERS, PROGRESS})
#: How many look at it together at least.
FEWEST = 3
#: How many of them must have spoken.
FEWEST_WORDS = 2
#: How long an honour shows on the school's page.
SHOWN_FOR = datetime.timedelta(days=365)

_NUMBER = r"[\d一二两三四五六七八九十百千万]+(?:多|余|几)?"
#: Marks, amounts, shares and places among others. “十分认真”, “五分钟” and “第一次” are none.
_MEASURES = re.compile(
    rf"\d+分(?![钟之])|[一二三四五六七八九]十[一二三四五六七八九]?分(?![钟之])|百[一二三四五六七八九十]*分(?![钟之])"
    rf"|{_NUMBER}(?:元(?![旦宵])|块钱|万元)|[¥$%‰]|百分之|捐[款钱资赠了]|募捐"
    rf"|排名|名次|名列|榜首|冠军|倒数|均分|总分|满分|[前第]{_NUMBER}名"
    r"|(?:[全本]?[校班县市区]级?|[全本]?年级|成绩|考试)第[一二三四五六七八九十\d]"
)

Outcome = Literal["open", "meets", "not_yet"]
State = Literal[
    "withdrawn", "proposed", "not_yet", "meets", "asked", "declined", "agreed", "public", "awarded"
]


def outcome(said: Collection[bool], able: int) -> Outcome:
    """What those who looked say together. `able`: how many of the committee may look at this one.

    Open until more than half of them, and at least two, have spoken. An even split is not yet.
    """
    if len(said) < max(FEWEST_WORDS, able // 2 + 1):
        return "open"
    return "meets" if sum(said) * 2 > len(said) else "not_yet"


def carries(weights: Mapping[int, int], met: Iterable[int]) -> bool:
    """Whether what somebody finds met is at least half of what the scheme weighs: less is no “meets”."""
    return sum(weights[one] for one in set(met)) * 2 >= sum(weights.values())


def all_agree(answers: Collection[str]) -> bool:
    """Everybody who was asked has said yes, and somebody was asked."""
    return bool(answers) and all(one == "yes" for one in answers)


def state(*, withdrawn: bool, outcome: str, answers: Collection[str], public: bool, awarded: bool) -> State:
    """Where one proposal is on its way. A “no” after the publicity takes it from there as well."""
    if withdrawn:
        return "withdrawn"
    if outcome != "meets":
        return "not_yet" if outcome else "proposed"
    if not answers:
        return "meets"
    if "no" in answers:
        return "declined"
    if not all_agree(answers):
        return "asked"
    if awarded:
        return "awarded"
    return "public" if public else "agreed"


def measures(story: str) -> bool:
    """Whether a story speaks of marks, amounts, shares or places among others, or of giving money: none honours anybody."""
    return bool(_MEASURES.search("".join(unicodedata.normalize("NFKC", story).split())))


def shown_until(awarded_on: datetime.date) -> datetime.date:
    return awarded_on + SHOWN_FOR
