"""What a device takes along beside the records: names of the own classes and groups, and forms; nothing of what is known."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.care.activities.tests.school import given, offered, wished
from tongxing.care.attendance_watch.actions.roll import call_roll
from tongxing.care.requests.topics import TOPICS

from .test_pack import taken_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promised")]


def test_the_own_class_is_taken_along_by_name_to_call_the_roll_and_no_other(cast):
    pages = taken_by(cast, "class_teacher")["pages"]
    mine = pages[reverse("attendance-class", args=[cast.class_one.pk])]
    assert cast.students.key.name in mine and cast.students.normal.name in mine
    assert reverse("attendance-class", args=[cast.class_one.pk]) in pages[reverse("attendance")]
    assert reverse("attendance-class", args=[cast.class_two.pk]) not in pages
    assert cast.students.plain.name not in str(pages)


def test_the_office_which_sees_every_class_takes_along_those_it_teaches(cast):
    assert reverse("attendance") not in taken_by(cast, "coordinator")["pages"]
    cast.teach("coordinator", cast.class_two)
    pages = taken_by(cast, "coordinator")["pages"]
    assert cast.students.plain.name in pages[reverse("attendance-class", args=[cast.class_two.pk])]
    assert reverse("attendance-class", args=[cast.class_one.pk]) not in pages


def test_who_is_away_today_is_not_told_by_what_is_taken_along(cast):
    call_roll(cast.actor("coordinator"), school_class=cast.class_one, missing=[cast.students.key.pk])
    page = taken_by(cast, "class_teacher")["pages"][reverse("attendance-class", args=[cast.class_one.pk])]
    assert "还不知道在哪里" not in page and "checked" not in page


def test_help_can_be_asked_for_my_students_and_the_own_class_about_everything(cast):
    pack = taken_by(cast, "class_teacher")
    assert {"", *TOPICS} == set(pack["sets"]["requests"])
    blanks = pack["blanks"][reverse("request-for", args=[cast.students.normal.pk])]
    assert blanks["name"] == cast.students.normal.name and blanks["back"]
    assert reverse("request-for", args=[cast.students.plain.pk]) not in pack["blanks"]
    assert "⟦id⟧" in pack["sets"]["requests"]["hurt"]
    staff = [one.name for one in cast.staff.values()]
    assert not any(name in str(pack["sets"]["requests"]) for name in staff), (
        "who reads is not told on a phone"
    )


def test_the_form_of_a_visit_is_taken_along_by_the_leaders_without_names_of_children(cast):
    pack = taken_by(cast, "coordinator")
    form = pack["sets"]["visits"][""]
    names = [one.name for one in vars(cast.students).values()]
    assert "⟦name⟧" in form and not any(name in form for name in names)
    assert pack["blanks"][reverse("screening-visit", args=[cast.class_two.pk])]["name"] == cast.class_two.name
    assert taken_by(cast, "helper")["sets"]["visits"] == {}


def test_whoever_leads_a_group_takes_it_along_and_nobody_else(cast, at_school):
    offer = offered(cast, leader="class_teacher", places=5)
    wished(offer, cast.students.key, cast.students.plain)
    given(cast, offer, at_school)
    page = taken_by(cast, "class_teacher")["pages"][reverse("activity", args=[offer.pk])]
    assert cast.students.plain.name in page
    assert reverse("activities") not in taken_by(cast, "helper")["pages"]


def test_the_number_of_queries_does_not_grow_with_the_children(cast):
    def queries():
        client = cast.client("class_teacher")
        client.get(reverse("pack"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("pack"))
        return len(captured)

    before = queries()
    for name in ("赵小满", "钱立夏", "孙秋分"):
        cast.add_student(name, cast.class_one)
    assert queries() == before
    assert "孙秋分" in str(taken_by(cast, "class_teacher"))
