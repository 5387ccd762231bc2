"""Who asks for a post, who is chosen, who begins and who stops.

Invariants:
- hardship students come first: whoever is chosen before one of them who waits for the same post needs a reason in words;
- paid work is for students who are sixteen on their first day; under eighteen a guardian agrees, with the student;
- a place is for the school year that the student asked for, and frees its seat when another one begins;
- whoever is not chosen has a reason, sealed, and may ask again next year.
"""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Consent, SchoolYear, Student

from .. import rules
from ..models import Application, Assignment, Post, WorkedHours
from ..models_people import ASKED, DECIDED
from ..models_posts import MANAGE, WORDS
from ..queries.people import in_hardship
from .posts import has_hours, log, person

#: A code of `people.consents.PURPOSES`.
CONSENT = "work"


@transaction.atomic
def apply(
    actor: Actor, *, post: Post, student: Student, year: SchoolYear, words: str, client_id: UUID
) -> Application:
    """A student asks for a place this school year; `words`: in the student's own words, may stay empty."""
    user_id = person(actor, MANAGE, post.school_id)
    if student.school_id != post.school_id or student.status != Student.Status.ENROLLED:
        raise NotAllowed(MANAGE)

    def make() -> Application:
        if Post.objects.get(pk=post.pk).ended_at:
            raise Refused(_("This post has ended."), field="post")
        theirs = Assignment.objects.standing().within_year(year.starts_on)
        if theirs.filter(post=post, student=student).exists():
            raise Refused(_("%(name)s works there already.") % {"name": student.name}, field="student")
        if Application.objects.waiting().filter(post=post, year=year, student=student).exists():
            raise Refused(
                _("%(name)s has asked for this post already.") % {"name": student.name}, field="student"
            )
        check_age(post, student, clock.today(), field="student")
        asked = Application.objects.create(
            school_id=post.school_id, client_id=client_id, post=post, year=year, student=student,
            asked_on=clock.today(), words_sealed=seal(student.key, " ".join(words.split())[:WORDS], ASKED),
            recorded_by_id=user_id, recorded_at=clock.now(),
        )  # fmt: skip
        log(actor, "workstudy.apply", post.school_id, ("student", student.pk), post=post.pk)
        return asked

    return once(lambda: Application.objects.filter(school=post.school_id, client_id=client_id).first(), make)


def check_age(post: Post, student: Student, day: datetime.date, field: str | None = None) -> None:
    """Nobody under sixteen is paid for work (未成年人保护法 61)."""
    if not post.is_paid or rules.may_be_paid(student.birth_date, day):
        return
    name = {"name": student.name}
    if student.birth_date is None:
        raise Refused(
            _("The birth date of %(name)s is not recorded. Paid work needs it: sixteen or older.") % name,
            field=field,
        )
    raise Refused(
        _("%(name)s is not sixteen yet: no paid work, only labour education or volunteering.") % name,
        field=field,
    )


