"""The classes of a school year and who teaches in them.

Invariants:
- a class is named so that its grade can be read; no two classes of a year mean the same one;
- a class keeps its grade: next year's class is another row.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from .class_names import ClassName, parse
from .models import SchoolClass, SchoolYear, Staff, Teaching, Term


@transaction.atomic
def add_classes(actor: Actor, *, year: SchoolYear, names: Iterable[str]) -> list[SchoolClass]:
    """New classes by their names; all of them or none."""
    actor.require("settings.manage", school_id=year.school_id)
    known = {_key(found.name, found.grade) for found in SchoolClass.objects.filter(year=year)}
    made = []
    for name in (one.strip() for one in names):
        if not name:
            continue
        meant = _meant(name)
        if meant.key in known:
            raise Refused(_("“%(name)s” is there already.") % {"name": name}, field="names")
        known.add(meant.key)
        made.append(
            SchoolClass(
                school_id=year.school_id, year=year, grade=meant.grade, number=meant.number, name=name
            )
        )
    if not made:
        raise Refused(_("Please write at least one class."), field="names")
    created = SchoolClass.objects.bulk_create(made)
    audit.record(
        actor,
        "class.add",
        school_id=year.school_id,
        subject=("school_year", year.pk),
        detail={"classes": sorted(one.pk for one in created)},
    )
    return created


@transaction.atomic
def rename_class(actor: Actor, *, school_class: SchoolClass, name: str) -> None:
    """Another name for the same class of the same grade."""
    actor.require("settings.manage", school_id=school_class.school_id)
    meant, name = _meant(name.strip(), field="name"), name.strip()
    if meant.grade != school_class.grade:
        raise Refused(
            _("The grade of a class stays. Classes rise with the move to the next school year."), field="name"
        )
    others = SchoolClass.objects.filter(year=school_class.year_id).exclude(pk=school_class.pk)
    if meant.key in {_key(found.name, found.grade) for found in others}:
        raise Refused(_("“%(name)s” is there already.") % {"name": name}, field="name")
    school_class.name, school_class.number = name, meant.number
    school_class.save(update_fields=["name", "number"])
    audit.record(actor, "class.rename", school_id=school_class.school_id, subject=("class", school_class.pk))


@transaction.atomic
def teach(actor: Actor, *, term: Term, school_class: SchoolClass, staff: Staff, subject: str) -> Teaching:
    """Note that a colleague teaches a subject to a class in this term; the same twice is once."""
    actor.require("settings.manage", school_id=term.school_id)
    if {school_class.school_id, staff.school_id} != {term.school_id}:
        raise Refused(_("This belongs to another school."))
    if school_class.year_id != term.year_id:
        raise Refused(_("This class belongs to another school year."))
    if not subject.strip():
        raise Refused(_("Which subject?"), field="subject")
    found, created = Teaching.objects.get_or_create(
        school_id=term.school_id,
        term=term,
        staff=staff,
        school_class=school_class,
        subject=subject.strip(),
    )
    if created:
        audit.record(
            actor,
            "class.teach",
            school_id=term.school_id,
            subject=("class", school_class.pk),
            detail=_who(found),
        )
    return found


@transaction.atomic
def stop_teaching(actor: Actor, *, teaching: Teaching) -> None:
    """These lessons are another colleague's, or were noted by mistake."""
    actor.require("settings.manage", school_id=teaching.school_id)
    audit.record(
        actor,
        "class.stop-teaching",
        school_id=teaching.school_id,
        subject=("class", teaching.school_class_id),
        detail=_who(teaching),
    )
    teaching.delete()


def _who(teaching: Teaching) -> dict[str, object]:
    return {"term": teaching.term_id, "staff": teaching.staff_id, "subject": teaching.subject}


def _meant(name: str, field: str = "names") -> ClassName:
    meant = parse(name)
    if meant is None or not meant.number or len(name) > 40:
        raise Refused(
            _("“%(name)s”: please write grade and number, for example 初一(3)班 or 四年级2班.")
            % {"name": name},
            field=field,
        )
    return meant


def _key(name: str, grade: int) -> str:
    found = parse(name, grade)
    return found.key if found else name
