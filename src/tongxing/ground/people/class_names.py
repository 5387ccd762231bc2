"""What a class is called: 初一(3)班, 初一（３）班, 七年级3班, 701 and 白-高二(01) are understood. Pure."""

import re
import unicodedata
from typing import NamedTuple

GRADES = {
    **{f"{numeral}年级": number for number, numeral in enumerate("一二三四五六七八九", start=1)},
    **{f"{number}年级": number for number in range(1, 10)},
    "初一": 7,
    "初二": 8,
    "初三": 9,
    "初四": 9,
    "高一": 10,
    "高二": 11,
    "高三": 12,
    "小一": 1,
    "小二": 2,
    "小三": 3,
    "小四": 4,
    "小五": 5,
    "小六": 6,
}
#: How a class of each grade is named where only digits were written: 703 → 初一(3)班.
OF_GRADE = {
    **{number: f"{numeral}年级" for number, numeral in enumerate("一二三四五六", start=1)},
    7: "初一",
    8: "初二",
    9: "初三",
    10: "高一",
    11: "高二",
    12: "高三",
}
_GRADE = re.compile("|".join(sorted(GRADES, key=len, reverse=True)))
_NUMBER = re.compile(r"\(?0*(\d{1,2})\)?")
_NUMERALS = re.compile(r"\(?(十[一二三四五六七八九]?|[一二三四五六七八九])\)?班")
_CODE = re.compile(r"([1-9]|1[0-2])(\d{2})班?")
_UNPLACED = ("未分班", "待分班", "无班级")


class ClassName(NamedTuple):
    """`grade` counts 1–12; `number` 0 where the name has none; `key` is equal for two spellings of one class."""

    grade: int
    number: int
    key: str


def normalise(text: str) -> str:
    """Full-width forms become ASCII, brackets of all kinds round ones, blanks go."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("〔〕[]【】", "()()()"))
    return re.sub(r"\s+", "", plain)


def means_no_class(text: str) -> bool:
    """未分班 and the like: on the roster, in no class yet."""
    return any(word in text for word in _UNPLACED)


def parse(text: str, grade_hint: int | None = None) -> ClassName | None:
    """The class a name means, or None where no grade can be read from it."""
    plain = normalise(text)
    found = _GRADE.search(plain)
    if not found:
        code = _CODE.fullmatch(plain)
        if code:
            return _name("", int(code[1]), int(code[2]), "")
        number, rest = _number(plain)
        return _name("", grade_hint, number, rest) if grade_hint and number else None
    number, rest = _number(plain[found.end() :])
    return _name(plain[: found.start()], GRADES[found.group()], number, rest)


def _number(text: str) -> tuple[int, str]:
    """The class number, and what remains of the text without number, brackets and 班."""
    numeral = _NUMERALS.search(text)
    if numeral:
        digits = numeral[1].replace("十", "1") if len(numeral[1]) > 1 else numeral[1].replace("十", "10")
        for value, sign in enumerate("一二三四五六七八九", start=1):
            digits = digits.replace(sign, str(value))
        return int(digits), _rest(text[: numeral.start()] + text[numeral.end() :])
    plain = _NUMBER.search(text)
    return (int(plain[1]), _rest(text[: plain.start()] + text[plain.end() :])) if plain else (0, _rest(text))


def _rest(text: str) -> str:
    return text.replace("班", "").strip("-()")


def _name(before: str, grade: int, number: int, rest: str) -> ClassName:
    return ClassName(grade, number, "|".join([before.strip("-"), str(grade), str(number), rest]))


#: What comes after a grade as it was written; 初四 and 九年级 lead to senior school.
_AFTER = {
    **{f"{a}年级": f"{b}年级" for a, b in zip("一二三四五六七八", "二三四五六七八九", strict=True)},
    **{f"{number}年级": f"{number + 1}年级" for number in range(1, 9)},
    **dict(zip(("初一", "初二", "高一", "高二"), ("初二", "初三", "高二", "高三"), strict=True)),
    **{f"小{a}": f"小{b}" for a, b in zip("一二三四五", "二三四五六", strict=True)},
    "小六": "初一",
    "初三": "高一",
    "初四": "高一",
    "九年级": "高一",
    "9年级": "高一",
}


def risen(name: str) -> str:
    """The name of the same class a year later: 初一(3)班 → 初二(3)班, 703 → 803. A name without a grade stays."""
    plain = normalise(name)
    found = _GRADE.search(plain)
    if found:
        return plain[: found.start()] + _AFTER.get(found.group(), found.group()) + plain[found.end() :]
    code = _CODE.fullmatch(plain)
    return f"{int(code[1]) + 1}{plain[len(code[1]) :]}" if code else name
