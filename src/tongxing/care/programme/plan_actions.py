"""A student's own plan (一生一策): a promise in another way, not at all, or one more; each with reason and review date.

Who may: `programme.plan` for that student. A helper alone cannot: nobody makes their own work lighter.
Every version stays; going back to what the school promises every student ends one with its reason.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Registration, Student

from . import versions
from .models import Commitment, PlanItem, Promise, TermPlan
from .versions import DAY, Terms

LONGEST_TIME_TO_REVIEW = 366 * DAY


@dataclass(frozen=True, slots=True)
class Because:
    """Why the plan differs, when somebody looks at it again, from when on (None: with the next window), until when
    (None: until somebody ends it), and the plan of the term from which it follows, if any."""

    reason: str
    review_on: datetime.date | None
    starts_on: datetime.date | None = None
    until: datetime.date | None = None
    term_plan: TermPlan | None = None


@transaction.atomic
def differ(
    actor: Actor,
    *,
    student: Student,
    code: str,
    terms: Terms | None,
    because: Because,
    after: int | None = None,
) -> PlanItem:
    """Ask a promise of this student in another way or (`terms` None) not at all; also to change what the plan says.

    `after`: the version of the plan that the page has shown, None for none.
    """
    _check(actor, student)
    old = open_item(student, code)
    if (old.pk if old else None) != after:
        raise Refused(_("This promise was changed in the meantime. Please look at it once more."))
    new = draft(student, code, terms, because, old)
    if old:
        versions.end(actor, old, versions.day_before(new), because.reason)
    return _keep(actor, new, "programme.plan")


@transaction.atomic
def besides(actor: Actor, *, student: Student, client_id: UUID, terms: Terms, because: Because) -> PlanItem:
    """One more promise to this student alone. The same `client_id` again gives the same promise again."""
    _check(actor, student)
    code = extra_code(client_id)
    if found := PlanItem.objects.filter(student=student, code=code).first():
        return found
    return _keep(actor, draft(student, code, terms, because, None), "programme.plan")


@transaction.atomic
def back_to_all(actor: Actor, *, item: PlanItem, reason: str) -> None:
    """From the next window on this student gets what everybody gets; a promise besides just ends."""
    actor.require("programme.plan", school_id=item.school_id, student_id=item.student_id)
    versions.need_reason(reason)
    _held(actor, item.student)
    old = open_item(item.student, item.code)
    if old is None:
        raise Refused(_("This part of the plan is over already."))
    schools = of_school(item.student, item.code)
    cadences = [schools.cadence] if schools else []
    versions.end(actor, old, versions.begins(old.school, [old], cadences) - DAY, reason)
    _log(actor, "programme.plan-end", old)


def draft(
    student: Student, code: str, terms: Terms | None, because: Because, old: PlanItem | None
) -> PlanItem:
    """The version that would follow in this student's plan, not saved yet."""
    _check_because(because)
    schools = of_school(student, code)
    base: Promise | None = old or schools
    if terms is None and schools is None:
        raise Refused(_("This promise is not being kept at the moment."))
    said = terms or Terms.of(schools)  # type: ignore[arg-type]  # just refused without it
    versions.check(said)
    columns = versions.values(said, base)
    if terms is None:
        columns["every"] = Promise.Every.NEVER
    held = [one for one in (old, schools) if one]
    follows = old.starts_on if old else None
    cadences = [said.cadence] if terms else []
    starts_on = versions.begins(student.school, held, cadences, because.starts_on, follows)
    if because.until and because.until < starts_on:
        raise Refused(
            _("“%(what)s” can begin on %(day)s at the earliest, and that is after its last day.")
            % {"what": said.label, "day": date_format(starts_on, "DATE_FORMAT")},
            field="until",
        )
    return PlanItem(
        school=student.school,
        student=student,
        code=code,
        starts_on=starts_on,
        review_on=because.review_on,
        until=because.until,
        term_plan=because.term_plan,
        reason=because.reason.strip(),
        recorded_at=clock.now(),
        **columns,
    )


def extra_code(client_id: UUID) -> str:
    return f"plan-{client_id.hex[:20]}"


def _check_because(because: Because) -> None:
    versions.need_reason(because.reason)
    today = clock.today()
    if because.review_on is None or not today < because.review_on <= today + LONGEST_TIME_TO_REVIEW:
        raise Refused(_("Choose a day within a year on which somebody looks at it again."), field="review_on")


def _check(actor: Actor, student: Student) -> None:
    actor.require("programme.plan", school_id=student.school_id, student_id=student.pk)
    if not Registration.objects.on(clock.today()).filter(student=student).exists():
        raise Refused(_("%(name)s is not on the support register.") % {"name": student.name})
    _held(actor, student)


def _held(actor: Actor, student: Student) -> None:
    """A second click waits here and finds the first; what has lapsed makes room for what follows."""
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    for lapsed in PlanItem.objects.open().filter(student=student, until__lt=clock.today()):
        versions.end(actor, lapsed, lapsed.until, _("Its time was over."))


def open_item(student: Student, code: str) -> PlanItem | None:
    """What this student's plan says about a promise today or soon."""
    return PlanItem.objects.standing(clock.today()).filter(student=student, code=code).first()


def of_school(student: Student, code: str) -> Commitment | None:
    return Commitment.objects.open().filter(school=student.school_id, code=code).first()


def _keep(actor: Actor, new: PlanItem, action: str) -> PlanItem:
    new.recorded_by_id = actor.user_id
    new.save(force_insert=True)
    _log(actor, action, new)
    return new


def _log(actor: Actor, action: str, item: PlanItem) -> None:
    audit.record(
        actor,
        action,
        school_id=item.school_id,
        subject=("plan_item", item.pk),
        detail={"student": item.student_id, "code": item.code, "every": item.every, "n": item.n},
    )
