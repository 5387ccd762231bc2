"""林岚 adds a photo of a page of homework to her talk."""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.contacts import actions
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.attachments import MOST_FILES, attach, open_file, take_away
from tongxing.care.contacts.models import Attachment
from tongxing.ground.access.models import Grant
from tongxing.ground.files.models import StoredFile
from tongxing.ground.files.tests.pictures import from_a_phone, pdf, picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry


def write(cast, **more):
    return actions.write_contact(
        cast.actor("helper"),
        student=cast.students.key,
        client_id=uuid4(),
        kind="talk",
        told=Told({"thoughts": "想学好英语"}, reached=["student"]),
        **more,
    )


def add(cast, contact, *contents, role="helper"):
    return attach(cast.actor(role), contact=contact, contents=contents or [from_a_phone()])


def test_a_photo_is_kept_sealed_and_opens_for_the_readers_of_the_record(cast):
    (photo,) = add(cast, write(cast))
    assert b"JFIF" not in bytes(photo.file.sealed)
    for role in ("helper", "class_teacher", "head", "counsellor"):
        content, media_type = open_file(cast.actor(role), attachment=photo)
        assert content.startswith(b"\xff\xd8") and media_type == "image/jpeg"
    assert AuditEntry.objects.filter(action="contact.file").count() == 4


@pytest.mark.parametrize(
    "role", ["other_teacher", "other_class_teacher", "outsider", "guardian", "finance_maker"]
)
def test_nobody_else_opens_it(cast, role):
    (photo,) = add(cast, write(cast))
    with pytest.raises(NotAllowed):
        open_file(cast.actor(role), attachment=photo)
    assert not AuditEntry.objects.filter(action="contact.file").exists()


def test_a_file_of_a_restricted_record_opens_for_author_and_counsellor_alone(cast):
    (photo,) = add(cast, write(cast, visibility="counsellor"))
    assert open_file(cast.actor("counsellor"), attachment=photo)
    for role in ("head", "class_teacher", "coordinator"):
        with pytest.raises(NotAllowed):
            open_file(cast.actor(role), attachment=photo)


def test_only_the_author_adds_and_only_while_writing_for_the_student(cast):
    contact = write(cast)
    for role in ("head", "class_teacher", "outsider"):
        with pytest.raises(NotAllowed):
            add(cast, contact, role=role)
    Grant.objects.filter(user=cast.users["helper"]).update(ends_on=clock.today() - datetime.timedelta(days=1))
    with pytest.raises(NotAllowed):
        add(cast, contact)
    assert not StoredFile.objects.exists()


def test_all_files_are_taken_or_none_and_the_same_one_once(cast):
    contact = write(cast)
    with pytest.raises(Refused):
        add(cast, contact, picture(), b"<script>")
    assert not StoredFile.objects.exists()
    add(cast, contact, picture(), picture(), pdf())
    add(cast, contact, picture())
    assert contact.attachments.count() == StoredFile.objects.count() == 2
    with pytest.raises(Refused):
        add(cast, contact, *(picture((20 + n, 20)) for n in range(MOST_FILES)))


def test_erasing_the_students_key_erases_the_file(cast):
    (photo,) = add(cast, write(cast))
    key = photo.file.key
    key.wrapped = None
    key.save()
    photo = Attachment.objects.select_related("file__key", "contact").get()
    with pytest.raises(Unreadable):
        open_file(cast.actor("helper"), attachment=photo)


def test_a_photo_taken_away_is_gone_and_the_record_says_why(cast):
    (photo,) = add(cast, write(cast))
    with pytest.raises(Refused):
        take_away(cast.actor("helper"), attachment=photo, reason=" ")
    for _ in range(2):
        take_away(cast.actor("helper"), attachment=photo, reason="拍到了别的同学")
    photo.refresh_from_db()
    assert photo.file is None and photo.removed_because == "拍到了别的同学"
    assert not StoredFile.objects.exists()
    assert AuditEntry.objects.filter(action="contact.take-away").count() == 1
    with pytest.raises(NotAllowed):
        open_file(cast.actor("helper"), attachment=photo)


def test_who_may_withdraw_a_record_may_take_its_file_away_and_nobody_else(cast):
    (photo,) = add(cast, write(cast))
    for role in ("class_teacher", "outsider"):
        with pytest.raises(NotAllowed):
            take_away(cast.actor(role), attachment=photo, reason="…")
    take_away(cast.actor("coordinator"), attachment=photo, reason="拍到了别的同学")
    assert not StoredFile.objects.exists()
