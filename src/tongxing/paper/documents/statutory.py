"""The two forms that the law asks of a school for each child: 学生基本档案 and 农村留守儿童登记表.

Invariants:
- every field of the form is there; what is not on record, or not open to whoever prints, is left to the pen;
- what is not known is never written as “no”: only what is recorded is ticked;
- sealed values appear as lists show them, unless the form is printed in full (`Values.full`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.masking import mask_id_number
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED, ZONE_OF
from tongxing.ground.people.family_map import FamilyMap, family_map
from tongxing.ground.people.models import Circumstance, Guardian, Student

from .forms import Form, Line, boxes, line, long_line, signatures, yes_no

METRES = 1_000  # of a kilometre
BOARDING = ((False, gettext_lazy("goes home every day")), (True, gettext_lazy("boards at school")))
Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """What of one child this actor may print. `student` comes with its class of the day and its key."""

    student: Any
    guardians: tuple[Guardian, ...]
    circumstances: frozenset[str]
    zones: frozenset[str]
    full: bool

    def sealed(self, field: str) -> str:
        if ZONE_OF[field] not in self.zones:
            return ""
        if self.full:
            return unseal(self.student.key, getattr(self.student, f"{field}_sealed"), SEALED[field])
        return getattr(self.student, f"{field}_masked")

    def phone(self, guardian: Guardian) -> str:
        if self.full:
            return unseal(self.student.key, guardian.phone_sealed, GUARDIAN_PHONE)
        return guardian.phone_masked

    def holds(self, category: str) -> bool | None:
        """True where it is recorded and open; otherwise nobody says no."""
        return True if category in self.circumstances else None

    @property
    def national_code(self) -> str:
        """A national number that is made of the ID number is kept masked; in full it is put together again."""
        code = self.student.national_code
        if "contact" not in self.zones:
            return ""
        if not self.full:
            return code if "*" in code else mask_id_number(code)
        return code[:1] + self.sealed("id_number") if "*" in code else code

    @property
    def family(self) -> FamilyMap:
        return family_map(self.guardians)

    def guardian_of(self, relation: str) -> Guardian | None:
        return next((one for one in self.guardians if one.relation == relation), None)


def values_of(actor: Actor, student: Student, on: Any, *, full: bool) -> Values:
    """Five queries."""
    placed = Student.objects.visible_to(actor).select_related("key").with_class(on).get(pk=student.pk)
    found = Circumstance.objects.visible_to(actor).valid_on(on).filter(student=student)
    ids = {"school_id": student.school_id, "student_id": student.pk}
    return Values(
        placed,
        tuple(Guardian.objects.visible_to(actor).filter(student=student)),
        frozenset(found.values_list("category", flat=True)),
        frozenset(zone for zone in ("care", "contact", "hardship") if actor.sees(zone, **ids)),
        full,
    )


def basic_record(values: Values, over: str, foot: str) -> Form:
    """学生基本档案."""
    return Form(_("Basic record of the student"), over, (*_person(values), *_two_guardians(values)), foot)


def _person(values: Values) -> Lines:
    student, born = values.student, values.student.birth_date
    return (
        line(
            (_("Name"), student.name),
            (_("Sex"), sex_of(student)),
            (_("Date of birth"), born.isoformat() if born else ""),
        ),
        line(
            (_("Ethnic group"), student.ethnicity),
            (_("Class"), student.class_name or ""),
            (_("Number in the class"), student.seat_number),
        ),
        line(
            (_("Kind of ID document"), _choice(student, "id_kind")),
            (pgettext("form", "ID number"), values.sealed("id_number")),
        ),
        line(
            (_("National student number"), values.national_code),
            (_("Month of enrolment"), f"{student.enrolled_on:%Y-%m}" if student.enrolled_on else ""),
        ),
        line(
            (_("State of health"), values.sealed("health")),
            (pgettext("form", "Boarding"), boxes(BOARDING, student.boarding)),
        ),
        line(
            (_("Type of residence"), student.residence),
            (pgettext("form", "Way to school"), _distance(student)),
        ),
        line((_("Registered residence"), values.sealed("household"))),
        line((pgettext("form", "Address"), values.sealed("address"))),
        line((_("Phone"), values.sealed("phone"))),
        line((pgettext("form", "Left behind"), _left_behind(values))),
        line(
            (pgettext("form", "Moved here with parents"), yes_no(values.holds("migrant"))),
            (pgettext("form", "Orphan"), yes_no(values.holds("orphan"))),
            (pgettext("form", "Disability"), yes_no(values.holds("disabled"))),
        ),
    )


def _two_guardians(values: Values) -> Lines:
    found: list[Line] = []
    for number in (1, 2):
        guardian = values.guardians[number - 1] if len(values.guardians) >= number else None
        found += [
            line(
                (_("Guardian %(n)s") % {"n": number}, guardian.name if guardian else ""),
                (_("Relation"), relation_of(guardian)),
                (_("Phone"), values.phone(guardian) if guardian else ""),
            ),
            line((pgettext("form", "Employer"), guardian.workplace if guardian else "")),
        ]
    return (*found, signatures((_("Filled in by"), ""), (_("Date"), "")))


def left_behind_register(values: Values, over: str, foot: str) -> Form:
    """农村留守儿童登记表."""
    student, family = values.student, values.family
    boarding = [(True, _("yes")), (False, _("no"))]
    elders = [one for one in values.guardians if one.relation == Guardian.Relation.GRANDPARENT]
    return Form(
        _("Register of rural left-behind children"),
        over,
        (
            *_person(values)[:1],
            line(
                (_("Ethnic group"), student.ethnicity),
                (_("Class"), student.class_name or ""),
                (pgettext("form", "Boards at school"), boxes(boarding, student.boarding)),
            ),
            line(
                (pgettext("form", "ID number"), values.sealed("id_number")),
                (_("Phone"), values.sealed("phone")),
            ),
            line((pgettext("form", "Registered at"), values.sealed("household"))),
            line((pgettext("form", "Lives now at"), values.sealed("address"))),
            line(
                (pgettext("form", "Health"), values.sealed("health")),
                (pgettext("form", "Kind of guardianship"), _choice(student, "guardianship")),
            ),
            long_line(pgettext("form", "Grandparents"), _people(values, elders)),
            *_parent(values, Guardian.Relation.FATHER, pgettext("form", "Father")),
            *_parent(values, Guardian.Relation.MOTHER, pgettext("form", "Mother")),
            line((pgettext("form", "Both parents away"), yes_no(family.parents_away))),
            long_line(pgettext("form", "Entrusted guardian"), _people(values, family.entrusted)),
            line((_("What the family lives on"), values.sealed("income"))),
            line((_("Help from the government"), values.sealed("aid"))),
            signatures((_("Filled in by"), ""), (_("Checked by"), ""), (_("Responsible"), "")),
            line((_("Date"), "")),
        ),
        foot,
    )


def _parent(values: Values, relation: str, label: str) -> Lines:
    one = values.guardian_of(relation)
    return (
        line((label, one.name if one else ""), (_("Phone"), values.phone(one) if one else "")),
        line(
            (
                pgettext("form", "%(parent)s works in (province, city)") % {"parent": label},
                one.away_place if one else "",
            )
        ),
    )


def _people(values: Values, people: Iterable[Guardian]) -> str:
    return "\n".join(
        "  ".join(filter(None, (one.name, relation_of(one), values.phone(one)))) for one in people
    )


def relation_of(guardian: Guardian | None) -> str:
    return (guardian.relation_text or str(guardian.get_relation_display())) if guardian else ""


def sex_of(student: Student) -> str:
    return str(student.get_sex_display()) if student.sex else ""


def boarding_of(student: Student) -> str:
    return "" if student.boarding is None else str(dict(BOARDING)[student.boarding])


def _choice(student: Student, name: str) -> str:
    return str(getattr(student, f"get_{name}_display")()) if getattr(student, name) else ""


def _distance(student: Student) -> str:
    if student.distance_m is None:
        return ""
    return _("%(n)s km") % {"n": f"{student.distance_m / METRES:g}"}


def _left_behind(values: Values) -> str:
    """Not, one parent, both: ticked as far as it is recorded who of the parents is away."""
    known = values.holds("left_behind")
    both = {True: 2, False: 1, None: None}[values.family.parents_away] if known else None
    words = boxes(
        [
            (0, pgettext("left behind", "no")),
            (1, pgettext("left behind", "one parent")),
            (2, pgettext("left behind", "both parents")),
        ],
        both,
    )
    if known and both is None:
        return _("%(boxes)s (recorded; one or both parents is to be ticked)") % {"boxes": words}
    return words


FORMS: dict[str, Callable[[Values, str, str], Form]] = {
    "basic": basic_record,
    "left-behind": left_behind_register,
}
