"""Reading requests: the one list of who waits, one request opened, one's own and what became of them.

Invariants:
- only `visible_to` and `readable_by` lead to a request; lists open no words;
- what waits longest comes first; people are not counted against each other.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from tongxing.care.safety.models import RiskFlag
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, Student
from tongxing.ground.people.models_people import StudentSet

from . import rules
from .danger import SOURCE
from .log import text_of
from .models import HelpRequest, RequestStep

State, Kind = HelpRequest.State, RequestStep.Kind
#: How many that are over stay below the open ones.
DONE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list, without its words."""

    request: HelpRequest
    class_name: str
    mine: bool

    @property
    def urgency(self) -> str:
        if self.request.state not in (State.ASKED, State.TAKEN):
            return "done" if self.request.state == State.DONE else "asked"
        return rules.urgency(self.request.due_on, clock.today())

    @property
    def chip(self) -> str:
        return rules.CHIP[self.urgency]


@dataclass(frozen=True, slots=True)
class AskedForHelp:
    """`mine` waits for this person, `others` for colleagues; `asked` waits for the asker's word; `done` is over."""

    mine: list[Line]
    others: list[Line]
    asked: list[Line]
    done: list[Line]


def asked_for_help(actor: Actor, school: Organisation) -> AskedForHelp:
    """The one list, what waits longest first. A constant number of queries."""
    seen = HelpRequest.objects.visible_to(actor).filter(school=school, in_safety=False)
    rows = seen.select_related("student", "school_class", "holder", "box")
    waiting = lines(actor, rows.waiting().order_by("due_on", "-urgent", "asked_on", "pk"))
    return AskedForHelp(
        [line for line in waiting if line.mine],
        [line for line in waiting if not line.mine],
        lines(actor, rows.filter(state=State.SOLVED).order_by("solved_at", "pk")),
        lines(actor, rows.filter(state=State.DONE).order_by("-solved_at", "-pk")[:DONE_SHOWN]),
    )


def lines(actor: Actor, rows: Iterable[HelpRequest]) -> list[Line]:
    found = list(rows)
    names = _class_names({row.student_id for row in found if row.student_id})
    return [
        Line(
            row,
            names.get(row.student_id or 0, "") or (row.school_class.name if row.school_class else ""),
            row.holder_id == actor.user_id,
        )
        for row in found
    ]


def _class_names(student_ids: set[int]) -> dict[int, str]:
    placed = ClassMembership.objects.on(clock.today()).filter(student__in=student_ids)
    return dict(placed.values_list("student_id", "school_class__name"))


def of_student(actor: Actor, student: Student) -> list[Line]:
    """What this actor sees of one child, the newest first."""
    seen = HelpRequest.objects.visible_to(actor).filter(student=student, in_safety=False)
    return lines(actor, seen.select_related("student", "school_class", "holder").order_by("-asked_on", "-pk"))


def unnamed_in_danger(actor: Actor, school: Organisation) -> QuerySet[HelpRequest]:
    """Unsigned requests that tell of harm, for those who answer for children's safety."""
    seen = HelpRequest.objects.visible_to(actor).filter(school=school, in_safety=True, student=None)
    return seen.select_related("school_class", "holder").order_by("-recorded_at", "-pk")


@dataclass(frozen=True, slots=True)
class Step:
    row: RequestStep
    label: str
    text: str


def steps_of(request: HelpRequest) -> list[Step]:
    """Every step of one request, opened; for whoever reads it."""
    rows = request.steps.select_related("by", "to")
    return [Step(row, str(row.get_kind_display()), text_of(row, request)) for row in rows]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one's request, for whoever asked. `told`: the words written for them, the latest last.
    `safety`: it stands with those who answer for children's safety: "", "asked", "taken", "done"."""

    request: HelpRequest
    holder: str
    told: list[tuple[datetime.datetime, str, str]]
    safety: str

    @property
    def asks_whether_it_helped(self) -> bool:
        return self.request.state == State.SOLVED and not self.safety


def outcomes(rows: QuerySet[HelpRequest], most: int = 30) -> list[Outcome]:
    """How the newest of these requests stand, in a constant number of queries."""
    told = RequestStep.objects.filter(told=True).select_related("by")
    rows = rows.select_related("student", "key", "holder", "school").prefetch_related(
        Prefetch("steps", told, "told_steps")
    )
    found = list(rows.order_by("-recorded_at", "-pk")[:most])
    in_safety = [row.pk for row in found if row.in_safety]
    flags = RiskFlag.objects.filter(source_kind=SOURCE, source_id__in=in_safety).order_by("pk")
    states = dict(flags.values_list("source_id", "state"))
    return [_outcome(row, states.get(row.pk, row.state)) for row in found]


#: How a flag, or an unsigned request that stands with safety, is told to whoever asked.
TOLD_OF_SAFETY = {"raised": "asked", "asked": "asked", "taken": "taken", "closed": "taken", "done": "done"}


def _outcome(request: HelpRequest, safety_state: str) -> Outcome:
    told = [
        (one.at, one.by.name if one.by else "", text_of(one, request))
        for one in request.told_steps  # type: ignore[attr-defined]  # prefetched by `outcomes`
    ]
    return Outcome(
        request,
        request.holder.name if request.holder and not request.in_safety else "",
        [] if request.in_safety else told,
        TOLD_OF_SAFETY[safety_state] if request.in_safety else "",
    )


def own_children(actor: Actor, school_id: int) -> StudentSet:
    """The student themselves, or a guardian's children, in this school."""
    mine = Student.objects.filter(actor.students_where("request.ask", student="pk"), school=school_id)
    return mine.select_related("school", "key").order_by("pinyin", "pk")
