"""Finding students by what a teacher remembers: name, pinyin, initials or class.

Invariants:
- searching only narrows a queryset that is already limited to what the actor sees;
- blanks, case, brackets and “·” never matter; every word of the search must fit.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from django.db.models import Q, Value
from django.db.models.functions import Replace

from .models import ClassMembership, SchoolClass
from .models_people import StudentSet

IGNORED = re.compile(r"[()（）\[\]【】·・•.\s]")
NUMERALS = "零一二三四五六七八九十"
#: Fewer letters fit the end of too many names.
SHORTEST_GIVEN_NAME = 4
OTHER_GRADE_NAMES = {7: "初一", 8: "初二", 9: "初三", 10: "高一", 11: "高二", 12: "高三"}


def plain(text: str) -> str:
    """The form in which words are compared: one width, lower case, no blanks, brackets or dots."""
    return IGNORED.sub("", unicodedata.normalize("NFKC", text).lower())


def class_names(school_class: SchoolClass) -> set[str]:
    """How people write a class: 初一(3)班, 初一3班, 初一三班, 七年级3班, 七3班, 703班."""
    grade, number = school_class.grade, school_class.number
    numbers = {str(number), NUMERALS[number] if number < len(NUMERALS) else str(number)}
    grades = {OTHER_GRADE_NAMES.get(grade, "")}
    if grade <= 9:
        grades |= {NUMERALS[grade], f"{NUMERALS[grade]}年级"}
    names = {f"{name}{written}班" for name in grades - {""} for written in numbers}
    return names | {plain(school_class.name), f"{grade}{number:02d}班"}


def find_students(
    students: StudentSet, text: str, *, classes: Iterable[SchoolClass], on: datetime.date
) -> StudentSet:
    """Those of `students` that fit every word of `text`; `classes` are the ones a class name may mean."""
    named = {school_class.pk: class_names(school_class) for school_class in classes}
    students = students.annotate(plain_name=Replace("name", Value("·"), Value("")))
    for word in _words(text):
        fits = Q(plain_name__icontains=word) | _sounds_like(word)
        if meant := _classes(named, word):
            members = ClassMembership.objects.on(on).filter(school_class__in=meant)
            fits |= Q(pk__in=members.values("student"))
        students = students.filter(fits)
    return students


def _sounds_like(word: str) -> Q:
    """Pinyin from the surname on, initials, or the given name's pinyin alone; 吕 may be typed lv, lü or lyu."""
    sound = word.replace("ü", "v").replace("lyu", "lv").replace("nyu", "nv")
    fits = Q(pinyin__startswith=sound) | Q(initials__startswith=word)
    if len(sound) < SHORTEST_GIVEN_NAME or not (sound.isascii() and sound.isalpha()):
        return fits
    # the given name begins with the second or third syllable: 周洋 does not end in “ouyang”
    return fits | Q(pinyin__endswith=sound, initials__regex=f"^.{{1,2}}{sound[0]}")


def _words(text: str) -> list[str]:
    """The words of a search; pinyin typed syllable by syllable (“ou yang”) is one word."""
    joined = re.sub(r"(?<=[A-Za-z])\s+(?=[A-Za-z])", "", unicodedata.normalize("NFKC", text))
    return [word for part in joined.split() if (word := plain(part))]


def _classes(named: dict[int, set[str]], word: str) -> list[int]:
    """The classes that a word names: exactly one class if it fits one, else all that begin like it (初一)."""
    exact = [pk for pk, names in named.items() if word in names or f"{word}班" in names]
    if exact or len(word) < 2:
        return exact
    return [pk for pk, names in named.items() if any(name.startswith(word) for name in names)]
