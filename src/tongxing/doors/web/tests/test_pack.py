"""What a device takes along: everything that is needed on the way, and nothing that must not leave the school."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.promised import pair, talk

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Visibility
from tongxing.care.profiles.actions import note_trait
from tongxing.ground.people.models import Guardian

from .test_contacts import talk as typed

pytestmark = pytest.mark.django_db


def taken_by(cast, role="helper"):
    response = cast.client(role).get(reverse("pack"))
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    return response.json()


def test_it_holds_my_week_my_students_and_the_form_of_every_kind(promised):
    key = promised.students.key
    pack = taken_by(promised)
    assert key.name in pack["pages"][reverse("week")]
    assert key.name in pack["pages"][reverse("student", args=[key.pk])]
    assert set(pack["forms"]) == {code for code, kind in KINDS.items() if not kind.restricted}
    assert pack["blanks"][reverse("record-new", args=[key.pk])]["name"] == key.name
    assert "⟦name⟧" in pack["forms"]["talk"] and "⟦last⟧" in pack["forms"]["talk"]
    assert {reverse("record-grid"), reverse("waiting")} <= set(pack["pages"])


def test_nobody_takes_along_a_student_whom_they_do_not_accompany(promised):
    others = [promised.students.plain.name, promised.students.far.name]
    assert not any(name in str(taken_by(promised)) for name in others)


@pytest.mark.parametrize("role", ["other_teacher", "guardian", "student", "county_supervisor"])
def test_who_has_no_week_takes_nothing_along(promised, role):
    assert promised.client(role).get(reverse("pack")).status_code == 403


def test_families_are_named_and_their_numbers_stay_at_school(promised):
    key = promised.students.key
    mother = Guardian.objects.create(
        school=promised.school,
        student=key,
        name="周丽",
        relation="mother",
        away_place="东莞",
        best_time="晚上八点后",
        phone_masked="139****4321",
    )
    pack = taken_by(promised)
    page = pack["pages"][reverse("student", args=[key.pk])]
    assert "东莞" in page and "晚上八点后" in page
    assert f"g{mother.pk}" in pack["blanks"][reverse("record-new", args=[key.pk])]["reached1"]
    assert mother.phone_masked not in str(pack)


def test_what_a_child_likes_goes_along_and_its_health_stays_at_school(promised):
    for kind, words in (("interest", "捏泥塑"), ("health", "花生过敏")):
        note_trait(
            promised.actor("class_teacher"),
            student=promised.students.key,
            kind=kind,
            words=words,
            client_id=uuid4(),
        )
    pack = str(taken_by(promised))
    assert "捏泥塑" in pack and "花生过敏" not in pack


def test_what_is_restricted_stays_at_school(promised):
    key = promised.students.key
    for visibility, words in (
        (Visibility.COUNSELLOR, "只写给心理老师的话"),
        (Visibility.TEAM, "大家都可以知道的话"),
    ):
        told = Told({"thoughts": words, "promise": words}, channel="in_person", reached=["student"])
        actor = promised.actor("helper")
        write_contact(actor, student=key, client_id=uuid4(), kind="talk", told=told, visibility=visibility)
    pack = str(taken_by(promised)) + str(taken_by(promised, "class_teacher"))
    assert "只写给心理老师的话" not in pack
    assert "大家都可以知道的话" in pack


def test_the_number_of_queries_does_not_grow_with_the_students(promised):
    def queries():
        client = promised.client("helper")
        client.get(reverse("pack"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("pack"))
        return len(captured)

    talk(promised)
    before = queries()
    for name in ("赵小满", "钱立夏", "孙秋分"):
        student = promised.add_student(name, promised.class_one, "key")
        pair(promised, student, "helper")
        promised.grant("helper", "helper", student=student)
        talk(promised, student)
    assert len(taken_by(promised)["blanks"]) >= 4
    assert queries() == before


def test_what_is_to_be_said_on_the_next_page_is_not_taken_along(promised):
    client = promised.client("helper")
    client.post(reverse("record-new", args=[promised.students.key.pk]), typed(thoughts="聊过了"))
    assert "的这一次记下了" not in str(client.get(reverse("pack")).json())
    assert "的这一次记下了" in client.get(reverse("week")).content.decode()
