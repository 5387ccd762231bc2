"""Consent before praise: asking everybody concerned, their answers at their own door or on paper, taking a yes back."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.consents import CAN
from tongxing.ground.people.models import Staff
from tongxing.ground.publicity import actions as publicity

from .models import Asked, Commendation
from .models_schemes import MANAGE, PROPOSE
from .schemes import person
from .way import held, log
from .whom import class_teachers, members

GIVEN_BY = 60  # characters
QUESTION = gettext_lazy("The school would like to thank you in public and asks whether you agree.")


@transaction.atomic
def ask(actor: Actor, *, commendation: Commendation) -> int:
    """Ask whoever it is about; of a child the family and the child. Returns how many are asked now."""
    user_id = person(actor, MANAGE, commendation.school_id)
    one = held(commendation)
    if one.outcome != Commendation.Outcome.MEETS:
        raise Refused(_("The committee says its word first."))
    known = set(one.asked.values_list("side", "staff", "student"))
    sides = [(Asked.Side.STAFF, staff, None) for staff in sorted(_speak_for(one))]
    for student in one.students:
        sides += [(side, None, student.pk) for side in (Asked.Side.GUARDIAN, Asked.Side.STUDENT)]
    if not sides:
        raise Refused(_("There is nobody to ask: no colleague holds this office or leads this class."))
    fresh = [
        Asked(
            school_id=one.school_id, commendation=one, side=side, staff_id=staff, student_id=student,
            asked_by_id=user_id, asked_at=clock.now(),
        )
        for side, staff, student in sides
        if (side, staff, student) not in known
    ]  # fmt: skip
    Asked.objects.bulk_create(fresh)
    if fresh:
        log(actor, "honour.ask", one, people=len(fresh))
    for staff in Staff.objects.filter(pk__in=[one.staff_id for one in fresh if one.staff_id]):
        send(
            to=staff.user, school=one.school, code="honour", subject=QUESTION, link=("honours-mine", []),
            key=f"honour.{one.pk}",
        )  # fmt: skip
    return len(fresh)


def _speak_for(one: Commendation) -> set[int]:
    """The colleagues who answer: the person, whoever holds the office, whoever leads the class."""
    if one.students:
        return set()
    if one.school_class_id:
        return class_teachers([one.school_class_id], clock.today())
    return members(one.school, one.whom, one.scheme.kind, clock.today())


@transaction.atomic
def answer(actor: Actor, *, asked: Asked, yes: bool) -> None:
    """One's own word, at one's own door; it may change at any time, and counts from that moment."""
    if actor.user_id is None or not _is_mine(actor, asked):
        raise NotAllowed("honour.answer")
    _answered(actor, asked, yes=yes, given_by="")


def _is_mine(actor: Actor, asked: Asked) -> bool:
    if asked.side == Asked.Side.STAFF:
        return asked.staff is not None and asked.staff.user_id == actor.user_id
    door = "door.family" if asked.side == Asked.Side.GUARDIAN else "door.student"
    return actor.may(door, school_id=asked.school_id, student_id=asked.student_id)


@transaction.atomic
def note_answer(actor: Actor, *, asked: Asked, yes: bool, given_by: str) -> None:
    """What somebody without a door said, on paper or in a talk: who said it and how, who asked, on which day. By those
    who lead, or whoever looks after the child and keeps what its family agrees to. What was said at a door stands."""
    _may_note(actor, asked)
    if asked.side == Asked.Side.STAFF:
        raise Refused(_("Colleagues answer for themselves."))
    asked = Asked.objects.select_related("commendation").get(pk=asked.pk)
    if asked.answer and not asked.given_by:
        raise Refused(_("The answer was given at the own door and stays as it is."))
    _answered(actor, asked, yes=yes, given_by=few_words(given_by, most=GIVEN_BY, field="given_by"))


def _may_note(actor: Actor, asked: Asked) -> None:
    if actor.may(MANAGE, school_id=asked.school_id) or asked.student_id is None:
        person(actor, MANAGE, asked.school_id)
        return
    for ability in (CAN, PROPOSE):
        person(actor, ability, asked.school_id, asked.student_id)


def _answered(actor: Actor, asked: Asked, *, yes: bool, given_by: str) -> None:
    one = held(asked.commendation)
    asked = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    word = Asked.Answer.YES if yes else Asked.Answer.NO
    if asked.answer == word and asked.given_by == given_by:
        return
    asked.answer, asked.given_by, asked.answered_on = word, given_by, clock.today()
    asked.answered_by_id, asked.answered_at = actor.user_id, clock.now()
    asked.save(update_fields=["answer", "given_by", "answered_on", "answered_by", "answered_at"])
    log(actor, "honour.answer", one, asked=asked.pk, yes=yes)
    if not yes:
        take_from_notice(actor, one)


def take_from_notice(actor: Actor, one: Commendation) -> None:
    """It hangs there no longer, from this moment: all of them, also where one of two children said no."""
    if one.notice is None or not one.notice.is_to_be_read(clock.today()):
        return
    for student in one.students:
        publicity.no_longer_agreed(actor, notice=one.notice, student=student)
    if not one.students:
        publicity.no_longer_agreed(actor, notice=one.notice, label=one.label)
