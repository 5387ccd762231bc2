"""What changed from the last round to this one, told for each child; also across terms.

Invariants:
- every enrolled student for whom either round had a reason of its own appears exactly once: new, still there, no longer;
- being on the register already is no reason of its own: it is said beside the name;
- reasons are told by `queries.told`, so nobody reads here what they may not read there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration, Student

from .models import Looked, Round, about
from .queries import rounds, told


@dataclass(frozen=True, slots=True)
class Change:
    """One child between two rounds. `was`, `level`: normal, key, set_aside, or empty where nobody was asked to decide."""

    student: Student
    class_name: str
    registered: str
    was: str
    level: str
    is_decided: bool
    added: tuple[str, ...]
    remains: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def level_changed(self) -> bool:
        return bool(self.was and self.level) and self.was != self.level


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left`: found last time, no longer at the school."""

    before: Round
    now: Round
    new: tuple[Change, ...]
    still: tuple[Change, ...]
    no_longer: tuple[Change, ...]
    left: int


def round_before(actor: Actor, round: Round) -> Round | None:
    """The round before: of the same term, else the last one of an earlier term."""
    earlier = Q(term=round.term_id, number__lt=round.number) | Q(term__starts_on__lt=round.term.starts_on)
    return rounds(actor, round.school_id).filter(earlier).first()


def compare(actor: Actor, round: Round) -> Comparison | None:
    """This round beside the one before; None where there was none. Six queries, however many children."""
    before = round_before(actor, round)
    if before is None:
        return None
    rows = {one.pk: _rows(actor, one) for one in (before, round)}
    then, now = rows[before.pk], rows[round.pk]
    found = {pk for side in (then, now) for pk, row in side.items() if has_own_reason(row)}
    students = Student.objects.visible_to(actor).filter(pk__in=found).enrolled().with_class(clock.today())
    students = students.order_by("class_grade", "class_number", "pinyin", "code")
    on_register = dict(
        Registration.objects.visible_to(actor)
        .on(clock.today())
        .filter(student__in=found)
        .values_list("student_id", "level")
    )
    parts: dict[str, list[Change]] = {"new": [], "still": [], "no_longer": []}
    for student in students:
        was, is_now = then.get(student.pk), now.get(student.pk)
        change = _change(actor, student, was, is_now, on_register.get(student.pk, ""))
        parts[_part(was, is_now)].append(change)
    new, still, no_longer = (tuple(part) for part in parts.values())
    return Comparison(before, round, new, still, no_longer, len(found) - len(new + still + no_longer))


def has_own_reason(row: Looked) -> bool:
    return any(reason["severity"] != "support" and reason["code"] != "registered" for reason in row.reasons)


def _rows(actor: Actor, round: Round) -> dict[int, Looked]:
    return {row.student_id: row for row in Looked.objects.visible_to(actor).filter(round=round)}


def _part(was: Looked | None, now: Looked | None) -> str:
    if now is None or not has_own_reason(now):
        return "no_longer"
    return "still" if was is not None and has_own_reason(was) else "new"


def _change(actor: Actor, student: Any, was: Looked | None, now: Looked | None, registered: str) -> Change:
    before, after = _told(actor, student, was), _told(actor, student, now)
    return Change(
        student=student,
        class_name=student.class_name or _("not in a class yet"),
        registered=registered,
        was=_level(was),
        level=_level(now),
        is_decided=now is not None and now.is_decided,
        added=tuple(sentence for key, sentence in after.items() if key not in before),
        remains=tuple(sentence for key, sentence in after.items() if key in before),
        gone=tuple(sentence for key, sentence in before.items() if key not in after),
    )


def _told(actor: Actor, student: Student, row: Looked | None) -> Mapping[tuple[str, str], str]:
    """The reasons of a row by what they are about, in words; “on the register” is said beside the name."""
    if row is None:
        return {}
    reasons: Iterable[dict[str, Any]] = (one for one in row.reasons if one["code"] != "registered")
    return {
        (reason["code"], about(reason)): one.sentence
        for reason in reasons
        for one in told(actor, student, [reason])
    }


def _level(row: Looked | None) -> str:
    """What was decided, else what the rules suggest."""
    if row is None:
        return ""
    decided = {
        Looked.Decision.NORMAL: "normal",
        Looked.Decision.KEY: "key",
        Looked.Decision.SET_ASIDE: "set_aside",
    }
    return decided.get(Looked.Decision(row.decision), row.level)
