"""Posts with who works there, and the floors in force."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tongxing.aid.ledger.models import Entry
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Term

from .. import rules
from ..models import FloorRow, Month, PayList, Post
from ..models_people import Application, ApplicationSet, Assignment
from ..models_posts import FloorSet, PostSet


def floors_of(school: Organisation) -> list[rules.Floor]:
    """What law, the bureau above and the school ask, the later written after the earlier. For rules, not for pages."""
    above = [pk for pk in (school.pk, school.parent_id) if pk]
    rows = FloorRow.objects.standing().filter(school__in=above).order_by("starts_on", "pk")
    return [
        *rules.OF_THE_LAW,
        *(
            rules.Floor(
                row.unit, row.amount, row.starts_on, "school" if row.school_id == school.pk else "county"
            )
            for row in rows
        ),
    ]


def floor_rows(actor: Actor, organisation: Organisation) -> FloorSet:
    of_both = Q(school=organisation) | Q(school=organisation.parent_id)
    return FloorRow.objects.visible_to(actor).filter(of_both).select_related("school", "set_by", "ended_by")


def posts_of(actor: Actor, school: Organisation) -> PostSet:
    """With `taken` places and how many students still wait for an answer."""
    found = Post.objects.visible_to(actor).filter(school=school).select_related("supervisor", "school")
    held = Assignment.objects.taking_a_seat(clock.today())
    taken = Count("assignments", Q(assignments__in=held), distinct=True)
    waiting = Count("applications", Q(applications__outcome=""), distinct=True)
    return found.annotate(taken=taken, waiting=waiting)


def in_term(school_id: int, first: datetime.date, last: datetime.date) -> set[datetime.date]:
    """The days from `first` to `last` that lie in a term. A school without a calendar is always in term."""
    terms = list(Term.objects.filter(school=school_id).values_list("starts_on", "ends_on"))
    days = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    return {day for day in days if not terms or any(start <= day <= end for start, end in terms)}


def months_to_check(actor: Actor, school: Organisation) -> Sequence[Month]:
    waiting = Month.objects.visible_to(actor).standing().filter(school=school, checked_at=None)
    return list(waiting.select_related("post", "handed_in_by").order_by("month", "post__name"))


def months_to_pay(actor: Actor, school: Organisation) -> list[datetime.date]:
    """Months of paid posts that are checked and stand on no list yet."""
    found = Month.objects.visible_to(actor).standing().filter(school=school, pay_list=None)
    found = found.filter(checked_at__isnull=False, post__rate__gt=0)
    return sorted(set(found.values_list("month", flat=True)))


def lists_of(actor: Actor, school: Organisation) -> QuerySet[PayList]:
    """With how many `people` stand on each and whether its payment was `reversed` in the books."""
    back = Entry.objects.posted().filter(about=OuterRef("entry"), kind=Entry.Kind.REVERSAL)
    found = PayList.objects.visible_to(actor).filter(school=school)
    found = found.annotate(people=Count("lines__student", distinct=True), reversed=Exists(back))
    return found.select_related("school", "made_by", "ended_by", "entry__posting")


def waiting_of(actor: Actor, school: Organisation) -> ApplicationSet:
    return Application.objects.visible_to(actor).waiting().filter(school=school)
