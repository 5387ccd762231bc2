"""How people are addressed and counted in the reader's language."""

import re

from django.utils.translation import get_language

TWO_CHARACTER_SURNAME = re.compile(
    "欧阳|上官|司马|司徒|诸葛|慕容|夏侯|令狐|皇甫|东方|尉迟|公孙|长孙|宇文|端木|南宫|闻人|申屠|轩辕|呼延"
)
FEW = "〇一两三四五六七八九十"


def address(name: str) -> str:
    """林老师, 欧阳老师; a name with “·” stays whole; in other languages the name."""
    if not _is_chinese():
        return name
    if "·" in name:
        return f"{name}老师"
    return f"{name[: 2 if TWO_CHARACTER_SURNAME.match(name) else 1]}老师"


def count(number: int) -> str:
    """A few people in words where the language likes them so: 两位, not 2 位."""
    return (
        FEW[number]
        if _is_chinese() and 0 < number < len(FEW)
        else f" {number} "
        if _is_chinese()
        else str(number)
    )


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
