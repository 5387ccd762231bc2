"""What families agree to, purpose by purpose.

Invariants:
- each purpose names its basis; what the law lays on the school needs no consent and cannot be withdrawn here;
- a student of fourteen or more agrees too (个人信息保护法 31); where the age is not known, the student is asked;
- refusing or withdrawing stops that purpose alone, never aid or lessons;
- a consent is ended with its day, never deleted;
- whoever looks after the child notes consents; a guardian and a student speak for themselves at their own door, where
  `care.family.consent_words` sees to it that each says only their own word.
"""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from .models import Consent, Student

CAN, OWN = "consent.keep", "consent.give"
OWN_SAY_FROM = 14  # years


class Purpose(NamedTuple):
    label: str | Promise
    what: str | Promise
    basis: str = Consent.Basis.GUARDIAN


PURPOSES: dict[str, Purpose] = {
    "roster": Purpose(
        gettext_lazy("School roster and safety"),
        gettext_lazy(
            "Name, class, guardians and how to reach them: the law asks every school to keep them, and to act when a child is in danger."
        ),
        Consent.Basis.LEGAL_DUTY,
    ),
    "care": Purpose(
        gettext_lazy("Records of support"),
        gettext_lazy("What helpers talk about with the child and the family, seen by the people who help."),
    ),
    "survey": Purpose(
        gettext_lazy("Interviews and surveys"),
        gettext_lazy("What the child likes, how life is at home, and health that matters at school."),
    ),
    "peer": Purpose(
        gettext_lazy("Study partner and friends"),
        gettext_lazy(
            "A classmate learns or spends time with the child; the two families know of each other."
        ),
    ),
    "proxy": Purpose(
        gettext_lazy("Proxy parent or volunteer"),
        gettext_lazy("An adult whom the school has checked looks after the child’s daily life."),
    ),
    "screening": Purpose(
        gettext_lazy("Questionnaire on well-being"),
        gettext_lazy("The counsellor keeps level and date of an outside questionnaire, nobody else does."),
    ),
    "outing": Purpose(
        gettext_lazy("Outings and service"),
        gettext_lazy("The child leaves the school with teachers, for a visit or a competition."),
    ),
    "photo": Purpose(
        gettext_lazy("Photos of activities"),
        gettext_lazy("Photos in which the child can be seen, inside the school."),
    ),
    "praise": Purpose(
        gettext_lazy("Praise by name"),
        gettext_lazy("The child’s name beside something well done, on a notice or in a summary."),
    ),
    "transfer": Purpose(
        gettext_lazy("File for the next school"),
        gettext_lazy("What helps the next teachers goes along, sealed, when the child changes school."),
    ),
    "work": Purpose(
        gettext_lazy("Work-study"),
        gettext_lazy("The student works some hours at school beside the lessons, under the rules for it."),
    ),
    "companion": Purpose(
        gettext_lazy("Somebody who stands by the child"),
        gettext_lazy("An alumnus, a colleague or a neighbour stands by the child for a year."),
    ),
}


def must_agree_too(student: Student, on: datetime.date) -> bool:
    """Whether the student's own word is needed; an unknown date of birth asks for it."""
    born = student.birth_date
    if born is None:
        return True
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= OWN_SAY_FROM


@transaction.atomic
def give_consent(
    actor: Actor, *, student: Student, purpose: str, given_by: str, student_agreed: bool | None = None
) -> Consent:
    """`given_by`: the guardian's name and relation, in words; `student_agreed`: the student's own word, None: not asked.

    Refused: a purpose that needs no consent, nobody named, a student of 14 or more who was not asked or said no.
    """
    _require(actor, student.school_id, student.pk)
    if purpose not in PURPOSES or PURPOSES[purpose].basis != Consent.Basis.GUARDIAN:
        raise Refused(_("Please choose what the family agrees to."), field="purpose")
    if not given_by.strip():
        raise Refused(_("Please write down who agreed."), field="given_by")
    if student_agreed is not True and must_agree_too(student, clock.today()):
        raise Refused(
            _("From fourteen on the child agrees too. Please ask the child as well."), field="student_agreed"
        )
    Student.objects.select_for_update().get(pk=student.pk)  # one after the other
    if standing := Consent.objects.standing().filter(student=student, purpose=purpose).first():
        return standing
    consent = Consent.objects.create(
        school_id=student.school_id,
        student=student,
        purpose=purpose,
        basis=Consent.Basis.GUARDIAN,
        given_by=given_by.strip(),
        student_agreed=student_agreed,
        given_on=clock.today(),
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
    )
    _log(actor, "consent.give", consent)
    return consent


@transaction.atomic
def withdraw_consent(actor: Actor, *, consent: Consent) -> None:
    """From this moment that purpose stops; nothing else does."""
    _require(actor, consent.school_id, consent.student_id)
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_on is not None:
        return  # a second tap
    consent.withdrawn_on = clock.today()
    consent.save(update_fields=["withdrawn_on"])
    _log(actor, "consent.withdraw", consent)


def with_consent(student_ids: Collection[int], purpose: str) -> set[int]:
    """Those of these students whose family agrees to `purpose` today. One query.

    Tells an action whether it may go on; it shows nobody anything, so it asks no actor.
    """
    standing = Consent.objects.standing().filter(purpose=purpose, student__in=student_ids)
    return set(standing.values_list("student_id", flat=True))


def _require(actor: Actor, school_id: int, student_id: int) -> None:
    ability = OWN if actor.may(OWN, school_id=school_id, student_id=student_id) else CAN
    actor.require(ability, school_id=school_id, student_id=student_id)


def _log(actor: Actor, action: str, consent: Consent) -> None:
    audit.record(
        actor,
        action,
        school_id=consent.school_id,
        subject=("student", consent.student_id),
        detail={"consent": consent.pk, "purpose": consent.purpose},
    )