def _held(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",))
    found = rows.select_related("post__school", "student__key", "year").get(pk=application.pk)
    if found.outcome:
        raise Refused(_("This is decided already."))
    return found


def _decide(application: Application, user_id: int, outcome: str, reason: str) -> None:
    application.outcome, application.decided_by_id, application.decided_at = outcome, user_id, clock.now()
    application.reason_sealed = seal(application.student.key, reason, DECIDED)
    application.save(update_fields=["outcome", "decided_by", "decided_at", "reason_sealed"])


@transaction.atomic
def choose(
    actor: Actor,
    *,
    application: Application,
    starts_on: datetime.date,
    agreed_on: datetime.date | None,
    reason: str = "",
) -> Assignment:
    """The student gets the place and begins on a day, with the agreement signed and the consent it needs."""
    user_id = person(actor, MANAGE, application.school_id)
    post = Post.objects.select_for_update().get(
        pk=application.post_id
    )  # places are counted one after the other
    application = _held(application)
    student = application.student
    if post.ended_at:
        raise Refused(_("This post has ended."))
    _check_year(application, starts_on)
    _end_past_years(post, starts_on, user_id)
    if Assignment.objects.taking_a_seat(starts_on).filter(post=post).count() >= post.places:
        raise Refused(_("All places of this post are taken."))
    if starts_on < post.starts_on:
        raise Refused(_("The post begins later than this."), field="starts_on")
    check_age(application.post, student, starts_on, field="starts_on")
    if agreed_on is None or agreed_on > clock.today() or agreed_on > starts_on:
        raise Refused(_("First the agreement is signed: please give the day."), field="agreed_on")
    consent = _consent(student, starts_on)
    if not reason.strip() and passes_over(application):
        raise Refused(
            _("A hardship student still waits for this post. Please say why this student begins first."),
            field="reason",
        )
    _decide(application, user_id, Application.Outcome.CHOSEN, " ".join(reason.split())[:WORDS])
    assignment = Assignment.objects.create(
        school_id=application.school_id, application=application, post=post, student=student, consent=consent,
        starts_on=starts_on, agreed_on=agreed_on, recorded_by_id=user_id, recorded_at=clock.now(),
    )  # fmt: skip
    log(actor, "workstudy.choose", post.school_id, ("student", student.pk), post=post.pk)
    return assignment


def _check_year(application: Application, starts_on: datetime.date) -> None:
    asked = application.year
    begun = SchoolYear.objects.filter(school=application.school_id, starts_on__lte=starts_on)
    if starts_on < asked.starts_on or begun.filter(starts_on__gt=asked.starts_on).exists():
        raise Refused(
            _("%(name)s has asked for the school year %(year)s; this day lies outside of it.")
            % {"name": application.student.name, "year": asked.name},
            field="starts_on",
        )


def _end_past_years(post: Post, day: datetime.date, user_id: int) -> None:
    """A place is for one school year: what was left standing of earlier ones ends with them and frees its seat."""
    past = Assignment.objects.standing().of_past_years(day).filter(post=post)
    for one in past.select_for_update(of=("self",)).select_related("application__year"):
        later = SchoolYear.objects.filter(school=post.school_id, starts_on__gt=one.application.year.starts_on)
        until = later.order_by("starts_on").values_list("starts_on", flat=True)[0] - rules.DAY
        worked = WorkedHours.objects.standing().filter(assignment=one).values_list("day", flat=True)
        one.last_day = max([until, one.starts_on, *worked])
        one.ended_at, one.ended_by_id = clock.now(), user_id
        one.ended_reason = _("the school year is over")
        one.save(update_fields=["last_day", "ended_at", "ended_by", "ended_reason"])


def passes_over(application: Application) -> bool:
    """Whether somebody in hardship waits for the same post while this student is not."""
    others = Application.objects.waiting().filter(post=application.post_id, year=application.year_id)
    ids = set(others.values_list("student_id", flat=True)) | {application.student_id}
    first = in_hardship(ids, clock.today())
    return bool(first) and application.student_id not in first


def _consent(student: Student, starts_on: datetime.date) -> Consent | None:
    """The family's consent, where the student is not eighteen on the first day."""
    if not rules.needs_guardian(student.birth_date, starts_on):
        return None
    consent = Consent.objects.standing().filter(student=student, purpose=CONSENT).first()
    if consent is None:
        raise Refused(
            _("The family has not agreed to this yet. Please talk with them and note it on the child’s page.")
        )
    return consent


@transaction.atomic
def not_now(actor: Actor, *, application: Application, reason: str) -> None:
    """Not this time, with its reason; the next year is open."""
    user_id = person(actor, MANAGE, application.school_id)
    application = _held(application)
    reason = few_words(reason, most=WORDS, field="reason")
    _decide(application, user_id, Application.Outcome.NOT_NOW, reason)
    log(
        actor, "workstudy.not-now", application.school_id, ("student", application.student_id),
        post=application.post_id,
    )  # fmt: skip


@transaction.atomic
def withdraw(actor: Actor, *, application: Application) -> None:
    """The student would rather not; nobody asks why."""
    user_id = person(actor, MANAGE, application.school_id)
    application = _held(application)
    _decide(application, user_id, Application.Outcome.WITHDRAWN, "")
    log(
        actor, "workstudy.withdraw", application.school_id, ("student", application.student_id),
        post=application.post_id,
    )  # fmt: skip


@transaction.atomic
def end_assignment(
    actor: Actor, *, assignment: Assignment, last_day: datetime.date, reason: str
) -> Assignment:
    """The student works there until `last_day`, with the reason; hours written down are still paid."""
    user_id = person(actor, MANAGE, assignment.school_id)
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if assignment.ended_at:
        return assignment
    if last_day > clock.today():
        raise Refused(_("This day is still to come."), field="last_day")
    if last_day < assignment.starts_on:
        raise Refused(_("The work began later than this."), field="last_day")
    if has_hours(assignment, last_day):
        raise Refused(_("Hours are written down after this day."), field="last_day")
    assignment.ended_reason = few_words(reason, most=WORDS, field="reason")
    assignment.last_day, assignment.ended_at, assignment.ended_by_id = last_day, clock.now(), user_id
    assignment.save(update_fields=["last_day", "ended_at", "ended_by", "ended_reason"])
    log(
        actor, "workstudy.stop", assignment.school_id, ("student", assignment.student_id),
        post=assignment.post_id,
    )  # fmt: skip
    return assignment
