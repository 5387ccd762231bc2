"""Plans of a term in lists: by where they stand, and what waits for whom. One whole is read by `term_plan_reading`.

Invariants:
- only plans of students whom the actor sees with the care zone;
- lists open nothing sealed, and the number of queries does not grow with the plans;
- nobody is ranked: within a stage plans stand in the order of classes.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration, Student, Term

from . import term_plan_rules
from .models import PlanReview, PlanVersion, TermPlan
from .models_term_plan import TermPlanSet
from .term_plan_rules import STAGES, Stage, Standing

State = PlanVersion.State


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in a list: where it stands and when somebody looks at it again."""

    plan: TermPlan
    student: Student
    last: PlanVersion
    in_force: PlanVersion | None
    review_on: datetime.date | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class PlanBoard:
    """`to_write`: registered students without a plan of this term; then the plans by where they stand."""

    to_write: tuple[Student, ...]
    stages: dict[Stage, tuple[PlanRow, ...]]

    @property
    def is_empty(self) -> bool:
        return not self.to_write and not any(self.stages.values())


def plans_of(actor: Actor, term: Term) -> TermPlanSet:
    """The plans of a term that the actor sees, with what decides where they stand. Three queries."""
    versions = PlanVersion.objects.defer("body_sealed", "reason_sealed", "note_sealed")
    reviews = PlanReview.objects.defer("body_sealed")
    found = TermPlan.objects.visible_to(actor).filter(term=term)
    return found.prefetch_related(Prefetch("versions", versions), Prefetch("reviews", reviews))


def board(actor: Actor, term: Term) -> PlanBoard:
    """Every plan of the term, and who has none yet. The number of queries does not grow with them."""
    day = clock.today()
    plans = {plan.student_id: plan for plan in plans_of(actor, term)}
    registered = Registration.objects.visible_to(actor).on(day).filter(school_id=term.school_id)
    ids = {*plans, *registered.values_list("student_id", flat=True)}
    students = Student.objects.visible_to(actor, "care").filter(pk__in=ids).with_class(day)
    ordered = list(students.order_by("class_grade", "class_number", "pinyin", "pk"))
    rows = [row_of(plans[one.pk], one, day) for one in ordered if one.pk in plans]
    return PlanBoard(
        tuple(one for one in ordered if one.pk not in plans and one.status == Student.Status.ENROLLED),
        {stage: tuple(row for row in rows if row.stage == stage) for stage in STAGES},
    )


def row_of(plan: TermPlan, student: Student, day: datetime.date) -> PlanRow:
    versions = list(plan.versions.all())
    last = versions[0]
    in_force = next((one for one in versions if one.state == State.APPROVED), None)
    review_on = next_look(plan, in_force)
    stage = term_plan_rules.stage(
        Standing(
            "" if last.state in {State.APPROVED, State.REPLACED} else last.state,
            in_force.starts_on if in_force else None,
            review_on,
            plan.ended_at is not None,
        ),
        day,
    )
    return PlanRow(plan, student, last, in_force, review_on, stage)


def next_look(plan: TermPlan, in_force: PlanVersion | None) -> datetime.date | None:
    """When somebody looks at it again; looks at an earlier version are over."""
    if in_force is None or plan.ended_at:
        return None
    looks = [(one.looked_on, one.next_on) for one in plan.reviews.all() if one.version_id == in_force.pk]
    return term_plan_rules.review_on(in_force.review_on, looks)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for this person: how many plans to decide about, and the plans of the own students."""

    to_approve: int
    own: tuple[PlanRow, ...]

    @property
    def own_open(self) -> tuple[PlanRow, ...]:
        """Those of them that wait for a step of their own."""
        return tuple(row for row in self.own if row.stage in {"to_review", "sent_back"})


def waiting(actor: Actor, term: Term, cared_for: Iterable[int]) -> Waiting:
    """`cared_for`: the students this person accompanies or has in the own class. Five queries at most."""
    mine = set(cared_for)
    decides = actor.may("plan.approve", school_id=term.school_id)
    if not mine and not decides:
        return Waiting(0, ())
    day = clock.today()
    plans = [plan for plan in plans_of(actor, term) if decides or plan.student_id in mine]
    students = Student.objects.visible_to(actor, "care").with_class(day)
    named = students.in_bulk([plan.student_id for plan in plans])
    rows = [row_of(plan, named[plan.student_id], day) for plan in plans if plan.student_id in named]
    own = tuple(row for row in rows if row.student.pk in mine)
    return Waiting(sum(row.stage == "to_approve" for row in rows) if decides else 0, own)
