"""When a text speaks of danger, and who must have taken it on by when. Pure: no database, no clock of its own.

Invariants:
- the words are data (`danger_words.toml`); a manner of speaking is covered up before anything is looked for;
- what a child suffers from people goes past the class teacher and every adult who is named;
- nobody has taken it on: the deputy is asked the same afternoon, the head the same evening.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tongxing.ground.kernel.clock import SCHOOL_TIME, day_of

#: From what weighs most: the first of a flag's categories gives it its name.
CATEGORIES = ("self_harm", "harm_by_others", "abuse", "bullying", "running_away", "danger_at_home")
#: What people do to a child: it goes past the class teacher and any adult named (未成年人保护法 11, 39).
BY_PEOPLE = frozenset({"harm_by_others", "abuse", "bullying"})
#: The family may be the danger: nobody calls there before it is clear who is safe.
FAMILY_LATER = frozenset({"abuse", "danger_at_home", "harm_by_others"})
#: The head is told at once.
HEAD_AT_ONCE = frozenset({"self_harm", "harm_by_others"})
#: School time by which a flag of this day is asked of the next in line; later flags have these hours at least.
DEPUTY_AT, DEPUTY_AFTER = datetime.time(17, 30), datetime.timedelta(hours=1)
HEAD_AT, HEAD_AFTER = datetime.time(20), datetime.timedelta(hours=2)
MORNING = datetime.time(7)
#: What stands in the place of a harmless phrase.
COVER = "□"


class Danger(NamedTuple):
    category: str
    words: str


class _Words(NamedTuple):
    harmless: re.Pattern[str]
    by_category: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _words() -> _Words:
    data = tomllib.loads(Path(__file__).with_name("danger_words.toml").read_text("utf-8"))

    def pattern(phrases: Sequence[str]) -> re.Pattern[str]:
        text = "|".join(phrases)
        for name, signs in data["lists"].items():
            text = text.replace(f"<{name}>", signs)
        return re.compile(text)

    return _Words(
        pattern(data["harmless"]["phrases"]),
        tuple((code, pattern(data["categories"][code]["phrases"])) for code in CATEGORIES),
    )


def plain(text: str) -> str:
    """A text as it is compared: one width, lower case, without blanks, so that “不 想 活” is read too."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def danger_words(text: str) -> list[Danger]:
    """What in a text speaks of danger, by category, each wording once. Empty: nothing does."""
    words = _words()
    read = words.harmless.sub(lambda found: COVER * len(found.group()), plain(text))
    found = [
        Danger(category, match.group())
        for category, pattern in words.by_category
        for match in pattern.finditer(read)
    ]
    return list(dict.fromkeys(found))


def harmed_by_people(text: str) -> bool:
    return any(danger.category in BY_PEOPLE for danger in danger_words(text))


def in_order(categories: Iterable[str]) -> list[str]:
    """Each category once, from what weighs most; unknown ones are refused with a KeyError."""
    chosen = set(categories)
    if unknown := chosen - set(CATEGORIES):
        raise KeyError(sorted(unknown))
    return [category for category in CATEGORIES if category in chosen]


class Adult(NamedTuple):
    """A colleague as a text may name them: 陈远, 陈老师, 校长."""

    user_id: int
    name: str
    titles: frozenset[str] = frozenset()


TITLES = ("老师", "校长", "主任", "书记", "教练", "宿管")
TWO_SIGN_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "长孙",
        "夏侯",
        "端木",
        "百里",
        "南宫",
        "澹台",
    ]
)


def adults_named(text: str, adults: Iterable[Adult]) -> set[int]:
    """The user ids of those whom a text names by name, by surname and title, or by their post alone."""
    read, known = plain(text), list(adults)
    before = "副|" + "|".join({re.escape(_surname(adult)) for adult in known})
    return {adult.user_id for adult in known if _is_named(read, adult, before)}


def _surname(adult: Adult) -> str:
    return adult.name[:2] if adult.name[:2] in TWO_SIGN_SURNAMES else adult.name[:1]


def _is_named(read: str, adult: Adult, before: str) -> bool:
    """“校长” means the head, “副校长” and another one's “王校长” do not."""
    return (
        adult.name in read
        or any(f"{_surname(adult)}{title}" in read for title in (*TITLES, *adult.titles))
        or any(
            not re.search(f"(?:{before})$", read[: found.start()])
            for title in adult.titles
            for found in re.finditer(re.escape(title), read)
        )
    )


class Deadlines(NamedTuple):
    deputy: datetime.datetime
    head: datetime.datetime


def deadlines(raised_at: datetime.datetime) -> Deadlines:
    """When the deputy and when the head is asked, if nobody has taken a flag on by then."""
    day = day_of(raised_at)
    return Deadlines(
        max(datetime.datetime.combine(day, DEPUTY_AT, SCHOOL_TIME), raised_at + DEPUTY_AFTER),
        max(datetime.datetime.combine(day, HEAD_AT, SCHOOL_TIME), raised_at + HEAD_AFTER),
    )


def level_due(raised_at: datetime.datetime, now: datetime.datetime) -> int:
    """How far up a flag that nobody took on has come: 0 responder, 1 deputy responder, 2 head."""
    due = deadlines(raised_at)
    return (now >= due.deputy) + (now >= due.head)


def asked_again_on(raised_at: datetime.datetime, now: datetime.datetime) -> datetime.date | None:
    """The day on whose morning all who were asked are asked again: every one after the first, from seven on."""
    day = day_of(now)
    return day if day > day_of(raised_at) and now.astimezone(SCHOOL_TIME).time() >= MORNING else None
