"""An inspection as it is read: frozen figures, what was recorded later beside them, findings, months to choose."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.people.models import Term
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.figures import Figure

from .figures import DAY, MonthFigures, first_of, last_of, month_figures
from .models import Finding, Inspection, Stop


@dataclass(frozen=True, slots=True)
class Compared:
    """A frozen figure and the same one counted later (None: it no longer exists)."""

    then: Figure
    now: Figure | None

    @property
    def added(self) -> int:
        """How much the later count is higher; 0 where it is not known."""
        if self.now is None or self.now.value is None:
            return 0
        return self.now.value - (self.then.value or 0)


@dataclass(frozen=True, slots=True)
class Reading:
    frozen: MonthFigures
    now: MonthFigures

    def get(self, code: str, class_id: int | None = None, week: int | None = None) -> Compared | None:
        then = self.frozen.get(code, class_id, week)
        return Compared(then, self.now.get(code, class_id, week)) if then else None


def read(actor: Actor, inspection: Inspection, as_of: datetime.datetime) -> Reading:
    """The frozen figures beside the same ones as of now; of a closed month as of its closing."""
    facts = facts_for(actor, inspection.school, inspection.term, inspection.closed_at or as_of)
    return Reading(inspection.frozen, month_figures(facts, inspection.month))


def figure(
    inspection: Inspection, code: str, class_id: int | None = None, week: int | None = None
) -> Figure | None:
    return inspection.frozen.get(code, class_id, week)


def months(school: Organisation, term: Term, now: datetime.datetime) -> list[datetime.date]:
    """The months of the term that have begun, the latest first."""
    month, found = first_of(term.starts_on), []
    while month <= day_of(now) and month <= term.ends_on:
        found.append(month)
        month = last_of(month) + DAY
    return found[::-1]


def mine(actor: Actor) -> QuerySet[Finding]:
    """What this colleague was asked to see to and nobody has looked at again."""
    waiting = Finding.objects.visible_to(actor).waiting().filter(person__user_id=actor.user_id)
    return waiting.select_related("inspection")


def my_stops(actor: Actor) -> QuerySet[Stop]:
    """Where this colleague goes for the inspection and has not written down what was seen."""
    return Stop.objects.visible_to(actor).waiting().filter(goes__user_id=actor.user_id)


def stops_of(actor: Actor, school: Organisation, month: datetime.date) -> QuerySet[Stop]:
    """The plan of a month, in the order of days."""
    mine = Stop.objects.visible_to(actor).standing().filter(school=school, month=month)
    return mine.select_related("school_class", "person", "goes")


def months_to_plan(term: Term) -> list[datetime.date]:
    """Every month of the term, in order: a plan stands before the month has begun."""
    month, found = first_of(term.starts_on), []
    while month <= term.ends_on:
        found.append(month)
        month = last_of(month) + DAY
    return found
