"""The page of the move to the next school year."""

import datetime

import pytest
from django.urls import reverse

from tongxing.doors.web.firstrun import suggestion
from tongxing.ground.access.models import YearMove
from tongxing.ground.people.models import ClassMembership, Student

SEPTEMBER = datetime.date(2027, 9, 1)


@pytest.fixture
def july(cast, at_school):
    browser = cast.client("coordinator")
    assert browser.post(reverse("settings-year"), suggestion(datetime.date(2027, 8, 1))).status_code == 302
    at_school.move_to(datetime.datetime(2027, 7, 12, 10, 0, tzinfo=datetime.UTC))
    return cast.client("coordinator")


def page(browser, **query):
    return browser.get(reverse("year-move"), query).content.decode()


def test_the_page_shows_each_class_with_its_next_name(cast, july):
    text = page(july)
    assert "初一(1)班" in text and "初二(1)班" in text
    assert reverse("year-move-do") in text


def test_during_the_year_it_says_from_when_on_and_offers_nothing(cast):
    text = page(cast.client("coordinator"))
    assert reverse("year-move-do") not in text
    assert reverse("settings-year") in text


def test_with_another_last_grade_the_classes_leave(cast, july):
    assert "离开学校" in page(july, last="7")


def test_a_student_set_apart_is_kept_until_the_move_and_leaves_with_it(cast, july):
    plain = cast.students.plain
    address = reverse("year-move-class", args=[cast.class_two.pk])
    assert plain.name in july.get(address).content.decode()
    assert july.post(address, {f"student-{plain.pk}": "leaves"}).status_code == 302
    assert plain.name in page(july)
    response = july.post(reverse("year-move-do"), {"last_grade": "7", "teachers": "on"})
    assert response.status_code == 302
    assert Student.objects.get(pk=plain.pk).status == "left"


def test_the_move_is_made_and_taken_back(cast, july):
    done = {"last_grade": "9", "teachers": "on"}
    assert july.post(reverse("year-move-do"), done).status_code == 422
    done["last_grade"] = "8"
    assert july.post(reverse("year-move-do"), done).status_code == 422
    cast.class_two.grade, cast.class_two.name = 8, "初二(2)班"
    cast.class_two.save()
    assert july.post(reverse("year-move-do"), done).status_code == 302
    key = ClassMembership.objects.get(student=cast.students.key, ends_on=None)
    assert (key.school_class.name, key.starts_on) == ("初二(1)班", SEPTEMBER)
    assert reverse("year-move-undo") in page(july)
    undone = {"move": YearMove.objects.get().pk}
    assert july.post(reverse("year-move-undo"), undone).status_code == 302
    assert ClassMembership.objects.get(student=cast.students.key, ends_on=None).school_class == cast.class_one
    assert july.post(reverse("year-move-undo"), undone).status_code == 404


def test_only_who_manages_rosters_finds_the_page_and_only_the_own_classes(cast, july):
    far = ClassMembership.objects.get(student=cast.students.far).school_class_id
    assert july.get(reverse("year-move-class", args=[far])).status_code == 404
    for role in ("class_teacher", "system_admin", "deputy"):
        assert cast.client(role).get(reverse("year-move")).status_code == 403
