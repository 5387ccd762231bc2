import datetime
from dataclasses import replace

import pytest

from tongxing.ground.access.models import Grant
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED
from tongxing.ground.people.class_names import parse
from tongxing.ground.people.models import (
    Circumstance,
    ClassMembership,
    Guardian,
    SchoolClass,
    Staff,
    Student,
    Teaching,
)
from tongxing.ground.people.roster import ClassRef, GuardianRow, StaffRow, StudentRow, TeachingRow
from tongxing.ground.people.roster_actions import save_students
from tongxing.ground.people.roster_staff import save_staff, save_teaching

DAY = datetime.date(2026, 11, 25)


def ref(name):
    found = parse(name)
    return ClassRef(name, found.key, found.grade, found.number)


NEW = StudentRow(
    code="20260101",
    name="柏青禾",
    sex="female",
    school_class=ref("初一(5)班"),
    id_number="320106201307041236",
    phone="13812340000",
    address="和风镇杏花村二组8号",
    circumstances=("left_behind",),
    guardians=(GuardianRow("柏守田", "grandparent", "爷爷", phone="13912340000"),),
)


def save(cast, *rows, role="coordinator"):
    return save_students(cast.actor(role), school=cast.school, year=cast.year, rows=rows, on=DAY)


def test_a_roster_brings_students_classes_guardians_and_circumstances(cast):
    assert save(cast, NEW).new == 1
    student = Student.objects.get(code="20260101")
    assert (student.pinyin, student.initials) == ("boqinghe", "bqh") or student.pinyin.endswith("qinghe")
    assert student.memberships.get().school_class.name == "初一(5)班"
    assert (student.phone_masked, student.address_masked) == ("138****0000", "和风镇杏花村***")
    assert unseal(student.key, student.phone_sealed, SEALED["phone"]) == "13812340000"
    assert b"13812340000" not in bytes(student.phone_sealed)
    guardian = Guardian.objects.get(student=student)
    assert unseal(student.key, guardian.phone_sealed, GUARDIAN_PHONE) == "13912340000"
    assert Circumstance.objects.get(student=student).category == "left_behind"


def test_the_same_roster_twice_changes_nothing(cast):
    save(cast, NEW)
    before = (AuditEntry.objects.count(), bytes(Student.objects.get(code="20260101").phone_sealed))
    changes = save(cast, NEW)
    assert (changes.new, changes.changed, changes.same) == (0, 0, 1)
    assert before == (AuditEntry.objects.count(), bytes(Student.objects.get(code="20260101").phone_sealed))


def test_what_the_roster_does_not_say_stays(cast):
    save(cast, NEW)
    assert save(cast, StudentRow(code="20260101", name="柏青禾", dormitory="东楼 203")).changed == 1
    student = Student.objects.get(code="20260101")
    assert (student.sex, student.dormitory, student.phone_masked) == ("female", "东楼 203", "138****0000")
    assert student.memberships.filter(ends_on=None).exists()


def test_another_class_ends_the_old_membership_and_keeps_it(cast):
    save(cast, NEW)
    save(cast, replace(NEW, school_class=ref("初一(1)班")))
    student = Student.objects.get(code="20260101")
    old, new = student.memberships.order_by("starts_on")
    assert (old.school_class.name, old.ends_on) == ("初一(5)班", datetime.date(2026, 11, 24))
    assert (new.school_class, new.starts_on) == (cast.class_one, DAY)


def test_another_spelling_of_a_class_makes_no_second_class(cast):
    save(cast, replace(NEW, school_class=ref("七年级1班")))
    assert SchoolClass.objects.filter(school=cast.school).count() == 2
    assert ClassMembership.objects.filter(school_class=cast.class_one).count() == 3


def test_who_left_is_taken_out_of_the_class_and_kept(cast):
    save(cast, NEW)
    save(cast, replace(NEW, left=True))
    student = Student.objects.get(code="20260101")
    assert (student.status, student.left_on) == ("left", DAY)
    assert not student.memberships.filter(ends_on=None).exists()


def test_only_who_may_import_takes_over_a_roster(cast):
    for role in ("helper", "class_teacher", "deputy", "outsider", "system_admin", "county_data_officer"):
        with pytest.raises(NotAllowed):
            save(cast, NEW, role=role)
    assert not Student.objects.filter(code="20260101").exists()


def test_a_large_roster_takes_as_many_queries_as_a_small_one(cast, django_assert_max_num_queries):
    rows = [replace(NEW, code=f"R{n}", guardians=()) for n in range(300)]
    with django_assert_max_num_queries(25):
        save(cast, *rows)


def test_new_colleagues_get_accounts_that_cannot_sign_in_yet(cast):
    actor = cast.actor("coordinator")
    assert save_staff(actor, school=cast.school, rows=[StaffRow("T77", "温玉", "female")]).new == 1
    staff = Staff.objects.get(code="T77")
    assert not staff.user.has_usable_password()
    assert not Grant.objects.filter(user=staff.user).exists()
    assert save_staff(actor, school=cast.school, rows=[StaffRow("T77", "温玉", "female")]).same == 1


def test_teaching_is_noted_once_and_unknown_colleagues_are_counted(cast):
    rows = [TeachingRow("helper", ref("初一(1)班"), "数学"), TeachingRow("nobody", ref("初一(1)班"), "语文")]
    for expected in ((1, 0, 1), (0, 1, 1)):
        changes = save_teaching(cast.actor("coordinator"), school=cast.school, term=cast.term, rows=rows)
        assert (changes.new, changes.same, changes.unknown) == expected
    assert Teaching.objects.get().staff == cast.staff["helper"]


def test_every_student_who_changes_class_or_guardian_counts(cast):
    three = [replace(NEW, code=f"R{number}") for number in range(3)]
    assert save(cast, *three).new == 3
    moved = [replace(three[0], school_class=ref("初一(1)班")), replace(three[1], guardians=(GuardianRow("柏青山", "father"),)), three[2]]  # fmt: skip
    changes = save(cast, *moved)
    assert (changes.new, changes.changed, changes.same) == (0, 2, 1)
