"""Two classmates go together: accepted by the class teacher, begun with every yes, ended with thanks.

Who may: `peer.pair` (the class teacher for the own class, those who lead the school for each). The children's talks
are noted by whoever writes records for the child. What is missing before the start is said in words.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import ClassMembership, Consent, Registration, Student

from .holding import LONGEST, held, require_both
from .models import Together
from .rules import MOST
from .shared import open_goal, thanked

CONSENT = "peer"  # a code of consents.PURPOSES
PARTNER = KINDS["partner"]


@transaction.atomic
def accept(actor: Actor, *, student: Student, partner: Student, client_id: uuid.UUID) -> Together:
    """The class teacher would like `partner` to learn with `student`; nothing begins before every yes."""
    require_both(actor, student, partner)
    return once(
        lambda: Together.objects.filter(client_id=client_id).first(),
        lambda: _accepted(actor, student, partner, client_id),
    )


def _accepted(actor: Actor, student: Student, partner: Student, client_id: uuid.UUID) -> Together:
    close_withdrawn(actor, student, partner)
    check_classmates(student, partner)
    entries = Registration.objects.on(clock.today()).filter(level=Registration.Level.KEY)
    if entries.filter(student=partner).exists():
        raise Refused(
            _("%(name)s goes along with a helper already. Please choose another classmate.")
            % {"name": partner.name},
            field="partner",
        )
    open_ones = Together.objects.open().partners()
    if open_ones.filter(student=student).exists():
        raise Refused(_("%(name)s has a study partner already.") % {"name": student.name}, field="partner")
    if open_ones.filter(partner=partner).count() >= MOST:
        raise Refused(
            _("%(name)s learns with two already. Please choose another classmate.") % {"name": partner.name},
            field="partner",
        )
    return make(actor, Together(kind=Together.Kind.PARTNER, student=student, partner=partner), client_id)


@dataclass(frozen=True, slots=True)
class Yes:
    """The two children's own word, asked by the class teacher."""

    student: bool
    partner: bool


@transaction.atomic
def begin(actor: Actor, *, together: Together, yes: Yes, goal: str) -> Together:
    """From today they learn together, with a goal of both in words."""
    together = held(actor, together)
    if together.state == "running":
        return together  # a second tap
    if together.state == "ended":
        raise Refused(_("This has ended. Please begin anew."))
    check_classmates(together.student, together.partner)
    for field, said, child in (
        ("student_yes", yes.student, together.student),
        ("partner_yes", yes.partner, together.partner),
    ):
        if not said:
            raise Refused(_("Please ask %(name)s first.") % {"name": child.name}, field=field)
    goal = few_words(goal, most=LONGEST, field="goal")
    together.student_yes_on = together.partner_yes_on = clock.today()
    start(actor, together)
    open_goal(actor, together, goal)
    return together


def start(actor: Actor, together: Together) -> None:
    """Both families agree: the row keeps these very consents from now on."""
    consents = Consent.objects.standing().filter(purpose=CONSENT, student__in=together.both)
    by_student = {consent.student_id: consent for consent in consents}
    if missing := [child.name for child in together.both if child.pk not in by_student]:
        raise Refused(
            _("The family of %(names)s has not agreed yet. Please talk with them first.")
            % {"names": _(", ").join(missing)}
        )
    together.consent_student = by_student[together.student_id]
    together.consent_partner = by_student[together.partner_id]
    together.starts_on = clock.today()
    together.save()
    _log(actor, "together.begin", together)


@transaction.atomic
def discussed(actor: Actor, *, together: Together, what: str, client_id: uuid.UUID) -> Contact:
    """The two have talked about something: one tap, one record of the child's."""
    if not Together.objects.running().filter(pk=together.pk).exists():
        raise Refused(_("These two do not learn together at present."))
    return write_contact(
        actor,
        student=together.student,
        client_id=client_id,
        kind=PARTNER.code,
        told=Told({"partner": together.partner.name, "discussed": what}, reached=["student"]),
    )


@transaction.atomic
def end(actor: Actor, *, together: Together, reason: str, thanks: str = "") -> None:
    """It ends today, with its reason and perhaps with words of thanks for both."""
    together = held(actor, together)
    if reason not in Together.Ended.values:
        raise Refused(_("Please say why it ends."), field="reason")
    if together.ends_on is not None:
        return
    thanks = few_words(thanks, most=LONGEST, field="thanks") if thanks.strip() else ""
    _end(actor, together, reason)
    if thanks:
        thanked(actor, together, thanks, uuid.uuid4())


def _end(actor: Actor, together: Together, reason: str) -> None:
    """A consent that was withdrawn before has ended it on its own day."""
    withdrawn = together.until
    together.ends_on = withdrawn or clock.today()
    together.ended_reason = Together.Ended.WITHDRAWN if withdrawn else reason
    together.ended_by_id, together.ended_at = actor.user_id, clock.now()
    together.save()
    _log(actor, "together.end", together)


def close_withdrawn(actor: Actor, *students: Student) -> None:
    """What a withdrawn consent has ended is written down as ended, before something new is put in its place."""
    locked = Student.objects.select_for_update().filter(pk__in=[one.pk for one in students])
    list(locked.order_by("pk"))  # one after the other
    rows = Together.objects.with_both().filter(ends_on=None)
    for row in [*rows.filter(student__in=students), *rows.filter(partner__in=students)]:
        if row.until and row.ends_on is None:
            _end(actor, row, Together.Ended.WITHDRAWN)


def check_classmates(student: Student, partner: Student) -> None:
    """Two different children who are at school, in one class today."""
    members = ClassMembership.objects.on(clock.today()).filter(
        student__in=(student, partner), student__status=Student.Status.ENROLLED
    )
    classes = dict(members.values_list("student_id", "school_class_id"))
    if student == partner or len(classes) < 2 or len(set(classes.values())) > 1:
        raise Refused(_("Please choose two children of one class."), field="partner")


def make(actor: Actor, together: Together, client_id: uuid.UUID) -> Together:
    together.school_id, together.client_id = together.student.school_id, client_id
    together.accepted_by_id, together.accepted_at = actor.user_id, clock.now()
    together.save(force_insert=True)
    _log(actor, "together.accept", together)
    return together


def _log(actor: Actor, action: str, together: Together) -> None:
    audit.record(
        actor,
        action,
        school_id=together.school_id,
        subject=("student", together.student_id),
        detail={"together": together.pk, "kind": together.kind, "partner": together.partner_id},
    )
