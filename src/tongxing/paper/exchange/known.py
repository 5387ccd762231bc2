"""What the school has on record, as the rules ask for it."""

import datetime

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.people.class_names import parse
from tongxing.ground.people.models import ClassMembership, Staff, Student
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


def known(school: Organisation, on: datetime.date, term: Term | None) -> Known:
    """The roster of this moment. `term` None: the current one."""
    terms = terms_of(school)
    if term is None and (current := current_term(school, on)):
        term = next(key for key, row in terms.items() if row.pk == current.pk)
    found = Known(terms=frozenset(terms), term=term, fingerprint=lambda number: blind_index(number, ID_PLACE))
    classes = dict(
        ClassMembership.objects.filter(school=school, ends_on=None).values_list(
            "student_id", "school_class__name"
        )
    )
    keys = {name: parsed.key if (parsed := parse(name)) else name for name in set(classes.values())}
    rows = Student.objects.filter(school=school).values_list("pk", "code", "name", "id_number_index")
    for pk, code, name, fingerprint in rows:
        found.students[code] = name
        if fingerprint:
            found.by_id[fingerprint] = code
        found.by_name.setdefault(name, []).append((code, keys.get(classes.get(pk, ""), "")))
    found.staff = dict(Staff.objects.filter(school=school).values_list("code", "name"))
    return found
