"""Tables of students, guardians, staff and teaching → typed rows, or problems in words. Pure."""

import datetime
import re
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from tongxing.ground.kernel.masking import mask_id_number
from tongxing.ground.people import class_names, id_numbers
from tongxing.ground.people.roster import ClassRef, GuardianRow, StaffRow, StudentRow, TeachingRow

from . import values
from .kinds import ANOTHER, CIRCUMSTANCES, SAME
from .lines import Line, Reading, lines
from .recognise import Table

Term = tuple[str, int]


@dataclass(slots=True)
class Known:
    """Who is on record already. `by_id`: fingerprint of an ID number → student number.

    `ask`: whether a person is there to say if two entries are one child.
    """

    students: dict[str, str] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    terms: frozenset[Term] = frozenset()
    term: Term | None = None
    fingerprint: object = None
    by_national: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # other numbers of the students → their own
    births: dict[str, datetime.date] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)  # students of the sheet so far, by number
    ask: bool = True

    def id_owner(self, number: str) -> str | None:
        return self.by_id.get(self.fingerprint(number)) if number and callable(self.fingerprint) else None

    def alike(self, row: StudentRow) -> list[str]:
        """Numbers of those who may be this new child: same ID number, national number, name with birth date or class."""
        if row.code in self.students or row.code in self.read:
            return []
        found = {self.id_owner(row.id_number), self.by_national.get(_in_full(row.national_code))} - {None}
        for code, key in self.by_name.get(row.name, []):
            born = self.births.get(code)
            same_class = row.school_class is not None and row.school_class.key == key
            if born == row.birth_date if born and row.birth_date else same_class:
                found.add(code)
        return sorted(code for code in found if code and code != row.code)

    def note(self, row: StudentRow) -> None:
        """A row of the same sheet; two of one class with one name are two children there."""
        self.read[row.code] = row.name
        if row.id_number and callable(self.fingerprint):
            self.by_id.setdefault(self.fingerprint(row.id_number), row.code)
        if _in_full(row.national_code):
            self.by_national.setdefault(row.national_code, row.code)
        if row.birth_date and row.code not in self.births:
            self.births[row.code] = row.birth_date
            self.by_name.setdefault(row.name, []).append((row.code, ""))


def _in_full(national_code: str) -> str:
    return "" if "*" in national_code else national_code


@dataclass(frozen=True, slots=True)
class Of:
    """A row of the term it speaks of."""

    term: Term | None
    row: StudentRow | TeachingRow


def class_of(line: Line) -> tuple[ClassRef | None, bool]:
    """(class, said to be in none). A name that means no class is a problem."""
    written = line.take("class_name", class_names.normalise, "")
    if not written or class_names.means_no_class(written):
        return None, bool(written)
    grade = line.take("grade", class_names.normalise, "")
    parsed_grade = class_names.parse(grade + "1班") if grade else None
    found = class_names.parse(written, parsed_grade.grade if parsed_grade else None)
    if found is None:
        line.wrong("class_name", _("This is no class. Write it like 初一(3)班, 703 or 高二(01)."))
        return None, False
    has_code = any(one.code == "class_code" for one in line.table.kind.fields)
    code = line.number_text("class_code") if has_code else ""
    shown = written
    if written.rstrip("班").isdigit():
        shown = f"{class_names.OF_GRADE[found.grade]}({found.number})班"
    return ClassRef(shown, found.key, found.grade, found.number, code), False


def term_of(line: Line, known: Known) -> Term | None:
    """The row's term, the current one where it names none; rows of a term that is not in the calendar: None."""
    term = line.take("term", values.term, known.term)
    if term is None and line.fine:
        line.wrong("", _("The calendar has no current term. Please create the school year first."))
    return term if term in known.terms else None


def student_of(line: Line, known: Known) -> str | None:
    """The student number a row means: by number, ID number, or a name that fits one student (with class)."""
    if code := line.number_text("code"):
        return known.numbers.get(code, code)
    if owner := known.id_owner(line.number_text("id_number").upper()):
        return owner
    name = line.take("name", values.name, "")
    if not name:
        line.wrong("code", _("Who is this? Write the student number, or name and class."))
        return None
    return _by_name(line, known, name)


def _by_name(line: Line, known: Known, name: str) -> str | None:
    found, (ref, _none) = known.by_name.get(name, []), class_of(line)
    if ref and len(found) > 1:
        found = [(code, key) for code, key in found if key == ref.key]
    if len(found) == 1:
        return found[0][0]
    if len(found) > 1:
        line.wrong("name", _("Several students have this name. Add the student number."))
    return "" if not found else None


