"""Reading the calendar and the roster."""

import datetime
from dataclasses import dataclass

from django.db import models

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock

from .calendar import DAY, Break, TermCalendar
from .models import CalendarDay, ClassMembership, Likeness, Registration, Staff, Student, Term

MOST_COMPARED = 50


def current_term(school: Organisation, on: datetime.date) -> Term | None:
    """The term of that day; in a break the one that ended last; before the first term the coming one."""
    terms = list(Term.objects.filter(school=school).select_related("year").order_by("starts_on"))
    begun = [term for term in terms if term.starts_on <= on]
    return begun[-1] if begun else (terms[0] if terms else None)


LONGEST_BREAK = 70 * DAY
#: A school year ends on 31 August.
END_OF_YEAR = (8, 31)


def break_after(term: Term) -> Break | None:
    """The break until the next term or, while that is not there yet, the school year's end; ten weeks at most."""
    following = Term.objects.filter(school_id=term.school_id, starts_on__gt=term.ends_on)
    starts = following.order_by("starts_on").values_list("starts_on", flat=True).first()
    month, day = END_OF_YEAR
    year_ends = max(term.year.ends_on, term.ends_on.replace(month=month, day=day))
    ends = min(starts - DAY if starts else year_ends, term.ends_on + LONGEST_BREAK)
    if ends <= term.ends_on:
        return None
    return Break("winter" if term.number == 1 else "summer", term.ends_on + DAY, ends)


def term_calendar(term: Term) -> TermCalendar:
    """The term's teaching weeks and school days, and the break after it."""
    days = CalendarDay.objects.filter(school_id=term.school_id, date__range=(term.starts_on, term.ends_on))
    by_kind: dict[str, set[datetime.date]] = {"off": set(), "make_up": set()}
    for kind, date in days.values_list("kind", "date"):
        by_kind[kind].add(date)
    return TermCalendar(
        term.starts_on,
        term.ends_on,
        term.week_one,
        frozenset(by_kind["off"]),
        frozenset(by_kind["make_up"]),
        break_after(term),
    )


def staff_of(user_id: int | None) -> Staff | None:
    """The colleague behind an account, or None for guardians, students and the county."""
    return Staff.objects.filter(user_id=user_id).first() if user_id else None


def has_begun(school: Organisation | None) -> bool:
    """Whether a first student has been entered in the register: the way to the first day is behind the school."""
    return Registration.objects.filter(school=school).exists()


@dataclass(frozen=True, slots=True)
class Sought:
    """What may tell that two entries are one child. `national_code` counts only if it is written out in full."""

    name: str
    id_number_index: str = ""
    national_code: str = ""
    birth_date: datetime.date | None = None
    class_id: int | None = None


def alike(school: Organisation, sought: Sought, on: datetime.date) -> list[Student]:
    """Students on record who may be this child: same ID number, same national number, or same name and birth date;
    or same name and class, unless their birth dates speak against it."""
    fits = models.Q(pk__in=())
    if sought.id_number_index:
        fits |= models.Q(id_number_index=sought.id_number_index)
    if sought.national_code and "*" not in sought.national_code:
        fits |= models.Q(national_code=sought.national_code)
    if sought.birth_date:
        fits |= models.Q(name=sought.name, birth_date=sought.birth_date)
    if sought.class_id:
        same_class = models.Q(name=sought.name, class_id=sought.class_id)
        if sought.birth_date:
            same_class &= models.Q(birth_date=None)
        fits |= same_class
    found = Student.objects.filter(school=school).with_class(on).filter(fits)
    return list(found.order_by("status", "pk")[:10])


def likely_same(student: Student) -> list[Student]:
    """Other entries that may be this very child, about which nobody has decided yet."""
    on = clock.today()
    placed = ClassMembership.objects.on(on).filter(student=student).values_list("school_class_id", flat=True)
    sought = Sought(
        student.name, student.id_number_index, student.national_code, student.birth_date, placed.first()
    )
    decided = {student.pk}
    for pair in Likeness.objects.filter(models.Q(student=student) | models.Q(other=student)):
        decided |= {pair.student_id, pair.other_id}
    return [one for one in alike(student.school, sought, on) if one.pk not in decided]


def entries_to_compare(school: Organisation) -> list[Student]:
    """One entry of every group that shares an ID number, a national number, or name and birth date, undecided."""
    decided = {
        frozenset(pair)
        for pair in Likeness.objects.filter(school=school).values_list("student_id", "other_id")
    }
    found: dict[int, Student] = {}
    for fields in (("id_number_index",), ("national_code",), ("name", "birth_date")):
        for first, *others in _groups(school, fields):
            if any(frozenset((first.pk, other.pk)) not in decided for other in others):
                found[first.pk] = first
    return list(found.values())


def _groups(school: Organisation, fields: tuple[str, ...]) -> list[list[Student]]:
    """Students who are equal in these fields, where they are filled."""
    rows = Student.objects.filter(school=school)
    if "birth_date" in fields:
        rows = rows.exclude(birth_date=None)
    else:
        rows = rows.exclude(**{fields[0]: ""}).exclude(**{f"{fields[0]}__contains": "*"})
    shared = rows.values(fields[0]).annotate(n=models.Count("pk")).filter(n__gt=1).values(fields[0])
    groups: dict[tuple, list[Student]] = {}
    for student in rows.filter(**{f"{fields[0]}__in": shared}).order_by("pk"):
        groups.setdefault(tuple(getattr(student, name) for name in fields), []).append(student)
    return [group for group in groups.values() if len(group) > 1][:MOST_COMPARED]
