"""Cases as they are read: what waits first, step by step, and who left without anybody knowing where to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from tongxing.ground.access.models import YearMove
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import ClassMembership, Likeness, Student

from ..models import CaseStep, Departure, ReturnCase
from ..models_absence import MANAGE
from ..models_cases import AGREED, FOUND, State


def waiting(actor: Actor, school: Organisation) -> list[tuple[State, list[ReturnCase]]]:
    """The cases that do not rest yet, by their state, the next date first; `class_name` as of today. One query."""
    in_class = ClassMembership.objects.on(clock.today()).filter(student=OuterRef("student"))
    rows = ReturnCase.objects.visible_to(actor).not_done().filter(school=school)
    rows = rows.annotate(class_name=Subquery(in_class.values("school_class__name")[:1]))
    found = list(rows.select_related("student").order_by("next_on", "opened_at", "pk"))
    by_state = [(state, [one for one in found if one.state == state]) for state in State]
    return [(state, cases) for state, cases in by_state if cases]


def rested(actor: Actor, school: Organisation) -> QuerySet[ReturnCase]:
    rows = ReturnCase.objects.visible_to(actor).filter(school=school, state=State.DONE)
    return rows.select_related("student").order_by("-closed_at", "-pk")


@dataclass(frozen=True, slots=True)
class Step:
    row: CaseStep
    found: str
    agreed: str


def steps_of(actor: Actor, case: ReturnCase) -> list[Step]:
    """The way of one case, opened. `case` with its student's key."""
    rows = CaseStep.objects.visible_to(actor).filter(case=case).select_related("by")
    key = case.student.key
    return [
        Step(row, unseal(key, row.found_sealed, FOUND), unseal(key, row.agreed_sealed, AGREED))
        for row in rows.prefetch_related("people")
    ]


def where_to(actor: Actor, school: Organisation) -> list[Student]:
    """Students who left and of whom nobody wrote down where they are, or whose new school has not answered yet.

    Who graduated with the year's move, and entries that were one child, are no question. Four queries.
    """
    told = Departure.objects.filter(student=OuterRef("pk"), left_on=OuterRef("left_on"))
    latest = told.order_by("-recorded_at", "-pk")
    left = Student.objects.filter(actor.students_where(MANAGE, student="pk"), school=school)
    left = left.filter(status=Student.Status.LEFT).exclude(pk__in=_graduated(school))
    left = left.exclude(Exists(Likeness.objects.filter(other=OuterRef("pk"), verdict=Likeness.Verdict.SAME)))
    settled = ReturnCase.objects.filter(
        student=OuterRef("pk"), state=State.DONE, outcome__in=("transferred", "ill", "other")
    ).filter(Q(ended_on__gte=OuterRef("left_on")))
    left = left.annotate(
        told_kind=Subquery(latest.values("kind")[:1]),
        told_school=Subquery(latest.values("to_school")[:1]),
        told_confirmed=Subquery(latest.values("confirmed_on")[:1]),
    )
    open_ones = left.filter(Q(told_kind=None) | Q(told_kind="transfer", told_confirmed=None))
    return list(open_ones.exclude(Exists(settled)).order_by("-left_on", "pinyin", "pk"))


def _graduated(school: Organisation) -> Iterable[int]:
    """Those of the last grade who left with a year's move; whoever was set apart then is asked about."""
    found: set[int] = set()
    for move in YearMove.objects.filter(school=school, undone_at=None):
        left = ClassMembership.objects.filter(pk__in=move.did.get("places_ended", ()))
        last = left.order_by("-school_class__grade").values_list("school_class__grade", flat=True).first()
        of_last = left.filter(school_class__grade=last, student__in=move.did.get("left", ()))
        found |= set(of_last.values_list("student_id", flat=True))
    return found
