"""Taking over colleagues, and who teaches what. Planned in a Book; the same lists twice change nothing."""

from collections.abc import Sequence

from django.db import transaction

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor

from .book import Book
from .models import Staff, Teaching, Term
from .pinyin import pinyin
from .roster import Changes, StaffRow, TeachingRow


@transaction.atomic
def save_staff(actor: Actor, *, school: Organisation, rows: Sequence[StaffRow]) -> Changes:
    book = Book(school)
    changes = plan_staff(actor, book, rows=rows)
    book.write(actor)
    return changes


def plan_staff(actor: Actor, book: Book, *, rows: Sequence[StaffRow]) -> Changes:
    """Add or update colleagues by their number. A new one gets an account that cannot sign in until activated."""
    actor.require("import.run", school_id=book.school.pk)
    changes = Changes()
    for row in {row.code: row for row in rows}.values():
        staff = book.staff.get(row.code)
        if staff is None:
            book.staff[row.code] = _new(book, row)
            changes.new += 1
        else:
            changes.count("changed" if _update(book, staff, row) else "same")
    if changes.touched:
        book.log("roster.staff", {"new": changes.new, "changed": changes.changed})
    return changes


def _new(book: Book, row: StaffRow) -> Staff:
    user = User(login=f"{book.school.pk}-{row.code}".lower(), name=row.name)
    user.set_unusable_password()
    book.pending.add(user)
    full, initials = pinyin(row.name)
    facts = {"name": row.name, "sex": row.sex, "village": row.village, "pinyin": full, "initials": initials}
    return book.pending.add(Staff(school=book.school, code=row.code, user=user, **facts))


def _update(book: Book, staff: Staff, row: StaffRow) -> bool:
    names = ("name", "sex", "village")
    said = {name: getattr(row, name) for name in names}
    differs = {name: value for name, value in said.items() if value and value != getattr(staff, name)}
    if "name" in differs:
        full, initials = pinyin(row.name)
        differs |= {"pinyin": full, "initials": initials}
        book.pending.change(staff.user, name=row.name)
    book.pending.change(staff, **differs)
    return bool(differs)


@transaction.atomic
def save_teaching(actor: Actor, *, school: Organisation, term: Term, rows: Sequence[TeachingRow]) -> Changes:
    book = Book(school)
    changes = plan_teaching(actor, book, term=term, rows=rows)
    book.write(actor)
    return changes


def plan_teaching(actor: Actor, book: Book, *, term: Term, rows: Sequence[TeachingRow]) -> Changes:
    """Note who teaches which subject to which class in a term."""
    actor.require("import.run", school_id=book.school.pk)
    held = set(Teaching.objects.filter(term=term).values_list("staff__code", "school_class_id", "subject"))
    planned = book.kept.setdefault(("teaching", term.pk), set())
    changes = Changes()
    for row in rows:
        staff = book.staff.get(row.staff_code)
        if staff is None:
            changes.unknown += 1
            continue
        school_class = book.school_class(term.year, row.school_class)
        entry = (row.staff_code, row.school_class.key, row.subject)
        if entry in planned or (row.staff_code, school_class.pk, row.subject) in held:
            changes.same += 1
            continue
        planned.add(entry)
        changes.new += 1
        facts = {"term": term, "staff": staff, "school_class": school_class, "subject": row.subject}
        book.pending.add(Teaching(school=book.school, **facts))
    if changes.new:
        book.log("roster.teaching", {"new": changes.new}, "term", term)
    return changes
