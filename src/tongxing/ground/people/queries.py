"""Reading the calendar and the roster."""

import datetime

from tongxing.ground.accounts.models import Organisation

from .calendar import TermCalendar
from .models import CalendarDay, Staff, Term


def current_term(school: Organisation, on: datetime.date) -> Term | None:
    """The term of that day; in a break the one that ended last; before the first term the coming one."""
    terms = list(Term.objects.filter(school=school).select_related("year").order_by("starts_on"))
    begun = [term for term in terms if term.starts_on <= on]
    return begun[-1] if begun else (terms[0] if terms else None)


def term_calendar(term: Term) -> TermCalendar:
    """The term's teaching weeks and school days."""
    days = CalendarDay.objects.filter(school_id=term.school_id, date__range=(term.starts_on, term.ends_on))
    by_kind: dict[str, set[datetime.date]] = {"off": set(), "make_up": set()}
    for kind, date in days.values_list("kind", "date"):
        by_kind[kind].add(date)
    return TermCalendar(
        term.starts_on, term.ends_on, term.week_one, frozenset(by_kind["off"]), frozenset(by_kind["make_up"])
    )


def staff_of(user_id: int | None) -> Staff | None:
    """The colleague behind an account, or None for guardians, students and the county."""
    return Staff.objects.filter(user_id=user_id).first() if user_id else None
