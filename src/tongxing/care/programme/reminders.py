"""What a colleague is reminded of: agreed dates and what is open with the own students. Derived, never stored."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import current_term, staff_of

from .queries import Card, MyWeek, my_week
from .term_plan_queries import PlanRow, waiting
from .term_plan_rules import Stage

LOOK_AGAIN = gettext_lazy("Look at the plan of the term again")
#: How long before its day a look is reminded of.
SOON = datetime.timedelta(days=7)
LOOKED_AT: frozenset[Stage] = frozenset({"in_force", "to_review"})


@dataclass(frozen=True, slots=True)
class Reminder:
    """`on`: the agreed day, or the last school day of the window; `record_as`: the kind of record that answers it.
    `plan_id`: of the plan of the term that is to be looked at again on that day."""

    student: Student
    label: str
    record_as: str
    on: datetime.date
    overdue: bool = False
    agreed: bool = False
    plan_id: int | None = None


def reminders_of(actor: Actor, as_of: datetime.datetime) -> list[Reminder]:
    """What waits for this person and the dates still to come, soonest first; by the same cards as my week."""
    staff = staff_of(actor.user_id)
    term = current_term(staff.school, clock.day_of(as_of)) if staff else None
    if staff is None or term is None or not actor.may("week.view", school_id=staff.school_id):
        return []
    week = my_week(actor, staff, term, as_of)
    found = [one for card in week.mine for one in (*_agreed(card), *_open(card, week))]
    found += [_look(row) for row in looks_due(actor, week, clock.day_of(as_of) + SOON)]
    return sorted(found, key=lambda one: (one.on, not one.agreed, one.student.pk))


def looks_due(actor: Actor, week: MyWeek, until: datetime.date) -> list[PlanRow]:
    """The plans of the term of one's own students that are to be looked at again by that day; a class teacher's too,
    where nobody else accompanies the student."""
    cards = [*week.accompanied, *(card for card in week.of_class if card.helper is None)]
    cared_for = {card.student.pk for card in cards}
    rows = waiting(actor, week.term, cared_for).own
    return [row for row in rows if row.stage in LOOKED_AT and row.review_on and row.review_on <= until]


def _look(row: PlanRow) -> Reminder:
    assert row.review_on is not None  # chosen by it
    label = str(LOOK_AGAIN)
    return Reminder(row.student, label, "", row.review_on, plan_id=row.plan.pk)


def _agreed(card: Card) -> list[Reminder]:
    if card.agreed is None:
        return []
    one = card.agreed
    return [Reminder(card.student, str(one.asks.label), one.kind, one.on, agreed=True)]


def _open(card: Card, week: MyWeek) -> list[Reminder]:
    return [
        Reminder(
            card.student,
            duty.label,
            duty.promise.record_as,
            _last_day(duty.obligation.ends, week),
            duty.state == "overdue",
        )
        for duty in card.duties
        if duty.waits
    ]


def _last_day(ends: datetime.date, week: MyWeek) -> datetime.date:
    """A window that ends on Sunday is reminded of on the week's last school day."""
    if week.week and week.week.school_days and ends == week.week.sunday:
        return week.week.school_days[-1]
    return ends
