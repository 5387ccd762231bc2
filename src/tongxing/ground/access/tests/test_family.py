"""The people around one child, by hand: who may write, what is sealed, what ends with a guardian."""

import datetime
from uuid import UUID, uuid4

import pytest

from tongxing.ground.access.family import add_guardian, edit_guardian, end_guardian, resume_guardian
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import GUARDIAN_PHONE
from tongxing.ground.people.models import Guardian, Student

GRANDMA = {
    "name": "温桂兰",
    "relation": "grandparent",
    "relation_text": "外婆",
    "phone": "13900007788",
    "lives_with": True,
    "reads": False,
    "order": 1,
}


def enter(cast, by="helper", student=None, **facts):
    whose = student or cast.students.key
    return add_guardian(cast.actor(by), student=whose, facts=GRANDMA | facts, client_id=uuid4())


@pytest.mark.parametrize("by", ["helper", "class_teacher", "coordinator", "deputy", "head"])
def test_whoever_knows_the_family_enters_a_guardian_and_the_number_is_sealed(cast, by):
    grandma = enter(cast, by)
    assert grandma.phone_masked == "139****7788"
    assert unseal(cast.students.key.key, bytes(grandma.phone_sealed), GUARDIAN_PHONE) == "13900007788"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, "13900007788" in str(entry.detail), "温桂兰" in str(entry.detail)) == (
        "family.add",
        False,
        False,
    )


@pytest.mark.parametrize(
    "by", ["other_teacher", "other_class_teacher", "counsellor", "system_admin", "outsider"]
)
def test_nobody_else_does(cast, by):
    with pytest.raises(NotAllowed):
        enter(cast, by)
    assert not Guardian.objects.filter(name="温桂兰").exists()


def test_the_same_form_twice_is_one_guardian_and_the_same_person_again_is_refused(cast):
    actor, facts = cast.actor("helper"), {"student": cast.students.key, "facts": GRANDMA}
    first = add_guardian(actor, client_id=UUID(int=9), **facts)
    assert add_guardian(actor, client_id=UUID(int=9), **facts) == first
    with pytest.raises(Refused) as refusal:
        add_guardian(actor, client_id=uuid4(), **facts)
    assert refusal.value.field == "name"


def test_what_is_not_said_stays_and_an_empty_number_is_taken_away(cast):
    grandma = enter(cast)
    assert edit_guardian(cast.actor("helper"), guardian=grandma, facts={"away_place": "昆山"}) == [
        "away_place"
    ]
    grandma.refresh_from_db()
    assert (grandma.phone_masked, grandma.reads, grandma.away_place) == ("139****7788", False, "昆山")
    assert edit_guardian(cast.actor("helper"), guardian=grandma, facts={"phone": "13900007788"}) == []
    edit_guardian(cast.actor("helper"), guardian=grandma, facts={"phone": ""})
    grandma.refresh_from_db()
    assert (bytes(grandma.phone_sealed), grandma.phone_masked) == (b"", "")


@pytest.mark.parametrize(
    ("facts", "field"), [({"name": "  "}, "name"), ({"phone": "不知道"}, "phone"), ({"phone": "12"}, "phone")]
)
def test_a_form_that_makes_no_sense_is_refused_beside_its_field(cast, facts, field):
    with pytest.raises(Refused) as refusal:
        enter(cast, **facts)
    assert refusal.value.field == field


def test_who_is_a_guardian_no_longer_is_named_nowhere_and_can_come_back(cast):
    grandma = enter(cast)
    end_guardian(cast.actor("class_teacher"), guardian=grandma)
    assert grandma not in Guardian.objects.visible_to(cast.actor("head"))
    end_guardian(cast.actor("class_teacher"), guardian=grandma)  # a second tap
    resume_guardian(cast.actor("class_teacher"), guardian=grandma)
    assert grandma in Guardian.objects.visible_to(cast.actor("head"))
    end_guardian(cast.actor("head"), guardian=grandma)
    assert enter(cast) == grandma  # named again: the same entry goes on


def test_the_account_of_a_guardian_sees_the_child_no_longer_once_ended_and_again_after_the_way_back(cast):
    grandma = enter(cast)
    account = User.objects.create(login="family-wen", name="温桂兰")
    Guardian.objects.filter(pk=grandma.pk).update(user=account)
    for student, role in ((cast.students.key, "guardian"), (cast.students.plain, "guardian")):
        Grant.objects.create(
            user=account,
            school=cast.school,
            role=role,
            student=student,
            starts_on=datetime.date(2026, 9, 1),
        )

    def children():
        return {student.pk for student in Student.objects.visible_to(actor_for(account))}

    assert children() == {cast.students.key.pk, cast.students.plain.pk}
    end_guardian(cast.actor("helper"), guardian=grandma)
    assert children() == {cast.students.plain.pk}  # brothers and sisters have entries of their own
    resume_guardian(cast.actor("helper"), guardian=grandma)
    assert children() == {cast.students.key.pk, cast.students.plain.pk}
