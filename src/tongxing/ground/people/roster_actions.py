"""Taking over whole rosters: students with classes and guardians, staff, teaching.

Invariants:
- all of a roster or nothing of it; the same roster twice changes nothing;
- what a roster does not say stays as it is; nothing is deleted, a change of class leaves the old one as history;
- a constant number of queries, whatever the number of rows.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index, new_key, seal, unseal
from tongxing.ground.kernel.masking import mask_address, mask_id_number, mask_phone
from tongxing.ground.kernel.models import SubjectKey

from .actions import SEALED
from .class_names import parse
from .models import Circumstance, ClassMembership, SchoolClass, SchoolYear, Staff, Student, Teaching, Term
from .pinyin import pinyin
from .roster import Changes, ClassRef, StaffRow, StudentRow, TeachingRow
from .roster_guardians import save_guardians

BATCH = 500
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
    *("national_code", "enrolled_on"),
)
MASKS = {"id_number": mask_id_number, "phone": mask_phone, "address": mask_address}
ID_PLACE = "people_student.id_number"


@transaction.atomic
def save_classes(school: Organisation, year: SchoolYear, refs: Iterable[ClassRef]) -> dict[str, SchoolClass]:
    """The year's classes by key; those that a roster names and that are not there yet are made."""
    known: dict[str, SchoolClass] = {}
    for found in SchoolClass.objects.filter(year=year):
        name = parse(found.name, found.grade)
        known[name.key if name else found.name] = found
    missing = {ref.key: ref for ref in refs if ref.key not in known}
    created = SchoolClass.objects.bulk_create(
        SchoolClass(
            school=school, year=year, grade=ref.grade, number=ref.number, name=ref.name, code=ref.code
        )
        for ref in missing.values()
    )
    return known | dict(zip(missing, created, strict=True))


@transaction.atomic
def save_students(
    actor: Actor, *, school: Organisation, year: SchoolYear, rows: Sequence[StudentRow], on: datetime.date
) -> Changes:
    """Add or update students by their number; `on` is the day the roster speaks of."""
    actor.require("import.run", school_id=school.pk)
    known = {
        s.code: s
        for s in Student.objects.filter(school=school, code__in=[r.code for r in rows]).select_related("key")
    }
    new, changed = [], []
    for row in rows:
        student = known.get(row.code)
        if student is None:
            new.append(_fill(Student(school=school, code=row.code, key=new_key()), row, on)[0])
            continue
        student, fields = _fill(student, row, on)
        if fields:
            changed.append(student)
    _write_students(new, changed)
    known |= {student.code: student for student in new}
    pairs = [(known[row.code], row) for row in rows]
    moved = _place(school, year, pairs, on)
    touched = {student.pk for student in changed} | moved | _note_circumstances(school, pairs, on)
    touched |= _save_their_guardians(actor, school, pairs)
    changes = _count({student.pk for student in new}, touched, {student.pk for student, _row in pairs})
    if changes.touched:
        audit.record(
            actor,
            "roster.students",
            school_id=school.pk,
            detail={"new": changes.new, "changed": changes.changed, "moved": len(moved)},
        )
    return changes


def _count(new: set[int], touched: set[int], everyone: set[int]) -> Changes:
    """Each student counts once: new, changed in any respect (class, guardian, circumstance too), or the same."""
    changed = touched - new
    return Changes(len(new), len(changed), len(everyone - new - changed))


def _save_their_guardians(
    actor: Actor, school: Organisation, pairs: list[tuple[Student, StudentRow]]
) -> set[int]:
    rows = [(student, guardian) for student, row in pairs for guardian in row.guardians]
    return save_guardians(actor, school=school, rows=rows).students if rows else set()


def _fill(student: Student, row: StudentRow, on: datetime.date) -> tuple[Student, list[str]]:
    """Put what the row says into the student; returns the names of the fields that differ."""
    before = {name: getattr(student, name) for name in (*PLAIN, "status", "left_on", "id_number_index")}
    for name in PLAIN:
        value = getattr(row, name)
        if value not in (None, ""):
            setattr(student, name, value)
    student.pinyin, student.initials = pinyin(student.name)
    if row.left and student.status != Student.Status.LEFT:
        student.status, student.left_on = Student.Status.LEFT, on
    for name in MASKS:
        _seal(student, name, getattr(row, name))
    fields = [name for name, value in before.items() if getattr(student, name) != value]
    return student, fields + list(student.__dict__.pop("_sealed", ()))


def _seal(student: Student, name: str, text: str) -> None:
    """Seal a value where it is new; an equal one is left, so that the same roster twice writes nothing."""
    masked = MASKS[name](text)
    if not text or (getattr(student, f"{name}_masked") == masked and _opens_to(student, name, text)):
        return
    setattr(student, f"{name}_sealed", seal(student.key, text, SEALED[name]))
    setattr(student, f"{name}_masked", masked)
    if name == "id_number":
        student.id_number_index = blind_index(text, ID_PLACE)
    student.__dict__.setdefault("_sealed", []).append(name)


def _opens_to(student: Student, name: str, text: str) -> bool:
    return unseal(student.key, getattr(student, f"{name}_sealed"), SEALED[name]) == text


def _write_students(new: list[Student], changed: list[Student]) -> None:
    SubjectKey.objects.bulk_create([student.key for student in new], batch_size=BATCH)
    for student in new:
        student.key = student.key  # takes over the key's id
    Student.objects.bulk_create(new, batch_size=BATCH)
    sealed = [f"{name}_{form}" for name in MASKS for form in ("sealed", "masked")]
    fields = [*PLAIN, "pinyin", "initials", "status", "left_on", "id_number_index", *sealed]
    Student.objects.bulk_update(changed, fields, batch_size=100)


