"""What the school has on record, as the rules ask for it."""

import datetime

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.people.book import Book, class_key
from tongxing.ground.people.models import Term as TermRow
from tongxing.ground.people.queries import current_term
from tongxing.ground.people.roster_actions import ID_PLACE

from .roster_rules import Known, Term


def terms_of(school: Organisation) -> dict[Term, TermRow]:
    """The terms of the calendar, by (school year, number)."""
    rows = TermRow.objects.filter(school=school).select_related("year", "school")
    return {(_year(row.year.name), row.number): row for row in rows}


def _year(name: str) -> str:
    """2026–2027学年 → 2026-2027, as the files write it."""
    digits = "".join(sign if sign.isdigit() else " " for sign in name).split()
    return f"{digits[0]}-{int(digits[0]) + 1}" if digits and len(digits[0]) == 4 else name


def known(book: Book, on: datetime.date, term: Term | None, ask: bool = True) -> Known:
    """The roster as it would stand. `term` None: the current one. `ask`: see Known."""
    terms = terms_of(book.school)
    if term is None and (current := current_term(book.school, on)):
        term = next(key for key, row in terms.items() if row.pk == current.pk)
    found = Known(terms=frozenset(terms), term=term, fingerprint=lambda number: blind_index(number, ID_PLACE))
    found.ask, found.numbers = ask, book.other_numbers
    keys: dict[int, str] = {}
    for code, student in book.students.items():
        found.students[code] = student.name
        if student.id_number_index:
            found.by_id[student.id_number_index] = code
        if student.national_code and "*" not in student.national_code:
            found.by_national[student.national_code] = code
        if student.birth_date:
            found.births[code] = student.birth_date
        key = ""
        if code in book.memberships:
            school_class = book.memberships[code].school_class
            key = keys.setdefault(id(school_class), "") or class_key(school_class)
            keys[id(school_class)] = key
        found.by_name.setdefault(student.name, []).append((code, key))
    found.staff = {code: staff.name for code, staff in book.staff.items()}
    return found
