"""Reading the calendar and the roster."""

import datetime

from tongxing.ground.accounts.models import Organisation

from .calendar import DAY, Break, TermCalendar
from .models import CalendarDay, Registration, Staff, Term


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
