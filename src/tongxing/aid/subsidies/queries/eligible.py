"""Who a project of a term is for: every child that the rules suggest, every one that people decided about.

In the order of classes and names. Nothing here puts children in an order of need.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, Q

from tongxing.aid.hardship.actions.applications import GROUPS
from tongxing.aid.hardship.models import Recognition
from tongxing.aid.hardship.queries import BY_CLASS
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Circumstance, ClassMembership, Student

from .. import rules
from ..models import Project, Rate, Round, Subsidy


def within(day: datetime.date, round: Round) -> datetime.date:
    """That day, or the nearest of the round's term."""
    return min(max(day, round.term.starts_on), round.term.ends_on)


def rates_of(project: Project) -> list[rules.Paid]:
    """For rules, not for pages."""
    rows = Rate.objects.filter(project=project, ended_at=None).order_by("starts_on", "pk")
    return [rules.Paid(row.amount, row.starts_on, row.stage, row.boarding, row.level) for row in rows]


def levels_on(school: Organisation, day: datetime.date, *more: Q) -> dict[int, str]:
    """Child → level of the recognition that held that day."""
    found = Recognition.objects.filter(*more, school=school, filed_at__isnull=False, level__isnull=False)
    found = found.filter(starts_on__lte=day, ends_on__gte=day).filter(Q(ended_on=None) | Q(ended_on__gte=day))
    return dict(found.order_by("pk").values_list("student_id", "level__name"))


def groups_on(school: Organisation, day: datetime.date, *more: Q) -> dict[int, set[str]]:
    """Child → groups that an office confirms, that day."""
    found: dict[int, set[str]] = defaultdict(set)
    known = Circumstance.objects.valid_on(day).filter(*more, school=school, category__in=GROUPS)
    for student_id, category in known.values_list("student_id", "category"):
        found[student_id].add(category)
    return found


def children_of(round: Round, *more: Q) -> dict[int, rules.Child]:
    """Whoever is recognised or known, with the facts that the rules ask for. For rules; it shows nobody anything."""
    school, term = round.school, round.term
    day = within(clock.today(), round)
    levels, groups = levels_on(school, day, *more), groups_on(school, day, *more)
    there = Student.objects.filter(school=school, pk__in={*levels, *groups})
    there = there.filter(Q(status=Student.Status.ENROLLED) | Q(left_on__gte=term.starts_on))
    facts = there.with_class(day).values_list("pk", "class_grade", "boarding", "left_on")
    first = dict(
        ClassMembership.objects.filter(student__in=there).order_by().values("student")
        .annotate(first=Min("starts_on")).values_list("student", "first")
    )  # fmt: skip
    return {
        pk: rules.Child(
            rules.stage_of(grade), boards, levels.get(pk, ""), frozenset(groups.get(pk, ())),
            day_in if (day_in := first.get(pk)) and day_in > term.starts_on else None,
            left if left and left <= term.ends_on else None,
        )
        for pk, grade, boards, left in facts
    }  # fmt: skip


def has_other(round: Round, *more: Q) -> set[int]:
    """Who gets something this term that excludes this project."""
    if not round.project.apart:
        return set()
    found = Subsidy.objects.standing().filter(*more, term=round.term, apart=round.project.apart, granted=True)
    return set(found.exclude(round=round).values_list("student_id", flat=True))


def granted_elsewhere(round: Round, students: Collection[int]) -> set[int]:
    """Whom a sister school of the county grants the same project in these months, by the keyed fingerprint of the ID
    number: a child that changed schools. Told as yes or no, for rules alone."""
    if not round.school.parent_id:
        return set()
    mine = Student.objects.filter(pk__in=students).exclude(id_number_index="")
    there = Subsidy.objects.granted().filter(
        Q(project=round.project) | Q(project__name=round.project.name, project__kind=round.project.kind),
        school__parent=round.school.parent_id,
        term__starts_on__lte=round.term.ends_on,
        term__ends_on__gte=round.term.starts_on,
    )
    twins = there.exclude(school=round.school).exclude(student__id_number_index="")
    found = mine.filter(id_number_index__in=twins.values("student__id_number_index"))
    return set(found.values_list("pk", flat=True))


def suggestions(round: Round, *more: Q) -> dict[int, rules.Suggestion]:
    """`more` narrows it down by `student`. Help in an emergency suggests nobody."""
    project, term = round.project, (round.term.starts_on, round.term.ends_on)
    if project.is_emergency:
        return {}
    rates, other, day = rates_of(project), has_other(round, *more), within(clock.today(), round)
    children = children_of(round, *more)
    twice = granted_elsewhere(round, children)
    return {
        pk: rules.suggest(
            child,
            asks=project.asks,
            rates=rates,
            day=day,
            term=term,
            has_other=pk in other,
            elsewhere=pk in twice,
        )
        for pk, child in children.items()
    }


def suggestion_for(round: Round, student_id: int) -> rules.Suggestion:
    found = suggestions(round, Q(student=student_id))
    return found.get(student_id, rules.Suggestion(0, ("not_recognised",)))


@dataclass(frozen=True, slots=True)
class Line:
    """One child of a round. `subsidy` None: nobody has decided yet."""

    student: Student
    suggestion: rules.Suggestion
    subsidy: Subsidy | None


@dataclass(frozen=True, slots=True)
class OfClass:
    """The lines of one class. `responsible`: its class teachers."""

    name: str
    class_id: int | None
    responsible: str
    lines: list[Line] = field(default_factory=list)

    @property
    def open(self) -> list[Line]:
        """Suggested, nobody has decided, and all of them can be granted at once."""
        return [one for one in self._waiting if not one.suggestion.is_singly]

    @property
    def alone(self) -> list[Line]:
        """Suggested too, and each of them is to be decided alone."""
        return [one for one in self._waiting if one.suggestion.is_singly]

    @property
    def _waiting(self) -> list[Line]:
        return [one for one in self.lines if one.subsidy is None and one.suggestion.fits]

    @property
    def total(self) -> int:
        return sum(one.subsidy.amount for one in self.lines if one.subsidy)


def by_class(students: Any, day: datetime.date) -> list[Student]:
    """`students`: their ids."""
    found = Student.objects.filter(pk__in=students).with_class(day)
    return list(found.select_related("key").order_by(*BY_CLASS))
