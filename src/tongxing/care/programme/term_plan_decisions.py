"""Approving a plan or sending it back, looking at it again, ending it; what it asks of people begins and ends with that.

Who may: `plan.approve` decides – nobody about what they wrote themselves; `plan.write` looks at it again;
`programme.plan` ends it, so that no helper alone makes the own work lighter.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.contacts.models import Contact
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Registration

from . import measure_actions
from .following import begin, end, following, items_of
from .models import PlanMeasure, PlanReview, PlanVersion, TermPlan
from .models_term_plan import NOTE, REVIEW, WHY_ENDED
from .term_plan_actions import WRITE, check_length, held, lack_in_words, log, wrote
from .term_plan_rules import lacks
from .term_plan_texts import measures_of, sealed_json, text_of

APPROVE = "plan.approve"
END = "programme.plan"
CAME_BACK = gettext_lazy("A plan came back to you with a sentence.")
IN_FORCE = gettext_lazy("A plan you wrote is approved. Thank you for the thought you gave it.")
State = PlanVersion.State


@dataclass(frozen=True, slots=True)
class Look:
    """What looking at a plan again has shown. `next_on`: the next look; None with the conclusion that the plan ends, and
    with no other. `family_record`: the record in which the family said it, where there is one."""

    helped: str
    next: str
    conclusion: str
    teacher: str = ""
    family: str = ""
    family_record: int | None = None
    next_on: datetime.date | None = None


@transaction.atomic
def approve(actor: Actor, *, plan: TermPlan, seen: str) -> PlanVersion:
    """The version comes into force; what its measures ask of people begins, what the one before asked ends."""
    plan, last = held(actor, plan, APPROVE, seen)
    _must_wait(last)
    if not actor.is_system and wrote(actor, last):
        raise NotAllowed("nobody approves the own plan")
    if plan.ended_at or not Registration.objects.on(clock.today()).filter(student=plan.student).exists():
        raise Refused(_("%(name)s is not on the support register.") % {"name": plan.student.name})
    key = plan.student.key
    measures = measures_of(key, last)
    if missing := lacks(text_of(key, last), measures, last.review_on, clock.today()):
        raise Refused(lack_in_words(missing[0]), field=missing[0])
    begin(actor, plan, following(plan, last, measures), _("The plan of this term says it in another way."))
    plan.versions.filter(state=State.APPROVED).update(state=State.REPLACED)
    last.state, last.approved_by_id, last.approved_at = State.APPROVED, actor.user_id, clock.now()
    last.touch()
    last.save()
    log(actor, "plan.approve", plan, last)
    _tell(plan, last, IN_FORCE, "approved")
    for one in last.measures.filter(by=PlanMeasure.By.COLLEAGUE).select_related("person__user"):
        if one.person:
            measure_actions.tell(plan, one, one.person)
    return last


@transaction.atomic
def send_back(actor: Actor, *, plan: TermPlan, sentence: str, seen: str = "") -> None:
    """With a sentence that helps; of a plan in force, what it asks of people ends too."""
    plan, last = held(actor, plan, APPROVE, seen)
    if last.state not in {State.HANDED_IN, State.APPROVED} or plan.ended_at:
        raise Refused(_("It does not wait for a decision."))
    if not sentence.strip():
        raise Refused(_("Please say in a sentence what would help the plan."), field="sentence")
    check_length("sentence", sentence)
    if last.state == State.APPROVED:
        actor.require(END, school_id=plan.school_id, student_id=plan.student_id)
        end(actor, items_of(plan), _("The plan of this term is being thought over again."))
    last.state, last.sent_back_by_id, last.sent_back_at = State.SENT_BACK, actor.user_id, clock.now()
    last.note_sealed = seal(plan.student.key, sentence.strip(), NOTE)
    last.touch()
    last.save()
    log(actor, "plan.send-back", plan, last)
    _tell(plan, last, CAME_BACK, "back")
    look_for_danger(actor, student=plan.student, text=sentence)


@transaction.atomic
def look_again(actor: Actor, *, plan: TermPlan, client_id: UUID, look: Look) -> PlanReview:
    """What helped and what comes next; the last look of the term ends the plan. The same `client_id`: the same look."""
    plan, _last = held(actor, plan, WRITE)
    return once(
        lambda: PlanReview.objects.filter(client_id=client_id, plan=plan).first(),
        lambda: _looked(actor, plan, client_id, look),
    )


def _looked(actor: Actor, plan: TermPlan, client_id: UUID, look: Look) -> PlanReview:
    version = plan.versions.filter(state=State.APPROVED).first()
    if version is None or plan.ended_at:
        raise Refused(_("Only a plan in force is looked at again."))
    if clock.today() < version.starts_on:
        raise Refused(_("It has not begun yet."))
    _check_look(actor, look, version, plan)
    texts = {name: getattr(look, name).strip() for name in ("helped", "next", "teacher", "family")}
    review = PlanReview.objects.create(
        school_id=plan.school_id,
        plan=plan,
        version=version,
        client_id=client_id,
        looked_on=clock.today(),
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
        body_sealed=sealed_json(plan.student.key, texts, REVIEW),
        family_record_id=look.family_record,
        conclusion=look.conclusion,
        next_on=look.next_on,
    )
    log(actor, "plan.look-again", plan, version)
    look_for_danger(actor, student=plan.student, text="\n".join(text for text in texts.values() if text))
    if look.next_on is None:
        _end(actor, plan, version, _("The last look of the term."))
    return review


@transaction.atomic
def end_plan(actor: Actor, *, plan: TermPlan, reason: str) -> None:
    """End a plan before its last day, with its reason; the plan stays readable."""
    plan, last = held(actor, plan, END)
    if plan.ended_at:
        raise Refused(_("This plan has ended already."))
    if not reason.strip():
        raise Refused(_("Please say why, so that others understand it later."), field="reason")
    check_length("sentence", reason, "reason")
    _end(actor, plan, last, reason.strip())
    look_for_danger(actor, student=plan.student, text=reason)


def _must_wait(version: PlanVersion) -> None:
    if version.state != State.HANDED_IN:
        raise Refused(_("It does not wait for a decision."))


def _check_look(actor: Actor, look: Look, version: PlanVersion, plan: TermPlan) -> None:
    if look.conclusion not in PlanReview.Conclusion.values:
        raise Refused(_("Choose how it goes on."), field="conclusion")
    for name in ("helped", "next"):
        if not getattr(look, name).strip():
            raise Refused(_("A sentence is enough, but it is needed."), field=name)
    for name in ("helped", "next", "teacher", "family"):
        check_length(name, getattr(look, name))
    _check_next(actor, look, plan)
    if look.next_on and not clock.today() < look.next_on <= version.until:
        raise Refused(_("Choose a day between tomorrow and the plan’s last day."), field="next_on")
    if look.family_record:
        mine = Contact.objects.of_team(actor).filter(student=plan.student_id)
        if not mine.filter(pk=look.family_record).exists():
            raise Refused(_("Choose a record of this child."), field="family_record")


def _check_next(actor: Actor, look: Look, plan: TermPlan) -> None:
    """A plan ends because somebody says so, never because a day was left empty."""
    ends = look.conclusion == PlanReview.Conclusion.ENDS
    if ends and not actor.may(END, school_id=plan.school_id, student_id=plan.student_id):
        raise Refused(
            _("The class teacher or those who lead end a plan. Please choose how it goes on."),
            field="conclusion",
        )
    if ends and look.next_on:
        raise Refused(
            _("The plan ends today: please empty this day, or choose above that it goes on."), field="next_on"
        )
    if not ends and not look.next_on:
        raise Refused(
            _("It goes on, so please name the next day. If it is to end, choose that above."), field="next_on"
        )


def _end(actor: Actor, plan: TermPlan, version: PlanVersion, reason: str) -> None:
    actor.require(END, school_id=plan.school_id, student_id=plan.student_id)
    end(actor, items_of(plan), _("The plan of this term has ended."))
    plan.ended_on, plan.ended_at, plan.ended_by_id = clock.today(), clock.now(), actor.user_id
    plan.ended_reason_sealed = seal(plan.student.key, reason, WHY_ENDED)
    plan.save(update_fields=["ended_on", "ended_at", "ended_by", "ended_reason_sealed"])
    log(actor, "plan.end", plan, version)


def _tell(plan: TermPlan, version: PlanVersion, sentence: str | Promise, what: str) -> None:
    if version.handed_in_by:
        send(
            to=version.handed_in_by,
            school=plan.school,
            code=f"plan-{what}",
            subject=sentence,
            link=("term-plan", [plan.pk]),
            key=f"plan-{what}-{version.pk}",
        )