def students(table: Table, known: Known) -> Reading[Of]:
    reading: Reading[Of] = Reading()
    seen: dict[str, tuple[StudentRow, int]] = {}
    for line in lines(table, reading):
        if not line.must():
            continue
        row, term = _student(line, known)
        if not line.fine:
            continue
        before = seen.get(row.code)
        if before and before[0] != row:
            line.wrong("code", _("The same student stands in line %(line)s with other facts.") % {"line": before[1]}, row.code)  # fmt: skip
        elif before:
            reading.repeated += 1
        else:
            seen[row.code] = (row, line.number)
            known.note(row)
            reading.rows.append(Of(term, row))
    return reading


def _student(line: Line, known: Known) -> tuple[StudentRow, Term | None]:
    name = line.take("name", values.name, "")
    id_number, national = _identity(line)
    school_class, unplaced = class_of(line)
    birth = line.take("birth_date", values.date) or (
        id_numbers.birth_date(id_number) if id_numbers.is_id_number(id_number) else None
    )
    row = StudentRow(
        code=_code(line, known, name, id_number, school_class),
        name=name,
        sex=line.take("sex", values.sex, ""),
        birth_date=birth,
        birth_year=birth.year if birth else _year(line),
        ethnicity=line.text("ethnicity"),
        boarding=line.take("boarding", values.yes_no),
        dormitory=line.number_text("dormitory"),
        residence=line.text("residence"),
        village=line.text("village"),
        national_code=national,
        enrolled_on=line.take("enrolled_on", values.date),
        left=line.take("left", values.left, False),
        school_class=school_class,
        unplaced=unplaced,
        id_number=id_number,
        phone=line.take("phone", values.phone, ""),
        address=line.text("address"),
        id_kind=line.take("id_kind", values.id_kind, ""),
        seat_number=line.number_text("seat_number"),
        distance_m=line.take("distance_m", values.distance),
        guardianship=line.take("guardianship", values.guardianship, ""),
        household=line.text("household"),
        health=line.text("health"),
        income=line.text("income"),
        aid=line.text("aid"),
        traits=_traits(line),
        circumstances=tuple(code for code in CIRCUMSTANCES if line.take(code, values.circumstance, False)),
        guardians=tuple(found for order in (1, 2) if (found := _guardian_in_row(line, order))),
    )
    row = _told_apart(line, known, row)
    if known.students.get(row.code, name) != name:
        line.wrong("name", _("Student %(code)s is on record as “%(name)s”. Please check the number; a changed name is changed on the student's page.") % {"code": row.code, "name": known.students[row.code]})  # fmt: skip
    return row, term_of(line, known)


def _traits(line: Line) -> tuple[tuple[str, str], ...]:
    """(kind, words): several in one cell are parted by 、 or ;."""
    found = []
    for kind in ("interest", "talent", "health"):
        words = re.split(r"[、;；]", line.text(f"trait_{kind}"))
        found += [(kind, " ".join(word.split())) for word in words if word.strip()]
    return tuple(dict.fromkeys(found))


def _told_apart(line: Line, known: Known, row: StudentRow) -> StudentRow:
    """The row of a child that may be on record already: a person says whether it is the same one."""
    others = known.alike(row) if known.ask and row.name else []
    said = line.raw(SAME)
    if not others or said == ANOTHER:
        return replace(row, different=tuple(others))
    if said in others:
        return replace(row, code=said, also=line.number_text("code"))
    names = _("; ").join(f"{known.students.get(code) or known.read.get(code, '')} {code}" for code in others)
    line.wrong(SAME, _("Is this the same child as %(names)s? Please decide.") % {"names": names}, "|".join(others))  # fmt: skip
    return row


def _identity(line: Line) -> tuple[str, str]:
    """(ID number, national student number). A national number that is made of the ID number is kept masked."""
    number, national = line.number_text("id_number").upper(), line.number_text("national_code").upper()
    if re.fullmatch(r"\d{17}[\dX]", number) and not id_numbers.is_id_number(number):
        line.wrong("id_number", _("This ID number does not fit together; one digit may be wrong."))
    if national and not (id_numbers.is_national_code(national) or national.isalnum()):
        line.wrong("national_code", _("A national student number is G, J or L and digits."))
    if id_numbers.is_id_number(national[1:]):
        number, national = number or national[1:], national[0] + mask_id_number(national[1:])
    return number, national


