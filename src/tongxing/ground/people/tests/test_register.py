import datetime

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people import actions
from tongxing.ground.people.models import Registration, Student


def test_registering_and_changing_the_level_keeps_the_history(cast):
    deputy = cast.actor("deputy")
    plain = cast.students.plain
    actions.register(deputy, student=plain, level="normal", starts_on=datetime.date(2026, 10, 12))
    actions.register(deputy, student=plain, level="key")
    entries = list(Registration.objects.filter(student=plain).order_by("starts_on"))
    assert [(e.level, e.starts_on.isoformat(), e.ends_on and e.ends_on.isoformat()) for e in entries] == [
        ("normal", "2026-10-12", "2026-11-24"),
        ("key", "2026-11-25", None),
    ]


def test_the_same_level_twice_changes_nothing(cast):
    first = actions.register(cast.actor("head"), student=cast.students.plain, level="key")
    before = AuditEntry.objects.count()
    assert actions.register(cast.actor("head"), student=cast.students.plain, level="key") == first
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "role", ["helper", "class_teacher", "coordinator", "outsider", "guardian", "finance_maker"]
)
def test_only_the_leading_group_registers(cast, role):
    with pytest.raises(NotAllowed):
        actions.register(cast.actor(role), student=cast.students.plain, level="key")


def test_a_student_who_left_cannot_be_registered(cast):
    Student.objects.filter(pk=cast.students.plain.pk).update(status="left")
    cast.students.plain.refresh_from_db()
    with pytest.raises(Refused):
        actions.register(cast.actor("head"), student=cast.students.plain, level="normal")


def test_leaving_the_register_needs_a_reason(cast):
    entry = Registration.objects.get(student=cast.students.key)
    with pytest.raises(Refused):
        actions.leave_register(cast.actor("head"), entry=entry, reason=" ")
    actions.leave_register(cast.actor("head"), entry=entry, reason="目标都达到了")
    entry.refresh_from_db()
    assert entry.ends_on == datetime.date(2026, 11, 25)


def test_a_phone_is_revealed_with_a_purpose_and_logged(cast):
    text = actions.reveal(
        cast.actor("helper"), student=cast.students.key, field="phone", purpose="约家访时间"
    )
    assert text == "13812345678"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.purpose, entry.subject_id) == (
        "student.reveal",
        "约家访时间",
        cast.students.key.pk,
    )
    assert "13812345678" not in str(entry.detail)


def test_a_guardians_phone_is_revealed_too(cast):
    father = cast.students.key.guardians.get(relation="father")
    text = actions.reveal(
        cast.actor("helper"), student=cast.students.key, field="phone", purpose="通话", guardian=father
    )
    assert text == "13700002222"


def test_nothing_is_revealed_without_a_purpose_or_without_the_right(cast):
    with pytest.raises(Refused):
        actions.reveal(cast.actor("helper"), student=cast.students.key, field="phone", purpose=" ")
    for role in (
        "counsellor",
        "guardian",
        "outsider",
        "other_class_teacher",
        "system_admin",
        "county_supervisor",
    ):
        with pytest.raises(NotAllowed):
            actions.reveal(cast.actor(role), student=cast.students.key, field="phone", purpose="约家访时间")
    with pytest.raises(NotAllowed):
        father = cast.students.key.guardians.get(relation="father")
        actions.reveal(
            cast.actor("head"), student=cast.students.normal, field="phone", purpose="通话", guardian=father
        )


def test_an_entry_that_ended_is_not_ended_again_from_an_old_page(cast):
    old_page = Registration.objects.get(student=cast.students.key)
    actions.leave_register(cast.actor("head"), entry=old_page, reason="目标都达到了")
    old_page.ends_on = None
    with pytest.raises(Refused):
        actions.leave_register(cast.actor("deputy"), entry=old_page, reason="转学")
    assert Registration.objects.get(student=cast.students.key).ended_reason == "目标都达到了"


def test_many_are_entered_with_the_same_queries(cast, django_assert_max_num_queries):
    levels = {cast.add_student(f"同学{n}", cast.class_two).pk: "normal" for n in range(30)}
    levels |= {cast.students.normal.pk: "key", cast.students.key.pk: "key"}
    with django_assert_max_num_queries(8):
        done = actions.register_all(cast.actor("head"), school=cast.school, levels=levels)
    assert done == {"entered": 30, "changed": 1, "kept": 1}


def test_many_are_entered_only_by_those_who_approve_and_only_of_ones_own_school(cast):
    far = {cast.students.far.pk: "key"}
    with pytest.raises(Refused):
        actions.register_all(cast.actor("head"), school=cast.school, levels=far)
    with pytest.raises(NotAllowed):
        actions.register_all(cast.actor("coordinator"), school=cast.school, levels={})


def test_several_offence_checks_are_one_action(cast):
    staff = [cast.staff["helper"], cast.staff["other_teacher"]]
    day = datetime.date(2026, 11, 1)
    actions.note_offence_checks(cast.actor("head"), school=cast.school, staff=staff, checked_on=day)
    assert AuditEntry.objects.get(action="staff.offence-check").detail == {"staff": [s.pk for s in staff]}
    with pytest.raises(Refused):
        actions.note_offence_checks(
            cast.actor("head"), school=cast.school, staff=[cast.staff["outsider"]], checked_on=day
        )
