"""The promises that come with the product, as data. A school begins with 六个一, 三沟通 and 假期联系, adds 四优先 and
双管理 if it wants to, and changes all of them in settings.

六个一 is for key students; the other registered students get a talk every three weeks and a home visit a term.
三沟通 keeps three conversations alive each month: with the student, with the parents who work away, with the
guardian at home; the last two only where the parents work away. 假期联系 carries care through winter and summer break:
a talk, safety words (water, roads, fire, home alone), and a call home where parents work away. 四优先 puts registered
students first in safety, study, daily life and activities; 双管理 lets the class teacher and the helper, as proxy
parent (代管家长), look after those whose parents work away. Whoever makes the contact, it counts.
"""

from typing import Any, NamedTuple

from django.utils.translation import get_language

TALKING = ["in_person", "at_home", "phone", "video"]
FAMILY = [*TALKING, "message"]
MONTH_HAS_DAYS = 8


def in_words(zh: str, en: str) -> str:
    """A name that is kept in both languages, in the reader's."""
    return zh if (get_language() or "zh").startswith("zh") else en


class Builtin(NamedTuple):
    code: str
    name_zh: str
    name_en: str
    commitments: tuple[dict[str, Any], ...]

    @property
    def name(self) -> str:
        return in_words(self.name_zh, self.name_en)


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
FOUR_FIRST = Builtin(
    "four_first",
    "四优先",
    "Four things first",
    (
        _promise(
            "first_safety",
            "安全优先",
            "Safety first",
            "registered",
            "talk",
            "month",
            by="class_teacher",
            topics=["safety"],
            min_days=MONTH_HAS_DAYS,
        ),
        _promise(
            "first_study",
            "学习优先",
            "Study first",
            "registered",
            "tutoring",
            "weeks",
            n=2,
            topics=["study"],
        ),
        _promise(
            "first_life",
            "生活优先",
            "Daily life first",
            "registered",
            "talk",
            "month",
            due_from=2,
            topics=["life"],
            min_days=MONTH_HAS_DAYS,
        ),
        _promise(
            "first_activities",
            "活动优先",
            "Activities first",
            "registered",
            "highlight",
            "month",
            by="class_teacher",
            due_from=2,
            channels=["activity"],
            min_days=MONTH_HAS_DAYS,
        ),
    ),
)
TWO_CARERS = Builtin(
    "two_carers",
    "双管理",
    "Two who look after",
    (
        _promise(
            "class_teacher_family",
            "班主任联系家长",
            "Class teacher and family",
            "registered",
            "call",
            "month",
            by="class_teacher",
            due_from=2,
            reached=["father", "mother", "away_parent", "second_guardian"],
            channels=FAMILY,
            topics=["talk"],
            min_days=MONTH_HAS_DAYS,
            needs_circumstance=LEFT_BEHIND,
        ),
        _promise(
            "proxy_parent",
            "代管家长关心生活",
            "Proxy parent: daily life",
            "registered",
            "talk",
            "weeks",
            by="proxy_parent",
            n=2,
            reached=["student"],
            channels=TALKING,
            topics=["life"],
            needs_circumstance=LEFT_BEHIND,
        ),
    ),
)
#: All that can be installed; a school begins with the first three.
BUILTINS = {one.code: one for one in (SIX_ONES, THREE_CONVERSATIONS, HOLIDAYS, FOUR_FIRST, TWO_CARERS)}
FIRST = ("six_ones", "three_conversations", "holidays")
