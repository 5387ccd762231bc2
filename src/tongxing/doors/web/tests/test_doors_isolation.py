"""A guardian of one child reaches nothing of another, by no id, form, query or old session; a student sees no other."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from tests import families
from tests.architecture.matrix import pages

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.family.models import Agreement, DataRequest, FamilyMessage, OwnGoal
from tongxing.ground.access import family
from tongxing.ground.accounts.models import User
from tongxing.ground.people.consents import give_consent, with_consent
from tongxing.ground.people.models import Consent, Guardian

CHILD_PAGES = (
    "family-child",
    "family-words",
    "family-consents",
    "family-stored",
    "family-copy",
    "family-requests",
)
OPEN = [page for page in pages() if page.permission and not page.permission.public]


def others(cast):
    return [cast.students.normal, cast.students.plain, cast.students.far]


def rows_about(students) -> list[int]:
    models = (FamilyMessage, Agreement, DataRequest, OwnGoal, Consent)
    return [model.objects.filter(student__in=students).count() for model in models]


@pytest.mark.parametrize("role", ["guardian", "student"])
def test_no_address_of_the_doors_opens_another_child(cast, role):
    browser = cast.client(role)
    for student in others(cast):
        names = [(name, student.pk) for name in CHILD_PAGES]
        names += [
            ("family-agreement-done", families.agreement(student)),
            ("own-goal-end", families.own_goal(student)),
        ]
        before = rows_about(others(cast))
        for name, pk in names:
            address = reverse(name, args=[pk])
            for answer in (browser.get(address), browser.post(address, {"text": "…", "client_id": uuid4()})):
                assert answer.status_code in {403, 404, 405}, (name, student.name)
                assert student.name not in answer.content.decode()
        assert rows_about(others(cast)) == before
    assert Agreement.objects.filter(ended_at=None).count() == 3
    assert OwnGoal.objects.filter(ended_at=None).count() == 3


def test_a_form_or_query_that_names_another_child_changes_and_shows_nothing_of_it(cast):
    plain, browser = cast.students.plain, cast.client("guardian")
    plain.birth_date = datetime.date(2015, 1, 1)
    plain.save()
    theirs = {
        "student": plain.pk,
        "student_id": plain.pk,
        "child": plain.pk,
        "guardian": families.guardian(plain).pk,
    }
    theirs |= {
        "guardian_id": theirs["guardian"],
        "purpose": "photo",
        "kind": "correct",
        "text": "…",
        "ready": "yes",
    }
    for name in CHILD_PAGES:
        address = reverse(name, args=[cast.students.key.pk])
        shown = browser.get(address, theirs).content.decode()
        written = browser.post(address, theirs | {"client_id": uuid4()}).content.decode()
        assert "苏苗苗" not in shown + written and "温桂兰" not in shown + written
    assert rows_about([plain]) == [0, 0, 0, 0, 0]
    assert FamilyMessage.objects.get().guardian.name == "周桂兰"


def test_the_same_form_id_of_another_family_brings_back_nothing_of_theirs(cast):
    """A client-made id that was used by another family is no key to their row."""
    mother = Guardian.objects.create(
        school=cast.school, student=cast.students.plain, name="苏梅", relation="mother"
    )
    cast.users["mother"] = mother.user = User.objects.create_user("mother", "苏梅")
    mother.save()
    cast.grant("mother", "guardian", student=cast.students.plain)
    sent = {"client_id": uuid4(), "text": "苗苗咳嗽，请多喝水", "ready": ""}
    cast.client("mother").post(reverse("family-words", args=[cast.students.plain.pk]), sent)
    browser = cast.client("guardian")
    browser.raise_request_exception = False
    address = reverse("family-words", args=[cast.students.key.pk])
    answer = browser.post(address, sent | {"text": "好的"})
    assert "咳嗽" not in answer.content.decode() + browser.get(address).content.decode()
    assert FamilyMessage.objects.count() == 1


def test_after_the_guardianship_ended_an_old_session_opens_no_page_of_the_product(cast):
    browser = cast.client("guardian")
    key = cast.students.key
    own = {page.name: page.addresses(cast)["own"] for page in OPEN}
    own_settings = {page.name: page.permission.signed_in for page in OPEN}
    assert browser.get(own["family-child"]).status_code == 200
    grandma = Guardian.objects.get(user=cast.users["guardian"])
    family.end_guardian(cast.actor("helper"), guardian=grandma)
    for name, address in own.items():
        answer = browser.get(address)
        body = b"" if answer.streaming else answer.content
        assert key.name.encode() not in body, name
        assert answer.status_code != 200 or own_settings[name], name
    before = rows_about([key])
    for name in CHILD_PAGES:
        assert browser.post(
            own[name], {"text": "…", "purpose": "photo", "client_id": uuid4()}
        ).status_code in {403, 404}
    assert rows_about([key]) == before


def test_a_consent_that_is_withdrawn_at_the_door_stops_exactly_its_purpose_for_exactly_this_child(cast):
    key, plain = cast.students.key, cast.students.plain
    for student in (key, plain):
        for purpose in ("photo", "peer"):
            give_consent(
                cast.actor("head"), student=student, purpose=purpose, given_by="…", student_agreed=True
            )
    cast.client("guardian").post(reverse("family-consents", args=[key.pk]), {"purpose": "photo", "stop": "1"})
    assert with_consent([key.pk, plain.pk], "photo") == {plain.pk}
    assert with_consent([key.pk, plain.pk], "peer") == {key.pk, plain.pk}


def test_a_student_sees_no_other_student_on_any_page(cast):
    browser = cast.client("student")
    names = [student.name for student in others(cast)]
    for page in OPEN:
        for address in page.addresses(cast).values():
            answer = browser.get(address)
            body = "" if answer.streaming else answer.content.decode("utf-8", "replace")
            assert not [name for name in names if name in body], page.name


def test_no_page_of_the_doors_says_what_is_for_the_school_alone(cast):
    write_contact(
        cast.actor("helper"),
        student=cast.students.key,
        client_id=uuid4(),
        kind="talk",
        told=Told(
            {"thoughts": "想念妈妈", "difficulties": "数学跟不上"}, channel="in_person", reached=["student"]
        ),
    )
    secret = ("想念妈妈", "数学跟不上", "重点", "登记在册", "帮扶名单", "低保", "困难", "key-dot")
    for role, names in (
        (
            "guardian",
            (
                "family-child",
                "family-words",
                "family-consents",
                "family-stored",
                "family-copy",
                "family-requests",
            ),
        ),
        ("student", ("mine", "mine-say")),
    ):
        browser = cast.client(role)
        for name in names:
            args = [cast.students.key.pk] if name.startswith("family") else []
            body = browser.get(reverse(name, args=args)).content.decode()
            assert [word for word in secret if word in body] == [], name
    assert FamilyMessage.objects.count() == 0
