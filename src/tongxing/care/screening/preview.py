"""What other rules would find, before anything is saved: counts by class and by reason, who comes in, who goes out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student, Term

from .facts import gather
from .models import Looked, Round
from .queries import told
from .rules import AREA, Finding, as_json, screen
from .ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Moved:
    """A child who would come in or go out. `stays`: someone decided on or named the child, so the list keeps them."""

    student: Student
    class_name: str
    reasons: tuple[str, ...]
    stays: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts are (what, before, after)."""

    before: int
    after: int
    by_reason: tuple[tuple[str, int, int], ...]
    by_class: tuple[tuple[str, int, int], ...]
    come_in: tuple[Moved, ...]
    go_out: tuple[Moved, ...]


def preview(actor: Actor, *, term: Term, round: Round | None, now: RuleSet, then: RuleSet) -> Preview:
    """Both rule sets on what is on record today; nothing is written. The queries do not grow with the school."""
    actor.require("screening.manage", school_id=term.school_id)
    facts = gather(term, clock.today(), registered_before=round.opened_at if round else None)
    sides = [
        {pk: one for pk, one in found.items() if one.outcome == "candidate"}
        for found in (screen(facts.students, rules, facts.school_days).findings for rules in (now, then))
    ]
    before, after = sides
    students = Student.objects.visible_to(actor).filter(pk__in=before.keys() | after.keys())
    students = students.with_class(clock.today()).order_by("class_grade", "class_number", "pinyin", "code")
    kept = _kept(actor, round)
    shown: list[Any] = list(students)
    return Preview(
        len(before),
        len(after),
        _by_reason(before, after),
        _by_class(shown, before, after),
        _moved(actor, [one for one in shown if one.pk not in before], after, kept),
        _moved(actor, [one for one in shown if one.pk not in after], before, kept),
    )


def _kept(actor: Actor, round: Round | None) -> frozenset[int]:
    """Those whom no rule takes off the list: decided on, or named by a person."""
    rows = Looked.objects.visible_to(actor).filter(round=round) if round else ()
    return frozenset(row.student_id for row in rows if row.is_decided or row.origin == Looked.Origin.PERSON)


def _by_reason(
    before: Mapping[int, Finding], after: Mapping[int, Finding]
) -> tuple[tuple[str, int, int], ...]:
    counts = [
        Counter(code for one in side.values() for code in {reason.code for reason in one.reasons})
        for side in (before, after)
    ]
    return tuple(
        (code, counts[0][code], counts[1][code]) for code in AREA if counts[0][code] or counts[1][code]
    )


def _by_class(
    students: list[Any], before: Mapping[int, Finding], after: Mapping[int, Finding]
) -> tuple[tuple[str, int, int], ...]:
    """Every class with a candidate, in its order."""
    counts: dict[str, list[int]] = {}
    for student in students:
        pair = counts.setdefault(student.class_name or _("not in a class yet"), [0, 0])
        pair[0] += student.pk in before
        pair[1] += student.pk in after
    return tuple((name, was, is_now) for name, (was, is_now) in counts.items())


def _moved(
    actor: Actor, students: list[Any], found: Mapping[int, Finding], kept: frozenset[int]
) -> tuple[Moved, ...]:
    return tuple(
        Moved(
            student,
            student.class_name or _("not in a class yet"),
            tuple(
                one.sentence
                for one in told(actor, student, [as_json(reason) for reason in found[student.pk].reasons])
            ),
            student.pk in kept,
        )
        for student in students
    )
