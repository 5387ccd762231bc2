"""The move to the next school year: classes rise, the last grade leaves, all of it or nothing.

Invariants:
- the past stays: old classes, places, posts and rights keep their rows and end on the day before the new year;
- a constant number of queries, whatever the number of students;
- it can be undone until something was written that builds on it; then exactly what it did is taken back.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.class_names import parse
from tongxing.ground.people.models import (
    ClassMembership,
    Registration,
    Responsibility,
    SchoolClass,
    SchoolYear,
    Student,
)

from .models import Grant, YearMove
from .roles import Role
from .year_plan import Other, Plan, members, plan

BATCH = 500
DAY = datetime.timedelta(days=1)
#: What builds on the new classes, or on who left, from the moment of the move on.
BUILDS_ON = ("class.", "import.", "pairing.", "register.", "roster.", "student.", "access.")
#: What does not count as written in the new year.
MERELY_READ = ("account.", "document.", "student.reveal", "contact.open", "calendar.")


@transaction.atomic
def move_year(
    actor: Actor,
    *,
    school: Organisation,
    year: SchoolYear,
    others: Mapping[int, Other],
    last_grade: int | None = None,
    teachers_go_along: bool = True,
) -> YearMove:
    """Move every class of `year` to the next one; `others` are the students who repeat or leave."""
    _require(actor, school.pk)
    if year.school_id != school.pk:
        raise Refused(_("This belongs to another school."))
    SchoolYear.objects.select_for_update().get(pk=year.pk)  # a second click waits and finds it done
    decided = plan(school, year, others, last_grade)
    if decided.why_not or decided.to_year is None:
        raise Refused(decided.why_not)
    last_day = decided.to_year.starts_on - DAY
    places = list(members(year))
    if others.keys() - {place.student_id for place in places}:
        raise Refused(_("A student was chosen who is in none of these classes. Please look again."))
    risen_to, made = _new_classes(decided)
    targets = {place: _target(place, others, decided, risen_to) for place in places}
    leaving = {place.student_id for place, target in targets.items() if target is None}
    did = {
        "classes": made,
        "places_ended": [place.pk for place in places],
        "places": _change_places(targets, last_day, decided.to_year),
        **_graduate(leaving, min(last_day, clock.today())),
        **_class_teachers(decided, risen_to, last_day, teachers_go_along),
    }
    move = YearMove.objects.create(
        school=school,
        from_year=year,
        to_year=decided.to_year,
        made_by_id=actor.user_id,
        made_at=clock.now(),
        did=did,
    )
    counts = {
        "risen": len(places) - len(leaving),
        "left": len(leaving),
        "repeat": sum(o == "repeats" for o in others.values()),
    }
    audit.record(actor, "year.move", school_id=school.pk, subject=("school_year", year.pk), detail=counts)
    return move


def _require(actor: Actor, school_id: int) -> None:
    """Students change their classes and class teachers their rights: both need their ability."""
    actor.require("import.run", school_id=school_id)
    actor.require("account.manage", school_id=school_id)


def _new_classes(decided: Plan) -> tuple[dict[int, SchoolClass], list[int]]:
    """Next year's classes by the id of the class they rise from, one that is there under this name is taken;
    and the ids of those that were made."""
    year = decided.to_year
    assert year is not None
    there = {_key(one): one for one in SchoolClass.objects.filter(year=year)}
    found: dict[int, SchoolClass] = {}
    new: dict[int, SchoolClass] = {}
    for rising in decided.classes:
        if rising.name is None:
            continue
        old = rising.school_class
        made = SchoolClass(
            school_id=year.school_id, year=year, grade=old.grade + 1, number=old.number, name=rising.name
        )
        if _key(made) in there:
            found[old.pk] = there[_key(made)]
        else:
            new[old.pk] = there[_key(made)] = made
    created = SchoolClass.objects.bulk_create(new.values(), batch_size=BATCH)
    found |= dict(zip(new, created, strict=True))
    if len({one.pk for one in found.values()}) < len(found):
        raise Refused(_("Two classes would be called the same next year. Please rename one of them first."))
    return found, sorted(one.pk for one in created)


def _key(school_class: SchoolClass) -> str:
    meant = parse(school_class.name, school_class.grade)
    return meant.key if meant else school_class.name


def _target(
    place: ClassMembership, others: Mapping[int, Other], decided: Plan, risen_to: Mapping[int, SchoolClass]
) -> SchoolClass | None:
    """Where a student goes: along with the class, into the class that rises into the same grade, or away."""
    other = others.get(place.student_id)
    if other == "leaves":
        return None
    if other is None:
        return risen_to.get(place.school_class_id)
    old = next(one.school_class for one in decided.classes if one.school_class.pk == place.school_class_id)
    same_grade = sorted(
        (one for one in risen_to.values() if one.grade == old.grade),
        key=lambda one: (one.number != old.number, one.number, one.pk),
    )
    if not same_grade:
        raise Refused(
            _(
                "No class rises into %(grade)s, so nobody can repeat it there. Please move these students by hand afterwards."
            )
            % {"grade": old.grade_name}
        )
    return same_grade[0]


def _change_places(
    targets: Mapping[ClassMembership, SchoolClass | None], last_day: datetime.date, year: SchoolYear
) -> list[int]:
    """The old places end, the new ones begin the day after; returns the new ones."""
    ended = ClassMembership.objects.filter(pk__in=[place.pk for place in targets])
    ended.update(ends_on=Greatest(Value(last_day), F("starts_on")))
    started = ClassMembership.objects.bulk_create(
        (
            ClassMembership(
                school_id=place.school_id,
                student_id=place.student_id,
                school_class=target,
                starts_on=max(year.starts_on, place.starts_on + DAY),
            )
            for place, target in targets.items()
            if target is not None
        ),
        batch_size=BATCH,
    )
    return [place.pk for place in started]


def _graduate(leaving: set[int], on: datetime.date) -> dict[str, list[int]]:
    """Students leave the school, the register and their helpers' sight; everything recorded stays."""
    Student.objects.filter(pk__in=leaving).update(status=Student.Status.LEFT, left_on=on)
    entries = Registration.objects.filter(student__in=leaving, ends_on=None)
    rights = Grant.objects.filter(student__in=leaving, role=Role.HELPER, ends_on=None)
    did = {
        "left": sorted(leaving),
        "entries": list(entries.values_list("pk", flat=True)),
        "rights": list(rights.values_list("pk", flat=True)),
    }
    entries.update(
        ends_on=Greatest(Value(on), F("starts_on")),
        ended_at=clock.now(),
        ended_reason=_("left the school"),
    )
    rights.update(ends_on=on)
    return did


