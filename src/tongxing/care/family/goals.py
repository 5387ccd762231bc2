"""A child's own goals, in the child's own words. Helpers see them and can make one the goal of the month.

Nobody else ticks or ends them: reached or laid aside is the child's word.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.contacts.queries import answers_of
from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student

from . import telling
from .messages import check_text, log
from .models import CHILD, GOAL, STAFF, OwnGoal

HEARD = gettext_lazy("A child has set a goal of the own. It stands on the child's page.")
#: What was written about the child that the child reads too: nothing but what went well.
GOOD = ("success", "highlight", "praise")
MOST_SHOWN = 20


@transaction.atomic
def set_goal(actor: Actor, *, student: Student, words: str, client_id: uuid.UUID) -> OwnGoal:
    """The child sets a goal; `student` with its key."""
    actor.require(CHILD, school_id=student.school_id, student_id=student.pk)
    words = check_text(words, "words")
    return once(
        lambda: OwnGoal.objects.filter(client_id=client_id, student=student).first(),
        lambda: _set(actor, student, words, client_id),
    )


def _set(actor: Actor, student: Student, words: str, client_id: uuid.UUID) -> OwnGoal:
    goal = OwnGoal.objects.create(
        school_id=student.school_id,
        student=student,
        words_sealed=seal(student.key, words, GOAL),
        set_at=clock.now(),
        set_by_id=actor.user_id or 0,
        client_id=client_id,
    )
    log(actor, "own-goal.set", student, {"goal": goal.pk})
    link = ("student-door", [student.pk])
    telling.tell(telling.near(student), student, HEARD, link, f"own-goal:{goal.pk}")
    look_for_danger(actor, student=student, text=words)
    return goal


@transaction.atomic
def end_goal(actor: Actor, *, goal: OwnGoal, reached: bool) -> None:
    """Reached, or laid aside without a word why."""
    held = _held(actor, goal, CHILD)
    if held.ended_at is not None:
        return  # a second tap
    held.ended_at, held.reached = clock.now(), reached
    held.save(update_fields=["ended_at", "reached"])
    log(actor, "own-goal.end", held.student, {"goal": held.pk, "reached": reached})


@transaction.atomic
def go_on(actor: Actor, *, goal: OwnGoal) -> None:
    """The way back of `end_goal`."""
    held = _held(actor, goal, CHILD)
    if held.ended_at is None:
        return
    held.ended_at, held.reached = None, False
    held.save(update_fields=["ended_at", "reached"])
    log(actor, "own-goal.go-on", held.student, {"goal": held.pk})


@transaction.atomic
def make_it_the_months(actor: Actor, *, goal: OwnGoal) -> OwnGoal:
    """The helper takes the child's words as the goal of the month: one record, nothing typed again."""
    held = _held(actor, goal, STAFF)
    if held.contact_id is not None:
        return held  # a second tap
    if held.ended_at is not None:
        raise Refused(_("The child has ended this goal."))
    words = unseal(held.student.key, held.words_sealed, GOAL)
    told = Told({"goal": words}, reached=["student"])
    held.contact = write_contact(
        actor, student=held.student, client_id=uuid.uuid5(held.client_id, "month"), kind="goal", told=told
    )
    held.save(update_fields=["contact"])
    log(actor, "own-goal.link", held.student, {"goal": held.pk, "contact": held.contact_id})
    return held


def _held(actor: Actor, goal: OwnGoal, ability: str) -> OwnGoal:
    actor.require(ability, school_id=goal.school_id, student_id=goal.student_id)
    rows = OwnGoal.objects.select_for_update(of=("self",)).select_related("student__key", "student__school")
    return rows.get(pk=goal.pk)


@dataclass(frozen=True, slots=True)
class Wanted:
    goal: OwnGoal
    words: str


def goals_of(actor: Actor, student: Student) -> list[Wanted]:
    """What the child wants first, then what was reached; laid-aside goals are for nobody any more. One query."""
    found = OwnGoal.objects.visible_to(actor).filter(student=student)
    kept = [goal for goal in found.order_by("-set_at", "-pk") if goal.ended_at is None or goal.reached]
    kept.sort(key=lambda goal: goal.ended_at is not None)
    return [Wanted(goal, unseal(student.key, goal.words_sealed, GOAL)) for goal in kept]


@dataclass(frozen=True, slots=True)
class Good:
    """Something that went well: what, in whose words, when."""

    contact: Contact
    words: str


def good_of(actor: Actor, student: Student, ability: str = CHILD) -> list[Good]:
    """What went well, the newest first, for the child's (or with GUARDIAN the family's) own eyes. Two queries."""
    actor.require(ability, school_id=student.school_id, student_id=student.pk)
    mine = Contact.objects.standing().filter(actor.students_where(ability), student=student)
    found = mine.filter(kind__in=GOOD, visibility=Visibility.TEAM).select_related("staff")
    newest = found.prefetch_related("revisions").order_by("-happened_at", "-pk")[:MOST_SHOWN]
    return [Good(contact, _words(contact)) for contact in newest]


def _words(contact: Contact) -> str:
    body = list(contact.revisions.all())[-1].body
    return "；".join(text for _question, text in answers_of(KINDS[contact.kind], body))
