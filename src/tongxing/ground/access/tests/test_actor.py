import dataclasses
import datetime

import pytest

from tongxing.ground.access import actions
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import TABLE, Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Circumstance, ClassMembership, Guardian, Student


def names(actor):
    return set(Student.objects.visible_to(actor).values_list("name", flat=True))


def test_each_role_sees_its_students_and_no_others(cast):
    everyone = {"周晓禾", "孟宇航", "苏苗苗"}
    expected = {
        **dict.fromkeys(["head", "deputy", "coordinator", "counsellor"], everyone),
        "class_teacher": {"周晓禾", "孟宇航"},
        "other_class_teacher": {"苏苗苗"},
        **dict.fromkeys(["helper", "guardian", "student"], {"周晓禾"}),
        "outsider": {"何一帆"},
    }
    assert {name: names(cast.actor(name)) for name in cast.users} == {
        name: expected.get(name, set()) for name in cast.users
    }


def test_a_deactivated_account_is_nobody(cast):
    assert cast.actor("deactivated").kind == "public"
    assert names(cast.actor("deactivated")) == set()


def test_a_grant_that_ended_opens_nothing_from_that_moment(cast):
    assert names(cast.actor("helper"))
    actions.end_grant(cast.actor("coordinator"), grant=Grant.objects.get(user=cast.users["helper"]))
    assert names(cast.actor("helper")) == set()


def test_a_class_teacher_loses_a_student_who_moves_to_another_class(cast):
    ClassMembership.objects.filter(student=cast.students.normal).update(school_class=cast.class_two)
    assert names(cast.actor("class_teacher")) == {"周晓禾"}
    assert "孟宇航" in names(cast.actor("other_class_teacher"))


def test_family_situation_opens_with_care_and_hardship_with_its_own_zone_alone(cast):
    for category in ("left_behind", "minimum_living"):
        Circumstance.objects.create(school=cast.school, student=cast.students.key, category=category)

    def seen(role):
        return set(Circumstance.objects.visible_to(cast.actor(role)).values_list("category", flat=True))

    assert seen("coordinator") == {"left_behind", "minimum_living"}
    assert seen("helper") == seen("class_teacher") == {"left_behind"}
    assert seen("guardian") == seen("finance_maker") == seen("outsider") == set()


def test_guardians_open_with_the_contact_zone(cast):
    assert Guardian.objects.visible_to(cast.actor("helper")).count() == 2
    assert Guardian.objects.visible_to(cast.actor("counsellor")).count() == 0


def test_several_roles_of_one_person_add_up_but_never_mix(cast):
    cast.grant("helper", Role.FINANCE_MAKER)
    actor = cast.actor("helper")
    assert actor.roles == {"helper", "finance_maker"}
    key, normal = cast.students.key, cast.students.normal
    assert actor.sees("care", school_id=cast.school.pk, student_id=key.pk)
    assert not actor.sees("care", school_id=cast.school.pk, student_id=normal.pk)
    assert not actor.sees("money", school_id=cast.school.pk, student_id=normal.pk)


def test_no_role_of_the_county_or_of_finance_reaches_a_student(cast):
    for name in (
        "county_supervisor",
        "county_aid_officer",
        "county_data_officer",
        "finance_maker",
        "system_admin",
    ):
        assert TABLE[cast.actor(name).scopes[0].role].reach == "none"
        assert names(cast.actor(name)) == set()


def test_an_actor_cannot_be_changed(cast):
    with pytest.raises(dataclasses.FrozenInstanceError):
        cast.actor("helper").scopes = ()


def test_the_same_grant_twice_is_one_and_leaves_one_audit_row(cast):
    before = AuditEntry.objects.count()
    for _ in range(2):
        actions.grant(
            cast.actor("coordinator"),
            school=cast.school,
            user=cast.users["other_teacher"],
            role=Role.HELPER,
            student=cast.students.normal,
        )
    assert names(cast.actor("other_teacher")) == {"孟宇航"}
    assert AuditEntry.objects.count() == before + 1


def test_many_helpers_get_their_students_in_one_go_and_lose_them_one_by_one(cast):
    coordinator, key, normal = cast.actor("coordinator"), cast.students.key, cast.students.normal
    given = [(cast.users["other_teacher"].pk, student.pk) for student in (key, normal)]
    for _ in range(2):
        actions.grant_helpers(coordinator, school=cast.school, given=given)
    assert Grant.objects.filter(user=cast.users["other_teacher"]).count() == 2
    assert names(cast.actor("other_teacher")) == {"周晓禾", "孟宇航"}
    actions.end_helpers(coordinator, school=cast.school, taken=[(cast.users["other_teacher"].pk, key.pk)])
    assert names(cast.actor("other_teacher")) == {"孟宇航"}
    assert names(cast.actor("helper")) == {"周晓禾"}


