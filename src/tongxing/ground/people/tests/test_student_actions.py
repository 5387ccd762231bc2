import datetime
import uuid

import pytest
from tests.race import blind_once

from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people import student_actions
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Likeness, Student
from tongxing.ground.people.queries import entries_to_compare, likely_same
from tongxing.ground.people.student_actions import (
    add_student,
    change_class,
    come_back,
    decide_likeness,
    edit_student,
    leave_school,
)

TODAY = datetime.date(2026, 11, 25)
ID = "32010620130704123" + check_digit("32010620130704123")


@pytest.fixture
def add(cast):
    def add(role="coordinator", different=(), client_id=None, school_class=None, **facts) -> Student:
        facts = {"name": "温小满", **facts}
        return add_student(
            cast.actor(role), school=cast.school, facts=facts, client_id=client_id or uuid.uuid4(),
            school_class=school_class, different=different,
        )  # fmt: skip

    return add


def place_of(student) -> list[tuple[str, datetime.date | None]]:
    return [(one.school_class.name, one.ends_on) for one in student.memberships.order_by("starts_on")]


def test_a_student_is_entered_with_class_and_sealed_details(cast, add):
    student = add(id_number=ID, phone="13900002222", school_class=cast.class_one)
    assert (student.code, student.initials, student.birth_date) == (
        "N00001",
        "wxm",
        datetime.date(2013, 7, 4),
    )
    assert unseal(student.key, student.phone_sealed, SEALED["phone"]) == "13900002222"
    assert place_of(student) == [("初一(1)班", None)]
    assert AuditEntry.objects.filter(action="student.add", subject_id=student.pk).count() == 1


def test_the_same_form_sent_twice_enters_one_student(add):
    client_id = uuid.uuid4()
    assert add(client_id=client_id) == add(client_id=client_id)


def test_two_forms_that_arrive_in_the_same_instant_enter_one_student(add, monkeypatch):
    client_id = uuid.uuid4()
    first = add(client_id=client_id, id_number=ID)
    blind_once(monkeypatch, student_actions, "_sent_before")
    assert add(client_id=client_id, id_number=ID) == first
    assert AuditEntry.objects.filter(action="student.add").count() == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"id_number": ID}, {"name": "温晓满", "id_number": ID}),
        (
            {"national_code": "G2026000000000000123"},
            {"name": "温晓满", "national_code": "G2026000000000000123"},
        ),
        ({"birth_date": datetime.date(2013, 7, 4)}, {"birth_date": datetime.date(2013, 7, 4)}),
    ],
)
def test_a_child_on_record_is_not_entered_again_unless_a_person_says_it_is_another(
    add, english, first, second
):
    before = add(**first)
    with pytest.raises(Refused, match="on record already"):
        add(**second)
    other = add(**second, different=[before.pk])
    assert Likeness.objects.get().verdict == "different"
    assert likely_same(other) == likely_same(before) == []


def test_same_name_and_class_is_asked_about_unless_the_birth_dates_differ(cast, add):
    known = cast.students.normal
    with pytest.raises(Refused):
        add(name=known.name, school_class=cast.class_one)
    Student.objects.filter(pk=known.pk).update(birth_date=datetime.date(2013, 1, 1))
    add(name=known.name, school_class=cast.class_one, birth_date=datetime.date(2013, 7, 4))


def test_a_taken_student_number_and_a_wrong_id_number_are_refused(add, english):
    with pytest.raises(Refused, match="there already"):
        add(code="S0001")
    with pytest.raises(Refused, match="does not fit together"):
        add(id_number=ID[:17] + ("0" if ID[17] != "0" else "1"))


def test_corrections_change_only_what_was_said(cast):
    student = cast.students.key
    edit_student(
        cast.actor("coordinator"), student=student, facts={"name": "周晓和", "village": "柳溪村", "phone": ""}
    )
    student.refresh_from_db()
    assert (student.name, student.initials, student.village) == ("周晓和", "zxh", "柳溪村")
    assert (student.phone_masked, bytes(student.phone_sealed)) == ("", b"")
    assert student.address_masked
    detail = AuditEntry.objects.get(action="student.edit").detail
    assert "name" in detail["fields"]


def test_a_change_of_class_leaves_the_old_one_as_history(cast, english):
    student, coordinator = cast.students.key, cast.actor("coordinator")
    change_class(coordinator, student=student, school_class=cast.class_two, on=TODAY)
    assert place_of(student) == [("初一(1)班", datetime.date(2026, 11, 24)), ("初一(2)班", None)]
    change_class(coordinator, student=student, school_class=cast.class_one, on=TODAY)
    assert place_of(student)[-1] == ("初一(1)班", None)
    with pytest.raises(Refused, match="in this class already"):
        change_class(coordinator, student=student, school_class=cast.class_one, on=TODAY)
    with pytest.raises(Refused, match="began later"):
        change_class(coordinator, student=student, school_class=cast.class_two, on=datetime.date(2026, 10, 1))


def test_leaving_ends_class_and_register_and_coming_back_starts_a_class(cast, english):
    student, coordinator = cast.students.key, cast.actor("coordinator")
    leave_school(coordinator, student=student, on=TODAY)
    student.refresh_from_db()
    assert (student.status, student.left_on) == ("left", TODAY)
    assert place_of(student) == [("初一(1)班", TODAY)]
    assert not student.registrations.filter(ends_on=None).exists()
    with pytest.raises(Refused, match="left the school already"):
        leave_school(coordinator, student=student, on=TODAY)
    with pytest.raises(Refused, match="left later"):
        come_back(coordinator, student=student, on=TODAY)
    come_back(coordinator, student=student, on=datetime.date(2026, 11, 26), school_class=cast.class_two)
    student.refresh_from_db()
    assert student.status == "enrolled"
    assert place_of(student)[-1] == ("初一(2)班", None)


def test_one_child_entered_twice_is_kept_once(cast):
    twin = cast.add_student("周晓禾", cast.class_two, birth_date=datetime.date(2013, 7, 4))
    Student.objects.filter(pk=cast.students.key.pk).update(birth_date=datetime.date(2013, 7, 4))
    assert entries_to_compare(cast.school) == [cast.students.key]
    assert likely_same(twin) == [cast.students.key]
    decide_likeness(cast.actor("coordinator"), student=cast.students.key, other=twin, verdict="same")
    twin.refresh_from_db()
    assert twin.status == "left"
    assert entries_to_compare(cast.school) == []


def test_nobody_of_another_school_is_ever_compared(cast, english):
    with pytest.raises(Refused, match="cannot be compared"):
        decide_likeness(
            cast.actor("coordinator"), student=cast.students.key, other=cast.students.far, verdict="same"
        )


def test_only_coordinator_and_head_change_students_by_hand(cast, add):
    student = cast.students.key
    for role in ("class_teacher", "helper", "deputy", "counsellor", "outsider"):
        actor = cast.actor(role)
        with pytest.raises(NotAllowed):
            add(role)
        with pytest.raises(NotAllowed):
            edit_student(actor, student=student, facts={"name": "别人"})
        with pytest.raises(NotAllowed):
            change_class(actor, student=student, school_class=cast.class_two, on=TODAY)
        with pytest.raises(NotAllowed):
            leave_school(actor, student=student, on=TODAY)
        with pytest.raises(NotAllowed):
            come_back(actor, student=student, on=TODAY)
        with pytest.raises(NotAllowed):
            decide_likeness(actor, student=student, other=cast.students.normal, verdict="same")
