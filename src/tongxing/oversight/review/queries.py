"""The review as it is read: one term's parts, what earlier reviews left to do, what waits for a colleague."""

import datetime

from django.db.models import QuerySet

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term

from .models import NextStep, Recognition

#: So long before its end a term is looked back on.
LOOKED_BACK = datetime.timedelta(days=35)


def praise_of(actor: Actor, term: Term) -> QuerySet[Recognition]:
    """What came in this term and stands, the earliest first."""
    rows = Recognition.objects.visible_to(actor).standing().filter(school=term.school_id, term=term)
    return rows.order_by("day", "pk")


def steps_of(actor: Actor, term: Term) -> QuerySet[NextStep]:
    rows = NextStep.objects.visible_to(actor).standing().filter(school=term.school_id, term=term)
    return rows.select_related("person")


def left_from_before(actor: Actor, school: Organisation, term: Term) -> QuerySet[NextStep]:
    """What the reviews of earlier terms decided and is not done: it belongs into this term's plan."""
    rows = NextStep.objects.visible_to(actor).waiting().filter(school=school)
    return rows.filter(term__starts_on__lt=term.starts_on).select_related("person")


def my_steps(actor: Actor) -> QuerySet[NextStep]:
    return NextStep.objects.visible_to(actor).waiting().filter(person__user_id=actor.user_id)


def is_looked_back_on(term: Term | None, day: datetime.date) -> bool:
    return term is not None and day >= term.ends_on - LOOKED_BACK
