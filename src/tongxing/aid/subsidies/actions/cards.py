"""Where a child's money goes: noted, replaced, ended. A number is never shown again; it leaves in the bank's file alone."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.few_words import few_words
from tongxing.ground.people.models import Student

from .. import rules
from ..models import Card
from ..models_pay import NUMBER
from ..models_projects import MANAGE
from .projects import log, person


@transaction.atomic
def note_card(actor: Actor, *, student: Student, holder: str, number: str) -> Card:
    user_id = person(actor, MANAGE, student.school_id, student.pk)
    holder = few_words(holder, most=60, field="holder")
    digits = rules.card_number(number)
    if not digits:
        raise Refused(_("A card or passbook has 12 to 23 digits. Please look again."), field="number")
    student = Student.objects.select_for_update(of=("self",)).select_related("key").get(pk=student.pk)
    Card.objects.standing().filter(student=student).update(ended_at=clock.now())
    made = Card.objects.create(
        school_id=student.school_id, student=student, holder=holder, noted_by_id=user_id, noted_at=clock.now(),
        number_sealed=seal(student.key, digits, NUMBER),
    )  # fmt: skip
    log(actor, "subsidy.card", student.school_id, ("student", student.pk), card=made.pk)
    return made
