"""Sheets for other systems, in the columns that those want: who, what for, and only what one may see.

Invariants:
- whoever makes a sheet sees every zone it shows, for the whole school; the purpose is asked and logged;
- every cell is text and none a formula; the sheet is handed out, never stored.
"""

import datetime
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED
from tongxing.ground.people.models import Circumstance, Guardian, Registration, SchoolClass, Student
from tongxing.ground.people.models_calendar import grade_name

from .aid_columns import granted_now, with_aid
from .export_profile import ExportColumn, ExportProfile, built_in, read_export_profile
from .models import SchoolExportProfile
from .safe_cells import safe_cell
from .sheets_made import approvers, mark_of, may_be_used_until, note, tile

CAN = "exchange.export"
METRES = 1_000  # of a kilometre


@dataclass(frozen=True, slots=True)
class Offered:
    """A profile as a school uses it. `changed`: the school has its own version."""

    code: str
    text: str
    profile: ExportProfile
    changed: bool


def offered(school: Organisation) -> list[Offered]:
    """The profiles, each in the school's own version if there is one."""
    own = dict(SchoolExportProfile.objects.filter(school=school).values_list("code", "text"))
    texts = {code: own.get(code, text) for code, text in built_in().items()}
    return [Offered(code, text, read_export_profile(text), code in own) for code, text in texts.items()]


def may_make(actor: Actor, school: Organisation, profile: ExportProfile) -> bool:
    """Whether this actor sees, for the whole school, everything that the sheet shows."""
    return actor.is_system or all(
        any(zone in scope.zones and scope.students is None and scope.organisation == school.pk for scope in actor.scopes)
        for zone in profile.zones
    )  # fmt: skip


@transaction.atomic
def change_profile(actor: Actor, *, school: Organisation, code: str, text: str) -> None:
    """Keep the school's own version; the text that came with the product, or none, takes it away again."""
    actor.require(CAN, school_id=school.pk)
    original = built_in()[code]
    held = SchoolExportProfile.objects.filter(school=school, code=code)
    if not text.strip() or text.strip() == original.strip():
        held.delete()
    else:
        read_export_profile(text)
        facts = {"text": text, "changed_by_id": actor.user_id, "changed_at": clock.now()}
        SchoolExportProfile.objects.update_or_create(school=school, code=code, defaults=facts)
    audit.record(actor, "export.profile", school_id=school.pk, detail={"profile": code})


@transaction.atomic
def make_sheet(
    actor: Actor,
    *,
    school: Organisation,
    code: str,
    purpose: str,
    approved_by: User | None,
    school_class: SchoolClass | None = None,
    with_contact: bool = False,
    use_until: datetime.date | None = None,
) -> bytes:
    """The sheet as xlsx, marked. Refused without a purpose and a second person, and where nobody would stand in it.
    Phones and addresses only where they are asked for (`with_contact`)."""
    actor.require(CAN, school_id=school.pk)
    profile = next(one.profile for one in offered(school) if one.code == code)
    if not may_make(actor, school, profile):
        raise NotAllowed(CAN)
    if len(purpose.strip()) < 2:
        raise Refused(_("Please say what you need it for."), field="purpose")
    if approved_by is None or approved_by not in approvers(actor, school):
        raise Refused(_("Please choose who agreed to it."), field="approved_by")
    last = may_be_used_until(use_until)
    if profile.who == "pay_list":
        raise Refused(_("This sheet is made where the list stands that it pays."))
    students = list(_students(actor, school, profile, school_class))
    if not students:
        raise Refused(_("Nobody would stand in this sheet."))
    with translation.override(settings.LANGUAGE_CODE):  # in the school's language, whoever makes it
        rows = [
            [_cell(column, facts, profile.dates, with_contact) for column in profile.columns]
            for facts in with_aid(school, students, _facts(students, profile, clock.today()), profile.who)
        ]
    audit.record(
        actor,
        "export.make",
        school_id=school.pk,
        purpose=purpose.strip()[:200],
        detail={
            "profile": code,
            "students": len(rows),
            "class": school_class.pk if school_class else None,
            "contact": with_contact,
            "approved_by": approved_by.pk,
        },
    )
    made = note(
        actor, school=school, code=code, rows=len(rows), contact=with_contact, purpose=purpose.strip()[:200],
        approved_by=approved_by, use_until=last,
    )  # fmt: skip
    return profile_workbook(profile, rows, mark_of(made))


#: Where a family is found. Left open unless asked for: other systems want them rarely.
REACHES = frozenset({"phone", "address", "household", "guardian1_phone", "guardian2_phone"})


