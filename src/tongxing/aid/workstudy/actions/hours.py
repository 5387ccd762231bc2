"""Hours by the supervisor, the month handed in, and the second look.

Invariants:
- a student's hours of all posts are counted together while the student is held: the 9th hour of a week and the 41st
  of a month are refused in term, whoever writes them;
- whoever hands a month in does not check it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.aid.ledger.rules import month_of
from tongxing.ground.kernel import clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import ClassMembership, Student

from .. import rules
from ..models import Assignment, Month, Post, WorkedHours
from ..models_posts import HOURS, MANAGE, WORDS
from ..queries.posts import floors_of, in_term
from .posts import check_floor, log, person, unhanded
from .selection import check_age


@dataclass(frozen=True, slots=True)
class Span:
    day: datetime.date
    starts_at: datetime.time
    ends_at: datetime.time


def _near(actor: Actor, post: Post) -> int:
    """Whoever supervises this post, or manages work-study."""
    if actor.may(MANAGE, school_id=post.school_id):
        return person(actor, MANAGE, post.school_id)
    user_id = person(actor, HOURS, post.school_id)
    if post.supervisor.user_id != user_id:
        raise NotAllowed(HOURS)
    return user_id


@transaction.atomic
def write_hours(actor: Actor, *, assignment: Assignment, span: Span, client_id: UUID) -> WorkedHours:
    """What a student has worked on a day, from–until."""
    user_id = _near(actor, assignment.post)

    def make() -> WorkedHours:
        student = Student.objects.select_for_update().get(pk=assignment.student_id)  # one after the other
        held = Assignment.objects.select_related("post__school", "consent").get(pk=assignment.pk)
        Post.objects.select_for_update().get(pk=held.post_id)  # no month is handed in meanwhile
        _check(held, student, span)
        row = WorkedHours.objects.create(
            school_id=held.school_id, client_id=client_id, assignment=held, student=student, day=span.day,
            starts_at=span.starts_at, ends_at=span.ends_at,
            minutes=rules.minutes_between(span.starts_at, span.ends_at),
            recorded_by_id=user_id, recorded_at=clock.now(),
        )  # fmt: skip
        log(actor, "workstudy.hours", held.school_id, ("student", student.pk), post=held.post_id)
        return row

    found = WorkedHours.objects.filter(school=assignment.school_id, client_id=client_id)
    return once(lambda: found.first(), make)


@transaction.atomic
def write_hours_of(
    actor: Actor, *, assignments: Iterable[Assignment], span: Span, client_id: UUID
) -> list[WorkedHours]:
    """The same hours for several of one post, all of them or none."""
    return [
        write_hours(actor, assignment=one, span=span, client_id=uuid5(client_id, str(one.pk)))
        for one in sorted(assignments, key=lambda one: one.student_id)
    ]


def _check(assignment: Assignment, student: Student, span: Span) -> None:
    if span.day > clock.today():
        raise Refused(_("This day is still to come."), field="day")
    ended = assignment.last_day is not None and span.day > assignment.last_day
    if span.day < assignment.starts_on or ended:
        raise Refused(_("%(name)s has no place here on this day.") % {"name": student.name}, field="day")
    if not Assignment.objects.within_year(span.day).filter(pk=assignment.pk).exists():
        raise Refused(
            _("The place of %(name)s was for another school year. In this one the student asks anew.")
            % {"name": student.name},
            field="day",
        )
    _check_here(student, span.day)
    if not rules.by_day_only(span.starts_at, span.ends_at):
        raise Refused(
            _("Please write from when until when, between 6:00 and 22:00: students do not work at night."),
            field="ends_at",
        )
    if not unhanded(assignment.post, month_of(span.day)[0]):
        raise Refused(_("This month is handed in already. It has to be sent back first."), field="day")
    check_age(assignment.post, student, span.day, field="day")
    withdrawn = assignment.consent and assignment.consent.withdrawn_on
    if withdrawn and span.day >= withdrawn and rules.needs_guardian(student.birth_date, span.day):
        raise Refused(_("The family agrees no longer. Please end this place."), field="day")
    _check_limits(student, span)


def _check_here(student: Student, day: datetime.date) -> None:
    """Whoever has left works no more; of the days before, hours can still be written."""
    if student.status == Student.Status.ENROLLED:
        return
    if not ClassMembership.objects.on(day).filter(student=student).exists():
        raise Refused(_("%(name)s was not at school on this day.") % {"name": student.name}, field="day")


def _check_limits(student: Student, span: Span) -> None:
    """Within a day, a week and a month, all posts of the student together."""
    first, last = month_of(span.day)
    week = datetime.timedelta(days=7)
    near = WorkedHours.objects.standing().filter(student=student, day__gte=first - week, day__lte=last + week)
    rows = list(near)
    if any(row.day == span.day and _meet(row, span) for row in rows):
        raise Refused(_("At this time something is written down already."), field="starts_at")
    minutes = rules.minutes_between(span.starts_at, span.ends_at)
    days = in_term(student.school_id, first - week, last + week)
    worked = [rules.Worked(row.day, row.minutes) for row in rows]
    passed = rules.limit_passed(worked, rules.Worked(span.day, minutes), days.__contains__)
    if passed:
        raise Refused(_limit_words(passed) % {"name": student.name}, field="ends_at")


def _meet(row: WorkedHours, span: Span) -> bool:
    return rules.overlap((row.starts_at, row.ends_at), (span.starts_at, span.ends_at))


def _limit_words(passed: rules.Limit) -> str:
    if passed == "day":
        return _("That would be more than 8 hours on one day for %(name)s.")
    if passed == "week":
        return _("That would be more than 8 hours in this week for %(name)s. In term that is the most.")
    return _("That would be more than 40 hours in this month for %(name)s. In term that is the most.")


@transaction.atomic
def take_hours_back(actor: Actor, *, row: WorkedHours) -> WorkedHours:
    """Written down wrongly: it does not count, and stays readable. Only while the month is open."""
    user_id = _near(actor, row.assignment.post)
    Post.objects.select_for_update().get(pk=row.assignment.post_id)
    row = (
        WorkedHours.objects.select_for_update(of=("self",)).select_related("assignment__post").get(pk=row.pk)
    )
    if row.ended_at:
        return row
    if not unhanded(row.assignment.post, month_of(row.day)[0]):
        raise Refused(_("This month is handed in already. It has to be sent back first."))
    row.ended_at, row.ended_by_id, row.ended_reason = clock.now(), user_id, _("taken back")
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(
        actor, "workstudy.hours-back", row.school_id, ("student", row.student_id), post=row.assignment.post_id
    )
    return row


@transaction.atomic
def hand_in(actor: Actor, *, post: Post, month: datetime.date) -> Month:
    """The month is complete: its hours stand still, and somebody else looks."""
    user_id = _near(actor, post)
    post = Post.objects.select_for_update(of=("self",)).select_related("school").get(pk=post.pk)
    first, last = month_of(month)
    if found := Month.objects.standing().filter(post=post, month=first).first():
        return found
    if last > clock.today():
        raise Refused(_("The month is not over yet."))
    worked = WorkedHours.objects.standing().filter(assignment__post=post, day__gte=first, day__lte=last)
    days = sorted(set(worked.values_list("day", flat=True)))
    if not days:
        raise Refused(_("No hours are written down in this month."))
    if post.is_paid:
        _check_floors(post, days)
    handed_in = Month.objects.create(
        school_id=post.school_id, post=post, month=first, handed_in_by_id=user_id, handed_in_at=clock.now()
    )
    log(actor, "workstudy.hand-in", post.school_id, ("post", post.pk), month=f"{first:%Y-%m}")
    return handed_in


def _check_floors(post: Post, days: list[datetime.date]) -> None:
    """Each day by its own floor. Where it rose within the month, say the way out: the pay of a post never changes."""
    floors = floors_of(post.school)
    asked = {day: rules.floor_on(floors, post.kind, day) for day in days}
    short = [day for day, floor in asked.items() if floor is None or post.rate < floor]
    if short and short[0] == days[0]:
        check_floor(post, short[0])
    if short:
        raise Refused(
            _(
                "From %(day)s on at least %(floor)s yuan are paid for this, and “%(post)s” pays %(rate)s. Please take the"
                " hours from this day on back and write them down in a new post that pays it; those before stay."
            )
            % {
                "day": f"{short[0]:%Y-%m-%d}",
                "floor": money.yuan(asked[short[0]] or 0),
                "post": post.name,
                "rate": money.yuan(post.rate),
            }
        )


def _held(month: Month) -> Month:
    found = Month.objects.select_for_update(of=("self",)).select_related("post").get(pk=month.pk)
    if found.ended_at:
        raise Refused(_("This month was sent back. It has to be handed in anew."))
    return found


@transaction.atomic
def check_month(actor: Actor, *, month: Month) -> Month:
    """The second look: hours and days are as they were. A second tap finds it done."""
    user_id = person(actor, MANAGE, month.school_id)
    month = _held(month)
    if month.checked_at:
        return month
    if month.handed_in_by_id == user_id:
        raise Refused(_("Somebody else than whoever handed it in looks at it."))
    month.checked_by_id, month.checked_at = user_id, clock.now()
    month.save(update_fields=["checked_by", "checked_at"])
    log(actor, "workstudy.check", month.school_id, ("month", month.pk))
    return month


@transaction.atomic
def send_back(actor: Actor, *, month: Month, reason: str) -> Month:
    """Something is not right: the month takes hours again. What stands on a list first leaves the list."""
    user_id = person(actor, MANAGE, month.school_id)
    month = _held(month)
    if month.pay_list_id:
        raise Refused(_("This month stands on a pay list. The list is taken back first."))
    month.ended_at, month.ended_by_id = clock.now(), user_id
    month.ended_reason = few_words(reason, most=WORDS, field="reason")
    month.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log(actor, "workstudy.send-back", month.school_id, ("month", month.pk))
    return month
