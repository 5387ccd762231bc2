"""A photo of a group: only with the consent of every child that can be seen, under a key of its own, gone at once."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from tongxing.care.activities import photos
from tongxing.care.activities.models import GroupPhoto, Pictured
from tongxing.ground.files.models import StoredFile
from tongxing.ground.files.tests.pictures import from_a_phone, pdf, picture
from tongxing.ground.kernel.encryption import Unreadable, unseal_bytes
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import withdraw_consent
from tongxing.ground.people.models import Consent

from .school import TODAY, after_a_visit, agreed, planned


@pytest.fixture
def visited(cast):
    return after_a_visit(cast)


def add(cast, event, *seen, by="coordinator", content=None, nobody=False, client_id=None):
    return photos.add(
        cast.actor(by),
        event=event,
        content=content or picture(),
        seen=seen,
        nobody=nobody,
        client_id=client_id or uuid4(),
    )


def shown(cast, event, by="coordinator"):
    return [one.photo for one in photos.photos_of(cast.actor(by), event)]


def test_with_every_consent_the_photo_is_kept_small_and_without_what_was_hidden_in_it(cast, visited):
    agreed(cast.students.key, purpose="photo")
    photo = add(cast, visited, cast.students.key, content=from_a_phone())
    content = photos.open_photo(cast.actor("coordinator"), photo=photo)
    kept = Image.open(io.BytesIO(content))
    assert max(kept.size) <= 1600 and not kept.getexif() and b"Secret" not in content
    assert Pictured.objects.get().student == cast.students.key
    assert {entry.action for entry in AuditEntry.objects.filter(subject="group photo")} == {
        "photo.add",
        "photo.open",
    }


def test_a_child_without_consent_is_named_and_nothing_is_kept(cast, visited):
    agreed(cast.students.key, purpose="photo")
    with pytest.raises(Refused) as refusal:
        add(cast, visited, cast.students.key, cast.students.plain)
    assert refusal.value.field == "seen" and "苏苗苗" in refusal.value.message
    assert "周晓禾" not in refusal.value.message
    assert not GroupPhoto.objects.exists() and not StoredFile.objects.exists()
    may, may_not = photos.may_be_seen(visited)
    assert ([one.name for one in may], [one.name for one in may_not]) == (["周晓禾"], ["苏苗苗"])


def test_who_can_be_seen_is_always_said(cast, visited):
    agreed(cast.students.key, purpose="photo")
    for seen, nobody in (((), False), ((cast.students.key,), True)):
        with pytest.raises(Refused) as refusal:
            add(cast, visited, *seen, nobody=nobody)
        assert refusal.value.field == "nobody"
    assert add(cast, visited, nobody=True).pictured.count() == 0


def test_only_who_was_there_can_be_in_it(cast, visited):
    agreed(cast.students.normal, purpose="photo")
    with pytest.raises(Refused) as refusal:
        add(cast, visited, cast.students.normal)
    assert refusal.value.field == "seen"


@pytest.mark.parametrize("content", [pdf(), b"GIF89a", b""])
def test_what_is_no_photo_is_refused(cast, visited, content):
    with pytest.raises(Refused) as refusal:
        photos.add(
            cast.actor("coordinator"), event=visited, content=content, seen=[], nobody=True, client_id=uuid4()
        )
    assert refusal.value.field == "files"


def test_sent_twice_it_is_one_and_the_same_picture_is_kept_once(cast, visited):
    same = uuid4()
    assert add(cast, visited, nobody=True, client_id=same) == add(cast, visited, nobody=True, client_id=same)
    with pytest.raises(Refused):
        add(cast, visited, nobody=True)


def test_a_day_holds_a_dozen_at_most(cast, visited, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    add(cast, visited, nobody=True)
    with pytest.raises(Refused):
        add(cast, visited, nobody=True, content=picture((41, 30)))


def test_before_it_was_held_or_where_it_is_not_held_there_is_no_photo(cast, visited):
    ahead = planned(cast, title="元旦演出", kind="performance", on=TODAY.replace(month=12))
    with pytest.raises(Refused):
        add(cast, ahead, nobody=True)
    visited.cancelled_at, visited.cancelled_because = visited.recorded_at, "下雨"
    visited.save()
    with pytest.raises(Refused):
        add(cast, visited, nobody=True)


@pytest.mark.parametrize("by", ["class_teacher", "helper", "counsellor", "student", "guardian", "outsider"])
def test_nobody_but_who_holds_it_adds_or_takes_down(cast, visited, by):
    with pytest.raises(NotAllowed):
        add(cast, visited, nobody=True, by=by)
    photo = add(cast, visited, nobody=True)
    with pytest.raises(NotAllowed):
        photos.take_down(cast.actor(by), photo=photo, why="mistake")


def test_whoever_may_open_the_activity_sees_it_and_names_only_of_the_own_students(cast, visited):
    agreed(cast.students.key, cast.students.plain, purpose="photo")
    photo = add(cast, visited, cast.students.key, cast.students.plain)

    def names(by):
        return [one.names for one in photos.photos_of(cast.actor(by), visited)]

    assert names("coordinator") == [["苏苗苗", "周晓禾"]]
    assert names("class_teacher") == [["周晓禾"]] and names("counsellor") == [[]]
    assert photos.open_photo(cast.actor("helper"), photo=photo)
    for by in ("student", "guardian", "outsider", "system_admin", "finance_maker"):
        assert names(by) == []
        with pytest.raises(NotAllowed):
            photos.open_photo(cast.actor(by), photo=photo)


def test_one_withdrawn_consent_takes_it_down_in_that_moment_and_its_key_is_destroyed(cast, visited):
    agreed(cast.students.key, cast.students.plain, purpose="photo")
    photo = add(cast, visited, cast.students.key, cast.students.plain)
    other = add(cast, visited, cast.students.plain, content=picture((50, 30)))
    sealed, key = bytes(photo.file.sealed), photo.key
    consent = Consent.objects.standing().get(student=cast.students.key, purpose="photo")
    withdraw_consent(cast.actor("class_teacher"), consent=consent)
    assert shown(cast, visited) == [other], "nobody sees it, before anything else has run"
    with pytest.raises(NotAllowed):
        photos.open_photo(cast.actor("coordinator"), photo=photo)
    assert photos.take_down_without_consent() == 1
    assert photos.take_down_without_consent() == 0
    photo.refresh_from_db(), key.refresh_from_db()
    assert (photo.file, photo.taken_down_because, photo.taken_down_by) == (None, "consent", None)
    with pytest.raises(Unreadable):
        unseal_bytes(key, sealed, "files_storedfile.sealed")
    assert shown(cast, visited) == [other]


def test_a_new_consent_brings_no_photo_back(cast, visited):
    agreed(cast.students.key, purpose="photo")
    add(cast, visited, cast.students.key)
    consent = Consent.objects.standing().get(student=cast.students.key, purpose="photo")
    withdraw_consent(cast.actor("class_teacher"), consent=consent)
    agreed(cast.students.key, purpose="photo")
    assert shown(cast, visited) == []


def test_taken_down_by_hand_it_is_gone_with_its_reason(cast, visited):
    photo = add(cast, visited, nobody=True)
    with pytest.raises(Refused):
        photos.take_down(cast.actor("coordinator"), photo=photo, why="consent")
    photos.take_down(cast.actor("coordinator"), photo=photo, why="asked")
    photos.take_down(cast.actor("coordinator"), photo=photo, why="asked")
    photo.refresh_from_db()
    assert photo.taken_down_because == "asked" and not StoredFile.objects.exists()
    assert photo.key.destroyed_at and photo.key.wrapped is None
    assert AuditEntry.objects.filter(action="photo.take-down").count() == 1
