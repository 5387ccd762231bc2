"""The promises that come with the product, as data: 六个一, 三沟通, 假期联系. A school changes them in settings.

六个一 is for key students; the other registered students get a talk every three weeks and a home visit a term.
三沟通 keeps three conversations alive each month: with the student, with the parents who work away, with the
guardian at home; the last two only where the parents work away. 假期联系 carries care through the winter and summer
break: a talk with the student, safety words (water, road, fire, home alone), and the family of who is left behind.
"""

from typing import Any, NamedTuple

TALKING = ["in_person", "at_home", "phone", "video"]
FAMILY = [*TALKING, "message"]
MONTH_HAS_DAYS = 8


class Builtin(NamedTuple):
    code: str
    name_zh: str
    name_en: str
    commitments: tuple[dict[str, Any], ...]


def _promise(code: str, zh: str, en: str, to: str, record_as: str, every: str, **rule: Any) -> dict[str, Any]:
    return {
        "code": code,
        "label_zh": zh,
        "label_en": en,
        "to": to,
        "record_as": record_as,
        "every": every,
        **rule,
    }


def _monthly(code: str, zh: str, en: str, record_as: str, reached: str, **rule: Any) -> dict[str, Any]:
    rule = {"reached": [reached], "topics": ["talk"], "due_from": 2, "min_days": MONTH_HAS_DAYS, **rule}
    return _promise(code, zh, en, "registered", record_as, "month", **rule)


TALK: dict[str, Any] = {"reached": ["student"], "channels": TALKING, "topics": ["talk"]}
LEFT_BEHIND = "left_behind"

SIX_ONES = Builtin(
    "six_ones",
    "六个一",
    "Six things for each student",
    (
        _promise("talk", "谈心", "Talk", "key", "talk", "week", **TALK),
        _promise("talk_others", "谈心", "Talk", "other", "talk", "weeks", n=3, due_from=2, **TALK),
        _promise(
            "goal",
            "月目标",
            "Goal of the month",
            "key",
            "goal",
            "month",
            topics=["goal"],
            min_days=MONTH_HAS_DAYS,
        ),
        _promise(
            "visit", "家访", "Home visit", "registered", "visit", "term", channels=["at_home"], due_from=8
        ),
        _promise(
            "partner", "学伴", "Study partner", "key", "partner", "term", topics=["partner"], due_from=4
        ),
        _promise(
            "success", "成功体验", "A success", "key", "success", "term", topics=["success"], due_from=8
        ),
        _promise("book", "赠书", "Book", "key", "book", "term_start", n=3, topics=["book"]),
    ),
)
THREE_CONVERSATIONS = Builtin(
    "three_conversations",
    "三沟通",
    "Three conversations",
    (
        _monthly("with_student", "与学生沟通", "Conversation", "talk", "student", channels=TALKING),
        _monthly(
            "with_away_parent",
            "与外出家长沟通",
            "Parents away",
            "call",
            "away_parent",
            channels=FAMILY,
            needs_circumstance=LEFT_BEHIND,
        ),
        _monthly(
            "with_second_guardian",
            "与在家监护人沟通",
            "Guardian at home",
            "call",
            "second_guardian",
            channels=FAMILY,
            needs_circumstance=LEFT_BEHIND,
        ),
    ),
)
HOLIDAYS = Builtin(
    "holidays",
    "假期联系",
    "Holiday contacts",
    (
        _promise("holiday_talk", "假期联系", "Holiday talk", "key", "call", "break_weeks", n=2, **TALK),
        _promise(
            "holiday_talk_others", "假期联系", "Holiday talk", "other", "call", "break_weeks", n=4, **TALK
        ),
        _promise(
            "holiday_safety",
            "假期安全叮嘱",
            "Safety words",
            "registered",
            "call",
            "break",
            topics=["safety"],
        ),
        _promise(
            "holiday_family",
            "假期联系家长",
            "Holiday call home",
            "registered",
            "call",
            "break_weeks",
            n=4,
            reached=["father", "mother", "away_parent", "second_guardian"],
            channels=FAMILY,
            topics=["talk"],
            needs_circumstance=LEFT_BEHIND,
        ),
    ),
)
BUILTINS = (SIX_ONES, THREE_CONVERSATIONS, HOLIDAYS)
