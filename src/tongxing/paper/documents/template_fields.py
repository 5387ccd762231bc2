"""What a school's own Word file may ask for, by the name that stands between the braces.

Sealed values appear as lists show them, unless the file is filled in full (`statutory.Values.full`). What is not known,
or not open to whoever fills it, is left to the pen.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Guardian, Responsibility, SchoolClass, Student, Term
from tongxing.oversight.insight.queries import term_name

from .content import dated_text
from .statutory import Values, boarding_of, relation_of, sex_of


@dataclass(frozen=True, slots=True)
class Known:
    """One student as a template tells it. `helper` with the first day; `support`: level of the register."""

    values: Values
    helper: str = ""
    helper_since: datetime.date | None = None
    support: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def _day(day: datetime.date | None) -> str:
    return dated_text(day) if day else ""


def _guardian(number: int, tell: Callable[[Values, Guardian], str]) -> Callable[[Known], str]:
    def told(known: Known) -> str:
        found = known.values.guardians
        return tell(known.values, found[number - 1]) if len(found) >= number else ""

    return told


STUDENT: dict[str, Callable[[Known], str]] = {
    "姓名": lambda one: one.values.student.name,
    "性别": lambda one: sex_of(one.values.student),
    "出生日期": lambda one: _day(one.values.student.birth_date),
    "民族": lambda one: one.values.student.ethnicity,
    "学号": lambda one: one.values.student.code,
    "班内学号": lambda one: one.values.student.seat_number,
    "学籍号": lambda one: one.values.national_code,
    "入学年月": lambda one: (
        f"{one.values.student.enrolled_on:%Y-%m}" if one.values.student.enrolled_on else ""
    ),
    "就读方式": lambda one: boarding_of(one.values.student),
    "村组": lambda one: one.values.student.village,
    "证件号码": lambda one: one.values.sealed("id_number"),
    "电话": lambda one: one.values.sealed("phone"),
    "现住址": lambda one: one.values.sealed("address"),
    "户口所在地": lambda one: one.values.sealed("household"),
    "健康状况": lambda one: one.values.sealed("health"),
    **{f"监护人{n}姓名": _guardian(n, lambda _values, one: one.name) for n in (1, 2)},
    **{f"监护人{n}关系": _guardian(n, lambda _values, one: relation_of(one)) for n in (1, 2)},
    **{f"监护人{n}电话": _guardian(n, lambda values, one: values.phone(one)) for n in (1, 2)},
    **{f"监护人{n}务工地": _guardian(n, lambda _values, one: one.away_place) for n in (1, 2)},
    "登记类别": lambda one: one.support,
    "帮扶人": lambda one: one.helper,
    "帮扶开始日期": lambda one: _day(one.helper_since),
}
#: Of the row, of the class and of the day.
ROW = ("序号",)
CLASS = ("班级", "班主任", "人数")
SCHOOL = ("学校", "学期", "日期")


def names_for(unit: str) -> tuple[str, ...]:
    """What a file of this unit (student, class) may ask for, in the order in which it is offered."""
    if unit == "class":
        return (*SCHOOL, *CLASS, *ROW, *STUDENT)
    return (*SCHOOL, *CLASS[:2], *STUDENT)


def of_student(known: Known) -> dict[str, str]:
    return {name: tell(known) or "" for name, tell in STUDENT.items()}


def of_day(term: Term | None, school: str, day: datetime.date) -> dict[str, str]:
    return {"学校": school, "学期": term_name(term) if term else "", "日期": dated_text(day)}


def of_class(found: SchoolClass | None, day: datetime.date, count: int | None = None) -> dict[str, str]:
    """`count`: students of a class; left out for a single student."""
    teachers: Iterable[str] = ()
    if found is not None:
        posts = Responsibility.objects.on(day).filter(school_class=found, post="class_teacher")
        teachers = posts.order_by("pk").values_list("staff__name", flat=True)
    told = {"班级": found.name if found else "", "班主任": "、".join(teachers)}
    return told if count is None else told | {"人数": str(count)}


def zones_of(actor: Actor, student: Student) -> frozenset[str]:
    ids = {"school_id": student.school_id, "student_id": student.pk}
    return frozenset(zone for zone in ("care", "contact") if actor.sees(zone, **ids))
