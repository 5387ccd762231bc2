"""What a colleague is reminded of: what is open with the own students, soonest first. Derived, never stored."""

import datetime
from dataclasses import dataclass

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student
from tongxing.ground.people.queries import current_term, staff_of

from .queries import my_week


@dataclass(frozen=True, slots=True)
class Reminder:
    """`on`: the agreed day, or the last day of the window; `record_as`: the kind of record that answers it."""

    student: Student
    label: str
    record_as: str
    on: datetime.date
    overdue: bool
    agreed: bool = False


def waiting_for(actor: Actor, as_of: datetime.datetime) -> list[Reminder]:
    """What waits for this person now, by the same obligations as my week."""
    staff = staff_of(actor.user_id)
    term = current_term(staff.school, clock.day_of(as_of)) if staff else None
    if staff is None or term is None or not actor.may("week.view", school_id=staff.school_id):
        return []
    found = [
        Reminder(
            card.student, duty.label, duty.promise.record_as, duty.obligation.ends, duty.state == "overdue"
        )
        for card in my_week(actor, staff, term, as_of).waiting
        for duty in card.duties
        if duty.waits
    ]
    return sorted(found, key=lambda one: (one.on, one.student.pk))
