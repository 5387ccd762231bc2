"""What those who share a child tell each other (双管理): a line of facts, seen, answered.

Who may write: the class teacher, the helpers and the proxy parent of the child, each to another. Who reads: those two
and whoever manages pairing. A proxy parent from outside has no account: what was told is written as a record.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal, unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import ClassMembership, Responsibility, Staff, Student
from tongxing.ground.people.queries import staff_of

from .models import Pair
from .models_proxies import ANSWER, LINE, Noticed, NoticedSet, ProxyParent

CAN = "contact.write"
LONGEST = 200  # characters


def carers_of(student: Student, on: datetime.date) -> list[Staff]:
    """The class teacher, the helpers and the colleague who is proxy parent, first the class teacher. Three queries."""
    members = ClassMembership.objects.on(on).filter(student=student)
    posts = Responsibility.objects.on(on).filter(
        post=Responsibility.Post.CLASS_TEACHER, school_class__in=members.values("school_class")
    )
    pairs = Pair.objects.on(on).filter(student=student).select_related("helper").order_by("-role", "pk")
    proxies = ProxyParent.objects.open().of_colleagues().filter(student=student).select_related("staff")
    found = [post.staff for post in posts.select_related("staff")] + [pair.helper for pair in pairs]
    return list(dict.fromkeys(found + [one.staff for one in proxies if one.staff]))


def others_of(actor: Actor, student: Student, on: datetime.date) -> list[Staff]:
    """To whom this actor may write about the child; nobody, if not one of them."""
    own, carers = staff_of(actor.user_id), carers_of(student, on)
    return [one for one in carers if one != own] if own in carers else []


@transaction.atomic
def tell(
    actor: Actor,
    *,
    student: Student,
    to: Staff | None,
    text: str,
    client_id: uuid.UUID,
    happened_on: datetime.date | None = None,
) -> Noticed:
    """One line of facts for the other one; `happened_on` None: today."""
    actor.require(CAN, school_id=student.school_id, student_id=student.pk)
    own = staff_of(actor.user_id)
    others = others_of(actor, student, clock.today())
    if own is None or not others:
        raise NotAllowed(CAN)
    if to not in others:
        raise Refused(_("Please choose who should know it."), field="to")
    words, day = few_words(text, most=LONGEST, field="text"), happened_on or clock.today()
    if day > clock.today():
        raise Refused(_("This day is still to come."), field="happened_on")
    noticed = Noticed(
        school_id=student.school_id,
        student=student,
        by=own,
        to=to,
        text_sealed=seal(student.key, words, LINE),
        happened_on=day,
        recorded_at=clock.now(),
        client_id=client_id,
    )
    return once(
        lambda: Noticed.objects.filter(client_id=client_id, student=student).first(),
        lambda: _told(actor, noticed, words),
    )


def _told(actor: Actor, noticed: Noticed, words: str) -> Noticed:
    noticed.save(force_insert=True)
    _log(actor, "noticed.tell", noticed)
    send(
        to=noticed.to.user,
        school=noticed.student.school,
        code="noticed.tell",
        subject=gettext_lazy("A line for you about a child you both look after"),
        link=("student-around", [noticed.student_id]),
        key=f"noticed.tell:{noticed.pk}",
    )
    look_for_danger(actor, student=noticed.student, text=words)
    return noticed


@transaction.atomic
def print_note(actor: Actor, *, proxy: ProxyParent, text: str) -> str:
    """A few lines on paper for a proxy parent from outside, who has no account. Printed is not told yet: what was
    said comes as a record. The text is kept nowhere."""
    actor.require(CAN, school_id=proxy.school_id, student_id=proxy.student_id)
    if proxy.volunteer is None or proxy.until is not None:
        raise Refused(_("There is nobody from outside who looks after this child now."))
    words = few_words(text, most=LONGEST, field="text")
    audit.record(
        actor,
        "proxy.note",
        school_id=proxy.school_id,
        subject=("student", proxy.student_id),
        detail={"proxy": proxy.pk},
    )
    look_for_danger(actor, student=proxy.student, text=words)
    return words


@transaction.atomic
def see(actor: Actor, *, noticed: Noticed, answer: str = "") -> None:
    """The other one has seen it, perhaps with a few words back."""
    noticed = _held(actor, noticed)
    if noticed.to.user_id != actor.user_id:
        raise NotAllowed(CAN)
    noticed.seen_at = noticed.seen_at or clock.now()
    if answer.strip():
        words = few_words(answer, most=LONGEST, field="answer")
        noticed.answer_sealed = seal(noticed.student.key, words, ANSWER)
        noticed.answered_at = clock.now()
        look_for_danger(actor, student=noticed.student, text=words)
    noticed.save(update_fields=["seen_at", "answer_sealed", "answered_at"])
    _log(actor, "noticed.answer" if answer.strip() else "noticed.see", noticed)


@transaction.atomic
def take_back(actor: Actor, *, noticed: Noticed) -> None:
    """One's own line, for a moment and while nobody has seen it."""
    noticed = _held(actor, noticed)
    if noticed.by.user_id != actor.user_id:
        raise NotAllowed(CAN)
    if noticed.seen_at or not is_recent(noticed.recorded_at):
        raise Refused(_("This has been read or was written a while ago. Please write a second line."))
    noticed.taken_back_at = clock.now()
    noticed.save(update_fields=["taken_back_at"])
    _log(actor, "noticed.back", noticed)


def lines_for(actor: Actor) -> NoticedSet:
    """What waits for oneself, with the child and who wrote it. One query."""
    return Noticed.objects.waiting_for(actor).select_related("student", "by").order_by("recorded_at")


@dataclass(frozen=True, slots=True)
class Line:
    noticed: Noticed
    text: str
    answer: str
    is_mine: bool
    waits: bool


def lines_of(actor: Actor, student: Student) -> list[Line]:
    """The lines about this child that this actor may read, the newest first; student: with its key. One query."""
    found = Noticed.objects.visible_to(actor).filter(student=student).select_related("by", "to")
    return list(_opened(actor, student, found.order_by("-recorded_at", "-pk")[:20]))


def _opened(actor: Actor, student: Student, found: Iterable[Noticed]) -> Iterable[Line]:
    for one in found:
        yield Line(
            one,
            unseal(student.key, one.text_sealed, LINE),
            unseal(student.key, one.answer_sealed, ANSWER),
            one.by.user_id == actor.user_id,
            one.to.user_id == actor.user_id and one.seen_at is None,
        )


def _held(actor: Actor, noticed: Noticed) -> Noticed:
    actor.require(CAN, school_id=noticed.school_id, student_id=noticed.student_id)
    rows = Noticed.objects.select_for_update(of=("self",)).select_related("student__key", "by", "to")
    return rows.get(pk=noticed.pk, taken_back_at=None)


def _log(actor: Actor, action: str, noticed: Noticed) -> None:
    audit.record(
        actor,
        action,
        school_id=noticed.school_id,
        subject=("student", noticed.student_id),
        detail={"noticed": noticed.pk},
    )
