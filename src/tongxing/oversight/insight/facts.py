"""The facts of a school and term at one moment, read once: everything on the overview and in the summary is
counted from this value, so the two never differ. The number of queries does not grow with the rows.

Invariants:
- nothing here lies outside what the actor may see; a class has the same figures for its teacher and for the head;
- whether the school keeps a register, pairs, rounds and contacts at all is asked of the school, not of the reader;
- what was recorded, or ended, after `as_of` has not happened yet.
"""

import datetime
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongxing.care.pairing.models import SLIP
from tongxing.care.programme import facts as programme
from tongxing.care.programme.models import Commitment
from tongxing.care.programme.queries import obligations
from tongxing.care.programme.rules import Obligation
from tongxing.ground.access.queries import classes_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Student, Term

from .history import history
from .holding import as_condition
from .school import Promised, SchoolFacts

VIEW = "overview.view"
#: What single students were promised besides, in their own plans, counted together.
PLANS = "plans"


def facts_for(
    actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime, class_id: int | None = None
) -> SchoolFacts:
    """The school's facts for those who lead it; those of one class for whoever answers for it, too."""
    if class_id is None:
        if not actor.may_all(VIEW, school_id=school.pk):
            raise NotAllowed(VIEW)
        return school_facts(actor, school, term, as_of)
    if not classes_for(actor, VIEW, term).filter(pk=class_id).exists():
        raise NotAllowed(VIEW)
    return school_facts(actor, school, term, as_of).of_class(class_id)


def school_facts(actor: Actor, school: Organisation, term: Term, as_of: datetime.datetime) -> SchoolFacts:
    actor.require(VIEW, school_id=school.pk)
    return with_duties(actor, term, history(actor, school, term, as_of).at(as_of))


def with_duties(actor: Actor, term: Term, facts: SchoolFacts) -> SchoolFacts:
    """The same facts with what was promised and what is asked of whom."""
    promised = promises(term, facts.calendar.until)
    duties = obligations(actor, term, facts.as_of, calendar=facts.calendar)
    return replace(facts, promises=promised, obligations=counted(duties, promised))


def there_on(day: datetime.date) -> Q:
    """The students who were enrolled on that day, also if they have left since."""
    came = Q(enrolled_on=None) | Q(enrolled_on__lte=day)
    return came & (Q(status=Student.Status.ENROLLED) | Q(left_on__gt=day))


def held(rows: QuerySet, as_of: datetime.datetime, recorded: str) -> QuerySet:
    """The dated rows that held on the day of `as_of`, as far as was recorded by then."""
    return rows.filter(as_condition(as_of, recorded))


def held_pairs(pairs: QuerySet, as_of: datetime.datetime) -> QuerySet:
    """The pairs that held at that moment; one ended on its first day is known to be a slip once that is recorded."""
    return held(pairs, as_of, "confirmed_at").exclude(SLIP, ended_at__lte=as_of)


def promises(term: Term, until: datetime.date) -> tuple[Promised, ...]:
    """What the school promised this term and in its break, in its order; a changed commitment is one, with its versions.

    What single students were promised besides counts together, under one name that tells nothing about them.
    """
    versions: dict[str, list[Commitment]] = {}
    for row in programme.promises(term, until):
        versions.setdefault(row.code, []).append(row)
    found = [
        Promised(
            code,
            _("%(what)s (%(whom)s)") % {"what": rows[-1].label, "whom": rows[-1].get_to_display()},
            tuple(row.rule for row in rows),
        )
        for code, rows in versions.items()
    ]
    if any(item.code not in versions for item in programme.plans(term, until)):
        found.append(Promised(PLANS, _("Besides, in students’ own plans"), ()))
    return tuple(found)


def counted(duties: Iterable[Obligation], promised: Iterable[Promised]) -> tuple[Obligation, ...]:
    """The duties by what they are counted as: those of a promise to one student alone together."""
    codes = {promise.code for promise in promised}
    return tuple(one if one.commitment in codes else one._replace(commitment=PLANS) for one in duties)