def _cell(column: ExportColumn, facts: dict[str, Any], dates: str, with_contact: bool) -> str:
    return "" if column.field in REACHES and not with_contact else column.cell(facts, dates)


def _students(
    actor: Actor, school: Organisation, profile: ExportProfile, school_class: SchoolClass | None
) -> Any:
    today = clock.today()
    found = Student.objects.visible_to(actor).filter(school=school).enrolled().with_class(today)
    if school_class:
        found = found.filter(class_id=school_class.pk)
    if profile.who == "registered":
        found = found.filter(pk__in=Registration.objects.on(today).filter(school=school).values("student"))
    elif profile.who == "subsidies":
        found = found.filter(pk__in=granted_now(school))
    elif profile.who == "hardship":
        hardship = Circumstance.objects.valid_on(today).exclude(category__in=Circumstance.FAMILY)
        found = found.filter(pk__in=hardship.filter(school=school).values("student"))
    return found.select_related("key", "school").order_by("class_grade", "class_number", "code", "pk")


def _facts(students: list[Any], profile: ExportProfile, on: datetime.date) -> Iterator[dict[str, Any]]:
    ids = [student.pk for student in students]
    categories: defaultdict[int, list[str]] = defaultdict(list)
    held = Circumstance.objects.valid_on(on).filter(school=students[0].school, student__in=ids)
    for student_id, category in held.order_by("pk").values_list("student_id", "category"):
        categories[student_id].append(category)
    guardians: defaultdict[int, list[Guardian]] = defaultdict(list)
    if any(name.startswith("guardian") for name in profile.fields):
        for guardian in Guardian.objects.present().filter(school=students[0].school, student__in=ids):
            guardians[guardian.student_id].append(guardian)
    for student in students:
        yield {
            **_own(student, profile.fields),
            **_circumstances(categories[student.pk]),
            **_family(student, guardians[student.pk], profile.fields),
        }


def _own(student: Any, fields: frozenset[str]) -> dict[str, Any]:
    names = ("name", "sex", "birth_date", "code", "class_name", "ethnicity", "enrolled_on", "boarding")
    facts = {name: getattr(student, name) for name in (*names, "dormitory", "residence", "village")}
    facts["school"] = student.school.name
    facts["seat_number"] = student.seat_number
    facts["distance_km"] = "" if student.distance_m is None else f"{student.distance_m / METRES:g}"
    for name in ("id_kind", "guardianship"):
        facts[name] = str(getattr(student, f"get_{name}_display")()) if getattr(student, name) else ""
    facts["grade"] = grade_name(student.class_grade) if student.class_grade else ""
    wanted = fields | ({"id_number"} if "national_code" in fields else frozenset())
    for name in SEALED.keys() & wanted:
        facts[name] = unseal(student.key, getattr(student, f"{name}_sealed"), SEALED[name])
    if "national_code" in fields:
        code = student.national_code
        facts["national_code"] = code[:1] + facts["id_number"] if "*" in code else code
    return facts


def _circumstances(categories: list[str]) -> dict[str, Any]:
    labels = [str(Circumstance.Category(one).label) for one in categories if one not in Circumstance.FAMILY]
    return dict.fromkeys(categories, True) | {"categories": "、".join(labels)}


def _family(student: Any, guardians: list[Guardian], fields: frozenset[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for number, guardian in enumerate(guardians[:2], start=1):
        facts[f"guardian{number}_name"] = guardian.name
        facts[f"guardian{number}_relation"] = guardian.relation_text or guardian.get_relation_display()
        facts[f"guardian{number}_away"] = guardian.away_place
        facts[f"guardian{number}_work"] = guardian.workplace
        if f"guardian{number}_phone" in fields:
            phone = unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE)
            facts[f"guardian{number}_phone"] = phone
    return facts


def profile_workbook(profile: ExportProfile, rows: list[list[str]], mark: str = "") -> bytes:
    """Headings in the first line and nothing above them, so that the other system reads it as it is. The `mark` stands
    behind the cells on the screen, at the foot in print, and in the file's properties: in no cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(profile.sheet or None)
        head = book.add_format({"bold": True, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for number, column in enumerate(profile.columns):
            page.set_column(number, number, max(10, 2 * len(column.heading)), text)
            page.write_string(0, number, str(safe_cell(column.heading)), head)
        for line, row in enumerate(rows, start=1):
            for number, cell in enumerate(row):
                if cell:
                    page.write_string(line, number, str(safe_cell(cell)), text)
        page.freeze_panes(1, 0)
        if mark:
            page.set_background(io.BytesIO(tile(mark)))
            page.set_footer("&L&8" + mark.replace("&", "&&")[:240])
            book.set_properties({"comments": mark})
    return target.getvalue()
