"""A plan of this term for 周晓禾, as her helper writes it; Wednesday 2026-11-25, teaching week 12."""

import datetime
from dataclasses import replace
from uuid import UUID, uuid4

from tongxing.care.programme import queries, term_plan_queries
from tongxing.care.programme import term_plan_actions as writing
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme.models import TermPlan
from tongxing.care.programme.term_plan_decisions import Look
from tongxing.care.programme.term_plan_rules import Draft, Measure, PlanText
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM

D = datetime.date
TEXT = PlanText(
    knowledge="移项常错，应用题列不出式子",
    habits="数学作业 3 次未交",
    motivation="想考镇上的高中，怕问问题",
    goal="期末数学能独立做完基础题",
    signs="每周作业交齐，单元测验基础题对八成",
)
TUTORING = Measure(UUID(int=1), "每天课后 4 道题，当面讲", every="week", record_as="tutoring")
TALKS = Measure(UUID(int=2), "两周一次长谈，说说家里的事", every="weeks", n=2, promise="talk")
SEAT = Measure(UUID(int=3), "调到同桌能陪练的座位", by="class_teacher", often="本周内")
DRAFT = Draft(TEXT, D(2026, 11, 25), D(2027, 1, 22), D(2026, 12, 30), (TUTORING, TALKS, SEAT))

LOOK = Look(
    "课后 4 道题有用，作业交齐了", "题目换成应用题", "goes_on", "上课敢举手了", next_on=D(2027, 1, 15)
)


def plan_of(cast, role: str = "helper", draft: Draft = DRAFT, student=None) -> TermPlan:
    return writing.begin_plan(
        cast.actor(role), student=student or cast.students.key, term=cast.term, client_id=uuid4(), draft=draft
    )


def token(plan: TermPlan) -> str:
    return plan.versions.latest("number").token


def handed_in(cast, role: str = "helper", draft: Draft = DRAFT) -> TermPlan:
    plan = plan_of(cast, role, draft)
    writing.hand_in(cast.actor(role), plan=plan, seen=token(plan))
    return plan


def in_force(cast, role: str = "helper", draft: Draft = DRAFT) -> TermPlan:
    plan = handed_in(cast, role, draft)
    deciding.approve(cast.actor("coordinator"), plan=plan, seen=token(plan))
    return plan


def with_measures(*measures: Measure, **changes) -> Draft:
    return replace(DRAFT, measures=measures, **changes)


def asked(cast) -> dict[str, int]:
    """How often each promise is still asked for周晓禾 from today on."""
    found = queries.obligations(SYSTEM, cast.term, clock.now(), [cast.students.key.pk])
    today = clock.today()
    counts: dict[str, int] = {}
    for one in found:
        if one.ends >= today:
            counts[one.commitment] = counts.get(one.commitment, 0) + 1
    return counts


def stage(cast, plan, role="head"):
    (row,) = [
        row
        for rows in term_plan_queries.board(cast.actor(role), cast.term).stages.values()
        for row in rows
        if row.plan == plan
    ]
    return row.stage