def test_nobody_becomes_helper_without_the_right_to_pair_or_of_a_student_elsewhere(cast):
    user = cast.users["other_teacher"].pk
    for role, student, error in (
        ("helper", cast.students.normal, NotAllowed),
        ("coordinator", cast.students.far, Refused),
    ):
        with pytest.raises(error):
            actions.grant_helpers(cast.actor(role), school=cast.school, given=[(user, student.pk)])
    with pytest.raises(NotAllowed):
        taken = [(cast.users["helper"].pk, cast.students.key.pk)]
        actions.end_helpers(cast.actor("helper"), school=cast.school, taken=taken)
    assert names(cast.actor("helper")) == {"周晓禾"}
    assert names(cast.actor("other_teacher")) == set()


def test_a_helper_cannot_give_roles(cast):
    with pytest.raises(NotAllowed):
        actions.grant(
            cast.actor("helper"),
            school=cast.school,
            user=cast.users["helper"],
            role=Role.HELPER,
            student=cast.students.normal,
        )


def test_a_coordinator_cannot_make_a_head(cast):
    with pytest.raises(Refused):
        actions.grant(
            cast.actor("coordinator"), school=cast.school, user=cast.users["coordinator"], role=Role.HEAD
        )


def test_a_student_of_another_school_cannot_be_granted(cast):
    with pytest.raises(Refused):
        actions.grant(
            cast.actor("head"),
            school=cast.school,
            user=cast.users["helper"],
            role=Role.HELPER,
            student=cast.students.far,
        )


def test_an_account_that_also_works_elsewhere_is_not_taken_over_from_here(cast):
    cast.grant("other_teacher", Role.COUNTY_DATA_OFFICER, cast.county)
    chosen = {"school": cast.school, "user": cast.users["other_teacher"]}
    with pytest.raises(Refused):
        actions.set_active(cast.actor("head"), active=False, **chosen)


def test_lessons_open_names_of_the_classes_taught_for_bright_moments_requests_and_groups_alone(cast):
    cast.teach("other_teacher", cast.class_one)
    teacher = cast.actor("other_teacher")
    assert names(teacher) == {"周晓禾", "孟宇航"}
    opened = (
        "activity.view attendance.mark away.view circular.view donation.view highlight.write honour.view "
        "notice.view request.for safety.raise screening.request staffroom.view workstudy.hours"
    )
    assert {scope.can for scope in teacher.scopes} == {frozenset(opened.split())}
    assert not Student.objects.visible_to(teacher, "care").exists()
    assert not Guardian.objects.visible_to(teacher).exists()


def test_lessons_open_nothing_after_the_term_nor_once_the_teacher_has_left(cast):
    cast.teach("other_teacher", cast.class_one)
    user, staff = cast.users["other_teacher"], cast.staff["other_teacher"]
    assert actor_for(user, cast.term.ends_on).scopes
    assert not actor_for(user, cast.term.ends_on + datetime.timedelta(days=1)).scopes
    staff.ends_on = clock.today() - datetime.timedelta(days=1)
    staff.save()
    assert not cast.actor("other_teacher").scopes


def test_lessons_add_to_a_role_without_widening_it(cast):
    cast.teach("helper", cast.class_one, cast.class_two)
    helper = cast.actor("helper")
    assert names(helper) == {"周晓禾", "孟宇航", "苏苗苗"}
    ids = {"school_id": cast.school.pk, "student_id": cast.students.normal.pk}
    assert helper.may("highlight.write", **ids) and not helper.may("contact.write", **ids)
    assert list(Student.objects.visible_to(helper, "care")) == [cast.students.key]


def test_building_an_actor_takes_three_queries(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        cast.actor("class_teacher")


def test_a_leading_role_brings_its_post_and_takes_it_along(cast):
    head, staff = cast.actor("head"), cast.staff["other_teacher"]
    given = actions.grant(head, school=cast.school, user=staff.user, role=Role.COORDINATOR)
    actions.grant(head, school=cast.school, user=staff.user, role=Role.COORDINATOR)
    (post,) = staff.responsibilities.all()
    assert (post.post, post.ends_on) == ("coordinator", None)
    actions.end_grant(head, grant=given)
    assert not staff.responsibilities.on(clock.today()).exists()


def test_an_account_role_without_a_post_brings_none(cast):
    staff = cast.staff["other_teacher"]
    actions.grant(cast.actor("head"), school=cast.school, user=staff.user, role=Role.FINANCE_MAKER)
    assert not staff.responsibilities.exists()
