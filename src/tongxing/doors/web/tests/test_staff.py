"""The pages of classes and colleagues."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tongxing.care.pairing.models import Pair
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import SchoolClass, Staff, Teaching


def text(browser, name, *args, **query):
    return browser.get(reverse(name, args=args), query).content.decode()


def test_classes_are_written_down_and_get_their_class_teacher(cast):
    browser = cast.client("coordinator")
    assert browser.post(reverse("classes"), {"names": "初二(1)班、初二(2)班"}).status_code == 302
    made = SchoolClass.objects.get(name="初二(2)班")
    page = text(browser, "classes")
    assert "初二(2)班" in page and "还没有班主任" in page
    chosen = {"staff": cast.staff["other_teacher"].pk}
    assert browser.post(reverse("class-teacher", args=[made.pk]), chosen).status_code == 302
    assert "宋桥" in text(browser, "classes")
    assert browser.post(reverse("classes"), {"names": "好班"}).status_code == 422


def test_lessons_are_added_and_removed(cast):
    browser, address = cast.client("coordinator"), reverse("class-teach", args=[cast.class_one.pk])
    lesson = {"subject": "英语", "staff": cast.staff["helper"].pk}
    assert browser.post(address, lesson).status_code == 302
    assert "英语" in text(browser, "class", cast.class_one.pk)
    assert browser.post(address, {**lesson, "staff": cast.staff["outsider"].pk}).status_code == 422
    ended = reverse("class-stop-teaching", args=[cast.class_one.pk])
    assert browser.post(ended, {"teaching": Teaching.objects.get().pk}).status_code == 302
    assert browser.post(ended, {"teaching": "x"}).status_code == 404


def test_a_class_of_another_school_is_not_there(cast):
    far = SchoolClass.objects.get(school=cast.other_school)
    for name in ("class", "class-teacher", "class-teach"):
        assert cast.client("coordinator").post(reverse(name, args=[far.pk])).status_code == 404


def test_the_list_shows_who_is_here_who_left_and_whose_check_is_missing(cast):
    browser = cast.client("coordinator")
    Staff.objects.filter(pk=cast.staff["helper"].pk).update(ends_on="2026-11-01")
    Staff.objects.filter(pk=cast.staff["other_teacher"].pk).update(offence_check_on=None)
    assert "林岚" not in text(browser, "staff") and "宋桥" in text(browser, "staff")
    assert "林岚" in text(browser, "staff", shown="left")
    unchecked = text(browser, "staff", shown="unchecked")
    assert "宋桥" in unchecked and "白露" not in unchecked
    assert "章远" not in text(browser, "staff", q="章")


def test_a_last_day_leads_to_the_students_to_hand_over(cast):
    helper, browser = cast.staff["helper"], cast.client("coordinator")
    Pair.objects.create(
        school=cast.school,
        student=cast.students.key,
        helper=helper,
        starts_on="2026-09-14",
        confirmed_at=timezone.now(),
    )
    response = browser.post(reverse("staff-leave", args=[helper.pk]), {"last_day": "2026-11-27"})
    assert response.status_code == 302
    page = text(browser, "staff-member", helper.pk)
    assert "要交接的同学" in page and "周晓禾" in page
    assert reverse("pairing-hand-over", args=[helper.pk]) in page
    assert browser.post(reverse("staff-stay", args=[helper.pk])).status_code == 302
    assert "要交接的同学" not in text(browser, "staff-member", helper.pk)
    assert "周晓禾" not in text(cast.client("system_admin"), "staff-member", helper.pk)


@pytest.mark.parametrize("name", ["staff-leave", "staff-stay", "staff-member"])
def test_the_head_is_not_sent_away_by_the_coordinator_nor_the_neighbour_by_anyone(cast, name):
    browser = cast.client("coordinator")
    assert (
        browser.post(
            reverse("staff-leave", args=[cast.staff["head"].pk]), {"last_day": "2026-11-27"}
        ).status_code
        == 422
    )
    assert (
        browser.post(reverse(name, args=[cast.staff["outsider"].pk]), {"last_day": "2026-11-27"}).status_code
        == 404
    )


def test_an_offence_check_is_noted_and_not_for_tomorrow(cast):
    browser, address = cast.client("coordinator"), reverse("staff-check", args=[cast.staff["helper"].pk])
    assert browser.post(address, {"checked_on": "2026-11-20"}).status_code == 302
    assert browser.post(address, {"checked_on": "2026-11-30"}).status_code == 422
    assert cast.client("system_admin").post(address, {"checked_on": "2026-11-20"}).status_code == 403


def test_what_would_be_refused_is_not_offered(cast):
    above, own = cast.staff["head"].pk, cast.staff["coordinator"].pk
    browser = cast.client("coordinator")
    page = text(browser, "staff-member", above)
    assert "只有校长或系统管理员" in page and 'name="pairing_capacity"' not in page
    assert reverse("staff-leave", args=[above]) not in page
    page = text(browser, "staff-member", own)
    assert 'name="pairing_capacity"' in page and reverse("staff-leave", args=[own]) not in page
    page = text(browser, "staff-member", cast.staff["helper"].pk)
    assert reverse("staff-leave", args=[cast.staff["helper"].pk]) in page


def test_an_account_above_ones_own_is_shown_without_the_ways_that_would_be_refused(cast):
    def ways(by, whose):
        page = text(cast.client(by), "settings-account", cast.users[whose].pk)
        grant = Grant.objects.get(user=cast.users[whose], role=whose)
        return [
            address in page
            for address in (
                reverse("settings-active", args=[cast.users[whose].pk]),
                reverse("settings-end-role", args=[cast.users[whose].pk, grant.pk]),
                'value="head"',
            )
        ]

    assert ways("coordinator", "head") == [False, False, False]
    assert ways("coordinator", "class_teacher") == [True, True, False]
    assert ways("head", "class_teacher") == [True, True, True]


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_its_trace_are_one(cast):
    whose = cast.staff["helper"]
    facts = {
        "name": "林澜",
        "code": whose.code,
        "sex": "",
        "village": "",
        "starts_on": "",
        "pairing_capacity": 2,
    }
    answer = cast.client("coordinator").post(reverse("staff-member", args=[whose.pk]), facts)
    assert answer.status_code == 302
    assert AuditEntry.objects.filter(action="staff.edit").count() == 1
