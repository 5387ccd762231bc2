"""Rows between a school and a family, one of each kind for a student; asking again gives the same rows."""

from uuid import UUID

from tongxing.care.family import agreements
from tongxing.care.family.models import ASKED, GOAL, MESSAGE, DataRequest, FamilyMessage, OwnGoal
from tongxing.ground.access.invitations import invite
from tongxing.ground.access.models import Invitation
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.people.actions import GUARDIAN_PHONE
from tongxing.ground.people.models import Guardian, Student


def guardian(student: Student) -> Guardian:
    found, new = Guardian.objects.get_or_create(
        school=student.school, student=student, name="温桂兰", relation="grandparent"
    )
    if new or not found.phone_sealed:
        found.phone_sealed = seal(student.key, "13600004444", GUARDIAN_PHONE)
        found.phone_masked = "136****4444"
        found.save()
    return found


def invitation(student: Student) -> int:
    invite(SYSTEM, school=student.school, guardians=[guardian(student)], batch=UUID(int=student.pk))
    return Invitation.objects.get(student=student, guardian__isnull=False).pk


def agreement(student: Student) -> int:
    made = agreements.agree(
        SYSTEM, student=student, by="together", text="每天读一页书", client_id=UUID(int=student.pk)
    )
    return made.pk


def own_goal(student: Student) -> int:
    facts = {"school": student.school, "student": student, "set_at": clock.now()}
    facts |= {"words_sealed": seal(student.key, "想学会游泳的安全常识", GOAL), "set_by_id": _somebody()}
    return OwnGoal.objects.get_or_create(client_id=UUID(int=student.pk), defaults=facts)[0].pk


def words(student: Student) -> int:
    """What a guardian wrote and nobody has answered yet."""
    facts = {"school": student.school, "student": student, "guardian": guardian(student), "from_family": True}
    facts |= {"text_sealed": seal(student.key, "她这几天咳嗽，请多留意", MESSAGE), "written_at": clock.now()}
    return FamilyMessage.objects.get_or_create(client_id=UUID(int=student.pk), defaults=facts)[0].pk


def data_request(student: Student) -> int:
    facts = {"school": student.school, "student": student, "kind": "correct", "asked_by_id": _somebody()}
    facts |= {"asked_sealed": seal(student.key, "电话换了", ASKED)}
    facts |= {"asked_at": clock.now(), "due_on": clock.today()}
    return DataRequest.objects.get_or_create(client_id=UUID(int=student.pk), defaults=facts)[0].pk


def _somebody() -> int:
    return User.objects.get(login="guardian").pk
