"""Taking over whole rosters of students with their classes. Planned in a Book; `save_students` plans and writes.

Invariants:
- all of a roster or nothing of it; the same roster twice changes nothing;
- what a roster does not say stays as it is; nothing is deleted, a change of class leaves the old one as history;
- a constant number of queries, whatever the number of rows.
"""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index, new_key, seal, unseal
from tongxing.ground.kernel.masking import mask_address, mask_id_number, mask_phone, mask_words

from .actions import SEALED
from .book import Book
from .models import Circumstance, ClassMembership, Guardian, Likeness, OtherNumber, SchoolYear, Student
from .pinyin import pinyin
from .roster import Changes, StudentRow
from .roster_guardians import plan_guardians

PLAIN = (
    *(
        "name",
        "sex",
        "birth_date",
        "birth_year",
        "ethnicity",
        "boarding",
        "dormitory",
        "residence",
        "village",
    ),
    *("national_code", "enrolled_on", "id_kind", "seat_number", "distance_m", "guardianship"),
)
MASKS = {
    "id_number": mask_id_number,
    "phone": mask_phone,
    "address": mask_address,
    "household": mask_address,
    **dict.fromkeys(("health", "income", "aid"), mask_words),
}
ID_PLACE = "people_student.id_number"


@transaction.atomic
def save_students(
    actor: Actor, *, school: Organisation, year: SchoolYear, rows: Sequence[StudentRow], on: datetime.date
) -> Changes:
    """Add or update students by their number; `on` is the day the roster speaks of."""
    book = Book(school, [row.code for row in rows])
    changes = plan_students(actor, book, year=year, rows=rows, on=on)
    book.write(actor)
    return changes


def plan_students(
    actor: Actor,
    book: Book,
    *,
    year: SchoolYear,
    rows: Sequence[StudentRow],
    on: datetime.date,
    beside: Callable[[Student, StudentRow], bool] = lambda _student, _row: False,
) -> Changes:
    """`beside` plans what floors above keep of the same row and says whether anything is new."""
    actor.require("import.run", school_id=book.school.pk)
    new, touched, moved = set(), set(), 0
    for row in rows:
        student = book.students.get(row.code)
        if student is None:
            key = book.pending.add(new_key())
            student = Student(school=book.school, code=row.code, key=key)
            _fill(student, row, on)
            book.students[row.code] = book.pending.add(student)
            new.add(row.code)
            _tell_apart(actor, book, student, row)
        elif before := _fill(student, row, on):
            book.pending.note(student, before)
            touched.add(row.code)
        if row.also and row.also not in book.other_numbers:
            book.other_numbers[row.also] = row.code
            book.pending.add(OtherNumber(school=book.school, student=student, code=row.also))
            touched.add(row.code)
        if _place(book, year, student, row, on):
            touched.add(row.code)
            moved += 1
        if _note_circumstances(book, student, row, on) | beside(student, row):
            touched.add(row.code)
    guardians = [(book.students[row.code], guardian) for row in rows for guardian in row.guardians]
    touched |= plan_guardians(actor, book, rows=guardians)[1] if guardians else set()
    changes = _count(new, touched, {row.code for row in rows})
    if changes.touched:
        book.log(
            "roster.students", {"new": changes.new, "changed": changes.changed, "moved": moved}
        )  # fmt: skip
    return changes


def _tell_apart(actor: Actor, book: Book, student: Student, row: StudentRow) -> None:
    """Keep the answer that a person gave: these are other children."""
    for other in filter(None, (book.students.get(code) for code in row.different)):
        facts = {
            "verdict": Likeness.Verdict.DIFFERENT,
            "decided_by_id": actor.user_id,
            "decided_at": clock.now(),
        }
        book.pending.add(Likeness(school=book.school, student=student, other=other, **facts))


def _count(new: set[str], touched: set[str], everyone: set[str]) -> Changes:
    """Each student counts once: new, changed in any respect (class, guardian, circumstance too), or the same."""
    changed = touched - new
    return Changes(len(new), len(changed), len(everyone - new - changed))


def _fill(student: Student, row: StudentRow, on: datetime.date) -> dict[str, Any]:
    """Put what the row says into the student; returns the earlier values of the fields that differ."""
    before: dict[str, Any] = {}
    for name in PLAIN:
        value = getattr(row, name)
        if value not in (None, ""):
            set_field(student, name, value, before)
    if "name" in before:
        full, initials = pinyin(student.name)
        set_field(student, "pinyin", full, before)
        set_field(student, "initials", initials, before)
    if row.left and student.status != Student.Status.LEFT:
        set_field(student, "status", Student.Status.LEFT, before)
        set_field(student, "left_on", on, before)
    for name in MASKS:
        seal_field(student, name, getattr(row, name), before)
    return before


def set_field(row: Student | Guardian, name: str, value: Any, before: dict[str, Any]) -> None:
    """Set a field where it differs; its earlier value goes into `before`."""
    held = getattr(row, name)
    if held != value:
        before[name] = held
        setattr(row, name, value)


def seal_field(student: Student, name: str, text: str, before: dict[str, Any]) -> None:
    """Seal a value where it is new; an equal one is left, so that the same roster twice writes nothing."""
    masked = MASKS[name](text)
    if not text or (getattr(student, f"{name}_masked") == masked and _opens_to(student, name, text)):
        return
    set_field(student, f"{name}_sealed", seal(student.key, text, SEALED[name]), before)
    set_field(student, f"{name}_masked", masked, before)
    if name == "id_number":
        set_field(student, "id_number_index", blind_index(text, ID_PLACE), before)


def _opens_to(student: Student, name: str, text: str) -> bool:
    return unseal(student.key, getattr(student, f"{name}_sealed"), SEALED[name]) == text


def _place(book: Book, year: SchoolYear, student: Student, row: StudentRow, on: datetime.date) -> bool:
    """Put a student into the class; who left, or is in no class yet, is taken out. Returns whether anything moved."""
    current = book.memberships.get(row.code)
    target = book.school_class(year, row.school_class) if row.school_class else None
    out = row.left or row.unplaced
    if out and not current:
        return False
    if not out and (target is None or (current and current.school_class is target)):
        return False
    if current:
        _end(book, current, row.code, on)
    if target and not out:
        start = on if current else min(on, max(year.starts_on, student.enrolled_on or year.starts_on))
        book.memberships[row.code] = book.pending.add(
            ClassMembership(school=book.school, student=student, school_class=target, starts_on=start)
        )
    return True


def _end(book: Book, current: ClassMembership, code: str, on: datetime.date) -> None:
    del book.memberships[code]
    if current.pk is None:
        book.pending.drop(current)
    else:
        book.pending.change(current, ends_on=max(on - datetime.timedelta(days=1), current.starts_on))


def _note_circumstances(book: Book, student: Student, row: StudentRow, on: datetime.date) -> bool:
    """Add the circumstances that a roster names; returns whether one is new."""
    held = book.circumstances(on) if row.circumstances else set()
    new = [one for one in dict.fromkeys(row.circumstances) if (row.code, one) not in held]
    for category in new:
        held.add((row.code, category))
        facts = {"category": category, "since": on, "checked_on": on}
        book.pending.add(Circumstance(school=book.school, student=student, **facts))
    return bool(new)
