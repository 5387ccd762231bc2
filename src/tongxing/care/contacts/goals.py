"""A student's goals month by month: what was set, how it went, what shows it. Derived from the records alone.

Invariants:
- an outcome belongs to the goal that was set last before it;
- how it went stands in the writer's words, never as a number;
- restricted and withdrawn records are not read.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from .models import Contact


@dataclass(frozen=True, slots=True)
class GoalStory:
    """A goal and what became of it; the ids are those of the records. Without an outcome it is still open."""

    goal_id: int
    set_on: datetime.date
    goal: str
    sign: str
    by: str
    outcome_id: int | None = None
    outcome_on: datetime.date | None = None
    outcome: str = ""
    shown_by: str = ""


@dataclass(frozen=True, slots=True)
class GoalMonth:
    """`first`: the month's first day."""

    first: datetime.date
    goals: tuple[GoalStory, ...]


def goal_stories(
    actor: Actor, student: Student, since: datetime.date, until: datetime.date
) -> list[GoalStory]:
    """The goals set between these days, in order, each with how it went. Two queries."""
    about = Contact.objects.of_team(actor).filter(student=student, kind__in=["goal", "goal_outcome"])
    about = about.filter(happened_at__gte=clock.start_of(since)).select_related("staff")
    found: list[GoalStory] = []
    for contact in about.prefetch_related("revisions").order_by("happened_at", "pk"):
        body = list(contact.revisions.all())[-1].body
        day = clock.day_of(contact.happened_at)
        if contact.kind == "goal":
            found.append(
                GoalStory(contact.pk, day, body.get("goal", ""), body.get("sign", ""), contact.staff.name)
            )
        elif found:
            found[-1] = replace(
                found[-1],
                outcome_id=contact.pk,
                outcome_on=day,
                outcome=body.get("outcome", ""),
                shown_by=body.get("shown_by", ""),
            )
    return [one for one in found if one.set_on <= until]


def by_month(
    stories: Iterable[GoalStory], first: datetime.date, last: datetime.date
) -> tuple[GoalMonth, ...]:
    """Every month between these days, also those in which no goal was set."""
    stories = list(stories)
    months, month = [], first.replace(day=1)
    while month <= last:
        mine = tuple(one for one in stories if one.set_on.replace(day=1) == month)
        months.append(GoalMonth(month, mine))
        month = (month + datetime.timedelta(days=32)).replace(day=1)
    return tuple(months)
