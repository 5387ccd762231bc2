"""Example rows of the people around a child, for the addresses that name them; asking again gives the same."""

from typing import Any
from uuid import UUID

from tongxing.care.attendance_watch.models import Break, CallPutOff
from tongxing.care.pairing import proxies
from tongxing.care.pairing.models import Noticed, ProxyParent, Volunteer
from tongxing.care.peers.models import (
    GOAL,
    THANKS,
    ArrangedCall,
    FriendSignUp,
    GoodDeed,
    SharedGoal,
    SharedThanks,
    Together,
)
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.people.models import ClassMembership, Consent, Guardian, Staff, Student


def _row(model: Any, student: Student, **facts: Any) -> int:
    facts |= {"school": student.school, "student": student}
    return model.objects.get_or_create(client_id=UUID(int=student.pk), defaults=facts)[0].pk


def volunteer(school: Organisation) -> int:
    found = Volunteer.objects.filter(school=school).first() or proxies.add_volunteer(
        SYSTEM, school=school, name="何春燕", comes_from="镇妇联", phone="", client_id=UUID(int=school.pk)
    )
    return found.pk


def _consent(student: Student, purpose: str) -> Consent:
    facts = {"student": student, "school": student.school, "purpose": purpose, "basis": "guardian"}
    return Consent.objects.get_or_create(**facts, withdrawn_on=None, defaults={"given_on": clock.today()})[0]


def proxy(student: Student) -> int:
    staff = Staff.objects.filter(school=student.school).latest("pk")
    facts = {"consent": _consent(student, "proxy"), "agreed_on": clock.today(), "starts_on": clock.today()}
    return _row(ProxyParent, student, staff=staff, recorded_at=clock.now(), **facts)


def noticed(student: Student, staff: Staff) -> int:
    other = Staff.objects.filter(school=student.school).exclude(pk=staff.pk).first() or _colleague(staff)
    text = seal(student.key, "三次没吃早饭", "pairing_noticed.text")
    facts = {"happened_on": clock.today(), "recorded_at": clock.now(), "text_sealed": text}
    return _row(Noticed, student, by=staff, to=other, **facts)


def _colleague(staff: Staff) -> Staff:
    user = User.objects.create_user("colleague", "另一位")
    return Staff.objects.create(school=staff.school, user=user, code="colleague", name=user.name)


def call(student: Student, staff: Staff) -> int:
    facts = {"student": student, "name": "章立", "relation": "father", "school": student.school}
    guardian, _new = Guardian.objects.get_or_create(**facts)
    facts = {"guardian": guardian, "at": clock.now(), "telephone": "办公室", "arranged_by": staff}
    return _row(ArrangedCall, student, recorded_at=clock.now(), **facts)


def together(student: Student) -> int:
    """With a classmate who is none of the cast."""
    partner = Student.objects.filter(code=f"同学{student.pk}").first() or _classmate(student)
    return _row(Together, student, partner=partner, kind="partner", accepted_at=clock.now())


def shared_goal(student: Student) -> int:
    facts = {"words_sealed": seal(student.key, "一起订正三道题", GOAL), "set_on": clock.today()}
    facts |= {"school": student.school, "recorded_at": clock.now()}
    return SharedGoal.objects.get_or_create(together_id=together(student), defaults=facts)[0].pk


def shared_thanks(student: Student) -> int:
    facts = {"words_sealed": seal(student.key, "谢谢你们", THANKS), "said_on": clock.today()}
    facts |= {"school": student.school, "recorded_at": clock.now(), "together_id": together(student)}
    return SharedThanks.objects.get_or_create(client_id=UUID(int=student.pk), defaults=facts)[0].pk


def put_off(student: Student) -> int:
    facts = {"ends_on": clock.today(), "season": "winter", "name": "寒假", "recorded_at": clock.now()}
    recess, _new = Break.objects.get_or_create(school=student.school, starts_on=clock.today(), defaults=facts)
    facts = {"school": student.school, "recess": recess, "to": clock.today(), "at": clock.now()}
    return CallPutOff.objects.get_or_create(student=student, defaults=facts)[0].pk


def _classmate(student: Student) -> Student:
    member, key = ClassMembership.objects.get(student=student), new_key()
    key.save()
    code = f"同学{student.pk}"
    partner = Student.objects.create(school=student.school, key=key, code=code, name="同学")
    ClassMembership.objects.create(
        school=student.school,
        student=partner,
        school_class=member.school_class,
        starts_on=member.starts_on,
    )
    return partner


def sign_up(student: Student) -> int:
    return _row(FriendSignUp, student, signed_on=clock.today(), recorded_at=clock.now())


def deed(student: Student) -> int:
    words = seal(student.key, "让座", "peers_gooddeed.words")
    return _row(GoodDeed, student, words_sealed=words, happened_on=clock.today(), recorded_at=clock.now())
