"""Asking those who teach a child one short question, and answering it in one line.

Who asks: whoever writes records about the child. Who is asked: the colleagues who teach the child's class this term,
except the one who asks. They learn the child's name, which they know, and the question; nothing else of the file.
"""

import datetime
import uuid
from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import ClassMembership, Staff, Student, Teaching

from .models import Asking, Impression
from .models_asking import ANSWERED, ASKED

ASK = "contact.write"
ANSWER = "highlight.write"
LONGEST = 200  # characters
MOST_DAYS = 30
MESSAGE = gettext_lazy("A colleague asks what you have seen in your lessons. One line is enough.")


@transaction.atomic
def ask_colleagues(
    actor: Actor, *, student: Student, words: str, closes_on: datetime.date, client_id: uuid.UUID
) -> Asking:
    """Send one question to everybody who teaches this child. `closes_on`: the last day to answer it."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    actor.require(ASK, **ids)
    if not actor.sees("care", **ids):
        raise NotAllowed(ASK)
    words, today = " ".join(words.split()), clock.today()
    if not words or len(words) > LONGEST:
        raise Refused(
            _("A few words are needed, at most %(most)s characters.") % {"most": LONGEST}, field="words"
        )
    if not today <= closes_on <= today + datetime.timedelta(days=MOST_DAYS):
        raise Refused(
            _("Please choose a day within the next %(n)s days.") % {"n": MOST_DAYS}, field="closes_on"
        )
    return once(
        lambda: Asking.objects.filter(client_id=client_id, student=student).first(),
        lambda: _asked(actor, student, words, closes_on, client_id),
    )


def _asked(
    actor: Actor, student: Student, words: str, closes_on: datetime.date, client_id: uuid.UUID
) -> Asking:
    teachers = who_teaches(student, clock.today(), but=actor.user_id)
    if not teachers:
        raise Refused(_("Nobody else teaches this child's class this term, as far as it is noted."))
    asking = Asking.objects.create(
        school_id=student.school_id,
        student=student,
        words_sealed=seal(student.key, words, ASKED),
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        closes_on=closes_on,
        client_id=client_id,
    )
    for staff, subjects in teachers.items():
        impression = Impression.objects.create(
            school_id=student.school_id, asking=asking, staff=staff, subjects="、".join(subjects)[:60]
        )
        send(
            to=staff.user,
            school=student.school,
            code="profiles.asking",
            subject=MESSAGE,
            link=("impression", [impression.pk]),
            key=f"profiles.asking:{asking.pk}",
        )
    _log(actor, "asking.ask", asking, {"asked": len(teachers)})
    look_for_danger(actor, student=student, text=words)
    return asking


def who_teaches(student: Student, on: datetime.date, *, but: int | None) -> dict[Staff, list[str]]:
    """The colleagues who teach the class of this student on that day, with their subjects. Two queries."""
    classes = ClassMembership.objects.on(on).filter(student=student).values("school_class")
    lessons = Teaching.objects.filter(
        Q(staff__ends_on=None) | Q(staff__ends_on__gte=on),
        school_class__in=classes,
        term__starts_on__lte=on,
        term__ends_on__gte=on,
        staff__user__is_active=True,
    ).exclude(staff__user=but)
    found: defaultdict[Staff, list[str]] = defaultdict(list)
    for lesson in lessons.select_related("staff__user").order_by("subject", "pk"):
        found[lesson.staff].append(lesson.subject)
    return found


@transaction.atomic
def answer(actor: Actor, *, impression: Impression, words: str = "", nothing: bool = False) -> None:
    """One line of what was seen, or that there was nothing special."""
    held = _own(actor, impression)
    asking, words = held.asking, " ".join(words.split())
    if not asking.is_open(clock.today()):
        raise Refused(_("This question is closed. Please tell the class teacher directly."))
    if not nothing and not words:
        raise Refused(_("One line is enough, or tap “Nothing special”."), field="words")
    if len(words) > LONGEST:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": LONGEST}, field="words")
    if held.answered_at is not None:
        return  # a second tap
    held.nothing, held.answered_at = nothing and not words, clock.now()
    held.words_sealed = seal(asking.student.key, words, ANSWERED)
    held.save(update_fields=["nothing", "answered_at", "words_sealed"])
    _log(actor, "asking.answer", asking, {"impression": held.pk})
    look_for_danger(actor, student=asking.student, text=words)


@transaction.atomic
def take_answer_back(actor: Actor, *, impression: Impression) -> None:
    """One's own answer of a moment ago; then the question waits again."""
    held = _own(actor, impression)
    if held.answered_at is None:
        return
    if not is_recent(held.answered_at):
        raise Refused(_("This was answered a while ago and has been read. Please tell the class teacher."))
    held.nothing, held.answered_at, held.words_sealed = False, None, b""
    held.save(update_fields=["nothing", "answered_at", "words_sealed"])
    _log(actor, "asking.answer-back", held.asking, {"impression": held.pk})


@transaction.atomic
def close_asking(actor: Actor, *, asking: Asking, opens: bool = False) -> None:
    """Before its day: enough was answered. `opens`: the way back."""
    ids = {"school_id": asking.school_id, "student_id": asking.student_id}
    actor.require(ASK, **ids)
    if asking.asked_by_id != actor.user_id:
        actor.require("contact.manage", **ids)
    asking = Asking.objects.select_for_update().get(pk=asking.pk)
    if opens == (asking.closed_at is None):
        return
    asking.closed_at = None if opens else clock.now()
    asking.save(update_fields=["closed_at"])
    _log(actor, "asking.reopen" if opens else "asking.close", asking)


def _own(actor: Actor, impression: Impression) -> Impression:
    """What this colleague was asked, locked; nobody answers for somebody else."""
    rows = (
        Impression.objects.own(actor).select_for_update(of=("self",)).select_related("asking__student__key")
    )
    held = rows.filter(pk=impression.pk).first()
    if held is None:
        raise NotAllowed(ANSWER)
    actor.require(ANSWER, school_id=held.school_id, student_id=held.asking.student_id)
    return held


def _log(actor: Actor, action: str, asking: Asking, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor,
        action,
        school_id=asking.school_id,
        subject=("student", asking.student_id),
        detail={"asking": asking.pk, **(detail or {})},
    )