def _code(line: Line, known: Known, name: str, id_number: str, school_class: ClassRef | None) -> str:
    """The student number as written; without one the student on record, or a new number of our own."""
    if code := line.number_text("code"):
        return known.numbers.get(code, code)
    if owner := known.id_owner(id_number):
        return owner
    found = [code for code, key in known.by_name.get(name, []) if school_class and key == school_class.key]
    if len(found) == 1 and not id_number:
        return found[0]
    if not id_number and not school_class:
        line.wrong("code", _("Write the student number, the ID number or the class."))
    if found and not id_number:
        line.wrong("code", _("Several students of this class have this name. Add the student number."))
    number = next(n for n in range(1, 1_000_000) if f"N{n:05d}" not in known.students)
    known.students[f"N{number:05d}"] = name
    if school_class:
        known.by_name.setdefault(name, []).append((f"N{number:05d}", school_class.key))
    return f"N{number:05d}"


def _year(line: Line) -> int | None:
    year = line.number_text("birth_year")
    if year and not re.fullmatch(r"(19|20)\d\d", year):
        line.wrong("birth_year", _("This is no year. Write four digits."))
        return None
    return int(year) if year else None


def _guardian_in_row(line: Line, order: int) -> GuardianRow | None:
    name = line.take(f"guardian{order}_name", values.name, "")
    if not name:
        return None
    kind, words = line.take(f"guardian{order}_relation", values.relation, ("other", ""))
    return GuardianRow(
        name,
        kind,
        words,
        phone=line.take(f"guardian{order}_phone", values.phone, ""),
        away_place=line.text(f"guardian{order}_away"),
        workplace=line.text(f"guardian{order}_work"),
        order=order,
    )


def guardians(table: Table, known: Known) -> Reading[tuple[str, GuardianRow]]:
    """(student number, guardian). Students must be on record."""
    reading: Reading[tuple[str, GuardianRow]] = Reading()
    orders: dict[str, int] = {}
    for line in lines(table, reading):
        if not line.must():
            continue
        code = student_of(line, known)
        if code is None:
            continue
        if code not in known.students:
            line.wrong("code", _("This student is not on the roster. Import the students first."))
            continue
        kind, words = line.take("relation", values.relation)
        orders[code] = orders.get(code, 0) + 1
        row = GuardianRow(
            name=line.take("guardian_name", values.name),
            relation=kind,
            relation_text=words,
            phone=line.take("guardian_phone", values.phone, ""),
            away_place=line.text("away_place"),
            best_time=line.text("best_time"),
            lives_with=line.take("lives_with", values.yes_no),
            workplace=line.text("workplace"),
            reads=line.take("reads", values.yes_no),
            order=orders[code],
        )
        if line.fine:
            reading.rows.append((code, row))
    return reading


def staff(table: Table, known: Known) -> Reading[StaffRow]:
    reading: Reading[StaffRow] = Reading()
    seen: dict[str, StaffRow] = {}
    for line in lines(table, reading):
        if not line.must():
            continue
        code = line.number_text("staff_code")
        if not code:
            line.wrong("staff_code", _("This may not stay empty."))
            continue
        row = StaffRow(
            code, line.take("name", values.name), line.take("sex", values.sex, ""), line.text("village")
        )
        name = known.staff.get(code, seen[code].name if code in seen else row.name)
        if name != row.name:
            line.wrong("name", _("Staff number %(code)s belongs to “%(name)s”. Please check the number.") % {"code": code, "name": name})  # fmt: skip
        if line.fine and code in seen:
            reading.repeated += 1
        elif line.fine:
            seen[code] = row
            reading.rows.append(row)
    return reading


def teaching(table: Table, known: Known) -> Reading[Of]:
    """Who teaches what. Rows of terms that are not in the calendar are left out."""
    reading: Reading[Of] = Reading()
    by_name: dict[str, list[str]] = {}
    for code, name in known.staff.items():
        by_name.setdefault(name, []).append(code)
    for line in lines(table, reading):
        if not line.must():
            continue
        term = term_of(line, known)
        if line.fine and term is None:
            reading.outside += 1
            continue
        ref, _none = class_of(line)
        code, name = line.number_text("staff_code"), line.take("name", values.name, "")
        found = [code] if code else by_name.get(name, [])
        if len(found) > 1:
            line.wrong("name", _("Several colleagues have this name. Add the staff number."))
        elif not found or found[0] not in known.staff:
            line.wrong("staff_code" if code else "name", _("This colleague is not on record. Import the staff first."))  # fmt: skip
        if line.fine and ref:
            reading.rows.append(Of(term, TeachingRow(found[0], ref, line.text("subject"))))
    return reading
