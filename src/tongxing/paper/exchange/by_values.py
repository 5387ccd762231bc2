"""What a column holds, told by its cells where its heading says nothing. Pure.

Only a first proposal for a person to look at: nothing is read this way by itself.
"""

import re
from collections.abc import Callable, Sequence

from tongxing.ground.kernel import clock

from . import values
from .kinds import Kind
from .reader import Sheet

LOOKED_AT = 60  # rows
MOST = 0.8  # of the cells that are not empty
#: Two signs and more that begin with one of the usual surnames and are no place, people or school year.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解"
    "温柳章施水鲁葛尚殷庄岑牛翁倪费常文乔欧上诸司古艾阿买吐麦"
)
NAME = re.compile(
    rf"(?:[{SURNAMES}][\u3400-\u9fff]{{1,3}}|[\u3400-\u9fff]{{2,8}}·[\u3400-\u9fff]{{2,8}})(?<![村组镇乡县市区路族班校])"
)
SCHOOL_YEAR = re.compile(r"[初高小][一二三四五六]")
CLASS = re.compile(r".{0,8}[\d一二三四五六七八九十].{0,6}班")
ID_NUMBER = re.compile(r"\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx]")
NATIONAL = re.compile(r"[GJLgjl]\d{17}[\dXx]")
NUMBER = re.compile(r"[A-Za-z]{0,3}\d{3,12}")
MOBILE = re.compile(r"1[3-9]\d{9}")
DATE = re.compile(r"(\d{4})(?:[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{4})")
YOUNGEST = 4  # years


def _is_name(cell: str) -> bool:
    return bool(NAME.fullmatch(values.name(cell))) and not SCHOOL_YEAR.fullmatch(cell)


def _is_birth_date(cell: str) -> bool:
    found = DATE.fullmatch(cell.split(" ")[0])
    if not found or not 1940 <= int(found[1]) <= clock.today().year - YOUNGEST:
        return False
    try:
        return bool(values.date(cell))
    except values.NotUnderstood:
        return False


def _is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell)) and not MOBILE.fullmatch(cell) and not _is_birth_date(cell)


#: Field → whether a cell looks like it; what is told most surely comes first.
LOOKS: dict[str, Callable[[str], bool]] = {
    "id_number": lambda cell: bool(ID_NUMBER.fullmatch(cell)),
    "national_code": lambda cell: bool(NATIONAL.fullmatch(cell)),
    "sex": lambda cell: not cell.isdecimal() and cell.lower() in values.SEXES,
    "class_name": lambda cell: bool(CLASS.fullmatch(cell)),
    "birth_date": _is_birth_date,
    "name": _is_name,
    "code": _is_number,
    "staff_code": _is_number,
}
#: Of these nearly every cell differs from the others.
OWN = {"id_number", "national_code", "name", "code", "staff_code"}


def columns_by_values(sheet: Sheet, kind: Kind, line: int, known: dict[str, int]) -> dict[str, int]:
    """Field → column for fields without a column yet, by the rows below `line`; the first column that fits."""
    below = [row for row in sheet.rows[line + 1 :] if any(row)][:LOOKED_AT]
    taken, found = set(known.values()), dict[str, int]()
    for code, looks in LOOKS.items():
        if code in known or code not in {one.code for one in kind.fields}:
            continue
        for column in range(max(map(len, below), default=0)):
            if column not in taken and _fits(_cells(below, column), looks, own=code in OWN):
                found[code] = column
                taken.add(column)
                break
    return found


def is_a_person(row: Sequence[str]) -> bool:
    """Whether a line is no line of headings but somebody's own: it holds a sex, a class, a date or an ID number."""
    looks = [LOOKS[code] for code in ("sex", "class_name", "birth_date", "id_number", "national_code")]
    return any(look(values.tidy(cell)) for cell in row for look in looks)


def _cells(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    texts = (values.tidy(row[column]) for row in rows if column < len(row))
    return [text.removesuffix(".0") for text in texts if text]


def _fits(cells: list[str], looks: Callable[[str], bool], *, own: bool) -> bool:
    if not cells or (own and len(set(cells)) < MOST * len(cells)):
        return False
    return sum(map(looks, cells)) >= MOST * len(cells)
