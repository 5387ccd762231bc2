"""A school's own Word files: handed in, ended, filled for a child or a class. Filled files are handed out, never stored."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from tongxing.care.pairing.models import Pair
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Guardian, Registration, SchoolClass, Student
from tongxing.ground.people.models_people import StudentSet
from tongxing.ground.people.queries import current_term

from .actions import MAKE, printable
from .form_actions import purpose_of
from .models_templates import NAME, USE, WordTemplate
from .records import level_of
from .statutory import Values
from .template_check import check
from .template_fields import STUDENT, Known, names_for, of_class, of_day, of_student, zones_of
from .template_fill import fill, outside_rows, placeholders


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in."""

    name: str
    unit: str
    content: bytes


@transaction.atomic
def hand_in(actor: Actor, *, school: Organisation, client_id: UUID, handed: Handed) -> WordTemplate:
    """Keep a file that was looked through; the same `client_id` again gives the same one."""
    actor.require(MAKE, school_id=school.pk)
    name = printable(handed.name)[:NAME]
    if not name:
        raise Refused(_("Please give it a name."), field="name")
    if handed.unit not in WordTemplate.Unit:
        raise Refused(_("Please choose for whom it is filled."), field="unit")
    asked = examine(handed.content, handed.unit)
    found = WordTemplate.objects.filter(school=school, client_id=client_id)

    def kept() -> WordTemplate:
        if WordTemplate.objects.standing().filter(school=school, name=name).exists():
            raise Refused(
                _("There is a template of this name already. End it first, or take another name."),
                field="name",
            )
        made = WordTemplate.objects.create(
            school=school, client_id=client_id, entered_by_id=actor.user_id, entered_at=clock.now(), name=name,
            unit=handed.unit, placeholders=asked, file=handed.content,
            sha256=hashlib.sha256(handed.content).hexdigest(),
        )  # fmt: skip
        _log(actor, "template.hand-in", made, unit=made.unit, placeholders=len(asked))
        return made

    return once(found.first, kept)


def examine(content: bytes, unit: str) -> list[str]:
    """The placeholders of a file that may be kept for this unit; refused in words otherwise."""
    check(content)
    asked, known = placeholders(content), names_for(unit)
    if not asked:
        raise Refused(
            _("No placeholder was found in it. Write one where something is to stand, such as {{姓名}}."),
            field="file",
        )
    if unknown := [name for name in asked if name not in known]:
        raise Refused(
            _("These placeholders are not known: %(names)s. Below stands what there is.")
            % {"names": "、".join(f"{{{{{name}}}}}" for name in unknown[:8])},
            field="file",
        )
    if unit == WordTemplate.Unit.CLASS and (outside := outside_rows(content, (*STUDENT, "序号"))):
        raise Refused(
            _(
                "In a file for a class these stand in a row of a table, which is repeated for each student: %(names)s."
            )
            % {"names": "、".join(f"{{{{{name}}}}}" for name in outside[:8])},
            field="file",
        )
    return asked


@transaction.atomic
def end_template(actor: Actor, *, template: WordTemplate, reason: str) -> None:
    actor.require(MAKE, school_id=template.school_id)
    held = WordTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if held.ended_at is not None:
        raise Refused(_("It was ended already."))
    if not printable(reason):
        raise Refused(_("Please say why it is used no more."), field="reason")
    held.end(actor.user_id, printable(reason))
    _log(actor, "template.end", held)


@transaction.atomic
def take_up_again(actor: Actor, *, template: WordTemplate) -> None:
    """Ended by mistake a moment ago."""
    actor.require(MAKE, school_id=template.school_id)
    held = WordTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if held.ended_at is None:
        return
    if WordTemplate.objects.standing().filter(school=held.school, name=held.name).exists():
        raise Refused(_("There is a template of this name already. End it first, or take another name."))
    held.end_no_more(_("It was ended a while ago. Please hand it in anew."))
    _log(actor, "template.again", held)


@transaction.atomic
def fill_for_student(
    actor: Actor, *, template: WordTemplate, student: Student, full: bool = False, purpose: str = ""
) -> bytes:
    """With numbers and places partly hidden, or in full with the right to reveal and a purpose."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    actor.require(USE, **ids)
    if not actor.sees("care", **ids):
        raise NotAllowed(USE)
    _usable(template, student.school, WordTemplate.Unit.STUDENT)
    why = purpose_of(actor, student, purpose) if full else ""
    today = clock.today()
    found = Student.objects.visible_to(actor).filter(pk=student.pk)
    (known,) = _known(actor, found, full=full)
    placed = SchoolClass.objects.filter(pk=known.values.student.class_id).first()
    term = current_term(student.school, today)
    values = of_day(term, student.school.name, today) | of_class(placed, today) | of_student(known)
    _log(actor, "template.fill", template, purpose=why, student=student.pk, full=full)
    return fill(bytes(template.file), values)


@transaction.atomic
def fill_for_class(actor: Actor, *, template: WordTemplate, school_class: SchoolClass, purpose: str) -> bytes:
    """Every student of the class, or nothing: whoever does not see each of them makes no list. Partly hidden."""
    actor.require(USE, school_id=school_class.school_id)
    _usable(template, school_class.school, WordTemplate.Unit.CLASS)
    if len(purpose.strip()) < 2:
        raise Refused(_("Please say what you need it for."), field="purpose")
    today = clock.today()
    of = Student.objects.enrolled().with_class(today).filter(class_id=school_class.pk)
    seen = Student.objects.visible_to(actor, "care").filter(pk__in=of.values("pk"))
    known = list(_known(actor, seen, full=False))
    if len(known) != of.count():
        raise NotAllowed(USE)
    if not known:
        raise Refused(_("Nobody is in this class."), field="school_class")
    term = current_term(school_class.school, today)
    about = of_day(term, school_class.school.name, today) | of_class(school_class, today, len(known))
    rows = [of_student(one) | {"序号": str(number)} for number, one in enumerate(known, 1)]
    why = printable(purpose)[:200]
    _log(actor, "template.fill", template, purpose=why, school_class=school_class.pk, rows=len(rows))
    return fill(bytes(template.file), about, rows)


def _usable(template: WordTemplate, school: Organisation, unit: str) -> None:
    if template.school_id != school.pk:
        raise NotAllowed(USE)
    if template.ended_at is not None or template.unit != unit:
        raise Refused(_("This template is not used any more, or for something else."))


def _known(actor: Actor, students: StudentSet, *, full: bool) -> Iterator[Known]:
    """Each by class number and name; six queries, however many there are."""
    today = clock.today()
    pairs = Pair.objects.visible_to(actor).on(today).select_related("helper")
    entries = Registration.objects.visible_to(actor).on(today)
    found = (
        students.select_related("key", "school")
        .with_class(today)
        .prefetch_related(
            Prefetch("guardians", Guardian.objects.visible_to(actor).present()),
            Prefetch("pairs", pairs),
            Prefetch("registrations", entries),
        )
        .order_by("seat_number", "pinyin", "pk")
    )
    for one in found:
        pair = next(iter(one.pairs.all()), None)
        entry = next(iter(one.registrations.all()), None)
        values = Values(one, tuple(one.guardians.all()), frozenset(), zones_of(actor, one), full)
        yield Known(
            values,
            pair.helper.name if pair else "",
            pair.starts_on if pair else None,
            level_of(entry) if entry else "",
        )


def _log(actor: Actor, action: str, template: WordTemplate, *, purpose: str = "", **detail: object) -> None:
    audit.record(
        actor,
        action,
        school_id=template.school_id,
        subject=("word_template", template.pk),
        purpose=purpose,
        detail=detail,
    )
