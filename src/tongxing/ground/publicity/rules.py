"""What may stand on a public notice, and how long it stands. Pure.

At most name, school, grade, class, and the level only if the school says so (教财厅函〔2017〕28号): no number of a person,
phone, card, address or date of birth, no category, no reason and no amount. A list of words finds no sentence that
nobody thought of, so no child is named in the words either: what is said there is said of nobody.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("forbidden_words.toml")
DAY = datetime.timedelta(days=1)
SATURDAY = 5
#: From so many figures on, whatever stands between them, it is an ID, a phone or a card number.
FEWEST_FIGURES = 7
#: A day so many years ago on a notice of this year is somebody's birth.
YEARS_AGO = 3
MOST_WORKING_DAYS = 30
#: What is shorter stands in many words by chance.
SHORTEST_KNOWN = 5
_SPACES = re.compile(r"[\s\-–—_.·,，、*()（）]+")
_DAY = re.compile(r"(?P<y>(?:19|20)\d\d)\s*[年\-./]\s*(?P<m>\d{1,2})\s*[月\-./]\s*(?P<d>\d{1,2})\s*日?")
_SCHOOL_YEAR = re.compile(r"20\d\d\s*[-–—~～至]\s*20\d\d")
_FIGURES = re.compile(rf"\d{{{FEWEST_FIGURES},}}[Xx]?")
_PLACE = re.compile(
    r"(?:村|镇|乡|街道?|路|巷|弄|社区|小区|新村|组团).{0,10}?[\d一二三四五六七八九十百]+\s*(?:组|号|栋|幢|单元|室|户|队)"
)
_NUMERALS = r"\d〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
#: An amount in figures or Chinese numerals. A New Year's Day, the first board and an equation are none.
_MONEY = re.compile(
    rf"(?<![第{_NUMERALS}])[{_NUMERALS}]+[多余几]?(?:[元圆](?![旦一]次?)|块(?!公告|黑板|展板))|[¥$]\d|人民币"
)


@cache
def words() -> dict[str, list[str]]:
    return tomllib.loads(WORDS.read_text("utf-8"))


def not_allowed(
    text: str,
    *,
    year: int,
    levels: Collection[str] = (),
    known: Collection[str] = (),
    names: Collection[str] = (),
) -> list[str]:
    """Why this text may not stand on a notice of that year, as codes: number, birth, address, a key of `words`, money,
    level, name, known.

    `levels`: words for levels that stay unsaid. `known`: what the school knows of these children and keeps to itself.
    `names`: of the children on it, who stand in its list: a sentence about one of them is nobody else's business.
    """
    plain = unicodedata.normalize("NFKC", text)
    found = of_a_person(text, year=year)
    close = _SPACES.sub("", plain)
    found += [code for code, some in words().items() if any(word in close for word in some)]
    found += ["money"] if _MONEY.search(close) else []
    found += ["name"] if any(name and name in close for name in names) else []
    found += ["level"] if any(level and level in close for level in levels) else []
    secret = [unicodedata.normalize("NFKC", one) for one in known if len(one) >= SHORTEST_KNOWN]
    found += ["known"] if any(one in plain or _SPACES.sub("", one) in close for one in secret) else []
    return list(dict.fromkeys(found))


def of_a_person(text: str, *, year: int) -> list[str]:
    """What in this text belongs to one person, as codes: number (of a person, a phone or a card), birth, address."""
    plain = unicodedata.normalize("NFKC", text)
    without_days = _SCHOOL_YEAR.sub("|", _DAY.sub("|", plain))
    found = []
    if _FIGURES.search(_SPACES.sub("", without_days)):
        found.append("number")
    if any(int(day["y"]) <= year - YEARS_AGO for day in _DAY.finditer(plain)):
        found.append("birth")
    if _PLACE.search(plain):
        found.append("address")
    return found


def birth_words(born: datetime.date) -> list[str]:
    """How a date of birth is written."""
    y, m, d = born.year, born.month, born.day
    return [f"{y}{m:02}{d:02}", f"{y}-{m:02}-{d:02}", f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}/{m}/{d}"]


def is_working_day(
    day: datetime.date, off: Collection[datetime.date], made_up: Collection[datetime.date]
) -> bool:
    return day not in off and (day.weekday() < SATURDAY or day in made_up)


def last_day(
    first: datetime.date,
    working_days: int,
    off: Collection[datetime.date] = (),
    made_up: Collection[datetime.date] = (),
) -> datetime.date:
    """The day on which that many working days are complete, the first day among them if it is one.

    Raises ValueError for none or for more than a notice may stand.
    """
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise ValueError("a notice stands for some working days")
    day, left = first, working_days
    while True:
        left -= is_working_day(day, off, made_up)
        if not left:
            return day
        day += DAY