def _place(
    school: Organisation, year: SchoolYear, rows: list[tuple[Student, StudentRow]], on: datetime.date
) -> set[int]:
    """Put students into their classes; who left, or is in no class yet, is taken out. Returns who moved."""
    classes = save_classes(school, year, [row.school_class for _s, row in rows if row.school_class])
    open_now = {
        membership.student_id: membership
        for membership in ClassMembership.objects.filter(
            school=school, ends_on=None, student__in=[s for s, _r in rows]
        )
    }
    ended, started = [], []
    for student, row in rows:
        current = open_now.get(student.pk)
        target = classes[row.school_class.key] if row.school_class else None
        out = row.left or row.unplaced
        if not out and (target is None or (current and current.school_class_id == target.pk)):
            continue
        if current:
            current.ends_on = max(on - datetime.timedelta(days=1), current.starts_on)
            ended.append(current)
        if target and not out:
            start = on if current else min(on, max(year.starts_on, student.enrolled_on or year.starts_on))
            started.append(
                ClassMembership(school=school, student=student, school_class=target, starts_on=start)
            )
    ClassMembership.objects.bulk_update(ended, ["ends_on"], batch_size=BATCH)
    ClassMembership.objects.bulk_create(started, batch_size=BATCH)
    return {membership.student_id for membership in (*ended, *started)}


def _note_circumstances(
    school: Organisation, rows: list[tuple[Student, StudentRow]], on: datetime.date
) -> set[int]:
    """Add the circumstances that a roster names; returns whose are new."""
    said = {(student.pk, category) for student, row in rows for category in row.circumstances}
    if not said:
        return set()
    held = set(
        Circumstance.objects.filter(school=school, student__in={s for s, _c in said})
        .valid_on(on)
        .values_list("student_id", "category")
    )
    new = sorted(said - held)
    Circumstance.objects.bulk_create(
        (
            Circumstance(school=school, student_id=student, category=category, since=on, checked_on=on)
            for student, category in new
        ),
        batch_size=BATCH,
    )
    return {student for student, _category in new}


@transaction.atomic
def save_staff(actor: Actor, *, school: Organisation, rows: Sequence[StaffRow]) -> Changes:
    """Add or update colleagues by their number. A new one gets an account that cannot sign in until activated."""
    actor.require("import.run", school_id=school.pk)
    known = {staff.code: staff for staff in Staff.objects.filter(school=school)}
    changes, changed, new = Changes(), [], []
    for row in {row.code: row for row in rows}.values():
        staff = known.get(row.code)
        if staff is None:
            new.append(row)
            changes.new += 1
            continue
        differs = [
            n for n in ("name", "sex", "village") if getattr(row, n) and getattr(row, n) != getattr(staff, n)
        ]
        for name in differs:
            setattr(staff, name, getattr(row, name))
        staff.pinyin, staff.initials = pinyin(staff.name)
        if differs:
            changed.append(staff)
        changes.count("changed" if differs else "same")
    _create_staff(school, new)
    Staff.objects.bulk_update(changed, ["name", "sex", "village", "pinyin", "initials"], batch_size=BATCH)
    User.objects.bulk_update([_renamed(staff) for staff in changed], ["name"], batch_size=BATCH)
    if new or changed:
        audit.record(
            actor,
            "roster.staff",
            school_id=school.pk,
            detail={"new": changes.new, "changed": changes.changed},
        )
    return changes


def _renamed(staff: Staff) -> User:
    return User(pk=staff.user_id, name=staff.name)


def _create_staff(school: Organisation, rows: list[StaffRow]) -> None:
    users = []
    for row in rows:
        user = User(login=f"{school.pk}-{row.code}".lower(), name=row.name)
        user.set_unusable_password()
        users.append(user)
    User.objects.bulk_create(users, batch_size=BATCH)
    staff: list[Any] = []
    for row, user in zip(rows, users, strict=True):
        full, initials = pinyin(row.name)
        facts = {
            "name": row.name,
            "sex": row.sex,
            "village": row.village,
            "pinyin": full,
            "initials": initials,
        }
        staff.append(Staff(school=school, code=row.code, user=user, **facts))
    Staff.objects.bulk_create(staff, batch_size=BATCH)


@transaction.atomic
def save_teaching(actor: Actor, *, school: Organisation, term: Term, rows: Sequence[TeachingRow]) -> Changes:
    """Note who teaches which subject to which class in a term."""
    actor.require("import.run", school_id=school.pk)
    classes = save_classes(school, term.year, [row.school_class for row in rows])
    staff = dict(Staff.objects.filter(school=school).values_list("code", "pk"))
    held = set(Teaching.objects.filter(term=term).values_list("staff_id", "school_class_id", "subject"))
    changes, new = Changes(), {}
    for row in rows:
        person = staff.get(row.staff_code)
        if person is None:
            changes.unknown += 1
            continue
        entry = (person, classes[row.school_class.key].pk, row.subject)
        changes.count("same" if entry in held or entry in new else "new")
        if entry not in held:
            new[entry] = Teaching(
                school=school, term=term, staff_id=person, school_class_id=entry[1], subject=row.subject
            )
    Teaching.objects.bulk_create(new.values(), batch_size=BATCH)
    if new:
        audit.record(
            actor, "roster.teaching", school_id=school.pk, subject=("term", term.pk), detail={"new": len(new)}
        )
    return changes
