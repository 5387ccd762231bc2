"""From checked months to a pay list, and from the list to one entry of the ledger.

Invariants:
- a month stands on one list, so no hour is paid twice; a list is paid by one entry that stands;
- whoever manages work-study makes the list, finance pays it, and somebody else checks the entry.
"""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.actions.books import hold
from tongxing.aid.ledger.actions.entries import Source
from tongxing.aid.ledger.actions.pay_lists import Paid, pay_as_one, still_pays
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.models_books import MAKE
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once

from .. import rules
from ..models import Month, PayLine, PayList, WorkedHours
from ..models_posts import MANAGE, PAY, WORDS
from .hours import month_of
from .posts import log, person

SOURCE = "workstudy"
#: The account of the chart for pay (勤工助学报酬).
SPENT_ON = "5004"


@transaction.atomic
def make_list(actor: Actor, *, school: Organisation, month: datetime.date, client_id: UUID) -> PayList:
    """Everything of a month that is checked and on no list yet, one line for each student and post."""
    user_id = person(actor, MANAGE, school.pk)

    def make() -> PayList:
        months = Month.objects.select_for_update(of=("self",)).standing().select_related("post")
        found = months.filter(school=school, month=month, checked_at__isnull=False, pay_list=None)
        checked = [one for one in found if one.post.is_paid]
        lines = _lines(school, checked, month)
        if not lines:
            raise Refused(_("Nothing of this month is checked and unpaid."))
        made = PayList.objects.create(
            school=school, client_id=client_id, month=month, total=sum(line.amount for line in lines),
            made_by_id=user_id, made_at=clock.now(),
        )  # fmt: skip
        for line in lines:
            line.pay_list = made
        PayLine.objects.bulk_create(lines)
        Month.objects.filter(pk__in=[one.pk for one in checked]).update(pay_list=made)
        log(actor, "workstudy.list", school.pk, ("pay_list", made.pk), lines=len(lines))
        return made

    return once(lambda: PayList.objects.filter(school=school, client_id=client_id).first(), make)


def _lines(school: Organisation, months: list[Month], month: datetime.date) -> list[PayLine]:
    first, last = month_of(month)
    posts = {one.post_id: one.post for one in months}
    worked = WorkedHours.objects.standing().filter(assignment__post__in=posts, day__gte=first, day__lte=last)
    minutes: dict[int, int] = {}
    of_whom: dict[int, tuple[int, int]] = {}
    for one in worked.select_related("assignment").order_by("assignment_id"):
        minutes[one.assignment_id] = minutes.get(one.assignment_id, 0) + one.minutes
        of_whom[one.assignment_id] = (one.assignment.post_id, one.student_id)
    lines = []
    for assignment, worked_minutes in minutes.items():
        post_id, student_id = of_whom[assignment]
        post = posts[post_id]
        lines.append(
            PayLine(
                school=school, assignment_id=assignment, student_id=student_id, minutes=worked_minutes,
                rate=post.rate, amount=rules.pay_for(worked_minutes, post.rate, post.kind),
            )
        )  # fmt: skip
    return lines


@transaction.atomic
def pay(actor: Actor, *, pay_list: PayList, paid: Paid, client_id: UUID) -> Entry:
    """Write the payment of the whole list into the books; it counts once a colleague has checked it there."""
    actor.require(PAY, school_id=pay_list.school_id)
    person(actor, MAKE, pay_list.school_id)
    hold(pay_list.school)
    found = PayList.objects.select_for_update(of=("self",)).select_related("school", "entry")
    pay_list = found.get(pk=pay_list.pk)
    people = pay_list.lines.values("student").distinct().count()
    words = _("Work-study pay of %(month)s, %(n)s students") % {
        "month": f"{pay_list.month:%Y-%m}",
        "n": people,
    }
    source = Source(SOURCE, str(pay_list.pk))
    entry = pay_as_one(
        actor, pay_list=pay_list, spent_on=SPENT_ON, paid=paid, words=words, source=source, client_id=client_id
    )  # fmt: skip
    log(actor, "workstudy.pay", pay_list.school_id, ("pay_list", pay_list.pk), entry=entry.pk)
    return entry


@transaction.atomic
def take_list_back(actor: Actor, *, pay_list: PayList, reason: str) -> PayList:
    """The list was wrong: its months are free for another one. Only while nothing in the books pays it."""
    user_id = person(actor, MANAGE, pay_list.school_id)
    found = PayList.objects.select_for_update(of=("self",)).select_related("entry")
    pay_list = found.get(pk=pay_list.pk)
    if pay_list.ended_at:
        return pay_list
    if pay_list.entry and still_pays(pay_list.entry):
        raise Refused(_("Its payment stands in the books. There it is sent back or reversed first."))
    pay_list.ended_at, pay_list.ended_by_id = clock.now(), user_id
    pay_list.ended_reason = few_words(reason, most=WORDS, field="reason")
    pay_list.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    Month.objects.filter(pay_list=pay_list).update(pay_list=None)
    log(actor, "workstudy.list-back", pay_list.school_id, ("pay_list", pay_list.pk))
    return pay_list
