"""Photos of a group over HTTP: added with ticks, refused with names, gone when a family agrees no longer."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongxing.care.activities.models import GroupPhoto
from tongxing.care.activities.tests.school import after_a_visit, agreed
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.people.models import Consent


@pytest.fixture
def visited(cast):
    return after_a_visit(cast)


def read(cast, by, name, *args, status=200):
    answer = cast.client(by).get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode("utf-8", "replace")


def add(cast, event, *seen, by="coordinator", status=200, **more):
    sent = {
        "client_id": uuid4(),
        "files": SimpleUploadedFile("IMG_周晓禾.jpg", picture()),
        "seen": [student.pk for student in seen],
    }
    address = reverse("event-photos", args=[event.pk])
    answer = cast.client(by).post(address, sent | more, follow=True)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_photo_is_added_with_its_ticks_seen_by_colleagues_and_gone_with_a_consent(cast, visited):
    agreed(cast.students.key, purpose="photo")
    event = read(cast, "coordinator", "event", visited.pk)
    assert reverse("event-photos", args=[visited.pk]) in event
    page = read(cast, "coordinator", "event-photos", visited.pk)
    assert "苏苗苗" in page.split("照片里有谁")[0], "named before a photo is chosen"
    assert f'value="{cast.students.plain.pk}"' not in page, "who has no consent cannot be ticked"
    page = add(cast, visited, cast.students.key)
    photo = GroupPhoto.objects.get()
    address = reverse("group-photo", args=[photo.pk])
    assert address in page and "周晓禾" in page
    shown = cast.client("counsellor").get(address)
    assert shown["Content-Type"] == "image/jpeg" and shown["Cache-Control"] == "no-store, private"
    assert "周晓禾" not in read(cast, "counsellor", "event-photos", visited.pk)
    for by in ("student", "guardian", "outsider", "system_admin"):
        assert cast.client(by).get(address).status_code in (302, 403, 404)
    consent = Consent.objects.standing().get(student=cast.students.key, purpose="photo")
    cast.client("class_teacher").post(reverse("consent-withdraw", args=[consent.pk]))
    assert cast.client("coordinator").get(address).status_code == 404
    assert address not in read(cast, "coordinator", "event-photos", visited.pk)


def test_a_child_without_consent_is_named_and_the_ticks_are_kept(cast, visited):
    agreed(cast.students.key, purpose="photo")
    page = add(cast, visited, cast.students.key, cast.students.plain, status=422)
    assert "没有同意拍照：苏苗苗" in page and "checked" in page
    assert "请选一张照片" in add(cast, visited, status=422, files="", nobody="on")
    assert "照片里谁能认出来" in add(cast, visited, status=422)
    assert not GroupPhoto.objects.exists()


def test_it_is_taken_down_for_good_and_nobody_else_does(cast, visited):
    add(cast, visited, nobody="on")
    photo = GroupPhoto.objects.get()
    address = reverse("group-photo-down", args=[photo.pk])
    for by in ("class_teacher", "helper", "counsellor"):
        assert cast.client(by).post(address, {"why": "mistake"}).status_code == 403
    assert cast.client("coordinator").post(address, {"why": "boring"}).status_code == 422
    page = cast.client("coordinator").post(address, {"why": "asked"}, follow=True).content.decode()
    assert "撤下了" in page and "还没有照片" in page


@pytest.mark.parametrize("by", ["class_teacher", "counsellor", "helper"])
def test_whoever_does_not_hold_it_finds_no_form(cast, visited, by):
    assert "multipart" not in read(cast, by, "event-photos", visited.pk)
    add(cast, visited, nobody="on", by=by)
    assert not GroupPhoto.objects.exists()
