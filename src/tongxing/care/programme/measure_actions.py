"""Saying how a measure went, handing it on, and noting that it was read.

Who may: the colleague of whom it is asked says how it went; whoever writes plans for the child hands it on.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.pairing.noticed import carers_of
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff, Student, Teaching, Term
from tongxing.ground.people.queries import staff_of

from .measures import Held, of_colleague
from .models import MeasureHandover, MeasureOutcome, PlanMeasure, TermPlan
from .models_measures import WHY, WORDS
from .term_plan_actions import WRITE

LONGEST = 120  # characters
ENTRUSTED = gettext_lazy("In a plan something was agreed with you. It stands in your week.")


@transaction.atomic
def say_how_it_went(
    actor: Actor,
    *,
    held: Held,
    outcome: str,
    client_id: uuid.UUID,
    words: str = "",
    on: datetime.date | None = None,
) -> MeasureOutcome:
    """Done or not, in one tap; a few words where there is something to tell. held: of this actor."""
    own = _own(actor, held)
    if outcome not in MeasureOutcome.Outcome.values:
        raise Refused(_("Choose how it went."), field="outcome")
    words = few_words(words, most=LONGEST, field="words") if words.strip() else ""
    day = on or clock.today()
    if day > clock.today():
        raise Refused(_("This day is still to come."), field="on")
    if day < held.plan.term.starts_on:
        raise Refused(_("Choose a day of this term."), field="on")
    return once(
        lambda: MeasureOutcome.objects.filter(client_id=client_id, plan=held.plan, staff=own).first(),
        lambda: _said(actor, held, own, outcome, words, day, client_id),
    )


def _own(actor: Actor, held: Held) -> Staff:
    """The colleague behind the actor, of whom this measure is asked today."""
    own = staff_of(actor.user_id)
    mine = of_colleague(actor, held.plan.term) if own else []
    if own is None or held.row.key not in {one.row.key for one in mine if one.plan.pk == held.plan.pk}:
        raise NotAllowed("measure")
    return own


def _said(
    actor: Actor,
    held: Held,
    own: Staff,
    outcome: str,
    words: str,
    day: datetime.date,
    client_id: uuid.UUID,
) -> MeasureOutcome:
    made = MeasureOutcome.objects.create(
        school_id=held.plan.school_id,
        student=held.student,
        plan=held.plan,
        key=held.row.key,
        staff=own,
        client_id=client_id,
        happened_on=day,
        outcome=outcome,
        words_sealed=seal(held.student.key, words, WORDS),
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
    )
    _log(actor, "measure.say", held.plan, measure=held.row.pk, outcome=made.pk)
    look_for_danger(actor, student=held.student, text=words)
    return made


@transaction.atomic
def take_back(actor: Actor, *, outcome: MeasureOutcome) -> None:
    """A slip, taken back by whoever made it."""
    found = MeasureOutcome.objects.select_for_update().select_related("plan").get(pk=outcome.pk)
    if found.recorded_by_id != actor.user_id:
        raise NotAllowed("measure")
    if found.taken_back_at:
        return  # a second tap
    if not is_recent(found.recorded_at):
        raise Refused(_("This was a while ago. Say how it went once more instead."))
    found.taken_back_at = clock.now()
    found.save(update_fields=["taken_back_at"])
    _log(actor, "measure.take-back", found.plan, outcome=found.pk)


@transaction.atomic
def hand_on(
    actor: Actor, *, plan: TermPlan, measure: PlanMeasure, to: Staff | None, reason: str
) -> MeasureHandover:
    """From today somebody else answers for it; the plan stays as it was approved."""
    actor.require(WRITE, school_id=plan.school_id, student_id=plan.student_id)
    plan = (
        TermPlan.objects.select_for_update(of=("self",))
        .select_related("student__key", "term")
        .get(pk=plan.pk)
    )
    in_force = plan.versions.filter(state="approved", measures__key=measure.key).exists()
    if plan.ended_at or not in_force or measure.by != PlanMeasure.By.COLLEAGUE:
        raise Refused(_("Only what a plan in force asks of a colleague is handed on."))
    if to is None or to not in who_can_take(plan.student, plan.term):
        raise Refused(_("Choose who answers for it."), field="to")
    reason = few_words(reason, most=LONGEST, field="reason")
    made = MeasureHandover.objects.create(
        school_id=plan.school_id,
        student=plan.student,
        plan=plan,
        key=measure.key,
        to=to,
        on=clock.today(),
        reason_sealed=seal(plan.student.key, reason, WHY),
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
    )
    _log(actor, "measure.hand-on", plan, measure=measure.pk, to=to.pk)
    tell(plan, measure, to)
    look_for_danger(actor, student=plan.student, text=reason)
    return made


def who_can_take(student: Student, term: Term) -> list[Staff]:
    """Those who know the child: who teaches the class, its class teacher, the helpers; at the school today."""
    today = clock.today()
    members = student.memberships.on(today).values("school_class")
    taught = Teaching.objects.filter(term=term, school_class__in=members).values("staff")
    near = [one.pk for one in carers_of(student, today)]
    found = Staff.objects.active(today).filter(school_id=student.school_id, user__is_active=True)
    return list((found.filter(pk__in=taught) | found.filter(pk__in=near)).order_by("pinyin", "pk").distinct())


def tell(plan: TermPlan, measure: PlanMeasure, to: Staff) -> None:
    """The colleague hears that something was agreed with them; once for each measure and person."""
    send(
        to=to.user,
        school=plan.school,
        code="measure",
        subject=ENTRUSTED,
        link=("measure", [measure.pk]),
        key=f"measure-{plan.pk}-{measure.key}-{to.pk}",
    )


@transaction.atomic
def note_reading(actor: Actor, found: Iterable[Held]) -> None:
    """That this colleague has been shown these measures: one row a day for the same ones."""
    shown = sorted(one.row.pk for one in found)
    if not shown or actor.is_system:
        return
    school_id = next(iter(found)).plan.school_id
    today = AuditEntry.objects.filter(
        subject="user", subject_id=actor.user_id, action="measure.read", at__gte=clock.start_of(clock.today())
    )
    if any(set(shown) <= set(entry.detail["measures"]) for entry in today):
        return
    detail = {"measures": shown, "students": sorted({one.student.pk for one in found})}
    subject = ("user", actor.user_id)
    audit.record(actor, "measure.read", school_id=school_id, subject=subject, detail=detail)


def _log(actor: Actor, action: str, plan: TermPlan, **detail: int) -> None:
    audit.record(
        actor,
        action,
        school_id=plan.school_id,
        subject=("term_plan", plan.pk),
        detail={"student": plan.student_id, **detail},
    )