def _class_teachers(
    decided: Plan, risen_to: Mapping[int, SchoolClass], last_day: datetime.date, go_along: bool
) -> dict[str, list[int]]:
    """The old classes' teachers end with them; with `go_along` they lead the same children on."""
    old = [one.school_class.pk for one in decided.classes]
    did: dict[str, list[int]] = {}
    grants = Grant.objects.filter(school_class__in=old, ends_on=None)
    posts = Responsibility.objects.filter(school_class__in=old, ends_on=None)
    for name, rows in (("grants", grants), ("posts", posts)):
        held: list[Any] = list(rows)
        did[f"{name}_ended"] = [row.pk for row in held]
        known = {"ended_at": clock.now()} if name == "posts" else {}
        rows.update(ends_on=Greatest(Value(last_day), F("starts_on")), **known)
        following = [_one_year_on(row, risen_to, last_day + DAY) for row in held if go_along]
        made = rows.model.objects.bulk_create([row for row in following if row is not None], batch_size=BATCH)
        did[name] = [row.pk for row in made]
    return did


def _one_year_on(row: Any, risen_to: Mapping[int, SchoolClass], starts_on: datetime.date) -> Any:
    """The same right or post for the class a year on, or None where the class leaves."""
    target = risen_to.get(row.school_class_id)
    if target is None:
        return None
    facts = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname not in {"recorded_at", "ended_at"}
    }
    facts |= {"school_class_id": target.pk, "starts_on": starts_on, "ends_on": None}
    if facts.get("grade") is not None:
        facts["grade"] += 1
    return type(row)(**facts)


def why_not_undo(move: YearMove) -> str:
    """Why a move cannot be undone any more, in a sentence; empty if it can."""
    if move.undone_at is not None:
        return _("This move has been undone already.")
    written = AuditEntry.objects.filter(school_id=move.school_id, at__gte=move.made_at).exclude(
        action="student.reveal"
    )
    builds_on = Q(pk__in=())
    for begins in BUILDS_ON:
        builds_on |= Q(action__startswith=begins)
    merely_read = Q(action__startswith="year.")
    for begins in MERELY_READ:
        merely_read |= Q(action__startswith=begins)
    in_new_year = written.filter(at__gte=clock.start_of(move.to_year.starts_on)).exclude(merely_read)
    if written.filter(builds_on).exists() or in_new_year.exists():
        return _(
            "Something has been written since that builds on the move. Please correct single students by hand."
        )
    return ""


@transaction.atomic
def undo_move(actor: Actor, *, move: YearMove) -> None:
    """Take the move back, exactly what it did."""
    _require(actor, move.school_id)
    move = YearMove.objects.select_for_update(of=("self",)).select_related("to_year").get(pk=move.pk)
    reason = why_not_undo(move)
    if reason:
        raise Refused(reason)
    did = move.did
    ClassMembership.objects.filter(pk__in=did["places"]).delete()
    Grant.objects.filter(pk__in=did["grants"]).delete()
    Responsibility.objects.filter(pk__in=did["posts"]).delete()
    SchoolClass.objects.filter(pk__in=did["classes"], memberships=None).delete()
    ClassMembership.objects.filter(pk__in=did["places_ended"]).update(ends_on=None)
    Grant.objects.filter(pk__in=[*did["grants_ended"], *did["rights"]]).update(ends_on=None)
    Responsibility.objects.filter(pk__in=did["posts_ended"]).update(ends_on=None, ended_at=None)
    Student.objects.filter(pk__in=did["left"]).update(status=Student.Status.ENROLLED, left_on=None)
    Registration.objects.filter(pk__in=did["entries"]).update(ends_on=None, ended_at=None, ended_reason="")
    move.undone_at = clock.now()
    move.save(update_fields=["undone_at"])
    audit.record(actor, "year.undo", school_id=move.school_id, subject=("school_year", move.from_year_id))
