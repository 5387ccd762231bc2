"""How many children of each school, as of a moment: the exact counts, which nobody sees before `tens` has been over them.

A school without any row of a kind is missing there: it has no record, which is not the same as nobody.
"""

import datetime
from collections.abc import Callable, Collection
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.models import Looked
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.clock import day_of, start_of
from tongxing.ground.people.models import Registration, Student, Term

from .facts import held, held_pairs, there_on
from .school import SILENT_DAYS

#: What the county's page counts, in its order.
SUMS = {
    "enrolled": _("Enrolled"),
    "looked_at": _("Looked at"),
    "registered": _("On the register"),
    "key": _("Key students"),
    "paired": _("With a helper"),
    "visited": _("Visited at home this term"),
}
#: What indicators are read from besides, at a moment.
OF_INDICATORS = frozenset({"enrolled", "looked_at", "silent"})
#: What can be followed from month to month.
MONTHLY = {
    "registered": _("On the register"),
    "paired": _("With a helper"),
    "reached": _("With a contact in the month"),
    "visited": _("Visited at home in the month"),
}
AT_HOME = "at_home"
DAY = datetime.timedelta(days=1)
NOTHING = Q(pk__in=())
Counts = dict[int, int]


def counts(schools: Collection[Organisation], as_of: datetime.datetime) -> dict[str, Counts]:
    """By figure and school, as it stood and as far as it was written down at that moment."""
    entries = registered(schools, as_of)
    return {
        "enrolled": by_school(enrolled(schools, day_of(as_of)), "pk"),
        "looked_at": by_school(looked_at(schools, as_of)),
        "registered": by_school(entries),
        "key": by_school(entries.filter(level="key")),
        "paired": by_school(paired(schools, as_of)),
        "visited": by_school(visited_this_term(schools, as_of)),
    }


def counts_of_month(
    code: str, schools: Collection[Organisation], first: datetime.date, as_of: datetime.datetime
) -> Counts:
    """One of `MONTHLY` or `OF_INDICATORS` for the month that begins on `first`, as of its end or an earlier moment
    within it. Where a register is kept, that nobody is silent is known."""
    if code == "enrolled":
        return by_school(enrolled(schools, day_of(as_of)), "pk")
    if code == "silent":
        return dict.fromkeys(by_school(registered(schools, as_of)), 0) | by_school(silent(schools, as_of))
    found: dict[str, Callable[[], QuerySet]] = {
        "registered": lambda: registered(schools, as_of),
        "paired": lambda: paired(schools, as_of),
        "looked_at": lambda: looked_at(schools, as_of),
        "reached": lambda: heard_from(schools, first, as_of),
        "visited": lambda: heard_from(schools, first, as_of).filter(channel=AT_HOME),
    }
    return by_school(found[code]())


def enrolled(schools: Collection[Organisation], day: datetime.date) -> QuerySet[Student]:
    return Student.objects.filter(there_on(day), school__in=schools)


def registered(schools: Collection[Organisation], as_of: datetime.datetime) -> QuerySet[Registration]:
    there = enrolled(schools, day_of(as_of))
    return held(Registration.objects.filter(student__in=there), as_of, "recorded_at")


def paired(schools: Collection[Organisation], as_of: datetime.datetime) -> QuerySet[Pair]:
    pairs = Pair.objects.filter(student__in=registered(schools, as_of).values("student"))
    return held_pairs(pairs, as_of)


def looked_at(schools: Collection[Organisation], as_of: datetime.datetime) -> QuerySet[Looked]:
    """In the newest round of the term."""
    there = enrolled(schools, day_of(as_of))
    looked = Looked.objects.in_newest_round(as_of).filter(student__in=there)
    return looked.filter(round__term__in=_terms(schools, as_of))


def silent(schools: Collection[Organisation], as_of: datetime.datetime) -> QuerySet[Registration]:
    """Nobody reached in 14 days; whoever first came on the register within these is not silent yet."""
    first = day_of(as_of) - (SILENT_DAYS - 1) * DAY
    before = Registration.objects.filter(
        student=OuterRef("student"), recorded_at__lte=as_of, starts_on__lt=first
    )
    heard = heard_from(schools, first, as_of).values("student")
    return registered(schools, as_of).filter(Exists(before)).exclude(student__in=heard)


def heard_from(
    schools: Collection[Organisation], since: datetime.date, as_of: datetime.datetime
) -> QuerySet[Contact]:
    """Contacts with children on the register that reached somebody from that day on."""
    return _made(Q(happened_at__gte=start_of(since)), schools, as_of).exclude(reached=[])


def visited_this_term(schools: Collection[Organisation], as_of: datetime.datetime) -> QuerySet[Contact]:
    this_term = (
        Q(school_id=term.school_id, happened_at__gte=start_of(term.starts_on))
        for term in _terms(schools, as_of)
    )
    return _made(reduce(or_, this_term, NOTHING), schools, as_of).filter(channel=AT_HOME)


def _made(when: Q, schools: Collection[Organisation], as_of: datetime.datetime) -> QuerySet[Contact]:
    made = Contact.objects.standing().filter(when, made=True, happened_at__lte=as_of, recorded_at__lte=as_of)
    return made.filter(student__in=registered(schools, as_of).values("student"))


def _terms(schools: Collection[Organisation], as_of: datetime.datetime) -> list[Term]:
    """Of each school the term that began last."""
    begun = Term.objects.filter(school__in=schools, starts_on__lte=day_of(as_of)).order_by("starts_on")
    return list({term.school_id: term for term in begun}.values())


def by_school(rows: QuerySet, student: str = "student") -> Counts:
    """Different students by school."""
    return dict(rows.order_by().values_list("school").annotate(Count(student, distinct=True)))
