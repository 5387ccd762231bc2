"""Handing in an application, withdrawing it, and what the class and the school say to it."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongxing.ground.access.queries import family_accounts
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.people.models import Circumstance, ClassMembership, Staff, Student

from .. import content, rules
from ..content import Content
from ..models import Application, Level, PanelMember, Recusal, Review, Round
from ..models_applications import WORDS
from ..models_rounds import APPLY, REVIEW
from .rounds import person

State, Step = Application.State, Review.Step
LONGEST_WORDS = 300
FEWEST = 2  # people who review together
#: From which state a step leads to which.
STEPS = {Step.CLASS: (State.HANDED_IN, State.CLASS_SEEN), Step.SCHOOL: (State.CLASS_SEEN, State.SCHOOL_SEEN)}
#: Offices know of these; a family names them and the school looks whether a list says so too.
GROUPS = tuple(
    one.value
    for one in Circumstance.Category
    if one.value not in Circumstance.FAMILY and one != Circumstance.Category.RECOGNISED
)


@transaction.atomic
def hand_in(
    actor: Actor,
    *,
    round: Round,
    student: Student,
    told: Content,
    promised_on: datetime.date,
    client_id: UUID,
    on_paper: bool = False,
) -> Application:
    """By the family at its door, or keyed in from paper by whoever reviews. One promise signed by the family, no stamp."""
    user_id = person(actor, REVIEW if on_paper else APPLY, student.school_id, student.pk)
    if round.school_id != student.school_id or student.status != Student.Status.ENROLLED:
        raise Refused(_("Only students of this school apply here."))
    found = Application.objects.filter(client_id=client_id, school_id=student.school_id, student=student)

    def made() -> Application:
        _check(round, student, told, promised_on)
        application = Application(
            school_id=student.school_id, round=round, student=student, client_id=client_id,
            source=Application.Source.PAPER if on_paper else Application.Source.DOOR,
            promised_on=promised_on, handed_in_by_id=user_id, handed_in_at=clock.now(),
        )  # fmt: skip
        application.put(told)
        application.save()
        log(actor, "hardship.apply", application)
        return application

    return once(found.first, made)


def _check(round: Round, student: Student, told: Content, promised_on: datetime.date) -> None:
    today = clock.today()
    if round.closed_at or round.apply_until < promised_on:
        raise Refused(_("The time to hand in is over. The class teacher knows when the next round is."))
    if promised_on > today:
        raise Refused(_("This day has not come yet."), field="promised_on")
    if not told.signed_by.strip():
        raise Refused(_("Please write who signs the promise."), field="signed_by")
    if (
        not told.members
        or len(told.members) > content.MOST_MEMBERS
        or not all(one.name for one in told.members)
    ):
        raise Refused(_("Please name who lives in the household, each with a name."), field="name_1")
    if len(told.factors) > content.LONGEST or len(told.asks) > content.LONGEST:
        raise Refused(_("At most %(n)s characters, please.") % {"n": content.LONGEST}, field="factors")
    questions = rules.ready()["questions"]
    known = {question: one["options"].keys() for question, one in questions.items()}
    if any(option not in known.get(question, ()) for question, option in told.answers.items()):
        raise Refused(_("Please choose one of the answers."))
    if not set(told.groups) <= set(GROUPS):
        raise Refused(_("Please choose from the list."), field="groups")
    if Application.objects.standing().filter(round=round, student=student).exists():
        raise Refused(_("An application of this child is handed in already."))


@transaction.atomic
def withdraw(actor: Actor, *, application: Application) -> None:
    """The family no longer wants it; until it is decided. It costs nothing: another may be handed in."""
    may = [
        one
        for one in (APPLY, REVIEW)
        if actor.may(one, school_id=application.school_id, student_id=application.student_id)
    ]
    user_id = person(actor, may[0] if may else APPLY, application.school_id, application.student_id)
    application = held_now(application)
    if application.state == State.WITHDRAWN:
        return
    if application.state == State.DECIDED:
        raise Refused(
            _("This is decided already. The school can end the recognition when the family asks for it.")
        )
    application.state, application.withdrawn_at, application.withdrawn_by_id = (
        State.WITHDRAWN,
        clock.now(),
        user_id,
    )
    application.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    log(actor, "hardship.withdraw", application)


def stays_out(round: Round, student: Student) -> set[int]:
    """The colleagues who may not say anything about this child: those who stood back, and its own family."""
    stood_back = Recusal.objects.filter(round=round, student=student).values("staff")
    found = Staff.objects.filter(school_id=round.school_id)
    near = Q(user__in=family_accounts([student.pk])) | Q(pk__in=stood_back)
    return set(found.filter(near).values_list("pk", flat=True))


def may_speak(actor: Actor, round: Round, out: Collection[int]) -> Staff:
    """The colleague behind this actor, who is not among those that stay out."""
    staff = Staff.objects.filter(user_id=actor.user_id, school_id=round.school_id).first()
    if staff is None:
        raise NotAllowed(REVIEW)
    if staff.pk in out:
        raise Refused(_("You stand back from this child: somebody else reviews and decides here."))
    return staff


def panel(application: Application, step: str, out: Collection[int]) -> list[Staff]:
    """Who sits together for this step and this child: those who were named, without those that stay out."""
    placed = ClassMembership.objects.on(clock.today()).filter(student=application.student)
    of = {"school_class__in": placed.values("school_class")} if step == Step.CLASS else {"school_class": None}
    named = PanelMember.objects.filter(round=application.round, ended_at=None, **of).values("staff")
    return list(Staff.objects.filter(pk__in=named).exclude(pk__in=out).order_by("pk"))


@transaction.atomic
def review(actor: Actor, *, application: Application, step: str, level: Level | None, words: str) -> Review:
    """What those who sat together say: a level or none, and why."""
    user_id = person(actor, REVIEW, application.school_id, application.student_id)
    application = held_now(application)
    if step not in STEPS or application.state != STEPS[Step(step)][0]:
        raise Refused(_("This step is done already, or does not come yet."))
    if step == Step.SCHOOL and not actor.may_all(REVIEW, school_id=application.school_id):
        raise NotAllowed(REVIEW)
    out = stays_out(application.round, application.student)
    staff = may_speak(actor, application.round, out)
    words = words.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise Refused(
            _("Please write down what speaks for it, at most %(n)s characters.") % {"n": LONGEST_WORDS},
            field="words",
        )
    if level is not None and (level.school_id != application.school_id or level.ended_on):
        raise Refused(_("Please choose one of the levels."), field="level")
    present = panel(application, step, out)
    if len(present) < FEWEST or staff not in present:
        raise Refused(
            _("At least two people who were named for it sit together, and one of them writes this.")
        )
    made = Review.objects.create(
        school_id=application.school_id, application=application, step=step, level=level,
        words_sealed=seal(application.student.key, words, WORDS), written_by_id=user_id, written_at=clock.now(),
    )  # fmt: skip
    made.present.set(present)
    go_to(application, STEPS[Step(step)][1])
    log(actor, "hardship.review", application, {"step": step, "review": made.pk})
    return made


@transaction.atomic
def take_back_review(actor: Actor, *, review: Review) -> None:
    """By whoever wrote it, a moment ago, while nothing followed."""
    user_id = person(actor, REVIEW, review.school_id, review.application.student_id)
    application = held_now(review.application)
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.taken_back_at:
        return
    before, after = STEPS[Step(review.step)]
    if review.written_by_id != user_id or not is_recent(review.written_at) or application.state != after:
        raise Refused(_("This can no longer be taken back: it was a while ago, or something followed."))
    review.taken_back_at = clock.now()
    review.save(update_fields=["taken_back_at"])
    go_to(application, before)
    log(actor, "hardship.review-back", application, {"review": review.pk})


def go_to(application: Application, state: str) -> None:
    application.state = state
    application.save(update_fields=["state"])


def held_now(application: Application) -> Application:
    held = Application.objects.select_for_update(of=("self",))
    return held.select_related("student__key", "round").get(pk=application.pk)


def log(actor: Actor, action: str, application: Application, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor, action, school_id=application.school_id, subject=("student", application.student_id),
        detail={"application": application.pk, **(detail or {})},
    )  # fmt: skip
