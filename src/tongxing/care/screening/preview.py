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
from .models import Looked, Nomination, Round
from .queries import told
from .rules import AREA, Finding, as_json, screen
from .ruleset import RuleSet

#: Student id → codes of reasons.
Codes = Mapping[int, set[str]]


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
    """Whom the rules would no longer find; who stays all the same says so."""

    @property
    def gone(self) -> int:
        return sum(not one.stays for one in self.go_out)


def preview(actor: Actor, *, term: Term, round: Round | None, now: RuleSet, then: RuleSet) -> Preview:
    """Both rule sets on what is on record today; nothing is written. The queries do not grow with the school.

    What is counted is what the next look writes: an open round looks again; an approved one stays as it is, so the
    next round is looked ahead to, with everyone now on the register and every request that waits.
    """
    actor.require("screening.manage", school_id=term.school_id)
    looking = round if round is not None and round.state == Round.State.OPEN else None
    facts = gather(term, clock.today(), registered_before=looking.opened_at if looking else None)
    staying = _staying_in(actor, looking) if looking else _asked_for(actor, term.school_id)
    found = [screen(facts.students, rules, facts.school_days).findings for rules in (now, then)]
    before, after = (_listed(one, staying) for one in found)
    students = Student.objects.visible_to(actor).filter(pk__in=before.keys() | after.keys())
    students = students.with_class(clock.today()).order_by("class_grade", "class_number", "pinyin", "code")
    shown: list[Any] = list(students)
    was, will = found
    return Preview(
        len(before),
        len(after),
        _by_reason(before, after),
        _by_class(shown, before, after),
        _moved(actor, [one for one in shown if one.pk not in before], will, staying),
        _moved(actor, [one for one in shown if _goes(was[one.pk], will[one.pk])], was, staying),
    )


def _staying_in(actor: Actor, round: Round) -> Codes:
    """Those whom no rule takes off an open round's list: decided on, or named by a person."""
    codes = {
        row.student_id: (row.is_decided, {one["code"] for one in row.reasons} & {"added"})
        for row in Looked.objects.visible_to(actor).filter(round=round)
    }
    return {student: added for student, (is_decided, added) in codes.items() if is_decided or added}


def _asked_for(actor: Actor, school_id: int) -> Codes:
    """Those whom the next round lists whatever its rules: somebody has asked."""
    waiting = Nomination.objects.visible_to(actor).open().filter(school_id=school_id)
    return {student: {"added"} for student in waiting.values_list("student_id", flat=True)}


def _listed(found: Mapping[int, Finding], staying: Codes) -> Codes:
    """Who would be on the list, with the codes of their reasons."""
    return {
        pk: {reason.code for reason in one.reasons} | staying.get(pk, set())
        for pk, one in found.items()
        if one.outcome == "candidate" or pk in staying
    }


def _goes(was: Finding, will: Finding) -> bool:
    return was.outcome == "candidate" and will.outcome != "candidate"


def _by_reason(before: Codes, after: Codes) -> tuple[tuple[str, int, int], ...]:
    was, will = (Counter(code for codes in side.values() for code in codes) for side in (before, after))
    return tuple((code, was[code], will[code]) for code in AREA if was[code] or will[code])


def _by_class(students: list[Any], before: Codes, after: Codes) -> tuple[tuple[str, int, int], ...]:
    """Every class with a candidate, in its order."""
    counts: dict[str, list[int]] = {}
    for student in students:
        pair = counts.setdefault(student.class_name or _("not in a class yet"), [0, 0])
        pair[0] += student.pk in before
        pair[1] += student.pk in after
    return tuple((name, was, is_now) for name, (was, is_now) in counts.items())


def _moved(
    actor: Actor, students: list[Any], found: Mapping[int, Finding], staying: Codes
) -> tuple[Moved, ...]:
    return tuple(
        Moved(
            student,
            student.class_name or _("not in a class yet"),
            tuple(
                one.sentence
                for one in told(actor, student, [as_json(reason) for reason in found[student.pk].reasons])
            ),
            student.pk in staying,
        )
        for student in students
    )
