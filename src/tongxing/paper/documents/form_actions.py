"""The forms of one child or one record, to print (PDF) or to edit (Word). Made, audited and handed out, never stored.

Whoever reads the child's records may print with numbers and places partly hidden; in full it takes the right to
reveal and a purpose, which is logged like every other opening.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.contacts.models import Contact, State
from tongxing.care.contacts.queries import unsealed
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Student

from . import record_forms, statutory
from .content import dated_text
from .form_file import KINDS, form_file

CAN = "contact.read"
LONGEST_PURPOSE = 200


@transaction.atomic
def student_form(
    actor: Actor, *, student: Student, code: str, kind: str, full: bool = False, purpose: str = ""
) -> bytes:
    """`code`: one of `statutory.FORMS`; `kind`: pdf or docx."""
    _near(actor, student)
    make = statutory.FORMS.get(code)
    if make is None or kind not in KINDS:
        raise Refused(_("There is no such form."), field="code")
    why = purpose_of(actor, student, purpose) if full else ""
    values = statutory.values_of(actor, student, clock.today(), full=full)
    file = form_file(make(values, student.school.name, foot_of(actor, full=full)), kind)
    _log(actor, student, why, {"form": code, "kind": kind, "full": full})
    return file


def has_form(contact: Contact) -> bool:
    """A talk or a visit that the team may read; what was said in confidence is not printed."""
    return contact.kind in record_forms.FORMS and not contact.restricted and not contact.withdrawn


@transaction.atomic
def record_form(actor: Actor, *, contact: Contact, kind: str) -> bytes:
    """The form of a talk or a visit that the team may read. `kind`: pdf or docx."""
    _near(actor, contact.student)
    if kind not in KINDS:
        raise Refused(_("There is no such form."))
    if not has_form(contact):
        raise Refused(_("Only a talk or a home visit that the team may read has a form to print."))
    placed = Student.objects.visible_to(actor).with_class(clock.day_of(contact.happened_at))
    last = contact.revisions.exclude(state=State.WITHDRAWN).latest("number")
    form = record_forms.FORMS[contact.kind](
        contact,
        placed.get(pk=contact.student_id),
        unsealed(contact, last),
        contact.school.name,
        foot_of(actor, full=False),
    )
    _log(actor, contact.student, "", {"form": contact.kind, "kind": kind, "contact": contact.pk})
    return form_file(form, kind)


def _near(actor: Actor, student: Student) -> None:
    ids = {"school_id": student.school_id, "student_id": student.pk}
    actor.require(CAN, **ids)
    if not actor.sees("care", **ids):
        raise NotAllowed(CAN)


def purpose_of(actor: Actor, student: Student, purpose: str) -> str:
    """What everything in full is needed for; refused without the right to reveal."""
    ids = {"school_id": student.school_id, "student_id": student.pk}
    actor.require("reveal", **ids)
    if not actor.sees("contact", **ids):
        raise NotAllowed("reveal")
    if len(purpose.strip()) < 2:
        raise Refused(_("Please say what you need it for."), field="purpose")
    return purpose.strip()[:LONGEST_PURPOSE]


def foot_of(actor: Actor, *, full: bool) -> str:
    maker = User.objects.get(pk=actor.user_id).name if actor.user_id else _("Tongxing")
    words = (
        _("Printed on %(day)s by %(person)s, in full. Keep confidential.")
        if full
        else _("Printed on %(day)s by %(person)s; numbers and places partly hidden. Keep confidential.")
    )
    return words % {"day": dated_text(clock.today()), "person": maker}


def _log(actor: Actor, student: Student, purpose: str, detail: dict[str, object]) -> None:
    audit.record(
        actor,
        "document.form",
        school_id=student.school_id,
        subject=("student", student.pk),
        purpose=purpose,
        detail=detail,
    )
